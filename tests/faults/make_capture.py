# SPDX-License-Identifier: Apache-2.0
"""Writes a pcap of complete TCP sessions on port 154 to standard output, an SSH banner in each.

usage: make_capture.py SESSIONS [PADDING]

Sessions follow each other by 10 ms; PADDING bytes of payload follow the banner. No two sessions
share a five-tuple, and nothing is random: the same arguments give the same bytes.
"""
import struct
import sys

START = 1_700_000_000
STEP_US = 1_000
SESSION_US = 10_000
PORT = 154
FIN, SYN, PSH, ACK = 0x01, 0x02, 0x08, 0x10

MACS = bytes.fromhex("020000000002" "020000000001")
MACS_BACK = MACS[6:] + MACS[:6]


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def tcp_frame(source, destination, ports, numbers, flags, payload, is_back):
    """An Ethernet frame; numbers = (sequence, acknowledgement)."""
    tcp = struct.pack(">HHIIBBHHH", *ports, *numbers, 5 << 4, flags, 8192, 0, 0) + payload
    pseudo = source + destination + struct.pack(">BBH", 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0)
    ip += source + destination
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    return (MACS_BACK if is_back else MACS) + b"\x08\x00" + ip + tcp


def session(number, padding):
    """The frames of one session: handshake, a banner each way, both ends close."""
    client = bytes([10, 154, number >> 14 & 0xFF, (number >> 6 & 0xFF)])
    server = bytes([192, 0, 2, 1])
    port = 40000 + number % 64
    hello = b"SSH-2.0-client_1.0\r\n" + b"\0" * padding
    answer = b"SSH-2.0-server_1.0\r\n" + b"\0" * padding
    c, s = 1000, 5000
    steps = [
        (False, (c, 0), SYN, b""),
        (True, (s, c + 1), SYN | ACK, b""),
        (False, (c + 1, s + 1), ACK, b""),
        (True, (s + 1, c + 1), PSH | ACK, answer),
        (False, (c + 1, s + 1 + len(answer)), PSH | ACK, hello),
        (False, (c + 1 + len(hello), s + 1 + len(answer)), FIN | ACK, b""),
        (True, (s + 1 + len(answer), c + 2 + len(hello)), FIN | ACK, b""),
        (False, (c + 2 + len(hello), s + 2 + len(answer)), ACK, b""),
    ]
    for is_back, numbers, flags, payload in steps:
        ends = (server, client, (PORT, port)) if is_back else (client, server, (port, PORT))
        yield tcp_frame(*ends, numbers, flags, payload, is_back)


def main():
    sessions = int(sys.argv[1])
    padding = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    out = sys.stdout.buffer
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    for number in range(sessions):
        for step, frame in enumerate(session(number, padding)):
            us = number * SESSION_US + step * STEP_US
            out.write(struct.pack("<IIII", START + us // 1_000_000, us % 1_000_000,
                                  len(frame), len(frame)))
            out.write(frame)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()  # the reader has seen enough
