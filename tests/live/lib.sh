# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by the live tests. Each runs in two network namespaces of its own, joined by a cable (a veth
# pair): frames are played into one end, the program watches the other. Nothing outside is touched,
# and everything is taken away at the end, whatever happens.
# shellcheck source=../faults/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../faults/lib.sh"

faults=$here
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
near=portscope-near-$$ far=portscope-far-$$
watcher=
interfaces=(-i cable1) # that watch() names

take_away()
{
    [ -z "$watcher" ] || kill -9 "$watcher" 2>/dev/null
    for namespace in "$near" "$far"; do
        ip netns del "$namespace" 2>/dev/null
    done
    rm -rf "$scratch"
}

skip()
{
    echo "skipped: live tests need $*"
    exit 77
}

need_rig()
{
    [ "$(id -u)" = 0 ] || skip "root, for network namespaces"
    for tool in ip ethtool tcpreplay jq; do
        command -v "$tool" >/dev/null || skip "$tool"
    done
    ip netns add "$near" 2>/dev/null || skip "network namespaces, which this machine does not allow"
    trap take_away EXIT
    ip netns add "$far" && lay_cable || skip "a veth pair, which this machine does not allow"
}

# near:cable0 <-> far:cable1, with nothing of the kernel's own on it.
lay_cable()
{
    ip link add cable0 netns "$near" type veth peer name cable1 netns "$far" || return 1
    for end in "$near cable0" "$far cable1"; do
        # shellcheck disable=SC2086
        set -- $end
        ip netns exec "$1" sysctl -qw "net.ipv6.conf.$2.disable_ipv6=1"
        ip -n "$1" link set "$2" mtu 9000 up
    done
}

sessions()
{
    python3 "$faults/make_capture.py" "$@"
}

in_near()
{
    ip netns exec "$near" "$@"
}

in_far()
{
    ip netns exec "$far" "$@"
}

# Starts the program on the far end and waits until it watches: `watch OPTION...`; $watcher is its
# process.
watch()
{
    : >"$err"
    ip netns exec "$far" "$PORTSCOPE" live "${interfaces[@]}" --timeout active=0 "$@" \
        >"$out" 2>"$err" </dev/null &
    watcher=$!
    echo "  portscope live ${interfaces[*]} ${*//$scratch\//}"
    wait_until says_it_watches || cat "$err"
}

says_it_watches()
{
    grep -q '^portscope: watching ' "$err" || ! kill -0 "$watcher" 2>/dev/null
}

# Ends the program the usual way; $status is its exit status.
stop()
{
    kill -TERM "$watcher" 2>/dev/null
    wait_for_end
}

wait_for_end()
{
    wait "$watcher"
    status=$?
    watcher=
}

# play FILE [tcpreplay's options]
play()
{
    local file=$1
    shift
    in_near tcpreplay -q -i cable0 "$@" "$file" >"$scratch/.play" 2>&1 || cat "$scratch/.play"
}

# The last stats of an EVE file.
total()
{
    jq -r "select(.event_type == \"stats\" and .stats.is_last) | .stats.$2" "$1"
}

# received = read + dropped + unread, and what was read went somewhere.
accounts_for_everything()
{
    jq -es '[.[] | select(.event_type == "stats")] | last | .stats.capture |
        .balanced and .kernel_received == .packets_read + .kernel_dropped + .unread' \
        "$1" >/dev/null
    state $? "received = read + dropped + unread ($(total "$1" 'capture |
        "\(.kernel_received) = \(.packets_read) + \(.kernel_dropped) + \(.unread)"'))"
}
