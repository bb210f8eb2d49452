# SPDX-License-Identifier: Apache-2.0
"""Files that end too early or lie about themselves. What comes before the damage is good."""

import struct

import files
from captures_formats import frames, gzip_stored, plain, zstd_stored
from files import Pcapng, pcap
from registry import capture


def good():
    return pcap(frames())


def first_half():
    """Whole records: five packets."""
    return pcap(frames()[:5])


@capture("damaged/empty.pcap")
def nothing():
    return b""


@capture("damaged/not-a-capture.pcap")
def text():
    return b"This is a text that somebody saved under a wrong name.\n" * 3


@capture("damaged/pcap-ends-in-file-header.pcap")
def half_header():
    return good()[:20]


@capture("damaged/pcap-ends-in-record-header.pcap")
def half_record_header():
    return first_half() + good()[len(first_half()):][:7]


@capture("damaged/pcap-ends-in-packet.pcap")
def half_packet():
    return good()[:-30]


@capture("damaged/pcap-huge-length.pcap")
def huge_length():
    """The sixth record claims 4,294,967,295 octets."""
    return first_half() + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 60) + bytes(60)


@capture("damaged/pcap-version.pcap")
def version():
    data = good()
    return data[:4] + struct.pack("<HH", 99, 1) + data[8:]


@capture("damaged/pcapng-ends-in-block.pcapng")
def half_block():
    return plain("<")[:-30]


@capture("damaged/pcapng-block-length-0.pcapng")
def zero_block():
    return plain("<") + struct.pack("<III", files.ENHANCED, 0, 0)


@capture("damaged/pcapng-block-lengths-differ.pcapng")
def unequal_lengths():
    block = Pcapng()
    data = block.enhanced(frames()[0])
    return plain("<") + data[:-4] + block.pack("I", len(data) + 4)


@capture("damaged/pcapng-unknown-interface.pcapng")
def unknown_interface():
    return plain("<") + Pcapng().enhanced(frames()[0], 7)


@capture("damaged/pcapng-no-interface.pcapng")
def no_interface():
    return Pcapng().section() + Pcapng().enhanced(frames()[0])


@capture("damaged/pcapng-packet-longer-than-block.pcapng")
def packet_beyond_block():
    block = Pcapng()
    body = block.pack("IIIII", 0, 0, 0, 4000, 4000) + bytes(40)
    return plain("<") + block.block(files.ENHANCED, body)


@capture("damaged/pcapng-option-beyond-block.pcapng")
def option_beyond_block():
    """An interface whose option claims more than the block holds."""
    block = Pcapng()
    body = block.pack("HHI", 1, 0, 0) + block.pack("HH", files.IF_NAME, 4000) + b"eth0"
    return block.section() + block.block(files.INTERFACE, body) + block.enhanced(frames()[0])


@capture("damaged/pcapng-impossible-resolution.pcapng")
def impossible_resolution():
    """10^-127 seconds."""
    block = Pcapng()
    return (block.section() + block.interface(1, 0, (files.IF_TSRESOL, b"\x7f"))
            + b"".join(block.enhanced(frame) for frame in frames()))


@capture("damaged/pcapng-version.pcapng")
def section_version():
    block = Pcapng()
    return block.block(files.SECTION, block.pack("IHHq", 0x1A2B3C4D, 9, 0, -1))


@capture("damaged/gzip-ends-early.pcap.gz")
def half_gzip():
    return gzip_stored(good())[:600]


@capture("damaged/gzip-wrong-checksum.pcap.gz")
def wrong_gzip():
    data = gzip_stored(good())
    return data[:-8] + bytes(4) + data[-4:]


@capture("damaged/gzip-of-text.gz")
def gzip_text():
    return gzip_stored(text())


@capture("damaged/zstd-ends-early.pcap.zst")
def half_zstd():
    return zstd_stored(good())[:600]
