#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The captures of pcaps/, a folder at a time, are played over a cable: watching gives the same
# records as reading a file of the same frames. Times aside: the frames come as fast as they can, so
# no flow may end for want of packets.
. "$(dirname "$0")/lib.sh"
need_rig

never=(--timeout tcp=1d --timeout tcp-closed=1d --timeout tcp-attempt=1d --timeout udp=1d
    --timeout other=1d)

# What must be the same. Ids and times follow from when a frame came, not from what is in it.
records()
{
    jq -cS 'select(.event_type == "flow") | del(.timestamp, .flow_id, .in_iface, .pcap_filename,
        .flow.start, .flow.end, .flow.age)' "$1" | sort
}

compare()
{
    local name=$1
    rm -f "$scratch"/*.json
    "$PORTSCOPE" read -q "${never[@]}" "${@:2}" --timeout active=0 \
        -o "eve:$scratch/file.json" "$scratch/frames.pcap" >"$out" 2>"$err"
    watch -o "eve:$scratch/live.json" "${never[@]}" "${@:2}"
    play "$scratch/frames.pcap" --pps 20000
    stop
    status_is 0
    records "$scratch/file.json" >"$scratch/file.txt"
    records "$scratch/live.json" >"$scratch/live.txt"
    cmp -s "$scratch/file.txt" "$scratch/live.txt" && [ -s "$scratch/live.txt" ]
    state $? "$name: $(wc -l <"$scratch/live.txt") records, the same"
    diff "$scratch/file.txt" "$scratch/live.txt" | head -n 4
    accounts_for_everything "$scratch/live.json"
}

for folder in "$PORTSCOPE_ROOT"/pcaps/*/; do
    name=$(basename "$folder")
    left=$(python3 "$here/join.py" "$folder" "$scratch/frames.pcap" | wc -l)
    [ "$(stat -c %s "$scratch/frames.pcap")" -gt 24 ] || continue
    fault "$name ($left captures cannot be played: other links, cut, or damaged)"
    compare "$name"
done

fault "more lanes than one"
python3 "$here/join.py" "$PORTSCOPE_ROOT/pcaps/transport" "$scratch/frames.pcap" >/dev/null
compare "transport, all ports, two threads" --all -j 2
finish
