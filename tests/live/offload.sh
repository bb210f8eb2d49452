#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Frames larger than any wire has: jumbo frames, and what the kernel glues together or has not cut
# yet. Two programs really talk over the cable; what they said and what was watched must agree.
. "$(dirname "$0")/lib.sh"
need_rig
output=$scratch/live.json
readonly bytes=20000000

ip -n "$near" addr add 192.0.2.1/24 dev cable0
ip -n "$far" addr add 192.0.2.2/24 dev cable1

# offload on|off
offload()
{
    ip netns exec "$near" ethtool -K cable0 tso "$1" gso "$1" gro "$1" tx "$1" >/dev/null 2>&1
    ip netns exec "$far" ethtool -K cable1 tso "$1" gso "$1" gro "$1" rx "$1" >/dev/null 2>&1
}

# mtu NUMBER
mtu()
{
    ip -n "$near" link set cable0 mtu "$1"
    ip -n "$far" link set cable1 mtu "$1"
}

# Before the taker listens, attempts may be refused: those carry nothing.
readonly conversations='[.[] | select(.event_type == "flow" and .dest_port == 395 and
    .portscope.payload.bytes_toserver > 0)]'

# The mean segment is within these bytes.
mean_is_from()
{
    local mean
    mean=$(jq -s "$conversations"' | .[0] | .portscope.payload.bytes_toserver / .flow.pkts_toserver | floor' "$output")
    [ "$mean" -ge "$1" ] && [ "$mean" -le "$2" ]
    state $? "$mean bytes a packet"
}

talk()
{
    rm -f "$output"
    watch -o "eve:$output"
    ip netns exec "$far" python3 "$here/transfer.py" take 192.0.2.2 395 >"$scratch/taken" &
    local taker=$!
    in_near python3 "$here/transfer.py" give 192.0.2.2 395 "$bytes"
    wait "$taker"
    stop
    status_is 0
    accounts_for_everything "$output"
    jq -es "$conversations | length == 1 and .[0].portscope.payload.bytes_toserver >= $(cat "$scratch/taken")" "$output" >/dev/null
    state $? "one conversation, of all $(cat "$scratch/taken") bytes"
    [ "$(total "$output" tcp.missed_bytes)" = 0 ] ||
        [ "$(total "$output" capture.kernel_dropped)" -gt 0 ]
    state $? "and none is missing"
}

fault "offload on: packets of up to 64 KiB"
offload on
mtu 1500
talk
mean_is_from 3000 65536

fault "offload off: packets as the wire has them"
offload off
talk
mean_is_from 100 1460

fault "jumbo frames"
mtu 9000
talk
mean_is_from 3000 8960
finish
