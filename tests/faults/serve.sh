#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The live page's server: what it answers, whom it refuses, and how it ends.
. "$(dirname "$0")/lib.sh"

sessions 300 >"$scratch/many.pcap"
cd "$scratch" || exit 1
"$PORTSCOPE" read -q -o store:a.db many.pcap "$PORTSCOPE_ROOT"/pcaps/services/ssh-tcp154.pcap >/dev/null 2>&1
"$PORTSCOPE" read -q -o eve:a.json many.pcap >/dev/null 2>&1
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$scratch"' EXIT

# Starts a server on a free port; $url and $server tell which.
serve()
{
    : >"$out"
    "$PORTSCOPE" serve --listen 127.0.0.1:0 "$@" >"$out" 2>"$err" </dev/null &
    server=$!
    servers+=("$server")
    echo "  portscope serve ${*//$scratch\//}"
    wait_until has_spoken "$server"
    url=$(head -n 1 "$out")
    url=${url%/}
}

has_spoken()
{
    [ -s "$out" ] || ! kill -0 "$1" 2>/dev/null
}

# get PATH [CURL-OPTION ...]: $code, $body and $head tell what came.
get()
{
    local path=$1
    shift
    code=$(curl -s -o "$scratch/body" -D "$scratch/head" -w '%{http_code}' --max-time 60 "$@" "$url$path")
    body=$scratch/body head=$scratch/head
    echo "  $path${*:+ ($*)}"
}

code_is()
{
    state "$((code != $1))" "answers $1$([ "$code" = "$1" ] || echo ", was $code")"
}

# holds JQ-FILTER: true of the body.
holds()
{
    jq -e "$1" "$body" >/dev/null 2>&1
    state $? "$1"
}

has_header()
{
    grep -qiE "^$1"$'\r?$' "$head"
    state $? "header $1"
}

is_problem()
{
    code_is "$1"
    has_header 'content-type: application/problem\+json'
    holds ".status == $1 and (.title | length > 0) and (.detail | length > 0)"
}

ends()
{
    kill -TERM "$server"
    wait "$server"
    state $? "SIGTERM ends it with exit status 0"
}

fault "every path answers"
serve a.db
get /healthz
code_is 200
holds '.status == "ok"'
get /
code_is 200
has_header 'content-type: text/html; charset=utf-8'
grep -q 'live\.js' "$body"
state $? "the page"
for asset in $(grep -oE '/assets/[A-Za-z_.]+' "$body" | sort -u); do
    get "$asset"
    code_is 200
done
get /api/v1/session
holds '.needs_token == false and .is_known and .is_live'
get /api/v1/summary
holds '.totals.flows == 301 and (.services | length > 0) and .findings.high >= 1'
get '/api/v1/summary?since=2026-01-01&verdict=masquerade'
holds '.totals.flows == 1'
get '/api/v1/summary?verdict=confirmed'
holds '.totals.flows == 0 and .services == []'
get /api/v1/timeline
holds '.series as $s | .times as $t | ($s | length > 0) and all($s[]; (.flows | length) == $t)'
holds '[.series[].flows[]] | add == 301'
get '/api/v1/groups?by=initiator,responder,service&sort=bytes&limit=3'
holds '.groups | length > 0 and all(.[]; .initiator and .responder and .service)'
get /api/v1/findings
holds '.findings[0].severity == "high" and .found == (.findings | length)'
id=$(jq -r '.findings[0].id' "$body")
get "/api/v1/findings/$id"
holds ".id == \"$id\" and (.why | length > 0) and .is_acknowledged == false"
get '/api/v1/flows?limit=7'
holds '(.flows | length) == 7 and .next != null'
flow=$(jq -r '.flows[0].flow_id' "$body")
first=$(jq -r '.flows[0].first' "$body")
for query in "" "?near=$first" "?near=2001-01-01"; do
    get "/api/v1/flows/$flow$query"
    holds ".flow_id == \"$flow\" and .records[0].community_id and .records[0].display_filter"
done
get /api/v1/probes
holds '.runs | length == 1 and all(.[]; .is_over and .packets > 0)'
get /api/v1/rules
holds '[.services[] | select(.is_watched) | .port] == [154, 155, 395]'
get /api/v1/openapi.json
holds '.openapi and (.paths | length > 10)'

fault "pages of flows follow each other, whatever the order"
for order in "" "&sort=bytes" "&order=ascending" "&sort=last&order=ascending" "&search=netsc"; do
    next="" total=0
    : >ids
    while :; do
        get "/api/v1/flows?limit=37$order&after=$next" >/dev/null
        jq -r '.flows[] | "\(.flow_id) \(.first)"' "$body" >>ids
        next=$(jq -r '.next // ""' "$body")
        total=$((total + 1))
        [ -n "$next" ] && [ "$total" -lt 100 ] || break
    done
    get "/api/v1/summary" >/dev/null
    [ "$(sort -u ids | wc -l)" = "$(wc -l <ids)" ] && [ "$(wc -l <ids)" -ge 300 ]
    state $? "order '$order': $(wc -l <ids) flows, none twice"
