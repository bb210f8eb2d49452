# SPDX-License-Identifier: Apache-2.0
"""The same conversation in every dialect of capture file. Times are the same to the microsecond."""

import struct
import zlib

import carriers
import files
from files import Pcapng, cut, in_ethernet, pcap
from registry import add, capture
from talk import START, Packet, ssh_banner

NANOSECOND_TICKS, POWER_OF_TWO_TICKS = 1_000_000_000, 1 << 20


def frames():
    return in_ethernet(ssh_banner())


# --- pcap -----------------------------------------------------------------------------------

DIALECTS = {
    "pcap-microseconds": files.MICROSECONDS,
    "pcap-nanoseconds": files.NANOSECONDS,
    "pcap-modified": files.MODIFIED,
}

for dialect, magic_number in DIALECTS.items():
    for order_name, order_mark in (("little-endian", "<"), ("big-endian", ">")):
        add(f"formats/{dialect}-{order_name}.pcap",
            lambda magic=magic_number, order=order_mark: pcap(frames(), magic=magic, order=order))


@capture("formats/pcap-header-only.pcap")
def header_only():
    return pcap([])


@capture("formats/pcap-snaplen-0.pcap")
def snaplen_zero():
    """A header that promises nothing: readers take it for "no limit"."""
    return pcap(frames(), snaplen=0)


@capture("formats/pcap-snaplen-60.pcap")
def snaplen_sixty():
    """Packets cut behind the sixth octet of the payload."""
    return pcap(cut(frames(), 60), snaplen=60)


@capture("formats/pcap-check-sequence.pcap")
def with_fcs():
    """Frames with their check sequence; the header says so in the link type's upper bits,
    counting in 16-bit words."""
    checked = [(time, frame + struct.pack("<I", zlib.crc32(frame))) for time, frame in frames()]
    return pcap(checked, files.ETHERNET | 1 << 26 | 2 << 28)


# --- pcapng ---------------------------------------------------------------------------------


def plain(order):
    block = Pcapng(order)
    return (block.section() + block.interface()
            + b"".join(block.enhanced(frame) for frame in frames()))


add("formats/pcapng-little-endian.pcapng", lambda: plain("<"))
add("formats/pcapng-big-endian.pcapng", lambda: plain(">"))


@capture("formats/pcapng-two-interfaces.pcapng")
def two_interfaces():
    """Ethernet, and Linux cooked with a snap length of 62 in nanoseconds; the client's packets
    were caught on the first, the server's on the second."""
    block = Pcapng()
    written = [block.section(), block.interface(files.ETHERNET, 0, (files.IF_NAME, b"eth0")),
               block.interface(113, 62, (files.IF_NAME, b"any"), (files.IF_TSRESOL, b"\x09"))]
    for packet, frame in zip(ssh_banner(), frames()):
        if packet.data[12] == 192:
            written.append(block.enhanced(frame))
        else:
            cooked = cut([(packet.time, carriers.linux_cooked(packet.data))], 62)[0]
            written.append(block.enhanced(cooked, 1, ticks=NANOSECOND_TICKS))
    return b"".join(written)


@capture("formats/pcapng-time-in-powers-of-two.pcapng")
def powers_of_two():
    """if_tsresol 2^-20: a tick is a bit less than a microsecond."""
    block = Pcapng()
    return (block.section() + block.interface(files.ETHERNET, 0, (files.IF_TSRESOL, b"\x94"))
            + b"".join(block.enhanced(frame, ticks=POWER_OF_TWO_TICKS) for frame in frames()))


@capture("formats/pcapng-time-offset.pcapng")
def time_offset():
    """if_tsoffset: the blocks count from the conversation's day."""
    block = Pcapng()
    midnight = START // 10**9 // 86400 * 86400
    early = ((time - midnight * 10**9, frame) for time, frame in frames())
    offset = (files.IF_TSOFFSET, block.pack("q", midnight))
    return (block.section() + block.interface(files.ETHERNET, 0, offset)
            + b"".join(block.enhanced(frame) for frame in early))


@capture("formats/pcapng-two-sections.pcapng")
def two_sections():
    """Little-endian, then big-endian; interface 0 is Ethernet first and raw IP then."""
    little, big = Pcapng("<"), Pcapng(">")
    talk = list(ssh_banner())
    half = len(talk) // 2
    return b"".join([
        little.section(), little.interface(),
        *(little.enhanced(frame) for frame in in_ethernet(talk[:half])),
        big.section(), big.interface(101), *(big.enhanced(packet) for packet in talk[half:])])


@capture("formats/pcapng-empty-section.pcapng")
def empty_section():
    """A section without interfaces and packets before the real one."""
    return Pcapng(">").section() + plain("<")


@capture("formats/pcapng-header-only.pcapng")
def section_only():
    return Pcapng().section()


@capture("formats/pcapng-simple-packets.pcapng")
def simple_packets():
    """Simple packet blocks have no time at all; the interface's snap length cuts them."""
    block = Pcapng()
    return (block.section() + block.interface(files.ETHERNET, 90)
            + b"".join(block.simple(frame) for frame in cut(frames(), 90)))


@capture("formats/pcapng-obsolete-packets.pcapng")
def obsolete_packets():
    block = Pcapng()
    return (block.section() + block.interface()
            + b"".join(block.obsolete(frame) for frame in frames()))


