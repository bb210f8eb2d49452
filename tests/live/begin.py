# SPDX-License-Identifier: Apache-2.0
"""Leaves out, of a capture (pcap, Ethernet, IPv4), TCP segments with FIN or RST and all behind the
first of them: standard input to output."""
import struct
import sys

FIN, RST = 0x01, 0x04


def main():
    data, out, at = sys.stdin.buffer.read(), sys.stdout.buffer, 24
    order = "<" if data[0] in (0xd4, 0x4d) else ">"
    out.write(data[:24])
    while at < len(data):
        captured = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frame = data[at + 16:at + 16 + captured]
        flags = frame[14 + 4 * (frame[14] & 0x0f) + 13]
        if flags & (FIN | RST):
            break
        out.write(data[at:at + 16 + captured])
        at += 16 + captured


main()
