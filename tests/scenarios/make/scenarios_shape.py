# SPDX-License-Identifier: Apache-2.0
"""Scenarios of scans, half-open connections, flags, ports and headers."""

import wire
from cast import (DEV, PROD, PROD_CLIENT, STRANGER, at_random, every, exchanges, prod, refusals,
                  refused, request, session, sessions, sized)
from files import ethernet_pcap
from payloads import length_and_opcode, noise, nsc1
from registry import capture
from talk import MINUTE, MS, SECOND, SSH_BANNER, START, Packet, Tcp, Udp, merged
from wire import ACK, FIN, PSH, RST, SYN

EPHEMERAL = 49152


def lone(flags, n, port=154, client=PROD_CLIENT, server=PROD, **fields):
    return Packet(START + n * 50 * MS,
                  wire.tcp((client, EPHEMERAL + n), (server, port), flags, seq=1000, **fields))


# --- scans ----------------------------------------------------------------------------------


@capture("captures/scan-knock-on-four-hosts.pcap")
def knock():
    return ethernet_pcap(merged(*(refused(PROD_CLIENT, (prod(n), 154), START + n * SECOND, n)
                                  for n in range(4))))


@capture("captures/scan-one-host-many-ports.pcap")
def one_host():
    """Ports 100 to 199 and 395 of one host, all refused."""
    return ethernet_pcap(merged(*(
        refused(PROD_CLIENT, (PROD, port), START + n * 20 * MS, n)
        for n, port in enumerate([*range(100, 200), 395]))))


@capture("captures/scan-slow.pcap")
def slow_scan():
    """One host a minute."""
    return ethernet_pcap(merged(*(refused(PROD_CLIENT, (prod(n), 154), START + n * MINUTE, n)
                                  for n in range(30))))


@capture("captures/scan-unanswered.pcap")
def unanswered_scan():
    """A firewall swallows everything: each SYN twice, no answer."""
    return ethernet_pcap(merged(*(
        Tcp((PROD_CLIENT, EPHEMERAL + n), (prod(n), 395), START + n * 100 * MS)
        .packet(0, SYN).wait(SECOND).packet(0, SYN) for n in range(30))))


@capture("captures/scan-udp-with-payload.pcap")
def udp_scan():
    """A question to 30 hosts, none of which answers."""
    return ethernet_pcap(merged(*(
        Udp((PROD_CLIENT, EPHEMERAL), (prod(n), 395), START + n * 100 * MS).ask(nsc1(n))
        for n in range(30))))


@capture("captures/scan-from-the-internet.pcap")
def scan_from_outside():
    return ethernet_pcap(merged(*(refused(STRANGER, (prod(n), 154), START + n * 100 * MS, n)
                                  for n in range(30))))


@capture("captures/scan-that-finds-something.pcap")
def scan_with_success():
    """Thirty hosts, five of which answer and are spoken to."""
    def attempt(n):
        start = START + n * 100 * MS
        if n % 6:
            return refused(PROD_CLIENT, (prod(n), 154), start, n)
        return session(PROD_CLIENT, (prod(n), 154), start, n)
    return ethernet_pcap(merged(*(attempt(n) for n in range(30))))


@capture("captures/dead-server-with-ten-clients.pcap")
def dead_server():
    """Ten clients try one server that is down: no client scans."""
    return ethernet_pcap(merged(*(
        refused(f"10.154.1.{10 + n % 10}", (PROD, 154), start, n)
        for n, start in enumerate(at_random(20 * SECOND, 50, seed=2)))))


# --- half-open ------------------------------------------------------------------------------


def half_open(n, client, start):
    return Tcp((client, EPHEMERAL + n), (PROD, 154), start).syn().syn_ack()


@capture("captures/half-open-flood.pcap")
def flood():
    """300 SYNs within three seconds from forged addresses; the answers lead nowhere."""
    return ethernet_pcap(merged(*(half_open(n, f"10.66.{n % 7}.{n % 250}", START + n * 10 * MS)
                                  for n in range(300))))


@capture("captures/half-open-five.pcap")
def few_half_open():
    """Five in an hour: clients that died."""
    return ethernet_pcap(merged(*(half_open(n, PROD_CLIENT, START + n * 12 * MINUTE)
                                  for n in range(5))))


@capture("captures/one-sided-capture.pcap")
def one_sided():
    """A tap that sees clients only: no SYN-ACK anywhere, and nothing is wrong."""
    both = sessions(PROD_CLIENT, (PROD, 154), at_random(20 * SECOND, 60, seed=3), ask=sized(3))
    return ethernet_pcap(p for p in both if wire.addresses_of(p.data)[0] == PROD_CLIENT)


