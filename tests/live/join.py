# SPDX-License-Identifier: Apache-2.0
"""Joins the captures of a folder into one that a cable can carry: whole Ethernet frames, a
millisecond apart and as of now (certificates are judged by a packet's time). Says on standard output which were left out, and why.
usage: join.py FOLDER OUTPUT"""
import pathlib
import struct
import sys
import time

ETHERNET = 1
SHORTEST, LONGEST = 15, 9000
MAGICS = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">",
          b"\xa1\xb2\x3c\x4d": ">"}


def frames_of(data):
    """All frames, or the reason why not."""
    order = MAGICS.get(data[:4])
    if not order or len(data) < 24:
        return None, "no plain pcap"
    if struct.unpack(order + "I", data[20:24])[0] != ETHERNET:
        return None, "other link"
    frames, at = [], 24
    while at + 16 <= len(data):
        captured, length = struct.unpack(order + "II", data[at + 8:at + 16])
        if captured != length or not SHORTEST <= captured <= LONGEST:
            return None, "frames that a cable cannot carry"
        frames.append(data[at + 16:at + 16 + captured])
        at += 16 + captured
    if at != len(data) or not frames:
        return None, "damaged or empty"
    return frames, None


def main(folder, output):
    time_ms = int(time.time() * 1000)
    with open(output, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, ETHERNET))
        for path in sorted(pathlib.Path(folder).glob("*.pcap*")):
            frames, why = frames_of(path.read_bytes())
            if not frames:
                print(f"{path.name}: {why}")
                continue
            for frame in frames:
                time_ms += 1
                out.write(struct.pack("<IIII", time_ms // 1000, time_ms % 1000 * 1000,
                                      len(frame), len(frame)) + frame)


main(*sys.argv[1:])
