# SPDX-License-Identifier: Apache-2.0
"""Figures of the detectors, over captures made here and a corpus of innocent ones.

- 24 hours of polling that the site policy allows: heartbeats over TCP and UDP, configuration pushes,
  restarts, clients with changing addresses, 0.1 % of all packets lost: nothing above info.
- Beacons every 60 s for 2 hours, jitter 0, 10, 20, 30 %, over TCP and UDP: found.
- People, who come by chance, 50 of them for 2 hours each: none a beacon.
- CORPUS (a folder of captures): nothing medium or worse without a packet on a watched port.

usage: findings.py [CORPUS]     PORTSCOPE in the environment is the program
"""
import json
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import tempfile

PROGRAM = os.environ["PORTSCOPE"]
DAY, START = 24 * 3600, 1767571200
SYN, ACK, PSH, FIN, RST = 2, 16, 8, 1, 4
SITE = """
zones: {prod: [10.10.0.0/16], management: [10.20.0.0/24]}
components: [10.20.0.5, 10.10.1.0/24]
policy:
  - {from: management, to: prod, service: [netcp], both-ways: yes, comment: the manager and its probes}
  - {from: 10.40.0.0/16, to: prod, service: [154/tcp], comment: operators ask probes}
"""


class Capture:
    """Packets in any order; written sorted by time, some lost."""

    def __init__(self):
        self.packets = []

    def _add(self, at, protocol, ends, transport):
        (client, _), (server, _) = ends
        header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(transport), 0, 0x4000, 64, protocol, 0,
                             socket.inet_aton(client), socket.inet_aton(server))
        self.packets.append((at, header + transport))

    def udp(self, at, client, server, asked, answered):
        for ends, size, delay in (((client, server), asked, 0), ((server, client), answered, 0.01)):
            if size:
                ports = struct.pack(">HHHH", ends[0][1], ends[1][1], 8 + size, 0)
                self._add(at + delay, 17, ends, ports + bytes(n * 37 & 0x3F for n in range(size)))

    def _segment(self, at, ends, sequence, acknowledged, flags, size=0):
        header = struct.pack(">HHIIBBHHH", ends[0][1], ends[1][1], sequence, acknowledged, 0x50, flags,
                             8192, 0, 0)
        self._add(at, 6, ends, header + bytes(n * 37 & 0x3F for n in range(size)))

    def tcp(self, at, client, server, asked, answered):
        there, back = (client, server), (server, client)
        self._segment(at, there, 0, 0, SYN)
        self._segment(at + .001, back, 0, 1, SYN | ACK)
        self._segment(at + .002, there, 1, 1, ACK)
        sent = 1
        while asked > 0:
            size = min(asked, 1400)
            self._segment(at + .003 + sent / 1e7, there, sent, 1, PSH | ACK, size)
            sent, asked = sent + size, asked - size
        self._segment(at + .1, back, 1, sent, PSH | ACK, answered)
        self._segment(at + .11, there, sent, 1 + answered, FIN | ACK)
        self._segment(at + .12, back, 1 + answered, sent + 1, FIN | ACK)
        self._segment(at + .13, there, sent + 1, 2 + answered, ACK)

    def refused(self, at, client, server):
        self._segment(at, (client, server), 0, 0, SYN)
        self._segment(at + .001, (server, client), 0, 1, RST | ACK)

    def write(self, path, dice, lost=0.0):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
            for at, packet in sorted(self.packets, key=lambda each: each[0]):
                if dice.random() >= lost:
                    second = int(at)
                    file.write(struct.pack("<IIII", second, int((at - second) * 1e6), len(packet),
                                           len(packet)) + packet)


