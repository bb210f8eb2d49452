#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Watching keeps the packets that lead to findings, inside the sandbox, and writes them when the
# findings are told.
. "$(dirname "$0")/lib.sh"
need_rig

capture=$PORTSCOPE_ROOT/tests/scenarios/captures/masquerade-http-155.pcap

fault "live -o evidence"
for threads in 1 2; do
    folder=$scratch/proof-$threads
    watch -j "$threads" -o "eve:$scratch/live-$threads.json" -o "evidence:$folder"
    play "$capture" --pps 1000
    stop
    status_is 0
    jq -r 'select(.event_type == "alert").portscope.finding.evidence.pcap' \
        "$scratch/live-$threads.json" >"$scratch/named"
    printf "%s\n" "$folder"/* >"$scratch/there"
    [ -s "$scratch/named" ] && cmp -s "$scratch/named" "$scratch/there"
    state $? "$threads lanes: each finding names its file, and there are no others"
    for file in "$folder"/*; do
        "$PORTSCOPE" read -q --no-detectors -o eve "$file" | grep -q '"event_type":"flow"'
        state $? "$(basename "$file") has packets that are read again"
    done
done

fault "a second watch over the same directory"
before=$(ls "$scratch/proof-1" | wc -l)
watch -o "eve:$scratch/again.json" -o "evidence:$scratch/proof-1"
play "$capture" --pps 1000
stop
status_is 0
[ "$(ls "$scratch/proof-1" | wc -l)" = $((2 * before)) ]
state $? "its files come behind those of the first"

fault "a directory where the user of the sandbox may not write"
mkdir -m 755 "$scratch/roots"
watch -o "eve:$scratch/none.json" -o "evidence:$scratch/roots"
stop
status_is 5
says "roots: user [0-9]+, whom the process becomes"
finish
