# SPDX-License-Identifier: Apache-2.0
"""Messages of opaque control protocols: the i-th of each family, the same on every run.

All are invented: nothing is publicly known of the wire formats of netsc and netcp.
"""

import random
import struct

from wire import be16, be32


def noise(seed, size):
    return random.Random(seed).randbytes(size)


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
