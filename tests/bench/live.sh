#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# watching a cable beside tcpdump: CPU time and memory, then a minute at top speed: live [FOLDER ...]
#
# Root, in two network namespaces of its own. Captures are made of FOLDER (default:
# $PORTSCOPE_CORPUS/ndpi, or pcaps/services) with 0.05 % of the flows on watched ports, and played by
# tcpreplay as fast as it can. The programs take turns, have the same ring and the same coarse filter,
# and the median of five runs counts. Player and watcher share the cores.
PORTSCOPE_ROOT=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../..")
# shellcheck source=../live/lib.sh
. "$PORTSCOPE_ROOT/tests/live/lib.sh"
need_rig
command -v tcpdump >/dev/null || skip tcpdump

readonly runs=${RUNS:-5} loops=${LOOPS:-5} minute=${SECONDS_AT_TOP_SPEED:-60} ring_kib=65536
readonly bench=$PORTSCOPE_ROOT/build/release/tests/bench
# As src/capture/interface_port.c has it.
readonly coarse='(ip or ip6 or ether proto 0x8100 or ether proto 0x88a8 or ether proto 0x9100
    or ether proto 0x8847 or ether proto 0x8848 or ether proto 0x8864 or ether proto 0x880b
    or ether proto 0x88e5 or ether proto 0x88e7 or ether proto 0x8903 or ether proto 0x8909
    or ether proto 0x8926 or ether[12:2] <= 1500)'

sources=("$@")
if [ ${#sources[@]} = 0 ]; then
    corpus=${PORTSCOPE_CORPUS:-$PORTSCOPE_ROOT/../shared/corpus}/ndpi
    [ -d "$corpus" ] || corpus=$PORTSCOPE_ROOT/pcaps/services
    sources=("$corpus")
fi

# Hundredths of a second of CPU time, of a process that runs.
cpu()
{
    awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# KiB, the most so far.
rss()
{
    awk '/^VmHWM:/ { print $2 }' "/proc/$1/status"
}

median()
{
    sort -n | sed -n "$(((runs + 1) / 2))p"
}

# Starts a watcher, plays, and writes what watching cost to a file, without the start: turn NAME
# COMMAND...
turn()
{
    local name=$1 before
    shift
    ip netns exec "$far" "$@" >/dev/null 2>"$err" &
    watcher=$!
    wait_until grep -qE 'watching|listening' "$err"
    sleep 0.5
    before=$(cpu "$watcher")
    in_near tcpreplay -q -K -t -l "$loops" -i cable0 "$scratch/load.pcap" >"$scratch/.play" 2>&1
    sleep 1.2
    echo "$(($(cpu "$watcher") - before)) $(rss "$watcher")" >>"$scratch/$name.cost"
    kill -TERM "$watcher"
    wait "$watcher"
    watcher=
}

column()
{
    awk -v at="$2" '{ print $at }' "$scratch/$1.cost" | median
}

"$bench/workload" --out "$scratch/load.pcap" --for-cable --size 256M --share 0.0005 "${sources[@]}" || exit 1
echo "load averages before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"

for _ in $(seq "$runs"); do
    turn tcpdump tcpdump -n -Z root -i cable1 -B "$ring_kib" -s 65535 -w /dev/null "$coarse"
    tcpdump_says=$(grep -E 'captured|dropped' "$err" | paste -sd, -)
    turn portscope "$PORTSCOPE" live -i cable1 -B "${ring_kib}k" -o "eve:$scratch/live.json" --overwrite
done
echo "played: $(grep -E 'Rated' "$scratch/.play" | sed 's/^[[:space:]]*//')"
echo "tcpdump, last run: $tcpdump_says"
echo "portscope, last run: $(total "$scratch/live.json" 'capture |
    "\(.kernel_received) received, \(.kernel_dropped) dropped by the kernel"')"
for name in tcpdump portscope; do
    printf '%-10s CPU, hundredths of a second: %s; median %s\n' "$name" \
        "$(cut -d' ' -f1 "$scratch/$name.cost" | paste -sd' ')" "$(column "$name" 1)"
done
awk -v ours="$(column portscope 1)" -v theirs="$(column tcpdump 1)" -v rss="$(column portscope 2)" \
    -v their_rss="$(column tcpdump 2)" -v ring="$ring_kib" 'BEGIN {
    printf "CPU: %.2f x tcpdump (goal: at most 1.2)\n", ours / theirs
    printf "RSS: %.1f MiB beyond the ring of %d MiB (goal: at most 32); tcpdump: %.1f\n",
        (rss - ring) / 1024, ring / 1024, (their_rss - ring) / 1024 }'

wakeups()
{
    awk '/^voluntary_ctxt_switches:/ { print $2 }' "/proc/$watcher/status"
}

echo "idle for 10 s, then top speed for $minute s"
watch -B "${ring_kib}k" -o "eve:$scratch/top.json"
before=$(wakeups)
sleep 10
echo "idle: $((($(wakeups) - before) * 6)) wake-ups a minute"
in_near timeout "$minute" tcpreplay -q -K -t -l 0 -i cable0 "$scratch/load.pcap" >"$scratch/.play" 2>&1
sleep 1.2
stop
total "$scratch/top.json" 'capture | "\(.packets_read) packets read: \(.packets_read / '"$minute"' |
    floor) a second; \(.kernel_dropped) dropped (goal: 0), \(.unread) unread, balanced: \(.balanced)"'
accounts_for_everything "$scratch/top.json"
finish
