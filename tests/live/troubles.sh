#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What happens to an interface, to the reader, to the outputs; nothing may go missing unsaid.
. "$(dirname "$0")/lib.sh"
need_rig
mkdir -m 777 "$scratch/outputs"
outputs=$scratch/outputs
sessions 300 >"$scratch/some.pcap"
packets=$(tcpdump -nr "$scratch/some.pcap" 2>/dev/null | wc -l)

for offload in on off; do
    for tags in 0 1 2; do
        fault "$tags VLAN tags, offload $offload"
        for end in "$near cable0" "$far cable1"; do
            # shellcheck disable=SC2086
            set -- $end
            ip netns exec "$1" ethtool -K "$2" rxvlan $offload txvlan $offload gro $offload \
                >/dev/null 2>&1
        done
        python3 "$here/tag.py" "$tags" <"$scratch/some.pcap" >"$scratch/tagged.pcap"
        rm -f "$outputs"/*
        watch -o "eve:$outputs/tags.json"
        play "$scratch/tagged.pcap" --pps 20000
        stop
        has_flows "$outputs/tags.json" 300
        jq -es "[.[] | select(.event_type == \"flow\") | .vlan // [] | length] |
            all(. == $tags)" "$outputs/tags.json" >/dev/null
        state $? "each has $tags VLAN ids"
        accounts_for_everything "$outputs/tags.json"
    done
done

fault "a reader that does not get to read"
rm -f "$outputs"/*
watch -B 64k -o "eve:$outputs/starved.json"
kill -STOP "$watcher"
play "$scratch/some.pcap" -t -l 20
kill -CONT "$watcher"
stop
status_is 0
says "packets were dropped by the kernel"
accounts_for_everything "$outputs/starved.json"
[ "$(total "$outputs/starved.json" capture.kernel_dropped)" -gt 0 ]
state $? "the loss is in the totals"

fault "the interface goes down and comes back"
rm -f "$outputs"/*
watch -o "eve:$outputs/down.json"
play "$scratch/some.pcap" --pps 20000
ip -n "$far" link set cable1 down
sleep 0.3
ip -n "$far" link set cable1 up
wait_until in_far ip -br link show cable1 up
play "$scratch/some.pcap" --pps 20000
stop
status_is 0
accounts_for_everything "$outputs/down.json"
[ "$(total "$outputs/down.json" capture.packets_read)" = $((2 * packets)) ]
state $? "every packet of both times is there"

fault "the interface disappears"
rm -f "$outputs"/*
watch -o "eve:$outputs/gone.json"
play "$scratch/some.pcap" --pps 20000
ip -n "$far" link del cable1
wait_for_end
status_is 3
accounts_for_everything "$outputs/gone.json"
has_flows "$outputs/gone.json" 300
lay_cable

fault "SIGTERM under load"
rm -f "$outputs"/*
watch -o "eve:$outputs/load.json"
in_near tcpreplay -q -i cable0 -t -l 200 "$scratch/some.pcap" >/dev/null 2>&1 &
player=$!
wait_until test -s "$outputs/load.json" -o -n "$(sleep 1)"
stop
kill "$player" 2>/dev/null
wait "$player" 2>/dev/null
status_is 0
has_whole_lines "$outputs/load.json"
accounts_for_everything "$outputs/load.json"
jq -es 'last.stats.flows | .created == .recorded' "$outputs/load.json" >/dev/null
state $? "every flow that was begun is recorded"

fault "outputs turn, by size, and only the newest are kept"
rm -f "$outputs"/*
watch -o "eve:$outputs/turn.json" -o "csv:$outputs/turn.csv" --rotate 1s,keep=2 --timeout tcp-closed=0s
for _ in 1 2 3 4; do
    play "$scratch/some.pcap" --pps 20000
    sleep 1.2
done
stop
status_is 0
[ "$(find "$outputs" -name 'turn.json.*Z' | wc -l)" = 2 ] && [ "$(find "$outputs" -name 'turn.csv.*Z' | wc -l)" = 2 ]
state $? "two old ones of each"
for file in "$outputs"/turn.json*; do
    has_whole_lines "$file"
done
for file in "$outputs"/turn.csv*; do
    head -n 1 "$file" | grep -q '^[a-z_]*,' && head -n 1 "$file" | grep -qv '[0-9]\.[0-9]'
    state $? "${file##*/} begins with its heading"
