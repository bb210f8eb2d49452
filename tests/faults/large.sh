#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A capture beyond 4 GiB (sparse, so it takes little room) and a small file that unpacks to much.
. "$(dirname "$0")/lib.sh"

# 17,000 packets of 262,144 zero bytes each: 4.15 GiB, then one session, then a cut.
python3 - "$scratch/large.pcap" <<'PYTHON'
import struct
import sys

SIZE, COUNT = 262_144, 17_000
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SIZE, 1))
    for number in range(COUNT):
        out.write(struct.pack("<IIII", 1_600_000_000 + number, 0, SIZE, SIZE))
        out.seek(SIZE, 1)
PYTHON
sessions 1 | tail -c +25 >>"$scratch/large.pcap"
printf 'cut' >>"$scratch/large.pcap"
size=$(stat -c %s "$scratch/large.pcap")

fault "a capture of $size bytes that is cut at its end"
run read --no-progress -o eve "$scratch/large.pcap"
status_is 4
says "large.pcap: .*$((size - 3))"
has_flows "$out" 1
is_balanced "$out"
jq -es 'last.stats.capture.packets_read == 17008' "$out" >/dev/null
state $? "17,008 packets"
rm -f "$scratch/large.pcap"

fault "300 MB of packets in a few kB of gzip"
python3 - <<'PYTHON' | gzip -c >"$scratch/bomb.gz"
import struct
import sys

out = sys.stdout.buffer
out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
packet = struct.pack("<IIII", 1_600_000_000, 0, 262_144, 262_144) + bytes(262_144)
for _ in range(1_150):
    out.write(packet)
PYTHON
run read --max-inflate 64M -o eve "$scratch/bomb.gz"
status_is 4
says "bomb.gz: .*--max-inflate"
is_balanced "$out"
jq -es 'last.stats.limits.inflate.hits == 1 // (last.stats.limits["max-inflate"].hits == 1)' \
    "$out" >/dev/null
state $? "the limit is counted"

finish
