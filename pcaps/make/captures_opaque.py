# SPDX-License-Identifier: Apache-2.0
"""Opaque control protocols, each a family of layouts that nobody has published.

All are invented: nothing is publicly known of the wire formats of netsc and netcp.
"""

import random
import struct

from files import ethernet_pcap
from registry import add, capture
from talk import CLIENT, MINUTE, MS, SECOND, SERVER, START, Tcp, Udp, merged
from wire import be16, be32

EXCHANGES = 12


def noise(seed, size):
    return random.Random(seed).randbytes(size)


# A message of each family: which side sends its i-th one matters for none of them.


def nsc1(i):
    """The layout of a small request/response protocol with a magic word."""
    return be16(0x0101) + be16(24) + be32(i) + b"NSC1" + bytes([i & 0xFF]) * 8


def sequence_and_time(i):
    """Sequence, type, milliseconds, some bytes: the shape that is most often misread as STUN."""
    return struct.pack(">HHI", 100 + i, i % 4, 7_000_000 + 250 * i) + noise(i, 24)


def type_length_value(i):
    return b"".join(be16(1 + (i + k) % 39) + be16(12) + noise(i * 8 + k, 12) for k in range(3))


def length_and_opcode(i):
    body = bytes([0x10 + i % 3]) + be32(i) + noise(i, 11)
    return be32(len(body)) + body


def constant(i):
    return b"\x5a" * 16


def random_bytes(i):
    return noise(1000 + i, 160)


def text_command(i):
    return b"%s %d\r\n" % ((b"GETSTAT", b"STATUS", b"SETMODE", b"REPORT")[i % 4], i)


FAMILIES = {
    "nsc1": nsc1,
    "seq16": sequence_and_time,
    "tlv": type_length_value,
    "length-opcode": length_and_opcode,
    "constant": constant,
    "random": random_bytes,
    "text": text_command,
}
SERVICES = ((Tcp, "tcp", 154), (Udp, "udp", 155), (Tcp, "tcp", 395), (Udp, "udp", 395))


def exchange(kind, port, message):
    """Messages in turn, client first, half a second apart."""
    talk = kind((CLIENT, 50000 + port), (SERVER, port))
    if kind is Tcp:
        talk.open()
    for i in range(EXCHANGES):
        talk.say(i % 2, message(i)).wait(500 * MS)
    return talk.close() if kind is Tcp else talk


def add_family(name, message):
    for kind, transport, port in SERVICES:
        add(f"opaque/{name}-{transport}{port}.pcap",
            lambda kind=kind, port=port: ethernet_pcap(exchange(kind, port, message)))


for family, family_message in FAMILIES.items():
    add_family(family, family_message)


def poll(probe, source_port, start, count, period):
    """A manager asks one probe for its state, one short connection a time."""
    for i in range(count):
        yield from (Tcp(("192.0.2.5", source_port + i), (probe, 395), start + i * period)
                    .open().ask(length_and_opcode(3 * i)).answer(length_and_opcode(3 * i + 1))
                    .close())


@capture("opaque/polling-60s-tcp395.pcap")
def polling():
    """Three probes, ten minutes."""
    return ethernet_pcap(merged(*(
        poll(f"198.51.100.{30 + n}", 40000 + 100 * n, START + n * SECOND, 10, MINUTE)
        for n in range(3))))


@capture("opaque/heartbeats-60s-udp395.pcap")
def heartbeats():
    """Two probes report to their manager, which does not answer."""
    def beat(probe, start):
        talk = Udp((probe, 395), ("192.0.2.5", 395), start)
        for i in range(10):
            talk.ask(nsc1(i)).wait(MINUTE - talk.step)
        return talk
    return ethernet_pcap(merged(beat("198.51.100.30", START),
                                beat("198.51.100.31", START + 7 * SECOND)))