done

fault "SIGHUP: files that were moved away are begun anew, rules are loaded again"
rm -f "$outputs"/*
printf 'services: []\n' >"$scratch/outputs/own.yaml"
chmod 644 "$scratch/outputs/own.yaml"
# A pack that the reduced user can read, wherever the tree itself is.
install -d -m 755 "$scratch/pack" && install -m 644 "$PORTSCOPE_ROOT"/rules/*.yaml "$scratch/pack"
printf 'policy:\n  - comment: everybody\n' >"$outputs/site.yaml"
chmod 644 "$outputs/site.yaml"
watch -o "eve:$outputs/hup.json" --rules-dir "$scratch/pack" -R "$outputs/own.yaml" \
    --site "$outputs/site.yaml" --timeout tcp-closed=0s
play "$scratch/some.pcap" --pps 20000
wait_until test -s "$outputs/hup.json"
mv "$outputs/hup.json" "$outputs/hup.old"
kill -HUP "$watcher"
wait_until grep -q 'rules' "$err"
says "rules loaded again"
wait_until test -e "$outputs/hup.json"
state $? "there is a new one"
echo 'services: nonsense' >"$outputs/own.yaml"
: >"$err"
kill -HUP "$watcher"
wait_until grep -q 'rules' "$err"
says "own.yaml.*the rules stay as they were"
echo 'services: []' >"$outputs/own.yaml"
echo 'policy: [{coment: any}]' >"$outputs/site.yaml"
: >"$err"
kill -HUP "$watcher"
wait_until grep -q 'rules' "$err"
says "site.yaml.*the rules stay as they were"
printf 'policy:\n  - comment: everybody\n' >"$outputs/site.yaml"
: >"$err"
kill -HUP "$watcher"
wait_until grep -q 'rules' "$err"
says "rules loaded again"
stop
status_is 0
has_whole_lines "$outputs/hup.json"
has_whole_lines "$outputs/hup.old"

fault "an output whose disk is full"
rm -f "$outputs"/*
watch --overwrite -o eve:/dev/full -o "csv:$outputs/other.csv" --timeout tcp-closed=1s
play "$scratch/some.pcap" --pps 20000
wait_until grep -q 'No space left' "$err"
kill -0 "$watcher"
state $? "is told at once"
rows=$(wc -l <"$outputs/other.csv")
play "$scratch/some.pcap" --pps 20000
stop
status_is 5
says_nothing_twice
[ $(($(wc -l <"$outputs/other.csv") - rows)) -ge 300 ]
state $? "the other output goes on"

fault "SIGUSR1"
rm -f "$outputs"/*
watch -o "eve:$outputs/usr.json"
kill -USR1 "$watcher"
wait_until grep -q 'packets read' "$err"
state $? "the totals are told"
stop
status_is 0

fault "kill -9"
rm -f "$outputs"/*
watch -o "eve:$outputs/killed.json" --timeout tcp-closed=0s
play "$scratch/some.pcap" --pps 20000
wait_until test -s "$outputs/killed.json"
kill -9 "$watcher"
wait "$watcher" 2>/dev/null
watcher=
has_whole_lines_but_the_last "$outputs/killed.json"

fault "a number of packets, a time"
rm -f "$outputs"/*
watch -c 10 -o "eve:$outputs/count.json"
play "$scratch/some.pcap" --pps 20000
wait_for_end
status_is 0
[ "$(total "$outputs/count.json" capture.packets_read)" = 10 ]
state $? "ten packets, no more"
accounts_for_everything "$outputs/count.json"
watch --duration 1s -o "eve:$outputs/time.json"
wait_for_end
status_is 0

fault "no such interface"
run live -i no-such-interface
status_is 3
says "no-such-interface"
finish
