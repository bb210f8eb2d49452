# SPDX-License-Identifier: Apache-2.0
"""Tags and tunnels: each function puts one IP packet inside something and returns a frame.

Tunnels run between two routers; the router on the client's side sends what the client sent.
"""

import struct

import wire
from wire import be16, be32

NEAR, FAR = "203.0.113.1", "203.0.113.2"
NEAR6, FAR6 = "2001:db8:3::1", "2001:db8:3::2"

IP_IN_IP, IPV6_IN_IP, GRE = 4, 41, 47
ETHERNET_OVER_GRE = 0x6558


def routers(ip_packet, ends=(NEAR, FAR)):
    """Outer source and destination."""
    source, destination = (wire.packed(each) for each in wire.addresses_of(ip_packet))
    return ends if source < destination else ends[::-1]


def outer(ip_packet, protocol, payload, ends=(NEAR, FAR)):
    source, destination = routers(ip_packet, ends)
    return wire.ethernet(wire.ip(source, destination, protocol, payload))


def outer_udp(ip_packet, port, payload, source_port=54321):
    source, destination = routers(ip_packet)
    return wire.ethernet(wire.udp((source, source_port), (destination, port), payload))


# --- tags and labels ------------------------------------------------------------------------


def vlan(ip_packet):
    return wire.ethernet(ip_packet, wire.vlan_tag(100))


def priority_tag(ip_packet):
    """VLAN 0: only a priority (5)."""
    return wire.ethernet(ip_packet, wire.vlan_tag(5 << 13))


def service_and_customer_vlan(ip_packet):
    """IEEE 802.1ad."""
    return wire.ethernet(ip_packet, wire.vlan_tag(200, wire.ETHER_QINQ) + wire.vlan_tag(100))


def two_vlans(ip_packet):
    """Two 802.1Q tags, as switches wrote them before 802.1ad."""
    return wire.ethernet(ip_packet, wire.vlan_tag(200) + wire.vlan_tag(100))


def label(number, bottom, ttl=64):
    """An MPLS label stack entry (RFC 3032 §2.1)."""
    return be32(number << 12 | bottom << 8 | ttl)


def mpls_frame(ip_packet, stack, inner):
    source, destination = wire.addresses_of(ip_packet)
    return wire.mac_of(destination) + wire.mac_of(source) + be16(0x8847) + stack + inner


def mpls(ip_packet):
    return mpls_frame(ip_packet, label(16001, 1), ip_packet)


def mpls_stack(ip_packet):
    return mpls_frame(ip_packet, label(16001, 0) + label(24, 0) + label(300, 1), ip_packet)


def mpls_pseudowire(ip_packet):
    """Ethernet over MPLS with the control word of RFC 4448 §4.6."""
    stack = label(16001, 0) + label(500, 1)
    return mpls_frame(ip_packet, stack, be32(0) + wire.ethernet(ip_packet))


def pppoe(ip_packet):
    """A session packet (RFC 2516 §4)."""
    body = be16(0x0057 if ip_packet[0] >> 4 == 6 else 0x0021) + ip_packet
    head = struct.pack(">BBHH", 0x11, 0, 0x1234, len(body))
    return wire.ethernet(ip_packet)[:12] + be16(0x8864) + head + body


def behind(ip_packet, ether_type, header, whole_frame):
    """A header of the data centre's, before an EtherType or before a whole frame."""
    frame = wire.ethernet(ip_packet)
    rest = frame if whole_frame else frame[12:]
    return frame[:12] + be16(ether_type) + header + rest


def mac_in_mac(ip_packet):
    """IEEE 802.1ah: a backbone tag and a service tag around a customer's frame."""
    service = be16(0x88E7) + be32(395)
    return behind(ip_packet, wire.ETHER_QINQ, be16(300) + service, True)


def macsec(ip_packet):
    """IEEE 802.1AE without encryption: packet number 7, and an integrity value at the end."""
    return behind(ip_packet, 0x88E5, bytes([0, 0]) + be32(7), False) + b"\xa5" * 16


def fabric_path(ip_packet):
    return behind(ip_packet, 0x8903, be16(10 << 6 | 32), True)


def trust_sec(ip_packet):
    """Cisco metadata: security group 154."""
    return behind(ip_packet, 0x8909, bytes([1, 1]) + be16(1) + be16(154), False)


def vn_tag(ip_packet):
    return behind(ip_packet, 0x8926, be32(0x00010002), False)


def llc_snap(ip_packet):
    """IEEE 802.3 with a length where the EtherType would be."""
    body = b"\xaa\xaa\x03\0\0\0" + be16(wire.ether_type_of(ip_packet)) + ip_packet
    return wire.ethernet(ip_packet)[:12] + be16(len(body)) + body


