#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Inputs that are damaged part-way: exit status 4, one line with file and offset, and what came
# before the fault is in the results.
. "$(dirname "$0")/lib.sh"

sessions 3 >"$scratch/good.pcap"
size=$(stat -c %s "$scratch/good.pcap")
# Behind the file header, each session is a third.
two_sessions=$((24 + (size - 24) / 3 * 2))

damaged()
{
    run read -o eve "$1"
    status_is 4
    says "${1##*/}: .*[0-9]"
    says_nothing_twice
    has_whole_lines "$out"
    has_flows "$out" "$2"
    is_balanced "$out"
}

fault "the last packet is cut"
head -c $((size - 5)) "$scratch/good.pcap" >"$scratch/tail.pcap"
damaged "$scratch/tail.pcap" 3

fault "the header of the 17th packet is cut"
head -c $((two_sessions + 7)) "$scratch/good.pcap" >"$scratch/header.pcap"
damaged "$scratch/header.pcap" 2

fault "the 17th packet claims 4 GiB"
{
    head -c $((two_sessions + 8)) "$scratch/good.pcap"
    printf '\xff\xff\xff\xff\xff\xff\xff\xff'
    tail -c +$((two_sessions + 17)) "$scratch/good.pcap"
} >"$scratch/lying.pcap"
damaged "$scratch/lying.pcap" 2

fault "gzip that ends early"
gzip -c "$scratch/good.pcap" >"$scratch/good.gz"
head -c -12 "$scratch/good.gz" >"$scratch/early.gz"
run read -o eve "$scratch/early.gz"
status_is 4
says "early.gz: "
has_whole_lines "$out"
is_balanced "$out"

fault "zstd with a flipped byte near its end"
sessions 2000 >"$scratch/many.pcap"
zstd -q --check "$scratch/many.pcap" -o "$scratch/many.zst"
size=$(stat -c %s "$scratch/many.zst")
cp "$scratch/many.zst" "$scratch/flipped.zst"
byte=$(od -An -tu1 -j $((size - 40)) -N 1 "$scratch/flipped.zst" | tr -d ' ')
# shellcheck disable=SC2059  # the format is the byte
printf "\\x$(printf %x $((byte ^ 255)))" |
    dd of="$scratch/flipped.zst" bs=1 seek=$((size - 40)) conv=notrunc status=none
run read -o eve "$scratch/flipped.zst"
status_is 4
says "flipped.zst: "
has_whole_lines "$out"
is_balanced "$out"

fault "pcapng with a block shorter than itself"
editcap -F pcapng "$scratch/good.pcap" "$scratch/good.pcapng" 2>/dev/null
{
    cat "$scratch/good.pcapng"
    printf '\x06\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00'
} >"$scratch/block.pcapng"
damaged "$scratch/block.pcapng" 3

fault "a damaged file does not keep the next from being read"
run read -o "eve:$scratch/both.json" "$scratch/header.pcap" "$scratch/good.pcap"
status_is 4
has_whole_lines "$scratch/both.json"
is_balanced "$scratch/both.json"

fault "the same capture, cut at every byte of its last packet"
failed=0
size=$(stat -c %s "$scratch/good.pcap")
for length in $(seq $((size - 69)) $((size - 1))); do
    head -c "$length" "$scratch/good.pcap" >"$scratch/cut.pcap"
    "$PORTSCOPE" read --no-dpi -o eve "$scratch/cut.pcap" >"$out" 2>"$err" </dev/null
    [ $? = 4 ] && jq -es 'map(select(.event_type == "stats"))[0].stats.capture
        | .balanced and .packets_read == 23' "$out" >/dev/null 2>&1 || failed=$((failed + 1))
done
state "$failed" "69 cuts: exit status 4 and 23 packets, each time"

finish
