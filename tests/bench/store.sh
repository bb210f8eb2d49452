#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# the store: flows inserted a second, time of a review of all and of one hour, CPU of read -o store
# usage: store.sh [FLOWS]
set -euo pipefail
flows=${1:-10000000}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools=$(dirname "$PORTSCOPE")/../tests/bench
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Seconds of wall clock of a command, the best of three.
best()
{
    local best=999999 seconds
    for _ in 1 2 3; do
        seconds=$({ TIMEFORMAT=%R; time "$@" >/dev/null; } 2>&1)
        best=$(printf '%s\n%s\n' "$best" "$seconds" | sort -g | head -n 1)
    done
    echo "$best"
}

# Seconds of CPU, user and system, the best of five.
cpu()
{
    local best=999999 seconds
    for _ in 1 2 3 4 5; do
        rm -f "$scratch"/out.*
        seconds=$({ TIMEFORMAT='%U %S'; time "$@" >/dev/null; } 2>&1 | awk 'END { print $1 + $2 }')
        best=$(printf '%s\n%s\n' "$best" "$seconds" | sort -g | head -n 1)
    done
    echo "$best"
}

echo "insert:              $("$tools/store_fill" "$scratch/flows.db" "$flows") (promised 200000/s)"
echo "size:                $(du -m "$scratch/flows.db" | cut -f1) MB"
echo "review of all:       $(best "$PORTSCOPE" review "$scratch/flows.db" --peek) s (promised 1)"
for hours in "12:00 13:00" "12:17 13:17"; do
    read -r since until <<<"$hours"
    echo "review of one hour:  $(best "$PORTSCOPE" review "$scratch/flows.db" \
        --since "2026-11-20T$since" --until "2026-11-20T$until") s ($since to $until; promised 0.3)"
done
echo "search of all:       $(best "$PORTSCOPE" review "$scratch/flows.db" --search example.org \
    --group-by service) s"
echo "page of flows:       $(best "$PORTSCOPE" review "$scratch/flows.db" --flows --top 50) s"
echo "one flow by its id:  $(best "$PORTSCOPE" review "$scratch/flows.db" flow \
    "$("$PORTSCOPE" review "$scratch/flows.db" --flows --top 1 -o json | jq -r '.flows[0].flow_id')") s"

# As ./dev bench speed does: the corpus when it is there, as nothing else has so many kinds of flows.
corpus=${PORTSCOPE_CORPUS:-$root/../shared/corpus}/ndpi
[ -d "$corpus" ] || corpus=$root/pcaps
"$tools/workload" --size 300M --share 0.01 --out "$scratch/big.pcap" "$corpus" >&2
for all in "" --all; do
    # shellcheck disable=SC2086
    bare=$(cpu "$PORTSCOPE" read -q $all -j 1 -o table "$scratch/big.pcap")
    # shellcheck disable=SC2086
    with=$(cpu "$PORTSCOPE" read -q $all -j 1 -o table -o "store:$scratch/out.db" "$scratch/big.pcap")
    echo "read ${all:-(watching)}: $bare s of CPU, with a store $with s: $(awk -v a="$bare" \
        -v b="$with" 'BEGIN { printf "%+.0f", 100 * (b - a) / a }') % (promised at most +25)"
done
