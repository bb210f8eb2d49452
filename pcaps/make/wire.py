# SPDX-License-Identifier: Apache-2.0
"""Headers from the inside out: each function takes what lies inside and returns bytes.

Endpoints are (address, port) pairs; addresses are text. Checksums are correct unless a
function is told otherwise.
"""

import struct
from ipaddress import ip_address

TCP, UDP, DCCP, SCTP = 6, 17, 33, 132
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << bit for bit in range(8))

ETHER_IPV4, ETHER_IPV6, ETHER_VLAN, ETHER_QINQ = 0x0800, 0x86DD, 0x8100, 0x88A8


def be16(number):
    return struct.pack(">H", number)


def be32(number):
    return struct.pack(">I", number)


def packed(address):
    return ip_address(address).packed


def is_ipv6(address):
    return ip_address(address).version == 6


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def crc32c(data):
    """The checksum of SCTP (RFC 9260 appendix A), reflected polynomial."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def pseudo_checksum(source, destination, protocol, segment):
    """The checksum over pseudo header and segment (RFC 9293 §3.1, RFC 8200 §8.1)."""
    if is_ipv6(source):
        pseudo = packed(source) + packed(destination) + struct.pack(">I3xB", len(segment), protocol)
    else:
        pseudo = packed(source) + packed(destination) + struct.pack(">xBH", protocol, len(segment))
    return checksum(pseudo + segment)


# --- link -----------------------------------------------------------------------------------


def mac_of(address):
    """A locally administered address that follows from the IP address."""
    return b"\x02\x00" + packed(address)[-4:]


def ether_type_of(ip_packet):
    return ETHER_IPV6 if ip_packet[0] >> 4 == 6 else ETHER_IPV4


def addresses_of(ip_packet):
    """Source and destination of an IP packet, as text."""
    if ip_packet[0] >> 4 == 6:
        pair = ip_packet[8:24], ip_packet[24:40]
    else:
        pair = ip_packet[12:16], ip_packet[16:20]
    return tuple(str(ip_address(raw)) for raw in pair)


def ethernet(ip_packet, tags=b"", ether_type=None):
    """An Ethernet frame; `tags` are whole VLAN tags, see vlan_tag()."""
    source, destination = addresses_of(ip_packet)
    kind = be16(ether_type_of(ip_packet) if ether_type is None else ether_type)
    return mac_of(destination) + mac_of(source) + tags + kind + ip_packet


def vlan_tag(vlan, ether_type=ETHER_VLAN):
    return be16(ether_type) + be16(vlan)


# --- network --------------------------------------------------------------------------------


def ipv4(source, destination, protocol, payload, *, ident=0, ttl=64, flags=2, offset=0,
         options=b"", total_length=None, header_words=None):
    """`flags` 2 is "do not fragment", 1 "more fragments"; `offset` counts octets."""
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4 if header_words is None else header_words
    length = 20 + len(options) + len(payload) if total_length is None else total_length
    head = struct.pack(">BBHHHBB", 0x40 | words, 0, length, ident, flags << 13 | offset // 8, ttl,
                       protocol)
    tail = packed(source) + packed(destination) + options
    return head + be16(checksum(head + b"\0\0" + tail)) + tail + payload


def ipv6(source, destination, next_header, payload, *, hop_limit=64, payload_length=None,
         flow_label=0):
    length = len(payload) if payload_length is None else payload_length
    return (struct.pack(">IHBB", 0x60000000 | flow_label, length, next_header, hop_limit)
            + packed(source) + packed(destination) + payload)


def ip(source, destination, protocol, payload, *, ident=0, ttl=64):
    if is_ipv6(source):
        return ipv6(source, destination, protocol, payload, hop_limit=ttl)
    return ipv4(source, destination, protocol, payload, ident=ident, ttl=ttl)


def options_header(next_header, options=b""):
    """A hop-by-hop or destination options header (RFC 8200 §4.3, §4.6), padded with PadN."""
    missing = -(2 + len(options)) % 8
    if missing == 1:
        options += b"\0"
    elif missing:
        options += bytes([1, missing - 2]) + bytes(missing - 2)
    return bytes([next_header, (2 + len(options)) // 8 - 1]) + options


def routing_header(next_header, addresses):
    """A type 4 (segment routing) header with no segment left (RFC 8754 §2)."""
    last = len(addresses) - 1
    body = bytes([4, 0, last, 0]) + be16(0) + b"".join(packed(each) for each in addresses)
    return bytes([next_header, len(body + b"..") // 8 - 1]) + body


def fragment_header(next_header, offset, more, ident):
    return struct.pack(">BxHI", next_header, offset | more, ident)


def authentication_header(next_header, spi=0x1234, sequence=1):
    """RFC 4302 §2 with a 96-bit value; the length counts 32-bit words minus 2."""
    return struct.pack(">BBxxII", next_header, 4, spi, sequence) + bytes(12)


# --- transport ------------------------------------------------------------------------------


def mss_option(size=1460):
    return struct.pack(">BBH", 2, 4, size)


def tcp_segment(source, destination, flags, *, seq=0, ack=0, payload=b"", window=64240, options=b"",
                data_offset=None):
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4 if data_offset is None else data_offset
    head = struct.pack(">HHIIBBH", source[1], destination[1], seq & 0xFFFFFFFF, ack & 0xFFFFFFFF,
                       words << 4, flags, window)
    rest = b"\0\0" + options + payload
    total = pseudo_checksum(source[0], destination[0], TCP, head + b"\0\0" + rest)
    return head + be16(total) + rest


def tcp(source, destination, flags, *, ident=0, ttl=64, **fields):
    """A whole IP packet."""
    segment = tcp_segment(source, destination, flags, **fields)
    return ip(source[0], destination[0], TCP, segment, ident=ident, ttl=ttl)


def udp_datagram(source, destination, payload, *, length=None, with_checksum=True):
    claimed = 8 + len(payload) if length is None else length
    head = struct.pack(">HHH", source[1], destination[1], claimed)
    total = pseudo_checksum(source[0], destination[0], UDP, head + b"\0\0" + payload) or 0xFFFF
    return head + be16(total if with_checksum else 0) + payload


def udp(source, destination, payload, *, ident=0, ttl=64, **fields):
    """A whole IP packet."""
    datagram = udp_datagram(source, destination, payload, **fields)
    return ip(source[0], destination[0], UDP, datagram, ident=ident, ttl=ttl)


def sctp_chunk(kind, body, flags=0):
    return struct.pack(">BBH", kind, flags, 4 + len(body)) + body + b"\0" * (-len(body) % 4)


def sctp(source, destination, tag, *chunks):
    """A whole IP packet; the CRC goes out least significant octet first."""
    head = struct.pack(">HHI", source[1], destination[1], tag)
    body = b"".join(chunks)
    crc = crc32c(head + b"\0\0\0\0" + body)
    return ip(source[0], destination[0], SCTP, head + struct.pack("<I", crc) + body)


def dccp(source, destination, kind, sequence, fields=b"", payload=b""):
    """A whole IP packet with 48-bit sequence numbers (RFC 4340 §5.1)."""
    words = (16 + len(fields)) // 4
    head = struct.pack(">HHBB", source[1], destination[1], words, 0)
    numbers = struct.pack(">BxHI", kind << 1 | 1, sequence >> 32, sequence & 0xFFFFFFFF)
    tail = numbers + fields + payload
    total = pseudo_checksum(source[0], destination[0], DCCP, head + b"\0\0" + tail)
    return ip(source[0], destination[0], DCCP, head + be16(total) + tail)