# --- flags ----------------------------------------------------------------------------------


@capture("captures/flags-null-and-xmas.pcap")
def null_and_xmas():
    return ethernet_pcap([lone(0, 0), lone(FIN | PSH | wire.URG, 1), lone(0, 2, 395),
                          lone(FIN | PSH | wire.URG, 3, 395)])


@capture("captures/flags-syn-fin.pcap")
def syn_fin():
    return ethernet_pcap([lone(SYN | FIN, n) for n in range(4)])


@capture("captures/flags-data-on-syn.pcap")
def data_on_syn():
    """Without a fast-open cookie."""
    return ethernet_pcap([lone(SYN, n, payload=nsc1(n)) for n in range(4)])


@capture("captures/flags-fast-open.pcap")
def fast_open():
    """With one: legitimate."""
    talk = Tcp((PROD_CLIENT, EPHEMERAL), (PROD, 154))
    talk.packet(0, SYN, nsc1(1), options=b"\x22\x0a" + b"cookie01")
    talk.next[0] += 1 + len(nsc1(1))
    return ethernet_pcap(talk.syn_ack().answer(nsc1(2)).close())


# --- ports ----------------------------------------------------------------------------------


@capture("captures/source-port-395-to-22.pcap")
def source_port_established():
    talk = Tcp((PROD_CLIENT, 395), (PROD, 22)).open()
    return ethernet_pcap(talk.answer(SSH_BANNER).ask(SSH_BANNER).close())


@capture("captures/source-port-155-to-53-udp.pcap")
def source_port_udp():
    """Questions from 155 to the name service's port, answered."""
    talk = Udp((PROD_CLIENT, 155), (PROD, 53))
    for n in range(5):
        talk.ask(nsc1(n)).answer(nsc1(n + 100)).wait(SECOND)
    return ethernet_pcap(talk)


@capture("captures/source-port-by-chance.pcap")
def source_port_by_chance():
    """A flood to 25565 from random ports, three of them ours."""
    ports = [2000 + 7 * n for n in range(40)]
    ports[5], ports[20], ports[33] = 154, 395, 155
    return ethernet_pcap(
        Packet(START + n * MS, wire.tcp((f"10.66.3.{n}", port), (PROD, 25565), SYN))
        for n, port in enumerate(ports))


@capture("captures/both-ports-395.pcap")
def symmetric():
    """Daemons that use 395 on both sides."""
    talk = Udp(("10.95.1.20", 395), ("10.95.0.5", 395))
    for n in range(20):
        talk.ask(nsc1(n)).answer(nsc1(n + 100)).wait((20 + n % 7) * SECOND)
    return ethernet_pcap(talk)


@capture("captures/answers-whose-questions-were-missed.pcap")
def midstream_answers():
    """The capture begins in the middle of a conversation: the first packet is the server's."""
    talk = Tcp((PROD_CLIENT, EPHEMERAL), (PROD, 395)).open().ask(length_and_opcode(1))
    skipped = len(talk.packets)
    talk.answer(length_and_opcode(2)).ask(length_and_opcode(3)).answer(length_and_opcode(4)).close()
    return ethernet_pcap(talk.packets[skipped:])


@capture("captures/privileged-client-port.pcap")
def privileged_client():
    return ethernet_pcap(Tcp((PROD_CLIENT, 612), (PROD, 154)).open().ask(nsc1(1)).answer(nsc1(2))
                         .close())


# --- reflection -----------------------------------------------------------------------------


def reflected(victim, requests, answers, size):
    talk = Udp((victim, 40000), (DEV, 155))
    for n in range(requests):
        talk.ask(nsc1(n))
        for k in range(answers):
            talk.answer(sized(n * 10 + k, size, size)(0))
        talk.wait(200 * MS)
    return talk


@capture("captures/reflection.pcap")
def reflection():
    """20 octets in the victim's name, 2,400 to the victim, twenty times."""
    return ethernet_pcap(reflected("10.155.1.66", 20, 2, 1200))


@capture("captures/reflection-at-the-victim.pcap")
def unsolicited():
    """What the victim sees: answers of four servers, never a question."""
    def flood(server):
        talk = Udp(("10.155.1.66", 40000), (f"10.155.0.{20 + server}", 155), START + server * MS)
        for n in range(10):
            talk.answer(nsc1(n) * 40).wait(50 * MS)
        return talk
    return ethernet_pcap(merged(*(flood(server) for server in range(4))))


