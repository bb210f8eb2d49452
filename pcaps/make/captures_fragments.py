# SPDX-License-Identifier: Apache-2.0
"""IP fragments: in order and in every disorder. The datagram goes to UDP 395."""

import wire
from files import ethernet_pcap
from payloads import noise
from registry import capture
from talk import CLIENT, CLIENT6, MS, SERVER, SERVER6, START, Packet

PIECE = 1400
IDENT = 0x3950


def datagram(source=CLIENT, destination=SERVER, seed=395):
    return wire.udp_datagram((source, 50395), (destination, 395), noise(seed, 4000))


def ipv4_piece(body, start, end, *, ident=IDENT, more=None):
    more = end < len(body) if more is None else more
    return wire.ipv4(CLIENT, SERVER, wire.UDP, body[start:end], ident=ident, flags=int(more),
                     offset=start)


def ipv4_pieces(body, ident=IDENT):
    return [ipv4_piece(body, at, min(at + PIECE, len(body)), ident=ident)
            for at in range(0, len(body), PIECE)]


def ipv6_pieces(body):
    for at in range(0, len(body), PIECE):
        more = at + PIECE < len(body)
        yield wire.ipv6(CLIENT6, SERVER6, 44,
                        wire.fragment_header(wire.UDP, at, more, IDENT) + body[at:at + PIECE])


def sent(packets):
    return ethernet_pcap(Packet(START + i * MS, data) for i, data in enumerate(packets))


@capture("fragments/in-order.pcap")
def in_order():
    return sent(ipv4_pieces(datagram()))


@capture("fragments/reversed.pcap")
def reversed_order():
    """The ports come last."""
    return sent(ipv4_pieces(datagram())[::-1])


@capture("fragments/ipv6.pcap")
def ipv6():
    return sent(ipv6_pieces(datagram(CLIENT6, SERVER6)))


@capture("fragments/ipv6-atomic.pcap")
def ipv6_atomic():
    """A fragment header on a packet that is whole (RFC 6946)."""
    body = wire.udp_datagram((CLIENT6, 50395), (SERVER6, 395), noise(1, 100))
    return sent([wire.ipv6(CLIENT6, SERVER6, 44, wire.fragment_header(wire.UDP, 0, 0, 1) + body)])


@capture("fragments/interleaved.pcap")
def interleaved():
    """Two datagrams, a fragment of each in turn."""
    pairs = zip(ipv4_pieces(datagram(seed=1), 1), ipv4_pieces(datagram(seed=2), 2))
    return sent(piece for pair in pairs for piece in pair)


@capture("fragments/duplicated.pcap")
def duplicated():
    first, *rest = ipv4_pieces(datagram())
    return sent([first, first, *rest])


@capture("fragments/first-only.pcap")
def first_only():
    return sent(ipv4_pieces(datagram())[:1])


@capture("fragments/orphans.pcap")
def orphans():
    """Later fragments whose first was never seen: nobody knows their ports."""
    return sent(ipv4_pieces(datagram())[1:])


@capture("fragments/overlapping.pcap")
def overlapping():
    """The second fragment begins inside the first, with other data: an evasion (RFC 5722)."""
    body = datagram()
    other = body[:800] + noise(9, len(body) - 800)
    return sent([ipv4_piece(body, 0, 1400), ipv4_piece(other, 800, 2800),
                 ipv4_piece(body, 2800, 4008)])


@capture("fragments/overlapping-ports.pcap")
def overlapping_ports():
    """A second "first" fragment would change the destination port to 80."""
    body = datagram()
    other = wire.udp_datagram((CLIENT, 50395), (SERVER, 80), noise(395, 4000))
    return sent([ipv4_piece(body, 0, 1400), ipv4_piece(other, 0, 1400),
                 ipv4_piece(body, 1400, 4008)])


@capture("fragments/tiny-first.pcap")
def tiny_first():
    """Eight octets of TCP: the flags are in the second fragment (RFC 1858 §3)."""
    segment = wire.tcp_segment((CLIENT, 50154), (SERVER, 154), wire.SYN, seq=1000,
                               options=wire.mss_option())
    return sent([
        wire.ipv4(CLIENT, SERVER, wire.TCP, segment[:8], ident=IDENT, flags=1),
        wire.ipv4(CLIENT, SERVER, wire.TCP, segment[8:], ident=IDENT, flags=0, offset=8)])


@capture("fragments/beyond-65535.pcap")
def beyond_the_end():
    """A last fragment that would end behind the largest datagram: the ping of death's way."""
    last = wire.ipv4(CLIENT, SERVER, wire.UDP, noise(3, 400), ident=IDENT, flags=0, offset=65528)
    return sent([ipv4_piece(datagram(), 0, 1400), last])


@capture("fragments/ident-reused.pcap")
def ident_reused():
    """The same identification for two datagrams to different ports, one after the other."""
    other = wire.udp_datagram((CLIENT, 50155), (SERVER, 155), noise(4, 4000))
    return sent(ipv4_pieces(datagram()) + ipv4_pieces(other))
