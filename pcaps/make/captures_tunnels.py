# SPDX-License-Identifier: Apache-2.0
"""The conversation of the link types again, inside tags, labels and tunnels."""

import tunnels
import wire
from files import ethernet_pcap, pcap
from registry import add, capture
from talk import CLIENT6, SERVER6, Packet, ssh_banner

IPV4 = {
    "vlan": tunnels.vlan,
    "vlan-priority-only": tunnels.priority_tag,
    "vlan-802.1ad": tunnels.service_and_customer_vlan,
    "vlan-twice": tunnels.two_vlans,
    "mpls": tunnels.mpls,
    "mpls-three-labels": tunnels.mpls_stack,
    "mpls-pseudowire": tunnels.mpls_pseudowire,
    "pppoe": tunnels.pppoe,
    "mac-in-mac": tunnels.mac_in_mac,
    "macsec-unencrypted": tunnels.macsec,
    "fabric-path": tunnels.fabric_path,
    "trust-sec": tunnels.trust_sec,
    "vn-tag": tunnels.vn_tag,
    "llc-snap": tunnels.llc_snap,
    "ethernet-padding": tunnels.padded,
    "ip-in-ip": tunnels.ip_in_ip,
    "4in6": tunnels.ipv4_in_ipv6,
    "gre": tunnels.gre,
    "gre-key-sequence-checksum": tunnels.gre_with_all_fields,
    "gre-ethernet": tunnels.gre_ethernet,
    "erspan-1": tunnels.erspan_1,
    "erspan-2": tunnels.erspan_2,
    "erspan-3": tunnels.erspan_3,
    "erspan-3-platform": tunnels.erspan_3_platform,
    "vxlan": tunnels.vxlan,
    "geneve": tunnels.geneve,
    "gtp-u": tunnels.gtp_user,
    "gtp-u-extended": tunnels.gtp_user_extended,
    "vxlan-in-gre": tunnels.vxlan_in_gre,
    "vlan-mpls-gre": tunnels.everything,
}
IPV6 = {
    "pppoe-ipv6": tunnels.pppoe,
    "6in4": tunnels.ipv6_in_ipv4,
    "gre-ipv6": tunnels.gre,
    "teredo": tunnels.teredo,
    "teredo-origin": tunnels.teredo_origin,
}


def inside(wrap, talk):
    return pcap([(time, wrap(data)) for time, data in talk])


for name, function in IPV4.items():
    add(f"tunnels/{name}.pcap", lambda wrap=function: inside(wrap, ssh_banner()))

for name, function in IPV6.items():
    add(f"tunnels/{name}.pcap",
        lambda wrap=function: inside(wrap, ssh_banner((CLIENT6, 50022), (SERVER6, 154))))


# --- extension headers and options: not tunnels, but in the way of the ports just the same ---


def with_extensions(ip_packet):
    """Hop-by-hop, routing and destination options before TCP."""
    tcp, upper = ip_packet[40:], ip_packet[6]
    source, destination = wire.addresses_of(ip_packet)
    chain = wire.options_header(upper)
    chain = wire.routing_header(60, [destination]) + chain
    chain = wire.options_header(43, b"\x05\x02\0\0") + chain
    return wire.ipv6(source, destination, 0, chain + tcp)


def with_authentication(ip_packet):
    """AH (RFC 4302) between IP and TCP: authenticated, not encrypted."""
    source, destination = wire.addresses_of(ip_packet)
    header = 40 if ip_packet[0] >> 4 == 6 else 20
    body = wire.authentication_header(wire.TCP) + ip_packet[header:]
    return wire.ip(source, destination, 51, body)


def with_options(ip_packet):
    """Router alert and record route: an IPv4 header of 32 octets."""
    options = b"\x94\x04\0\0" + b"\x07\x07\x04\0\0\0\0"
    source, destination = wire.addresses_of(ip_packet)
    return wire.ipv4(source, destination, wire.TCP, ip_packet[20:], options=options)


def changed(change, talk):
    return ethernet_pcap([Packet(time, change(data)) for time, data in talk])


@capture("tunnels/ipv6-extension-headers.pcap")
def extension_headers():
    return changed(with_extensions, ssh_banner((CLIENT6, 50022), (SERVER6, 154)))


@capture("tunnels/ipsec-ah.pcap")
def authenticated():
    return changed(with_authentication, ssh_banner())


@capture("tunnels/ipsec-ah-ipv6.pcap")
def authenticated_ipv6():
    return changed(with_authentication, ssh_banner((CLIENT6, 50022), (SERVER6, 154)))


@capture("tunnels/ipv4-options.pcap")
def ipv4_options():
    return changed(with_options, ssh_banner())