def padded(ip_packet):
    """Short frames filled to 60 octets with what was in the sender's buffer; a check sequence."""
    frame = wire.ethernet(ip_packet)
    return frame + b"\xaa" * max(0, 60 - len(frame)) + b"\xde\xad\xbe\xef"


# --- tunnels --------------------------------------------------------------------------------


def ip_in_ip(ip_packet):
    return outer(ip_packet, IP_IN_IP, ip_packet)


def ipv6_in_ipv4(ip_packet):
    return outer(ip_packet, IPV6_IN_IP, ip_packet)


def ipv4_in_ipv6(ip_packet):
    return outer(ip_packet, IP_IN_IP, ip_packet, (NEAR6, FAR6))


def gre(ip_packet):
    return outer(ip_packet, GRE, be16(0) + be16(wire.ether_type_of(ip_packet)) + ip_packet)


def gre_with_all_fields(ip_packet):
    """Checksum, key 395 and sequence number (RFC 2784, RFC 2890)."""
    flags, kind = be16(0xB000), be16(wire.ether_type_of(ip_packet))
    fields = be32(395) + be32(1)
    total = wire.checksum(flags + kind + be32(0) + fields + ip_packet)
    return outer(ip_packet, GRE, flags + kind + be16(total) + be16(0) + fields + ip_packet)


def gre_ethernet(ip_packet):
    return outer(ip_packet, GRE, be16(0) + be16(ETHERNET_OVER_GRE) + wire.ethernet(ip_packet))


def erspan(ip_packet, kind, header):
    """GRE with a sequence number, then the mirrored frame."""
    gre_header = be16(0x1000) + be16(kind) + be32(7)
    return outer(ip_packet, GRE, gre_header + header + wire.ethernet(ip_packet))


def erspan_1(ip_packet):
    """No header at all, and no sequence number."""
    return outer(ip_packet, GRE, be16(0) + be16(0x88BE) + wire.ethernet(ip_packet))


def erspan_2(ip_packet):
    """Version 1, VLAN 100, session 395; index 0."""
    return erspan(ip_packet, 0x88BE, be16(1 << 12 | 100) + be16(395) + be32(0))


def erspan_3(ip_packet):
    """Version 2, VLAN 100, session 395, a time stamp, no platform sub-header."""
    return erspan(ip_packet, 0x22EB, be16(2 << 12 | 100) + be16(395) + be32(123456) + be32(0))


def erspan_3_platform(ip_packet):
    """The same with the optional sub-header of 8 octets."""
    head = be16(2 << 12 | 100) + be16(395) + be32(123456) + be16(0) + be16(1)
    return erspan(ip_packet, 0x22EB, head + bytes([1 << 2]) + bytes(7))


def vxlan(ip_packet, network=395):
    head = be32(0x08000000) + be32(network << 8)
    return outer_udp(ip_packet, 4789, head + wire.ethernet(ip_packet))


def geneve(ip_packet, network=395):
    """With one option of four octets (RFC 8926 §3.4)."""
    option = be16(0x0102) + bytes([0x80, 1]) + be32(7)
    head = bytes([len(option) // 4, 0]) + be16(ETHERNET_OVER_GRE) + be32(network << 8)
    return outer_udp(ip_packet, 6081, head + option + wire.ethernet(ip_packet))


def gtp_user(ip_packet, flags=0x30, fields=b""):
    """A G-PDU of tunnel 0x395 (3GPP TS 29.281 §5.1)."""
    body = fields + ip_packet
    head = bytes([flags, 255]) + be16(len(body)) + be32(0x395)
    return outer_udp(ip_packet, 2152, head + body, 2152)


def gtp_user_extended(ip_packet):
    """Sequence number and the PDU session container that 5G puts there."""
    return gtp_user(ip_packet, 0x36, be16(1) + bytes([0, 0x85]) + bytes([1, 0x10, 1, 0]))


def teredo(ip_packet):
    """IPv6 over UDP (RFC 4380 §4)."""
    return outer_udp(ip_packet, 3544, ip_packet)


def teredo_origin(ip_packet):
    """Behind an origin indication (RFC 4380 §5.1.1)."""
    return outer_udp(ip_packet, 3544, be16(0) + be16(0xCFAB) + be32(0x3FFDFDF5) + ip_packet)


def vxlan_in_gre(ip_packet):
    payload = be16(0) + be16(wire.ETHER_IPV4) + vxlan(ip_packet)[14:]
    return outer(ip_packet, GRE, payload, ("203.0.113.9", "203.0.113.10"))


def everything(ip_packet):
    """Service and customer VLAN, two labels, then GRE: an operator's backbone on a bad day."""
    tags = wire.vlan_tag(200, wire.ETHER_QINQ) + wire.vlan_tag(100)
    tunnel = gre(ip_packet)[14:]
    return wire.ethernet(tunnel, tags, 0x8847)[:22] + label(16001, 0) + label(24, 1) + tunnel