done

fault "positions that nobody was given"
for after in 0.0.0.0.0 9223372036854775807.9223372036854775807.9223372036854775807.9223372036854775807.9223372036854775807 \
    1.2.3.4.5 1700000000000000000.0.0.0.0; do
    for order in ascending descending; do
        for sort in first bytes; do
            get "/api/v1/flows?limit=3&after=$after&order=$order&sort=$sort"
            code_is 200
        done
    done
done
get '/api/v1/timeline?since=1970-01-01'
holds '[.series[].flows[]] | add == 301'

fault "words that make no sense are told, as a problem"
for query in 'summary?since=moonrise' 'summary?host=nowhere' 'flows?limit=0' 'flows?limit=501' 'flows?sort=beauty' \
    'flows?order=sideways' 'flows?after=yesterday' 'findings?severity=dreadful' 'findings?acknowledged=perhaps' \
    'groups?by=colour' 'groups?by=service,service,x' 'timeline?by=initiator' 'summary?search=x' 'summary?limit=3' \
    "flows/$flow?near=noon" 'flows?limit=5&limit=6' 'rules?x=1'; do
    get "/api/v1/$query"
    is_problem 400
done
for path in /nothing /api/v1 /api/v1/flows/abc /api/v1/flows/99 /api/v1/findings/zz /assets/http.c /assets/..%2fserve.c \
    /api/v1/findings/ffffffffffffffff "/api/v1/flows/99999999999999999999"; do
    get "$path"
    is_problem 404
done
for method in DELETE PUT PATCH OPTIONS; do
    get /api/v1/flows -X "$method"
    is_problem 405
    has_header 'allow: GET, HEAD'
done
for path in /api/v1/summary /api/v1/events /; do
    get "$path" -I
    code_is 200
done
get /api/v1/flows -X POST -H 'Content-Type: application/json' -d '{}'
is_problem 405

fault "what a hostile page or name may not do"
for host in evil.example 127.0.0.1.evil.example "[::1" "a b"; do
    get /api/v1/summary -H "Host: $host"
    is_problem 421
