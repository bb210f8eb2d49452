#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The live page over ClickHouse answers what it answers over SQLite.
program=$(command -v clickhouse-server || true)
[ -n "$program" ] || {
    echo "skipped: faults.serve_clickhouse: there is no clickhouse-server"
    exit 77
}
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
children=()
trap 'kill "${children[@]}" 2>/dev/null; wait; rm -rf "$scratch"' EXIT

# Three ports that nobody has just now.
read -r http tcp between < <(python3 -c '
import socket
all = [socket.socket() for _ in range(3)]
for one in all:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in all))')

cat >users.xml <<XML
<yandex><profiles><default><max_memory_usage>2000000000</max_memory_usage></default></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
<quota>default</quota></default></users><quotas><default/></quotas></yandex>
XML
cat >config.xml <<XML
<yandex><logger><level>warning</level><log>$scratch/server.log</log><errorlog>$scratch/error.log</errorlog></logger>
<http_port>$http</http_port><tcp_port>$tcp</tcp_port><interserver_http_port>$between</interserver_http_port>
<interserver_http_host>127.0.0.1</interserver_http_host><listen_host>127.0.0.1</listen_host>
<path>$scratch/data/</path><tmp_path>$scratch/temporary/</tmp_path><users_config>$scratch/users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database><timezone>UTC</timezone>
<mark_cache_size>67108864</mark_cache_size></yandex>
XML
"$program" "--config-file=$scratch/config.xml" >/dev/null 2>&1 </dev/null &
children+=($!)
wait_until curl -s -o /dev/null "http://127.0.0.1:$http/"
target="clickhouse://127.0.0.1:$http/flows"

# serve STORE: prints nothing; $url tells where.
serve()
{
    "$PORTSCOPE" serve "$1" --listen 127.0.0.1:0 >"$2" 2>"$2.err" </dev/null &
    children+=($!)
    wait_until test -s "$2"
    url=$(cat "$2")
}

fault "both stores hold the same"
captures=("$PORTSCOPE_ROOT"/pcaps/services/{ssh-tcp154,dns-udp395,http-tcp155,bulk-tcp395}.pcap)
run store init "$target"
status_is 0
run read -q -o "store:$target" -o store:a.db "${captures[@]}"
status_is 0
declare -A urls
serve a.db sqlite.url
urls[sqlite]=$url
serve "$target" clickhouse.url
urls[clickhouse]=$url

fault "and answer the same"
for path in summary 'summary?verdict=masquerade' timeline 'timeline?by=service' 'groups?by=initiator,responder&sort=bytes' \
    'flows?limit=3' 'flows?limit=3&sort=bytes' 'flows?search=ssh' findings probes; do
    for store in sqlite clickhouse; do
        curl -s "${urls[$store]}api/v1/$path" | jq -S 'del(.. | .stored?, .run?)' >"$store.json"
    done
    [ -s sqlite.json ] && ! grep -q '"status"' sqlite.json && cmp -s sqlite.json clickhouse.json
    state $? "$path"
done

fault "who listens hears of a new finding, and an acknowledgement is kept"
curl -sN --max-time 60 "${url}api/v1/events" >events &
listener=$!
wait_until grep -q listening events
run read -q -o "store:$target" "$PORTSCOPE_ROOT/pcaps/services/smtp-tcp154.pcap"
status_is 0
wait_until grep -q '^event: finding' events
state $? "event: finding"
kill "$listener"
wait "$listener" 2>/dev/null
id=$(curl -s "${url}api/v1/findings" | jq -r '.findings[0].id')
curl -s -H 'Content-Type: application/json' -d '{"comment":"a test"}' "${url}api/v1/findings/$id/acknowledgement" |
    jq -e '.is_acknowledged' >/dev/null
state $? "acknowledged"

finish
