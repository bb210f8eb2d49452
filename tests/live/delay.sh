#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long after the deciding packet a finding is there: conversations are begun and never ended, so
# that no finding can wait for an end. The delay is printed; only one that is no delay but a wait
# fails.
. "$(dirname "$0")/lib.sh"
need_rig

readonly limit_ms=3000

# Frames of a capture up to the first FIN or RST.
begin_of()
{
    tcpdump -nr "$1" -w - 2>/dev/null | python3 "$here/begin.py" >"$scratch/frames.pcap"
}

signatures()
{
    jq -r 'select(.event_type == "alert") | .alert.signature_id' "$scratch/live.json"
}

has_signature()
{
    signatures | grep -qx "$1"
}

# Milliseconds from the last packet that a finding knew of to now.
delay_ms()
{
    local last
    last=$(jq -r "select(.event_type == \"alert\" and .alert.signature_id == $1) |
        .portscope.finding.last" "$scratch/live.json" | head -n 1)
    echo $((($(date +%s%N) - $(date -d "$last" +%s%N)) / 1000000))
}

# expect SIGNATURE "what it is" CAPTURE OPTION...
expect()
{
    local signature=$1 what=$2 capture=$3
    fault "$what"
    begin_of "$PORTSCOPE_ROOT/pcaps/$capture"
    rm -f "$scratch/live.json"
    watch -o "eve:$scratch/live.json" "${@:4}"
    play "$scratch/frames.pcap" -t
    wait_until has_signature "$signature"
    local delay=$(($(delay_ms "$signature")))
    [ "$delay" -lt "$limit_ms" ] && has_signature "$signature"
    state $? "$delay ms after its packet"
    ! grep -q '"event_type":"flow"' "$scratch/live.json"
    state $? "while the conversation goes on"
    stop
    jq -es "[.[] | select(.event_type == \"alert\" and .alert.signature_id == $signature)] |
        length == 1 and .[0].portscope.finding.count == 1" "$scratch/live.json" >/dev/null
    state $? "told once, about one conversation"
}

expect 1540002 "another protocol than the assigned one" services/ssh-tcp395.pcap
expect 1540001 "somebody answers" opaque/random-tcp154.pcap
expect 1540002 "the same with two lanes" services/ssh-tcp395.pcap --all -j 2
finish
