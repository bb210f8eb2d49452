#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which interfaces are watched, and how: the letters of tcpdump mean what they mean there.
. "$(dirname "$0")/lib.sh"
need_rig
output=$scratch/live.json
sessions 20 >"$scratch/some.pcap"
packets=$(tcpdump -nr "$scratch/some.pcap" 2>/dev/null | wc -l)

# read_is NUMBER "of what"
read_is()
{
    local found
    found=$(total "$output" capture.packets_read)
    state "$((found != $1))" "$2: $1 packets$([ "$found" = "$1" ] || echo ", not $found")"
    accounts_for_everything "$output"
}

# session OPTION...: the capture is played to a watcher.
session()
{
    rm -f "$output"
    watch -o "eve:$output" "$@"
    play "$scratch/some.pcap" --pps 20000
    stop
    status_is 0
}

# One datagram of the kernel's own to this host.
send_to_self()
{
    in_far bash -c 'echo hello >/dev/udp/127.0.0.1/395' 2>/dev/null
}

fault "two interfaces"
ip link add cable2 netns "$near" type veth peer name cable3 netns "$far"
ip netns exec "$near" sysctl -qw net.ipv6.conf.cable2.disable_ipv6=1
ip netns exec "$far" sysctl -qw net.ipv6.conf.cable3.disable_ipv6=1
ip -n "$near" link set cable2 up
ip -n "$far" link set cable3 up
interfaces=(-i cable1 -i cable3)
rm -f "$output"
watch -o "eve:$output"
play "$scratch/some.pcap" --pps 20000
in_near tcpreplay -q -i cable2 --pps 20000 "$scratch/some.pcap" >/dev/null 2>&1
stop
status_is 0
read_is $((2 * packets)) "both"
says "watching cable1,cable3 with a ring of 128 MiB"

fault "any"
interfaces=(-i any)
ip -n "$far" link set lo up
rm -f "$output"
watch -o "eve:$output"
play "$scratch/some.pcap" --pps 20000
in_near tcpreplay -q -i cable2 --pps 20000 "$scratch/some.pcap" >/dev/null 2>&1
stop
status_is 0
read_is $((2 * packets)) "both"

fault "lo, where every packet comes twice"
interfaces=(-i lo)
rm -f "$output"
watch -o "eve:$output"
send_to_self
stop
jq -es '[.[] | select(.event_type == "flow" and .dest_port == 395)] |
    length == 1 and .[0].flow.pkts_toserver == 1' "$output" >/dev/null
state $? "is counted once"
accounts_for_everything "$output"
interfaces=(-i cable1)

fault "-D"
in_far "$PORTSCOPE" live -D >"$out" 2>"$err"
status=$?
status_is 0
grep -q '^cable1 .*up' "$out" && grep -q '^any ' "$out"
state $? "lists what there is"

promiscuity()
{
    ip -n "$far" -d link show cable1 | sed -n 's/.* promiscuity \([0-9]*\).*/\1/p'
}

fault "-p"
watch -p -o "eve:$scratch/p.json"
state "$(promiscuity)" "leaves the interface as it is"
stop
watch -o "eve:$scratch/without.json"
[ "$(promiscuity)" = 1 ]
state $? "and without it the interface hears all"
stop

fault "-s"
session -s 64
read_is "$packets" "cut ones"
jq -es 'any(.[]; .portscope.marks // [] | index("truncated"))' "$output" >/dev/null
state $? "flows are marked"
run live -i cable1 -s 10
status_is 2

fault "-B"
session -B 8M
says "a ring of 8 MiB"
run live -i cable1 -B 1k
status_is 2

fault "-y"
session -y EN10MB
read_is "$packets" "Ethernet"
in_far "$PORTSCOPE" live -i cable1 -y NONSENSE >"$out" 2>"$err"
status=$?
status_is 3
says "libpcap knows no link type 'NONSENSE'"

fault "-Q"
session -Q in
read_is "$packets" "what comes in"
session -Q out
read_is 0 "what goes out"
session -Q inout
read_is "$packets" "both ways"
run live -i cable1 -Q sideways
status_is 2

fault "a filter of the user's own"
session -f "tcp[tcpflags] & tcp-syn != 0"
[ "$(total "$output" capture.decoded)" = 40 ]
state $? "the rest is filtered, not forgotten"
accounts_for_everything "$output"

fault "statistics now and then"
rm -f "$output"
watch -o "eve:$output" --stats-interval 1s --duration 4s
wait_for_end
status_is 0
jq -es '[.[] | select(.event_type == "stats" and (.stats.is_last | not))] | length >= 2' \
    "$output" >/dev/null
state $? "more than once"
finish
