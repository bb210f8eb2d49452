#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# the live page: how long each view takes to answer while 20 clients ask without a pause
# usage: serve.sh [FLOWS [CLIENTS [SECONDS]]]
set -euo pipefail
flows=${1:-10000000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(dirname "$PORTSCOPE")/../tests/bench
scratch=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$scratch"' EXIT

echo "insert: $("$tools/store_fill" "$scratch/flows.db" "$flows")"
"$PORTSCOPE" read -q -o "store:$scratch/flows.db" "$here"/../../pcaps/services/*.pcap >&2
"$PORTSCOPE" serve "$scratch/flows.db" --listen 127.0.0.1:0 >"$scratch/url" &
server=$!
until [ -s "$scratch/url" ]; do
    kill -0 "$server"
    sleep 0.1
done
python3 "$here/serve_clients.py" "$(cat "$scratch/url")" "${2:-20}" "${3:-30}"