def day(dice):
    """Twelve probes polled every minute over TCP, six more that send heartbeats over UDP."""
    capture = Capture()
    manager = "10.20.0.5"
    for second in range(START, START + DAY, 60):
        for probe in range(1, 13):
            at, port = second + dice.random(), 32768 + (second // 60 * 12 + probe) % 20000
            ends = (manager, port), (f"10.10.1.{probe}", 395)
            if probe == 3 and START + DAY / 2 <= second < START + DAY / 2 + 300:
                capture.refused(at, *ends)
            else:
                capture.tcp(at, *ends, 80, 300 + dice.randrange(200))
        for probe in range(13, 19):
            capture.udp(second + 3 * dice.random(), (f"10.10.1.{probe}", 395), (manager, 395), 64, 32)
        hour = (second - START) / 3600
        if hour % 4 == 0:
            capture.tcp(second + 20, (manager, 60000 + int(hour)), (f"10.10.1.{1 + int(hour) % 12}", 395),
                        400000, 40)
        if dice.random() < 0.2:
            client = f"10.40.0.{10 + int(hour) // 6}"
            capture.tcp(second + 30, (client, dice.randrange(1024, 65536)), ("10.10.1.1", 154), 200, 900)
    return capture


def beacon(dice, jitter, is_udp):
    capture = Capture()
    at = START
    while at < START + 7200:
        ends = ("10.40.0.9", 40000 if is_udp else dice.randrange(1024, 65536)), ("10.10.1.1", 395)
        (capture.udp if is_udp else capture.tcp)(at, *ends, 120, 60)
        at += 60 * (1 + jitter * (2 * dice.random() - 1))
    return capture


def person(dice):
    capture = Capture()
    at, mean = START + dice.random() * 60, dice.choice((20, 60, 300))
    while at < START + 7200:
        capture.tcp(at, ("10.40.0.9", dice.randrange(1024, 65536)), ("10.10.1.1", 395),
                    200 + dice.randrange(5000), 300)
        at += dice.expovariate(1 / mean)
    return capture


def events(*arguments):
    done = subprocess.run([PROGRAM, "read", "-q", "-o", "eve", *arguments], capture_output=True, check=False)
    if done.returncode not in (0, 3, 4):
        raise RuntimeError(done.stderr.decode())
    return [json.loads(line) for line in done.stdout.splitlines()]


def findings(found):
    return [event["portscope"]["finding"] for event in found if event["event_type"] == "alert"]


def is_beacon(capture, path, dice):
    capture.write(path, dice)
    return any(finding["id"] == "beacon" for finding in findings(events(path)))


def tell_day(folder, dice):
    site, path = f"{folder}/site.yaml", f"{folder}/day.pcap"
    pathlib.Path(site).write_text(SITE)
    day(dice).write(path, dice, lost=0.001)
    found = events("--site", site, path)
    packets = found[-1]["stats"]["capture"]["packets_read"]
    loud = [finding for finding in findings(found) if finding["severity"] != "info"]
    quiet = len(findings(found)) - len(loud)
    print(f"a day of allowed polling: {packets:,} packets, {len(loud)} findings above info, {quiet} info")
    for finding in loud:
        print(f"    {finding['severity']} {finding['id']}: {'; '.join(finding['why'])}")


def tell_beacons(folder, dice):
    for name, is_udp in (("TCP", False), ("UDP", True)):
        found = [jitter for jitter in (0, 10, 20, 30)
                 if is_beacon(beacon(dice, jitter / 100, is_udp), f"{folder}/beacon.pcap", dice)]
        print(f"beacons over {name}, every 60 s for 2 h, jitter 0, 10, 20, 30 %: {len(found)} of 4 found")
    people = sum(is_beacon(person(dice), f"{folder}/person.pcap", dice) for _ in range(50))
    print(f"people who come by chance: {people} of 50 told as beacons")


def tell_corpus(corpus):
    found = events(corpus)
    capture = found[-1]["stats"]["capture"]
    flows = {event["flow_id"] for event in found if event["event_type"] == "flow"}
    loud = [finding for finding in findings(found) if finding["severity"] in ("medium", "high", "critical")]
    unexplained = [f for f in loud if not flows & set(f["evidence"]["flow_ids"])]
    print(f"{corpus}: {capture['inputs']} captures, {capture['packets_read']:,} packets, "
          f"{len(flows)} flows on watched ports, {len(loud)} findings medium or worse, "
          f"{len(unexplained)} of them without such a flow")


def main():
    dice = random.Random(395)
    with tempfile.TemporaryDirectory() as folder:
        tell_day(folder, dice)
        tell_beacons(folder, dice)
    if len(sys.argv) > 1:
        tell_corpus(sys.argv[1])


if __name__ == "__main__":
    main()
