# SPDX-License-Identifier: Apache-2.0
"""How connections begin, end and go wrong; and who has the watched port."""

import struct

import wire
from files import ethernet_pcap
from payloads import length_and_opcode, nsc1
from registry import capture
from talk import (CLIENT, CLIENT6, HOUR, MS, SECOND, SERVER, SERVER6, SSH_BANNER, START, Packet,
                  Tcp, Udp, merged, ssh_banner)
from wire import ACK, FIN, PSH, RST, SYN, be16, be32

REQUEST = b"GET /status HTTP/1.1\r\nHost: probe.example\r\n\r\n"
REPLY = b"HTTP/1.1 200 OK\r\nServer: probed\r\nContent-Length: 3\r\n\r\nup\n"


def to(port, client_port=50000):
    return Tcp((CLIENT, client_port), (SERVER, port))


def opaque(client, server):
    """Opened, one message each way, closed."""
    return ethernet_pcap(Tcp(client, server).open().ask(nsc1(1)).answer(nsc1(2)).close())


# --- beginnings -----------------------------------------------------------------------------


@capture("transport/no-answer.pcap")
def no_answer():
    """SYN, sent three times."""
    talk = to(154)
    for pause in (1, 2, 4):
        talk.packet(0, SYN, options=wire.mss_option()).wait(pause * SECOND)
    return ethernet_pcap(talk)


@capture("transport/refused.pcap")
def refused():
    return ethernet_pcap(to(155).syn().reset(1))


@capture("transport/half-open.pcap")
def half_open():
    """SYN and its answer, and never the third packet."""
    return ethernet_pcap(to(395).syn().syn_ack().wait(SECOND).packet(1, SYN | ACK, seq=5000))


@capture("transport/reset-after-syn-ack.pcap")
def reset_after_syn_ack():
    """How a SYN scan says good-bye."""
    return ethernet_pcap(to(154).syn().syn_ack().packet(0, RST))


@capture("transport/opened-and-silent.pcap")
def opened_and_silent():
    return ethernet_pcap(to(154).open().wait(30 * SECOND).close())


@capture("transport/data-on-syn.pcap")
def data_on_syn():
    """TCP Fast Open (RFC 7413): the request travels with the SYN."""
    talk = to(155)
    talk.packet(0, SYN, REQUEST, options=b"\x22\x0a" + b"cookie01")
    talk.next[0] += 1 + len(REQUEST)
    return ethernet_pcap(talk.syn_ack().answer(REPLY).close())


@capture("transport/simultaneous-open.pcap")
def simultaneous_open():
    """Both SYNs cross (RFC 9293 §3.5), 395 on both sides."""
    talk = Tcp((CLIENT, 395), (SERVER, 395))
    talk.packet(0, SYN).packet(1, SYN)
    talk.next[0] += 1
    talk.next[1] += 1
    talk.packet(1, SYN | ACK, seq=5000).packet(0, SYN | ACK, seq=1000)
    return ethernet_pcap(talk.ask(length_and_opcode(1)).answer(length_and_opcode(2)).close())


@capture("transport/only-client-to-server.pcap")
def only_to_server():
    """A tap that sees one direction."""
    return ethernet_pcap(p for p in ssh_banner() if wire.addresses_of(p.data)[0] == CLIENT)


@capture("transport/only-server-to-client.pcap")
def only_to_client():
    return ethernet_pcap(p for p in ssh_banner() if wire.addresses_of(p.data)[0] == SERVER)


# --- ends -----------------------------------------------------------------------------------


@capture("transport/reset-by-server.pcap")
def reset_by_server():
    return ethernet_pcap(to(154).open().ask(nsc1(1)).answer(nsc1(2)).reset(1))


@capture("transport/reset-by-client.pcap")
def reset_by_client():
    return ethernet_pcap(to(154).open().ask(nsc1(1)).answer(nsc1(2)).reset(0))


@capture("transport/closed-by-server.pcap")
def closed_by_server():
    return ethernet_pcap(to(154).open().ask(nsc1(1)).answer(nsc1(2)).close(1))


@capture("transport/five-tuple-reused.pcap")
def reused():
    """SSH; an hour later HTTP, between the same ports."""
    return ethernet_pcap(merged(
        ssh_banner(),
        Tcp((CLIENT, 50022), (SERVER, 154), START + HOUR, isn=(70000, 90000))
        .open().ask(REQUEST).answer(REPLY).close()))


