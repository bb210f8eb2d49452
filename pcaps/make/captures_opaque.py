# SPDX-License-Identifier: Apache-2.0
"""Opaque control protocols: every family of messages on every watched port."""

from files import ethernet_pcap
from payloads import (constant, length_and_opcode, nsc1, random_bytes, sequence_and_time,
                      text_command, type_length_value)
from registry import add, capture
from talk import CLIENT, MINUTE, MS, SECOND, SERVER, START, Tcp, Udp, merged

EXCHANGES = 12

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
