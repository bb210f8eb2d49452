# SPDX-License-Identifier: Apache-2.0
"""Capture files as bytes: pcap in all its dialects and the blocks of pcapng.

A frame is a (time in nanoseconds, bytes) pair, or a Frame when it was cut on capture.
"""

import struct
from typing import NamedTuple

import wire

ETHERNET = 1
SNAPLEN = 262144


class Frame(NamedTuple):
    time: int
    data: bytes
    wire_length: int  # before it was cut


def frame_of(pair):
    return pair if isinstance(pair, Frame) else Frame(pair[0], pair[1], len(pair[1]))


def cut(frames, snaplen):
    """The frames as a capture with this snap length would hold them."""
    return [Frame(each.time, each.data[:snaplen], each.wire_length)
            for each in map(frame_of, frames)]


def in_ethernet(packets):
    return [(time, wire.ethernet(data)) for time, data in packets]


# --- pcap -----------------------------------------------------------------------------------

MICROSECONDS, NANOSECONDS, MODIFIED = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34


def pcap_header(link=ETHERNET, *, order="<", magic=MICROSECONDS, snaplen=SNAPLEN):
    return struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, snaplen, link)


def pcap_record(frame, *, order="<", magic=MICROSECONDS):
    unit = 1 if magic == NANOSECONDS else 1000
    seconds, fraction = divmod(frame.time, 1_000_000_000)
    head = struct.pack(f"{order}IIII", seconds & 0xFFFFFFFF, fraction // unit, len(frame.data),
                       frame.wire_length)
    if magic == MODIFIED:  # Kuznetzov's dialect: interface index, protocol, packet type, padding
        head += struct.pack(f"{order}IHBx", 1, 0x0800, 0)
    return head + frame.data


def pcap(frames, link=ETHERNET, *, order="<", magic=MICROSECONDS, snaplen=SNAPLEN):
    records = (pcap_record(frame_of(each), order=order, magic=magic) for each in frames)
    return pcap_header(link, order=order, magic=magic, snaplen=snaplen) + b"".join(records)


def ethernet_pcap(packets):
    """The usual case: IP packets in Ethernet in a plain capture."""
    return pcap(in_ethernet(packets))


# --- pcapng ---------------------------------------------------------------------------------

SECTION, INTERFACE, PACKET, SIMPLE, NAMES, STATISTICS, ENHANCED = (0x0A0D0D0A, 1, 2, 3, 4, 5, 6)
CUSTOM = 0x00000BAD
COMMENT, IF_NAME, IF_TSRESOL, IF_TSOFFSET = 1, 2, 9, 14


def padded(data):
    return data + b"\0" * (-len(data) % 4)


class Pcapng:
    """Writes the blocks of one section in one byte order."""

    def __init__(self, order="<"):
        self.order = order

    def pack(self, layout, *values):
        return struct.pack(self.order + layout, *values)

    def option(self, code, value):
        return self.pack("HH", code, len(value)) + padded(value)

    def options(self, pairs):
        """Options and their end mark; nothing when there are none."""
        listed = b"".join(self.option(code, value) for code, value in pairs)
        return listed + self.pack("HH", 0, 0) if listed else b""

    def block(self, kind, body):
        length = self.pack("I", 12 + len(padded(body)))
        return self.pack("I", kind) + length + padded(body) + length

    def section(self, *options):
        body = self.pack("IHHq", 0x1A2B3C4D, 1, 0, -1) + self.options(options)
        return self.block(SECTION, body)

    def interface(self, link=ETHERNET, snaplen=SNAPLEN, *options):
        return self.block(INTERFACE, self.pack("HHI", link, 0, snaplen) + self.options(options))

    def enhanced(self, frame, interface=0, *options, ticks=1_000_000):
        """`ticks` a second is what the interface's if_tsresol says."""
        frame = frame_of(frame)
        stamp = frame.time * ticks // 1_000_000_000
        head = self.pack("IIIII", interface, stamp >> 32, stamp & 0xFFFFFFFF, len(frame.data),
                         frame.wire_length)
        return self.block(ENHANCED, head + padded(frame.data) + self.options(options))

    def simple(self, frame):
        frame = frame_of(frame)
        return self.block(SIMPLE, self.pack("I", frame.wire_length) + frame.data)

    def obsolete(self, frame, interface=0):
        """The Packet Block that came before the enhanced one: interface and drops in 16 bits."""
        frame = frame_of(frame)
        stamp = frame.time // 1000
        head = self.pack("HHIIII", interface, 0, stamp >> 32, stamp & 0xFFFFFFFF, len(frame.data),
                         frame.wire_length)
        return self.block(PACKET, head + frame.data)

    def names(self, *pairs):
        """Name resolution: (address, name) pairs, IPv4 only."""
        body = b"".join(self.option(1, wire.packed(address) + name.encode() + b"\0")
                        for address, name in pairs)
        return self.block(NAMES, body + self.pack("HH", 0, 0))