@capture("transport/five-tuple-reused-at-once.pcap")
def reused_at_once():
    """The second SYN comes half a second after a connection that was never closed."""
    return ethernet_pcap(merged(
        to(154).open().ask(nsc1(1)).answer(nsc1(2)),
        Tcp((CLIENT, 50000), (SERVER, 154), START + SECOND // 2, isn=(70000, 90000))
        .open().ask(REQUEST).answer(REPLY).close()))


# --- segments -------------------------------------------------------------------------------


@capture("transport/banner-in-two-segments.pcap")
def split_banner():
    """`S` and the rest of SSH's banner: only who puts them together knows what it is."""
    start, rest = SSH_BANNER[:1], SSH_BANNER[1:]
    return ethernet_pcap(to(395).open().answer(start).answer(rest).ask(start).ask(rest).close())


@capture("transport/out-of-order.pcap")
def out_of_order():
    """The request's second half arrives first."""
    talk = to(155).open()
    half = len(REQUEST) // 2
    talk.packet(0, PSH | ACK, REQUEST[half:], seq=talk.next[0] + half)
    talk.packet(0, PSH | ACK, REQUEST[:half])
    talk.next[0] += len(REQUEST)
    return ethernet_pcap(talk.packet(1, ACK).answer(REPLY).close())


@capture("transport/retransmitted.pcap")
def retransmitted():
    talk = to(155).open()
    for _ in range(3):
        talk.packet(0, PSH | ACK, REQUEST).wait(SECOND)
    talk.next[0] += len(REQUEST)
    return ethernet_pcap(talk.packet(1, ACK).answer(REPLY).close())


@capture("transport/retransmitted-with-other-data.pcap")
def retransmitted_otherwise():
    """The same sequence numbers twice, first HTTP, then something else: an evasion."""
    talk = to(155).open()
    talk.packet(0, PSH | ACK, REQUEST).packet(0, PSH | ACK, b"X" * len(REQUEST))
    talk.next[0] += len(REQUEST)
    return ethernet_pcap(talk.packet(1, ACK).answer(REPLY).close())


@capture("transport/gap.pcap")
def gap():
    """One segment of the answer was never captured."""
    talk = to(155).open().ask(REQUEST)
    talk.next[1] += 1460
    return ethernet_pcap(talk.answer(REPLY).close())


@capture("transport/segments-lost-before-the-capture.pcap")
def lost_upstream():
    """A transfer of 20 segments of 1000 octets, of which a mirror that drops has let 16 through; the
    receiver has them all. One more is lost in the network, and comes again."""
    dropped, lost = {3, 8, 9, 19}, 12
    talk = to(155).open().ask(REQUEST)
    for i in range(20):
        segment = bytes([i]) * 1000
        if i == lost:
            again, talk.next[1] = talk.next[1], talk.next[1] + 1000
            continue
        if i in dropped:
            talk.next[1] += 1000
        else:
            talk.packet(1, PSH | ACK, segment)
            talk.next[1] += 1000
        if i == lost + 1:
            talk.packet(1, PSH | ACK, bytes([lost]) * 1000, seq=again)
        if i % 2:
            talk.packet(0, ACK)
    return ethernet_pcap(talk.close())


@capture("transport/duplicated-by-mirror.pcap")
def duplicated():
    """A mirror of both ingress and egress: every packet twice, 20 microseconds apart."""
    copies = [Packet(p.time + 20_000, p.data) for p in ssh_banner()]
    return ethernet_pcap(merged(ssh_banner(), copies))


@capture("transport/keep-alive.pcap")
def keep_alive():
    """Quiet for hours but for TCP's own probes (RFC 9293 §3.8.4)."""
    talk = to(395).open().ask(length_and_opcode(1)).answer(length_and_opcode(2))
    for _ in range(3):
        talk.wait(2 * HOUR).packet(0, ACK, seq=talk.next[0] - 1).packet(1, ACK)
    return ethernet_pcap(talk.close())


@capture("transport/large-receive-offload.pcap")
def offload():
    """A segment of 40,000 octets, as a host captures what its card glued together."""
    talk = to(395).open()
    data = nsc1(7) * 1250
    talk.packet(0, PSH | ACK, data)
    talk.next[0] += len(data)
    return ethernet_pcap(talk.packet(1, ACK).close())


@capture("transport/length-zero-by-offload.pcap")
def length_zero():
    """IPv4 total length 0, as segmentation offload leaves it for a packet that is too large."""
    talk = to(155).open().ask(REQUEST).answer(REPLY).close()

    def without_length(data):
        head = data[:2] + be16(0) + data[4:10] + be16(0)
        addresses = data[12:20]
        return head[:10] + be16(wire.checksum(head + addresses)) + addresses + data[20:]
    return ethernet_pcap(Packet(p.time, without_length(p.data)) if len(p.data) > 60 else p
                         for p in talk)


@capture("transport/all-flag-combinations.pcap")
def all_flags():
    """FIN, SYN, RST, PSH, ACK and URG in all 64 ways, each on a connection of its own."""
    return ethernet_pcap(
        Packet(START + flags * 10 * MS,
               wire.tcp((CLIENT, 52000 + flags), (SERVER, 154), flags, seq=1000, ack=5000))
        for flags in range(64))


# --- whose port is it -----------------------------------------------------------------------


@capture("transport/source-port-395-to-22.pcap")
def source_port_to_ssh():
    """A client that calls from 395 to get past a filter."""
    return ethernet_pcap(ssh_banner((CLIENT, 395), (SERVER, 22)))


@capture("transport/source-port-395-to-80.pcap")
def source_port_to_http():
    return ethernet_pcap(Tcp((CLIENT, 395), (SERVER, 80)).open().ask(REQUEST).answer(REPLY).close())


@capture("transport/source-port-154-to-33000.pcap")
def source_port_to_high():
    return opaque((CLIENT, 154), (SERVER, 33000))


@capture("transport/source-ports-of-a-spoofed-flood.pcap")
def spoofed_flood():
    """SYNs to 25565 from random ports, three of which happen to be ours: weak evidence."""
    ports = (40311, 155, 2203, 395, 61002, 154, 8120)
    return ethernet_pcap(
        Packet(START + i * MS,
               wire.tcp((f"203.0.113.{40 + i}", port), (SERVER, 25565), SYN, seq=i, window=0))
        for i, port in enumerate(ports))


@capture("transport/both-ports-395-tcp.pcap")
def both_ports_tcp():
    return opaque((CLIENT, 395), (SERVER, 395))


@capture("transport/both-ports-395-udp.pcap")
def both_ports_udp():
    return ethernet_pcap(Udp((CLIENT, 395), (SERVER, 395)).ask(nsc1(1)).answer(nsc1(2)))


@capture("transport/two-watched-ports.pcap")
def two_watched_ports():
    """From 154 to 395."""
    return opaque((CLIENT, 154), (SERVER, 395))


@capture("transport/privileged-client-port.pcap")
def privileged_client():
    return opaque((CLIENT, 612), (SERVER, 154))


@capture("transport/unwatched-neighbours.pcap")
def neighbours():
    """153, 156, 394, 396, 1154: nothing of it is ours."""
    return ethernet_pcap(merged(*(
        Tcp((CLIENT, 50000 + port), (SERVER, port), START + port * MS)
        .open().ask(nsc1(1)).answer(nsc1(2)).close() for port in (153, 156, 394, 396, 1154))))


@capture("transport/ipv6-clients-that-differ-in-the-middle.pcap")
def ipv6_lookalikes():
    """Two clients whose addresses are equal when folded; same ports, same server."""
    return ethernet_pcap(merged(*(
        Tcp((client, 5000), (SERVER6, 154), START + i * SECOND).syn().syn_ack()
        for i, client in enumerate(("2001:db8::1:0:0", "2001:db8::1")))))


# --- other transports -----------------------------------------------------------------------


@capture("transport/udp-empty.pcap")
def udp_empty():
    """Datagrams without payload, as masscan sends them; the answer is ICMP's."""
    talk = Udp((CLIENT, 50000), (SERVER, 395)).ask(b"")
    quoted = talk.packets[0].data[:28]
    head = struct.pack(">BBxxI", 3, 3, 0)  # port unreachable
    message = head[:2] + be16(wire.checksum(head + quoted)) + head[4:] + quoted
    icmp = wire.ip(SERVER, CLIENT, 1, message)
    return ethernet_pcap([*talk, Packet(talk.now, icmp)])


@capture("transport/udp-without-checksum.pcap")
def udp_without_checksum():
    ends = (CLIENT, 50000), (SERVER, 155)
    return ethernet_pcap([
        Packet(START, wire.udp(*ends, nsc1(1), with_checksum=False)),
        Packet(START + MS, wire.udp(*ends[::-1], nsc1(2), with_checksum=False))])


@capture("transport/udp-answers-without-requests.pcap")
def udp_unsolicited():
    """Only the server speaks: the requests took another way, or somebody forged them."""
    talk = Udp((CLIENT, 50000), (SERVER, 155))
    for i in range(5):
        talk.answer(nsc1(i))
    return ethernet_pcap(talk)


@capture("transport/udp-multicast.pcap")
def udp_multicast():
    talk = Udp((CLIENT, 395), ("233.252.0.1", 395))
    return ethernet_pcap(talk.ask(nsc1(1)).wait(SECOND).ask(nsc1(2)))


@capture("transport/udp-broadcast.pcap")
def udp_broadcast():
    return ethernet_pcap(Udp((CLIENT, 50000), ("192.0.2.255", 395)).ask(nsc1(1)))


INIT, INIT_ACK, SACK, SHUTDOWN, SHUTDOWN_ACK, COOKIE_ECHO, COOKIE_ACK, SHUTDOWN_DONE = (
    1, 2, 3, 7, 8, 10, 11, 14)


def sctp_sack(sequence):
    return wire.sctp_chunk(SACK, be32(sequence) + be32(65536) + be32(0))


def sctp_data(sequence, payload):
    return wire.sctp_chunk(0, be32(sequence) + be16(0) + be16(0) + be32(0) + payload, flags=3)


@capture("transport/sctp154.pcap")
def sctp():
    """An association (RFC 9260 §5), one message each way, shut down."""
    client, server = (CLIENT, 50000), (SERVER, 154)
    init = be32(0x11111111) + be32(65536) + be16(1) + be16(1) + be32(100)
    answer = be32(0x22222222) + be32(65536) + be16(1) + be16(1) + be32(200)
    cookie = be16(7) + be16(12) + b"statecok"
    steps = (
        (0, 0, wire.sctp_chunk(INIT, init)),
        (1, 0x11111111, wire.sctp_chunk(INIT_ACK, answer + cookie)),
        (0, 0x22222222, wire.sctp_chunk(COOKIE_ECHO, b"statecok")),
        (1, 0x11111111, wire.sctp_chunk(COOKIE_ACK, b"")),
        (0, 0x22222222, sctp_data(100, nsc1(1))),
        (1, 0x11111111, sctp_sack(100) + sctp_data(200, nsc1(2))),
        (0, 0x22222222, sctp_sack(200)),
        (0, 0x22222222, wire.sctp_chunk(SHUTDOWN, be32(200))),
        (1, 0x11111111, wire.sctp_chunk(SHUTDOWN_ACK, b"")),
        (0, 0x22222222, wire.sctp_chunk(SHUTDOWN_DONE, b"")),
    )
    ends = client, server
    return ethernet_pcap(Packet(START + i * MS, wire.sctp(ends[who], ends[1 - who], tag, chunks))
                         for i, (who, tag, chunks) in enumerate(steps))


@capture("transport/dccp154.pcap")
def dccp():
    """Request, response, acknowledgement, data, close, reset (RFC 4340 §8)."""
    ends = (CLIENT, 50000), (SERVER, 154)
    service, got = be32(0x70726F62), be32(0) + be32(1000)
    steps = ((0, 0, service, b""), (1, 1, got + service, b""), (0, 3, got, b""),
             (0, 2, b"", nsc1(1)), (1, 4, got, nsc1(2)), (0, 6, got, b""),
             (1, 7, got + bytes([1, 0, 0, 0]), b""))
    return ethernet_pcap(
        Packet(START + i * MS, wire.dccp(ends[who], ends[1 - who], kind, 1000 + i, fields, data))
        for i, (who, kind, fields, data) in enumerate(steps))


@capture("transport/icmp-quotes-our-port.pcap")
def icmp_quotes():
    """Time exceeded about a SYN to 154 that was never captured: not a flow on 154."""
    lost = wire.tcp((CLIENT, 50000), (SERVER, 154), SYN, ttl=1)
    head = struct.pack(">BBxxI", 11, 0, 0)
    message = head[:2] + be16(wire.checksum(head + lost[:28])) + head[4:] + lost[:28]
    return ethernet_pcap([Packet(START, wire.ip("203.0.113.1", CLIENT, 1, message))])


@capture("transport/port-zero.pcap")
def port_zero():
    return ethernet_pcap(Tcp((CLIENT, 0), (SERVER, 154)).syn().reset(1))


@capture("transport/same-host-both-ends.pcap")
def same_host():
    """A "land" packet: source and destination are one endpoint."""
    return ethernet_pcap([Packet(START, wire.tcp((SERVER, 154), (SERVER, 154), SYN, seq=1))])


@capture("transport/fin-scan-then-answer.pcap")
def lone_fin():
    return ethernet_pcap(to(155).packet(0, FIN).packet(1, RST | ACK))


@capture("transport/opaque-ipv6.pcap")
def opaque_ipv6():
    return opaque((CLIENT6, 50000), (SERVER6, 395))
