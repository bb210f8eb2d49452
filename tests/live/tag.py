# SPDX-License-Identifier: Apache-2.0
"""Puts VLAN tags into every frame of a capture (pcap, Ethernet): standard input to output.
usage: tag.py 0|1|2"""
import struct
import sys

TAGS = [b"", bytes.fromhex("81000064"), bytes.fromhex("88a800c881000064")]


def main(count):
    data, out, at = sys.stdin.buffer.read(), sys.stdout.buffer, 24
    tags = TAGS[count]
    order = "<" if data[0] in (0xd4, 0x4d) else ">"
    out.write(data[:24])
    while at < len(data):
        seconds, part, captured, length = struct.unpack(order + "IIII", data[at:at + 16])
        frame = data[at + 16:at + 16 + captured]
        out.write(struct.pack(order + "IIII", seconds, part, captured + len(tags),
                              length + len(tags)) + frame[:12] + tags + frame[12:])
        at += 16 + captured


main(int(sys.argv[1]))
