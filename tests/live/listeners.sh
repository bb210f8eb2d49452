#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Who listens on the watched ports: programs that do so in a network namespace of the test's own are
# all found, with what is known of them, and nobody else is.
. "$(dirname "$0")/lib.sh"
need_rig
ip -n "$far" link set lo up
programs=()
trap 'kill "${programs[@]}" 2>/dev/null; take_away' EXIT

# Where everybody may read and run it.
install -m 755 "$PORTSCOPE" "$scratch/portscope"
install -d -m 755 "$scratch/pack"
install -m 644 "$PORTSCOPE_ROOT"/rules/*.yaml "$scratch/pack"
install -m 644 "$here/listen.py" "$scratch/listen.py"
python=$(PATH=/usr/bin:/bin command -v python3) || skip "a python3 that every user may run"
in_far sysctl -qw net.ipv4.ip_unprivileged_port_start=0

# listen USER KIND:ADDRESS:PORT...
listen()
{
    : >"$scratch/ready"
    ip netns exec "$far" setpriv --reuid "$1" --clear-groups \
        "$python" "$scratch/listen.py" "${@:2}" >"$scratch/ready" &
    programs+=($!)
    wait_until grep -q ready "$scratch/ready"
}

# ask USER OPTION...
ask()
{
    ip netns exec "$far" setpriv --reuid "$1" --clear-groups \
        "$scratch/portscope" listeners --rules-dir "$scratch/pack" "${@:2}" >"$out" 2>"$err"
    status=$?
    status_is 0
}

# has FILTER "in words"
has()
{
    jq -e "$1" "$out" >/dev/null
    state $? "$2"
}

fault "nobody"
ask 0
grep -qx 'Nobody listens on the watched ports.' "$out"
state $? "says so"

listen 0 tcp4:0.0.0.0:154 tcp6:::1:155 udp4:127.0.0.1:395 udp6::::395 tcp4:0.0.0.0:8080
listen 65534 udp4:127.0.0.1:155

fault "for programs"
ask 0 -o json
has '[.listeners[] | "\(.protocol) \(.address) \(.port)"] | sort == ["tcp 0.0.0.0 154",
    "tcp ::1 155", "udp 127.0.0.1 155", "udp 127.0.0.1 395", "udp :: 395"]' \
    "TCP and UDP, both versions of IP, and no port that is not watched"
has ".listeners | all(.process.pid == ${programs[0]} or .process.pid == ${programs[1]})" \
    "with their processes"
has '.listeners | all(.process.name | startswith("python3"))' "their names"
has '.listeners | all(.process.command | contains("listen.py"))' "their commands"
has '[.listeners[] | select(.user == "nobody")] | length == 1' "their users"
has '.listeners | all(.assigned.name != "" and .assigned.description != "")' \
    "and what the port is assigned to"
has '.complete and .hidden_processes == 0' "that is all"

fault "for people"
ask 0
for words in '^154/tcp +netsc-prod +0\.0\.0\.0 +[0-9]+ +python3.* +root' '^155/tcp +netsc-dev +::1 ' \
    '^395/udp +netcp +:: ' '^155/udp .* nobody'; do
    grep -qE "$words" "$out"
    state $? "a line $words"
done

fault "one port more"
ask 0 --watch 8080/tcp -o json
has '.listeners | any(.port == 8080 and .assigned == null)' "has no assignment"

fault "without root"
ask 65534 -o json
has '.listeners | length == 5' "sockets are seen all the same"
has '[.listeners[] | select(.process)] | length == 1 and .[0].user == "nobody"' \
    "only its own process is named"
has '.hidden_processes > 0 and (.complete | not)' "and it says that there are others"
ask 65534
grep -q 'processes of other users could not be looked into; root can' "$out"
state $? "to people, too"
finish
