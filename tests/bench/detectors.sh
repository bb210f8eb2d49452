#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# what the detectors cost: detectors [SOURCES [CORPUS]]   (CPU and memory, with and without)
#
# Over a mixed capture, where one frame in a hundred is on a watched port, and with --all; and under
# a SYN flood from SOURCES distinct addresses (default 1,000,000), the worst case: one record a
# packet, every table full. CORPUS is a folder of captures that the mixed one is made of.
set -eu
count=${1:-1000000}
corpus=${2:-$(dirname "$0")/../../pcaps/services}
tools=$(dirname "$PORTSCOPE")/../tests/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The least user CPU of seven runs in seconds, and its memory in KiB: others only add to it.
cost()
{
    for _ in 1 2 3 4 5 6 7; do
        /usr/bin/time -f "%U %M" "$PORTSCOPE" read -q -j 1 -o eve "$@" 2>&1 >/dev/null
    done | sort -n | head -n 1
}

compare()
{
    local name=$1 without with
    shift
    without=$(cost --no-detectors "$@")
    with=$(cost "$@")
    echo "$without $with" | awk -v name="$name" '{
        printf "%-34s %6.2f s -> %6.2f s (%+.1f %%), %d -> %d KiB\n", name, $1, $3,
            100 * ($3 - $1) / $1, $2, $4 }'
}

"$tools/workload" --size 400M --share 0.01 --out "$work/mixed.pcap" "$corpus" >/dev/null
# Ten times the same: once is over too soon to be measured.
# shellcheck disable=SC2046
compare "mixed, 10 x 400 MB" $(yes "$work/mixed.pcap" | head -n 10)
compare "the same with --all" --all "$work/mixed.pcap"
for sources in $((count / 4)) "$count"; do
    "$tools/flood" --kind syn --count "$sources" --out "$work/flood.pcap"
    compare "SYN flood, $sources sources" "$work/flood.pcap"
done
