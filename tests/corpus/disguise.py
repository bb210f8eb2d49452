# SPDX-License-Identifier: Apache-2.0
"""The same frames in another coat: compressed, as pcapng, with VLAN tags."""
import pathlib
import re
import struct
import subprocess

EN10MB = 1
PCAP_US = b"\xd4\xc3\xb2\xa1"
PCAPNG = b"\x0a\x0d\x0d\x0a"
# The option if_tsresol, of one octet, with the bit that says "power of two".
BINARY_RESOLUTION = re.compile(rb"\x09\x00\x01\x00[\x80-\xff]|\x00\x09\x00\x01[\x80-\xff]")
TPID = {1: (0x8100,), 2: (0x88A8, 0x8100)}
SNAPLEN_MAX = 262_144
LENGTH_MAX = 0xFFFF_FFFF


def convert(path, kind, target):
    """By editcap, whatever the input is; None when it cannot be said in that format."""
    done = subprocess.run(["editcap", "-F", kind, path, target], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target if done.returncode == 0 and pathlib.Path(target).exists() else None


def compressed(path, command, target):
    with open(target, "wb") as out:
        subprocess.run([*command, "-c", path], stdout=out, check=True)
    return target


def frames(capture):
    """(header, frame) of each packet of a little-endian pcap."""
    at = 24
    while at + 16 <= len(capture):
        seconds, fraction, captured, length = struct.unpack_from("<IIII", capture, at)
        yield (seconds, fraction, length), capture[at + 16:at + 16 + captured]
        at += 16 + captured


def tagged(path, count, target):
    """With `count` VLAN tags behind the addresses; None when this is not Ethernet."""
    plain = pathlib.Path(path).read_bytes()
    if struct.unpack_from("<I", plain, 20)[0] & 0xFFFF != EN10MB:
        return None
    tags = b"".join(struct.pack(">HH", tpid, 100 + number)
                    for number, tpid in enumerate(TPID[count]))
    with open(target, "wb") as out:
        out.write(plain[:16] + struct.pack("<I", SNAPLEN_MAX) + plain[20:24])
        for (seconds, fraction, length), frame in frames(plain):
            if len(frame) >= 14:
                frame = frame[:12] + tags + frame[12:]
                length = min(length + len(tags), LENGTH_MAX)
            out.write(struct.pack("<IIII", seconds, fraction, len(frame), length) + frame)
    return target


def editcap_keeps_times(path):
    """Whether times survive it: fractions over a second are mended, powers of two are rounded."""
    capture = pathlib.Path(path).read_bytes()
    if capture[:4] == PCAP_US:
        return all(fraction < 1_000_000 for (_, fraction, _), _ in frames(capture))
    return capture[:4] != PCAPNG or not BINARY_RESOLUTION.search(capture)


def coats(path, folder):
    """(name, path) of every disguise that this capture can wear."""
    made = []
    if path.suffix not in (".gz", ".zst"):
        made += [("gzip", compressed(path, ["gzip"], f"{folder}/a.gz")),
                 ("zstd", compressed(path, ["zstd", "-q"], f"{folder}/a.zst"))]
    base = editcap_keeps_times(path) and convert(path, "nsecpcap", f"{folder}/plain.pcap")
    if base:
        made += [("pcap", base),
                 ("pcapng", convert(path, "pcapng", f"{folder}/a.pcapng")),
                 ("one VLAN tag", tagged(base, 1, f"{folder}/one.pcap")),
                 ("two VLAN tags", tagged(base, 2, f"{folder}/two.pcap"))]
    return [(name, coat) for name, coat in made if coat]
