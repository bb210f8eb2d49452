# SPDX-License-Identifier: Apache-2.0
"""Scenarios in which nothing is wrong, though a careless rule might think so."""

from cast import PROD, PROD_CLIENT, at_random, prod, request, session, sessions, sized
from files import cut, ethernet_pcap, in_ethernet, pcap
from payloads import nsc1
from registry import capture
from talk import MINUTE, MS, SECOND, START, Packet, Tcp, Udp, merged
from wire import ACK, PSH


@capture("captures/innocent-mirrored-twice.pcap")
def mirrored():
    """A mirror of both directions: every packet comes twice."""
    talk = list(sessions(PROD_CLIENT, (PROD, 154), at_random(5 * MINUTE, 15, seed=1), ask=sized(1)))
    return ethernet_pcap(merged(talk, [Packet(p.time + 20_000, p.data) for p in talk]))


@capture("captures/innocent-cut-packets.pcap")
def cut_packets():
    """A snap length of 68 octets."""
    talk = sessions(PROD_CLIENT, (PROD, 154), at_random(5 * MINUTE, 15, seed=2), ask=sized(2))
    return pcap(cut(in_ethernet(talk), 68), snaplen=68)


@capture("captures/innocent-lossy-path.pcap")
def lossy():
    """Every request has to be sent three times."""
    def attempt(n, start):
        talk = Tcp((PROD_CLIENT, 49152 + n), (PROD, 154), start).open()
        for _ in range(2):
            talk.packet(0, PSH | ACK, request(n)).wait(300 * MS)
        return talk.ask(request(n)).answer(request(n + 1)).close()
    return ethernet_pcap(merged(*(attempt(n, start)
                                  for n, start in enumerate(at_random(5 * MINUTE, 15, seed=3)))))


@capture("captures/innocent-idle-connection.pcap")
def idle():
    """Kept open with TCP's keep-alives for half an hour."""
    talk = Tcp((PROD_CLIENT, 49152), (PROD, 154)).open().ask(nsc1(1)).answer(nsc1(2))
    for _ in range(30):
        talk.wait(MINUTE).packet(0, ACK, seq=talk.next[0] - 1).packet(1, ACK)
    return ethernet_pcap(talk.close())


@capture("captures/innocent-discovery.pcap")
def discovery():
    """A client greets forty servers, and all of them answer."""
    return ethernet_pcap(merged(*(session(PROD_CLIENT, (prod(n), 154), START + n * 2 * SECOND, n)
                                  for n in range(40))))


@capture("captures/innocent-multicast.pcap")
def multicast():
    """Announcements to a group; nobody is expected to answer."""
    talk = Udp((PROD_CLIENT, 40395), ("239.1.1.1", 395))
    for n, _ in enumerate(range(8)):
        talk.ask(nsc1(n)).wait((13 + 9 * (n % 4)) * SECOND)
    return ethernet_pcap(talk)


@capture("captures/innocent-server-closes-first.pcap")
def server_closes():
    """Some connections end with a reset instead of FIN: sloppy, and common."""
    def attempt(n, start):
        talk = Tcp((PROD_CLIENT, 49152 + n), (PROD, 154), start).open()
        talk.ask(sized(4)(n)).answer(request(n))
        return talk.reset(n % 2) if n % 3 == 0 else talk.close(1)
    return ethernet_pcap(merged(*(attempt(n, start)
                                  for n, start in enumerate(at_random(5 * MINUTE, 20, seed=4)))))


@capture("captures/innocent-other-ports.pcap")
def other_ports():
    """Nothing on a watched port at all."""
    ports = 22, 80, 153, 156, 394, 396, 443, 8080
    return ethernet_pcap(merged(*(session(PROD_CLIENT, (PROD, port), START + port * MS)
                                  for port in ports)))
