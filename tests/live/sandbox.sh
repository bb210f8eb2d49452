#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The sandbox is proven by trying: a program that enters it tries what it forbids. And the program
# itself says what it has reached, watching as well as reading.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" = 0 ] || skip "root, which has something to lose"

fault "everything that is forbidden is tried"
mkdir -m 777 "$scratch/outputs"
"$SANDBOX_PROBE" "$scratch/outputs" nobody >"$out" 2>"$err"
status=$?
cat "$out"
status_is 0

fault "a user that cannot be had"
"$SANDBOX_PROBE" "$scratch/outputs" no-such-user >"$out" 2>"$err"
status=$?
status_is 2
grep -q "no user 'no-such-user'" "$out"
state $? "says that there is none"

sessions 3 >"$scratch/some.pcap"
fault "reading"
run read -o "eve:$scratch/read.json" "$scratch/some.pcap"
status_is 0
jq -es 'last.stats.sandbox | .seccomp and .landlock >= 1' "$scratch/read.json" >/dev/null
state $? "the statistics say what was given up: $(jq -cs last.stats.sandbox "$scratch/read.json")"

fault "reading from a pipe, and from a name that is one"
"$PORTSCOPE" read -o "eve:$scratch/pipe.json" - < <(cat "$scratch/some.pcap") >"$out" 2>"$err"
status=$?
status_is 0
"$PORTSCOPE" read -o "eve:$scratch/name.json" <(cat "$scratch/some.pcap") >"$out" 2>"$err"
status=$?
status_is 0

fault "reading what belongs to another user, as root"
mkdir -m 700 "$scratch/other" && cp "$scratch/some.pcap" "$scratch/other"
chown -R 65534 "$scratch/other" && chmod 600 "$scratch/other/some.pcap"
run read "$scratch/other"
status_is 0

# Root as a container has it that was given no capabilities, or these.
root_with()
{
    setpriv --bounding-set="-all$1" --inh-caps=-all "$PORTSCOPE" "${@:2}" >"$out" 2>"$err" </dev/null
    status=$?
}

fault "root without capabilities has none to give up"
root_with "" read -o "eve:$scratch/none.json" "$scratch/some.pcap"
status_is 0
jq -es 'last.stats.sandbox | .capabilities == 0 and .seccomp' "$scratch/none.json" >/dev/null
state $? "it is in the sandbox"
root_with "" live -i lo
status_is 3
says "root has no CAP_NET_RAW here"

fault "root with nothing but CAP_NET_RAW"
root_with ,+net_raw live -i lo --duration 1s -o "eve:$scratch/raw.json"
status_is 0
jq -es 'last.stats.sandbox | .capabilities == 0 and .user == "root" and .seccomp' \
    "$scratch/raw.json" >/dev/null
state $? "it keeps its name and loses the capability"
root_with ,+net_raw live -i lo -Z nobody
status_is 2
says "cannot become user 'nobody'"

fault "without"
run read --no-sandbox -o "eve:$scratch/without.json" "$scratch/some.pcap"
status_is 0
jq -es 'last.stats | has("sandbox") | not' "$scratch/without.json" >/dev/null
state $? "the statistics say nothing of a sandbox"

fault "watching"
need_rig
watch -o "eve:$scratch/live.json"
wait_until grep -q '^Seccomp:.*2' "/proc/$watcher/status"
for promise in 'CapPrm:.0*$' 'CapEff:.0*$' 'CapBnd:.0*$' 'NoNewPrivs:.1' 'Seccomp:.2' 'Uid:.65534'; do
    grep -qE "^$promise" "/proc/$watcher/status"
    state $? "/proc/PID/status has $promise"
done
stop
status_is 0
jq -es 'last.stats.sandbox | .user == "nobody" and .capabilities == 0' "$scratch/live.json" >/dev/null
state $? "the statistics say so, too"
finish