@capture("formats/pcapng-unknown-blocks.pcapng")
def unknown_blocks():
    """Secrets, a journal entry, statistics, custom and local blocks between the packets."""
    block = Pcapng()
    strange = (
        block.block(10, block.pack("II", 0x544C534B, 9) + b"CLIENT_R "),
        block.block(9, b"__REALTIME_TIMESTAMP=1767603600000000\nMESSAGE=probe started\n"),
        block.block(files.STATISTICS, block.pack("III", 0, 0, 0)),
        block.block(files.CUSTOM, block.pack("I", 32473) + b"ours"),
        block.block(0x80000001, b""),
    )
    packets = [block.enhanced(frame) for frame in frames()]
    mixed = [piece for i, packet in enumerate(packets) for piece in (strange[i % 5], packet)]
    return block.section() + block.interface() + b"".join(mixed)


@capture("formats/pcapng-names-and-comments.pcapng")
def names_and_comments():
    """Name resolution, comments everywhere, packet flags: all of it beside the point."""
    block = Pcapng()
    remark = (files.COMMENT, "the probe’s first hello".encode())
    names = block.names(("192.0.2.10", "manager.example"), ("198.51.100.20", "probe.example"))
    packets = (block.enhanced(frame, 0, remark, (2, block.pack("I", 1))) for frame in frames())
    return (block.section(remark, (4, b"a probe")) + block.interface(files.ETHERNET, 0, remark)
            + names + b"".join(packets))


@capture("formats/pcapng-options-without-end.pcapng")
def options_without_end():
    """Options need no end mark when the block ends."""
    block = Pcapng()
    body = block.pack("HHI", files.ETHERNET, 0, 0) + block.option(files.IF_NAME, b"eth0")
    return (block.section() + block.block(files.INTERFACE, body)
            + b"".join(block.enhanced(frame) for frame in frames()))


@capture("formats/pcapng-late-interface.pcapng")
def late_interface():
    """A second interface of another link type appears half-way, and is never used."""
    block = Pcapng()
    packets = [block.enhanced(frame) for frame in frames()]
    return b"".join([block.section(), block.interface(), *packets[:4], block.interface(113, 96),
                     *packets[4:]])


@capture("formats/pcapng-section-length.pcapng")
def section_length():
    """A section that states its length instead of -1."""
    block = Pcapng()
    rest = block.interface() + b"".join(block.enhanced(frame) for frame in frames())
    return block.block(files.SECTION, block.pack("IHHq", 0x1A2B3C4D, 1, 0, len(rest))) + rest


@capture("formats/pcapng-inside-dot-pcap.pcap")
def wrong_name():
    """pcapng under pcap's name, as many tools leave it."""
    return plain("<")


# --- compressed -----------------------------------------------------------------------------
# Written by hand from stored blocks, so that the bytes do not depend on a library's version.


def gzip_stored(data):
    """A gzip member (RFC 1952) of one stored deflate block (RFC 1951 §3.2.4)."""
    block = struct.pack("<BHH", 1, len(data), len(data) ^ 0xFFFF) + data
    head = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, 0, 0, 0, 255)
    return head + block + struct.pack("<II", zlib.crc32(data), len(data))


def zstd_stored(data):
    """A Zstandard frame (RFC 8878 §3.1.1) of one raw block; single segment, 4-octet size."""
    block = struct.pack("<I", len(data) << 3 | 1)[:3] + data
    return struct.pack("<IBI", 0xFD2FB528, 0xA0, len(data)) + block


@capture("formats/compressed.pcap.gz")
def compressed_gzip():
    return gzip_stored(pcap(frames()))


@capture("formats/compressed-two-members.pcap.gz")
def compressed_members():
    """gzip files may be joined (RFC 1952 §2.2)."""
    data = pcap(frames())
    return gzip_stored(data[:100]) + gzip_stored(data[100:])


@capture("formats/compressed.pcap.zst")
def compressed_zstd():
    return zstd_stored(pcap(frames()))


@capture("formats/compressed-two-frames.pcapng.zst")
def compressed_frames():
    """Two frames with a skippable one between them (RFC 8878 §3.1.2)."""
    data = plain("<")
    skippable = struct.pack("<II", 0x184D2A50, 4) + b"note"
    return zstd_stored(data[:100]) + skippable + zstd_stored(data[100:])


# --- times ----------------------------------------------------------------------------------


def moved(shifts):
    return pcap((time + shifts[i % len(shifts)], frame) for i, (time, frame) in enumerate(frames()))


@capture("formats/time-backwards.pcap")
def time_backwards():
    """Every third packet is an hour early."""
    return moved((0, 0, -3600 * 10**9))


@capture("formats/time-in-2106.pcap")
def time_at_the_end():
    """Seconds that count from 2^32 - 5: the last that the format has, or 1969 to who reads them
    as signed."""
    return moved(((2**32 - 5) * 10**9 - START,))


@capture("formats/time-bad-fraction.pcap")
def bad_fraction():
    """5,000,000 microseconds in a second field that has room for 999,999."""
    records = []
    for i, frame in enumerate(map(files.frame_of, frames())):
        record = files.pcap_record(frame)
        records.append(record[:4] + struct.pack("<I", 5_000_000 + i) + record[8:])
    return files.pcap_header() + b"".join(records)


@capture("formats/time-jumps-to-2106.pcap")
def far_future():
    """One packet in the middle has the largest time there is; then the clock is right again."""
    talk = list(ssh_banner())
    talk[4] = Packet((2**32 - 1) * 10**9, talk[4].data)
    return pcap(in_ethernet(talk))