@capture("captures/large-answers-over-udp.pcap")
def large_answers():
    """Answers five times as large as the questions."""
    return ethernet_pcap(exchanges(PROD_CLIENT, (PROD, 155), at_random(MINUTE, 30, seed=4),
                                   ask=sized(1, 100, 100), reply=sized(2, 500, 500)))


# --- headers --------------------------------------------------------------------------------


@capture("captures/ttl-change.pcap")
def ttl_change():
    """The client's packets begin to arrive with the initial TTL of another system."""
    starts = list(at_random(3 * MINUTE, 20, seed=5))
    return ethernet_pcap(merged(
        sessions(PROD_CLIENT, (PROD, 154), starts[:10], ask=sized(1), ttl=(61, 64)),
        (p for n, start in enumerate(starts[10:])
         for p in session(PROD_CLIENT, (PROD, 154), start, 20 + n, ask=sized(2), ttl=(119, 64)))))


@capture("captures/ttl-of-two-paths.pcap")
def ttl_paths():
    """Two paths whose lengths differ by one."""
    return ethernet_pcap(merged(*(
        session(PROD_CLIENT, (PROD, 154), start, n, ask=sized(3), ttl=(61 - n % 2, 64))
        for n, start in enumerate(at_random(3 * MINUTE, 20, seed=6)))))


@capture("captures/malformed.pcap")
def malformed():
    """A session, then packets whose TCP header and lengths lie."""
    lies = [lone(PSH | ACK, 100 + n, payload=nsc1(n), data_offset=words)
            for n, words in enumerate((0, 3, 4, 12, 14, 15))]
    return ethernet_pcap(merged(session(PROD_CLIENT, (PROD, 154), START), lies))


@capture("captures/malformed-fragments.pcap")
def overlapping():
    """Fragments that overlap with other data, and a first one too small for TCP's flags."""
    body = wire.udp_datagram((PROD_CLIENT, EPHEMERAL), (PROD, 395), noise(1, 3000))
    other = body[:800] + noise(2, len(body) - 800)

    def piece(data, start, end, more):
        return wire.ipv4(PROD_CLIENT, PROD, wire.UDP, data[start:end], ident=7, flags=int(more),
                         offset=start)
    tiny = wire.tcp_segment((PROD_CLIENT, EPHEMERAL), (PROD, 154), SYN)
    packets = (piece(body, 0, 1400, True), piece(other, 800, 2200, True),
               piece(body, 2200, 3008, False),
               wire.ipv4(PROD_CLIENT, PROD, wire.TCP, tiny[:8], ident=8, flags=1),
               wire.ipv4(PROD_CLIENT, PROD, wire.TCP, tiny[8:], ident=8, flags=0, offset=8))
    return ethernet_pcap(Packet(START + n * MS, data) for n, data in enumerate(packets))


@capture("captures/sctp.pcap")
def sctp():
    ends = (PROD_CLIENT, 50000), (PROD, 154)
    chunk = wire.sctp_chunk(0, wire.be32(1) + bytes(8) + nsc1(1), flags=3)
    return ethernet_pcap(
        Packet(START + n * SECOND, wire.sctp(ends[n % 2], ends[1 - n % 2], 7, chunk))
        for n in range(6))


@capture("captures/dccp.pcap")
def dccp():
    ends = (PROD_CLIENT, 50000), (PROD, 154)
    return ethernet_pcap(
        Packet(START + n * SECOND, wire.dccp(ends[n % 2], ends[1 - n % 2], 2, n, payload=nsc1(n)))
        for n in range(6))


@capture("captures/syn-retries-then-success.pcap")
def restart():
    """A server restarts: its client is refused five times, then served again."""
    return ethernet_pcap(merged(
        refusals(PROD_CLIENT, (PROD, 154), every(SECOND, 5)),
        sessions(PROD_CLIENT, (PROD, 154), at_random(MINUTE, 10, seed=7, start=START + MINUTE),
                 ask=sized(4), reply=request)))


@capture("captures/reset-storm-after-syn-ack.pcap")
def reset_after_syn_ack():
    """A scanner's half-open probes of one port: SYN, SYN-ACK, RST, forty times."""
    return ethernet_pcap(merged(*(
        Tcp((PROD_CLIENT, EPHEMERAL + n), (PROD, 154), START + n * 100 * MS).syn().syn_ack()
        .packet(0, RST) for n in range(40))))
