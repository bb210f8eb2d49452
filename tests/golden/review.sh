#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One line of review.list: asks a store of the project's own captures and compares what is printed.
# UPDATE=1 rewrites what is expected.
# usage: review.sh NAME
set -eu
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
name=$1
expected=$here/expected/review-$name.out
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

words=$(awk -v name="$name" '$1 == name { $1 = ""; print }' "$here/review.list")
[ -n "$words" ] || {
    echo "review.list has no line '$name'"
    exit 1
}

store="$scratch/night.db"
cd "$PORTSCOPE_ROOT/pcaps"
"$PORTSCOPE" read -q --no-sandbox -o "store:$store?probe=lab" \
    services/{bulk-tcp395,dns-udp395,http-tcp155,http-tcp155-ipv6,ssh-tcp154,ssh-tcp395}.pcap \
    services/{text-tcp154,tls13-tcp395}.pcap scans/{nmap-connect,nmap-udp}.pcap
finding=$("$PORTSCOPE" review "$store" --peek -o json | jq -r '.findings[0].id')
flow=$("$PORTSCOPE" review "$store" --flows --sort bytes --top 1 -o json |
    jq -r '.flows[0].flow_id')
[ "$name" != acknowledged ] || "$PORTSCOPE" review "$store" ack "$finding" -m "the lab's own scan"
words=${words//STORE/$store}
words=${words//FINDING/$finding}
# shellcheck disable=SC2086
"$PORTSCOPE" review ${words//FLOW/$flow} >"$scratch/actual"

if [ -n "${UPDATE:-}" ]; then
    cp "$scratch/actual" "$expected"
    echo "written: $expected"
else
    diff -u --label "expected/review-$name.out" --label "portscope review $words" "$expected" \
        "$scratch/actual"
fi
case $name in
*json | *csv | *markdown) ;;
*)
    [ "$(LC_ALL=C.UTF-8 wc -L <"$expected")" -le 100 ] || {
        echo "review-$name.out: a line is longer than 100 columns"
        exit 1
    }
    ;;
esac
