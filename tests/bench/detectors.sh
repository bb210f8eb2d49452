#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# what the detectors cost: detectors [SOURCES]   (CPU and memory with and without, under a flood)
#
# A SYN flood from SOURCES distinct addresses (default 1,000,000) is the worst case: one record a
# packet, every table full.
set -eu
count=${1:-1000000}
flood=$(dirname "$PORTSCOPE")/../tests/bench/flood
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

measure()
{
    local name=$1
    shift
    /usr/bin/time -f "$name: %U s user, %S s system, %M KiB" \
        "$PORTSCOPE" read -q -j 1 -o eve "$@" "$work/flood.pcap" >/dev/null
}

"$flood" --kind syn --count "$count" --out "$work/flood.pcap"
for round in 1 2 3; do
    echo "round $round" >&2
    measure without --no-detectors
    measure with
done
