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
    out.truncate()
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

# 200 packets of 256 KiB: at most so many bytes of each do not compress.
unpacks_to_50_mb()
{
    python3 - "$1" <<'PYTHON'
import random
import struct
import sys

SIZE, chance = 262_144, random.Random(1)
out = sys.stdout.buffer
out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SIZE, 1))
for _ in range(200):
    head = chance.randbytes(int(sys.argv[1]))
    out.write(struct.pack("<IIII", 1_600_000_000, 0, SIZE, SIZE) + head + bytes(SIZE - len(head)))
PYTHON
}

stopped()
{
    status_is 4
    says_nothing_twice
    is_balanced "$out"
    jq -es 'last.stats.limits.inflate.hits == 1' "$out" >/dev/null
    state $? "the limit is counted"
}

fault "gzip that unpacks to more than a thousand times its size"
unpacks_to_50_mb 0 | gzip -c >"$scratch/bomb.gz"
run read -o eve "$scratch/bomb.gz"
stopped
says "bomb.gz: .*1000 times"

fault "gzip that unpacks to more than --max-inflate"
unpacks_to_50_mb 2000 | gzip -c >"$scratch/much.gz"
run read --max-inflate 20M -o eve "$scratch/much.gz"
stopped
says "much.gz: .*20971520.*--max-inflate"

fault "the same within --max-inflate"
run read --max-inflate 100M -o eve "$scratch/much.gz"
status_is 0
is_balanced "$out"

finish