done
get /api/v1/summary -H 'Host:'
state "$((code != 421 && code != 400))" "without Host: $code"
get /api/v1/summary -H 'Origin: http://evil.example'
is_problem 403
get /api/v1/summary -H 'Sec-Fetch-Site: cross-site'
is_problem 403
get / -H 'Sec-Fetch-Site: cross-site'
code_is 200
acknowledgement=/api/v1/findings/$id/acknowledgement
get "$acknowledgement" -X POST -H 'Content-Type: application/json' -H 'Origin: http://evil.example' -d '{"comment":"x"}'
is_problem 403
get "$acknowledgement" -X POST -H 'Content-Type: text/plain' -d '{"comment":"x"}'
is_problem 415
get "$acknowledgement" -X POST -d 'comment=x'
is_problem 415
head -c 20000 /dev/zero | tr '\0' a >long
get "$acknowledgement" -X POST -H 'Content-Type: application/json' --data-binary @long
is_problem 413
get "$acknowledgement" -X POST -H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' --data-binary @long
is_problem 413
get /healthz -H "X-Long: $(cat long long)"
state "$((code < 400 || code > 499))" "headers of 40,000 octets: $code"
get "/$(cat long long)"
state "$((code < 400 || code > 499))" "a path of 40,000 octets: $code"
printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\0\1\2\r\n\r\n' >raw
timeout 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/${url##*:}; cat raw >&3; head -c 12 <&3" >answer 2>/dev/null
get /healthz
code_is 200

fault "every answer carries its guards"
for path in / /api/v1/summary /nothing /assets/style.css; do
    get "$path"
    has_header "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; .*"
    has_header 'x-content-type-options: nosniff'
    has_header 'referrer-policy: no-referrer'
done
grep -qi "unsafe" "$head"
state "$((! $?))" "nothing is unsafe"
get /api/v1/summary
has_header 'cache-control: no-store'
get /assets/style.css
tag=$(sed -n 's/^[Ee][Tt]ag: \(.*\)\r$/\1/p' "$head")
get /assets/style.css -H "If-None-Match: $tag"
code_is 304

fault "an acknowledgement is kept, and changes what is answered"
get "$acknowledgement" -X POST -H 'Content-Type: application/json' -d '{"comment":"  "}'
is_problem 400
for wrong in '{}' '[]' 'x' '{"comment":1}' '{"comment":"a","x":"y"}' '{"comment":"a\u0000b"}' '{"comment":"a","comment":"b"}'; do
    get "$acknowledgement" -X POST -H 'Content-Type: application/json' -d "$wrong"
    is_problem 400
done
get /api/v1/findings/ffffffffffffffff/acknowledgement -X POST -H 'Content-Type: application/json' -d '{"comment":"x"}'
is_problem 404
get /api/v1/findings
found=$(jq .found "$body")
get "$acknowledgement" -X POST -H 'Content-Type: application/json' -H "Origin: $url" \
    -d '{"comment":"a </script> \u202e test","by":"ann"}'
code_is 200
holds '.is_acknowledged and .acknowledgement.by == "ann"'
get /api/v1/findings
holds ".found == $((found - 1)) and .acknowledged == 1"
get '/api/v1/findings?acknowledged=yes'
holds ".found == $found"
run review a.db finding "$id"
grep -q 'acknowledged' "$out"
state $? "the console review knows it"

fault "who listens hears of a finding that another process writes"
curl -sN --max-time 60 "$url/api/v1/events" >events &
listener=$!
wait_until grep -q listening events
run read -q -o store:a.db "$PORTSCOPE_ROOT"/pcaps/services/dns-tcp395.pcap
status_is 0
wait_until grep -q '^event: finding' events
state $? "event: finding"
grep '^data: {"id"' events | head -n 1 | cut -c7- | jq -e '.id and .severity and .title' >/dev/null
state $? "with id, severity and title"
grep -q '^event: change' events
state $? "event: change"
kill "$listener" 2>/dev/null
wait "$listener" 2>/dev/null
get /api/v1/summary
holds '.totals.flows > 301'

fault "more listeners than there may be"
listeners=()
for _ in $(seq 24); do
    curl -sN --max-time 60 "$url/api/v1/events" -o "listener-$_" &
    listeners+=($!)
done
has_all_listeners()
{
    [ "$(curl -s "$url/metrics" | sed -n 's/^portscope_serve_listeners //p')" = 24 ]
}
wait_until has_all_listeners
get /api/v1/events
is_problem 503
ends
wait "${listeners[@]}" 2>/dev/null
prints_no_complaint()
{
    [ ! -s "$err" ]
    state $? "says nothing on standard error"
}
prints_no_complaint

fault "metrics are in Prometheus' form"
serve a.db
get /metrics
code_is 200
has_header 'content-type: text/plain; version=0.0.4; charset=utf-8'
python3 "$here/metrics.py" "$body"
state $? "every line, and a HELP and a TYPE for each"
if command -v promtool >/dev/null; then
    promtool check metrics <"$body"
    state $? "promtool check metrics"
fi
ends

fault "a token"
echo 0123456789abcdef0123456789abcdef >token
chmod 600 token
serve a.db --token-file token
get /healthz
code_is 200
get /
code_is 200
for path in /api/v1/summary /api/v1/flows /api/v1/findings /api/v1/rules /api/v1/probes /api/v1/events /metrics; do
    get "$path"
    is_problem 401
    has_header 'www-authenticate: Bearer .*'
done
get /api/v1/session
holds '.needs_token and (.is_known | not) and (has("store") | not)'
get "/api/v1/findings/$id/acknowledgement" -X POST -H 'Content-Type: application/json' -d '{"comment":"x"}'
is_problem 401
get /api/v1/summary -H 'Authorization: Bearer wrong'
is_problem 401
get /api/v1/summary -H "Authorization: Bearer $(cat token)"
code_is 200
get /metrics -H "Authorization: Bearer $(cat token)"
code_is 200
get /api/v1/session -X POST -H 'Content-Type: application/json' -d '{"token":"wrong"}' -c jar
is_problem 401
get /api/v1/session -X POST -H 'Content-Type: application/json' -d "{\"token\":\"$(cat token)\"}" -c jar
code_is 200
has_header 'set-cookie: portscope_session=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict'
get /api/v1/summary -b jar
code_is 200
get /api/v1/session/end -X POST -H 'Content-Type: application/json' -d '{}' -b jar -c jar
code_is 200
get /api/v1/summary -b jar
is_problem 401
ends

fault "what it refuses to start with"
run serve a.db --listen 0.0.0.0:0
status_is 2
says "token-file"
run serve a.db --listen '[::]:0'
status_is 2
chmod 644 token
run serve a.db --listen 0.0.0.0:0 --token-file token
status_is 2
says "chmod 600"
echo short >token
chmod 600 token
run serve a.db --token-file token
status_is 2
says "20 to 256"
run serve a.db --listen localhost:80
status_is 2
says "no address and port"
run serve
status_is 2
run serve none.db
status_is 3
run serve a.db a.db
status_is 3
serve a.db
run serve a.db --listen "${url#http://}"
status_is 2
says "in use by another program"
ends

fault "beyond loopback, with a token"
echo 0123456789abcdef0123456789abcdef >token
"$PORTSCOPE" serve a.db --listen 0.0.0.0:0 --token-file token --host-name probe.example >"$out" 2>"$err" &
server=$!
servers+=("$server")
wait_until has_spoken "$server"
url=$(sed 's|0\.0\.0\.0|127.0.0.1|; s|/$||' "$out")
get /api/v1/summary -H "Authorization: Bearer $(cat token)" -H 'Host: probe.example'
code_is 200
get /api/v1/summary -H "Authorization: Bearer $(cat token)" -H 'Host: other.example'
is_problem 421
ends

fault "EVE files instead of a store"
serve a.json
get /api/v1/session
holds '.is_live == false'
get /api/v1/summary
holds '.totals.flows == 300'
get '/api/v1/flows?limit=5'
holds '.flows | length == 5'
ends

finish
