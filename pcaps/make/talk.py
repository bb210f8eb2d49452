# SPDX-License-Identifier: Apache-2.0
"""Conversations: who says what when, as IP packets on a clock that only the script moves."""

import heapq
from typing import NamedTuple

import wire
from wire import ACK, FIN, PSH, RST, SYN

MS = 1_000_000
SECOND = 1000 * MS
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
START = 1_767_603_600 * SECOND  # 2026-01-05 09:00:00 UTC, a Monday

# The cast. Clients live in 192.0.2.0/24, servers in 198.51.100.0/24, routers in 203.0.113.0/24.
CLIENT, SERVER = "192.0.2.10", "198.51.100.20"
CLIENT6, SERVER6 = "2001:db8:1::10", "2001:db8:2::20"

SEGMENT = 1460


class Packet(NamedTuple):
    time: int  # nanoseconds since 1970
    data: bytes  # from the IP header on


def merged(*conversations):
    """Packets of several conversations in the order of time."""
    return list(heapq.merge(*conversations, key=lambda packet: packet.time))


class Tcp:
    """One TCP connection. Every method appends packets and returns the connection."""

    def __init__(self, client, server, start=START, *, step=2 * MS, ttl=(64, 64), isn=(1000, 5000)):
        self.ends = client, server
        self.now = start
        self.step = step
        self.ttl = ttl
        self.next = list(isn)
        self.idents = [1, 1]
        self.packets = []

    def __iter__(self):
        return iter(self.packets)

    def packet(self, who, flags, payload=b"", *, seq=None, **fields):
        """One packet from side `who` (0 the client); moves the clock, not the numbers."""
        ack = self.next[1 - who] if flags & ACK else 0
        data = wire.tcp(self.ends[who], self.ends[1 - who], flags,
                        seq=self.next[who] if seq is None else seq, ack=ack, payload=payload,
                        ident=self.idents[who], ttl=self.ttl[who], **fields)
        self.idents[who] += 1
        self.packets.append(Packet(self.now, data))
        self.now += self.step
        return self

    def wait(self, duration):
        self.now += duration
        return self

    def syn(self):
        self.packet(0, SYN, options=wire.mss_option())
        self.next[0] += 1
        return self

    def syn_ack(self):
        self.packet(1, SYN | ACK, options=wire.mss_option())
        self.next[1] += 1
        return self

    def open(self):
        return self.syn().syn_ack().packet(0, ACK)

    def say(self, who, data, *, acked=True):
        """Sends data in segments; the other side acknowledges the last one."""
        for at in range(0, len(data), SEGMENT):
            segment = data[at:at + SEGMENT]
            self.packet(who, PSH | ACK, segment)
            self.next[who] += len(segment)
        return self.packet(1 - who, ACK) if acked else self

    def ask(self, data, **options):
        return self.say(0, data, **options)

    def answer(self, data, **options):
        return self.say(1, data, **options)

    def close(self, who=0):
        for side in (who, 1 - who):
            self.packet(side, FIN | ACK)
            self.next[side] += 1
        return self.packet(who, ACK)

    def reset(self, who):
        return self.packet(who, RST | ACK)


class Udp:
    """Datagrams between two endpoints, with the methods of Tcp that make sense."""

    def __init__(self, client, server, start=START, *, step=2 * MS, ttl=(64, 64)):
        self.ends = client, server
        self.now = start
        self.step = step
        self.ttl = ttl
        self.idents = [1, 1]
        self.packets = []

    def __iter__(self):
        return iter(self.packets)

    def say(self, who, data):
        datagram = wire.udp(self.ends[who], self.ends[1 - who], data, ident=self.idents[who],
                            ttl=self.ttl[who])
        self.idents[who] += 1
        self.packets.append(Packet(self.now, datagram))
        self.now += self.step
        return self

    def wait(self, duration):
        self.now += duration
        return self

    def ask(self, data):
        return self.say(0, data)

    def answer(self, data):
        return self.say(1, data)


SSH_BANNER = b"SSH-2.0-OpenSSH_9.2p1\r\n"


def ssh_banner(client=(CLIENT, 50022), server=(SERVER, 154), start=START):
    """The conversation that link types and tunnels carry: both banners of SSH, then good-bye."""
    return Tcp(client, server, start).open().answer(SSH_BANNER).ask(SSH_BANNER).close()
