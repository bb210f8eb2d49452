# SPDX-License-Identifier: Apache-2.0
"""Link layers: each function puts one IP packet into a frame of its link type."""

import struct
from typing import Callable, NamedTuple

import wire
from wire import be16, be32

ARPHRD_ETHERNET = 1
SNAP = b"\xaa\xaa\x03\0\0\0"  # LLC and SNAP, before the EtherType


def bsd_family(ip_packet):
    """AF_INET, or AF_INET6 as FreeBSD and macOS number it."""
    return 30 if ip_packet[0] >> 4 == 6 else 2


def null(ip_packet):
    return struct.pack("<I", bsd_family(ip_packet)) + ip_packet


def loop(ip_packet):
    return be32(bsd_family(ip_packet)) + ip_packet


def raw(ip_packet):
    return ip_packet


def linux_cooked(ip_packet):
    mac = wire.mac_of(wire.addresses_of(ip_packet)[0])
    return (struct.pack(">HHH", 0, ARPHRD_ETHERNET, 6) + mac + b"\0\0"
            + be16(wire.ether_type_of(ip_packet)) + ip_packet)


def linux_cooked_2(ip_packet):
    mac = wire.mac_of(wire.addresses_of(ip_packet)[0])
    return (struct.pack(">HHIHBB", wire.ether_type_of(ip_packet), 0, 2, ARPHRD_ETHERNET, 0, 6)
            + mac + b"\0\0" + ip_packet)


def ppp_protocol(ip_packet):
    return be16(0x0057 if ip_packet[0] >> 4 == 6 else 0x0021)


def ppp(ip_packet):
    return ppp_protocol(ip_packet) + ip_packet


def ppp_serial(ip_packet):
    """With address and control octets (RFC 1662 §3.1)."""
    return b"\xff\x03" + ppp(ip_packet)


def ppp_ether(ip_packet, session=0x1234):
    """The PPPoE session packet itself (RFC 2516 §4)."""
    body = ppp(ip_packet)
    return struct.pack(">BBHH", 0x11, 0, session, len(body)) + body


def cisco_hdlc(ip_packet):
    return b"\x0f\0" + be16(wire.ether_type_of(ip_packet)) + ip_packet


def ppp_with_direction(ip_packet):
    """An octet says whether the packet was sent (1) or received (0)."""
    return b"\x01" + ppp_serial(ip_packet)


def frame_relay(ip_packet):
    """DLCI 16, unnumbered information, NLPID of IPv4 (RFC 2427 §4.1)."""
    return bytes.fromhex("04 01 03 cc") + ip_packet


def wireless_header(ip_packet, quality):
    """A data frame from a station to its access point (IEEE 802.11 §9.3.2)."""
    source, destination = wire.addresses_of(ip_packet)
    access_point = bytes.fromhex("020000000001")
    head = (bytes([0x88 if quality else 0x08, 0x01]) + be16(0) + access_point
            + wire.mac_of(source) + wire.mac_of(destination) + be16(0))
    return head + (b"\0\0" if quality else b"")


def wireless(ip_packet, quality=False):
    ether_type = be16(wire.ether_type_of(ip_packet))
    return wireless_header(ip_packet, quality) + SNAP + ether_type + ip_packet


def radiotap(ip_packet):
    """Flags (none) and rate (6 Mbit/s); then an 802.11 QoS frame."""
    return struct.pack("<BBHIBB", 0, 0, 10, 0x00000006, 0, 12) + wireless(ip_packet, quality=True)


def ppi(ip_packet):
    """Per-Packet Information with one 802.11-common field; always little-endian."""
    field = struct.pack("<HH", 2, 20) + bytes(20)
    return struct.pack("<BBHI", 0, 0, 8 + len(field), 105) + field + wireless(ip_packet)


def pktap(ip_packet):
    """Apple's header of 108 octets around an Ethernet frame; host order of a little-endian host."""
    head = struct.pack("<III24sIIIIi20sIHHi20s", 108, 1, 1, b"en0", 2, bsd_family(ip_packet), 14, 0,
                       412, b"probed", 0, 6, 0, -1, b"")
    return head + wire.ethernet(ip_packet)


def nflog(ip_packet):
    """One prefix and the payload as TLVs in host order; family in the first octet."""
    def tlv(kind, value):
        return struct.pack("<HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
    family = 10 if ip_packet[0] >> 4 == 6 else 2
    return struct.pack(">BBH", family, 0, 5) + tlv(10, b"watch\0") + tlv(9, ip_packet)


class Link(NamedTuple):
    name: str
    number: int  # LINKTYPE_, see tcpdump.org/linktypes.html
    wrap: Callable[[bytes], bytes]


LINKS = (
    Link("ethernet", 1, wire.ethernet),
    Link("null", 0, null),
    Link("loop", 108, loop),
    Link("raw", 101, raw),
    Link("ipv4", 228, raw),
    Link("linux-cooked", 113, linux_cooked),
    Link("linux-cooked-2", 276, linux_cooked_2),
    Link("ppp", 9, ppp),
    Link("ppp-serial", 50, ppp_serial),
    Link("ppp-ether", 51, ppp_ether),
    Link("cisco-hdlc", 104, cisco_hdlc),
    Link("ppp-with-direction", 204, ppp_with_direction),
    Link("frame-relay", 107, frame_relay),
    Link("raw-bsd", 12, raw),
    Link("wireless", 105, wireless),
    Link("wireless-radiotap", 127, radiotap),
    Link("wireless-ppi", 192, ppi),
    Link("pktap", 258, pktap),
    Link("nflog", 239, nflog),
)
