#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The rig and the programs for recording conversations of real programs: two network namespaces, a
# veth pair between them, tcpdump on the server's side; new for each capture. Sourced by a recipe, which sets `output`,
# may set `client_net` and `server_net`, and calls record_table.
set -u
: "${output:?the folder to write into}"

client=portscope-c$$ server=portscope-s$$
client_net=${client_net:-192.0.2} server_net=${server_net:-198.51.100}
client_address=$client_net.10 server_address=$server_net.20
client_address6=2001:db8:1::10 server_address6=2001:db8:2::20
work= recorder= jobs=()

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# --- the rig --------------------------------------------------------------------------------

in_client() { ip netns exec "$client" "$@"; }
in_server() { ip netns exec "$server" "$@"; }

# serve COMMAND...: in the server's namespace until stop_jobs. Its output is shown on failure.
serve() { ip netns exec "$server" "$@" >"$work/log" 2>&1 </dev/null & jobs+=($!); }

stop_jobs() {
    local job
    for job in ${jobs[@]+"${jobs[@]}"}; do kill "$job" 2>/dev/null; wait "$job" 2>/dev/null; done
    jobs=()
}

tear_down() {
    stop_jobs
    [ -z "$recorder" ] || kill "$recorder" 2>/dev/null
    ip netns del "$client" 2>/dev/null
    ip netns del "$server" 2>/dev/null
    [ -z "$work" ] || rm -rf "$work"
    work= recorder=
}

# bring_up NAMESPACE DEVICE MAC. Offloads are off, so that packets have the size and
# the checksums that they would have on a wire.
bring_up() {
    ip -n "$1" link set lo up
    ip -n "$1" link set "$2" address "$3" up
    ip netns exec "$1" ethtool -K "$2" tx off rx off tso off gso off gro off >/dev/null
}

add_address() { ip -n "$1" address add "$3" dev "$2" ${4:-}; }

build_rig() {
    work=$(mktemp -d) || fail "no temporary folder"
    if ! { ip netns add "$client" && ip netns add "$server"; }; then
        fail "cannot add a network namespace: be root"
    fi
    ip link add client0 netns "$client" type veth peer name server0 netns "$server" ||
        fail "cannot add a veth pair"
    bring_up "$client" client0 02:00:c0:00:02:0a
    bring_up "$server" server0 02:00:c6:33:64:14
    add_address "$client" client0 $client_address/32
    add_address "$client" client0 $client_address6/128 nodad
    local last
    for last in $(seq 20 49); do add_address "$server" server0 "$server_net.$last/32"; done
    add_address "$server" server0 $server_address6/128 nodad
    ip -n "$client" route add $server_net.0/24 dev client0 src $client_address
    ip -n "$server" route add $client_net.0/24 dev server0 src $server_address
    ip -n "$client" route add 2001:db8:2::/64 dev client0 src $client_address6
    ip -n "$server" route add 2001:db8:1::/64 dev server0 src $server_address6
}

wait_until() {
    for _ in $(seq 100); do "$@" >/dev/null 2>&1 && return; sleep 0.05; done
    cat "$work/log" >&2
    fail "gave up on: $*"
}

listens() { in_server ss -Hlnt$1 "sport = :$2" | grep -q .; }

# What is recorded is everything but the talk of the rig itself (ARP, neighbour discovery).
record() {
    local filter='ip or (ip6 and (tcp or udp))'
    record_on server0 -s "${snaplen:-262144}" "${keep:-$filter}"
}

record_on() { # INTERFACE TCPDUMP-OPTION...
    : >"$work/tcpdump"
    ip netns exec "$server" tcpdump -Z root --immediate-mode -U -w "$path" -i "$@" \
        2>"$work/tcpdump" &
    recorder=$!
    wait_until grep -q 'listening on' "$work/tcpdump"
}

stop_recording() {
    sleep 0.3
    kill "$recorder"
    wait "$recorder"
    recorder=
}

# --- the programs ---------------------------------------------------------------------------

start_sshd() { # PORT
    [ -f "$work/host" ] || ssh-keygen -q -t ed25519 -N '' -C probe -f "$work/host"
    [ -f "$work/user" ] || ssh-keygen -q -t ed25519 -N '' -C operator -f "$work/user"
    printf '%s\n' "HostKey $work/host" "AuthorizedKeysFile $work/user.pub" "PermitRootLogin yes" \
        "StrictModes no" "UsePAM no" "PrintMotd no" "PidFile none" "Port $1" >"$work/sshd_config"
    # The folder that sshd insists on lives in this process's own mount namespace.
    serve sh -c "mount -t tmpfs none /run && mkdir /run/sshd &&
                 exec $(command -v sshd) -D -f $work/sshd_config"
    wait_until listens t "$1"
}

ssh_login() { # PORT [ADDRESS]
    start_sshd "$1"
    record
    in_client ssh -F none -p "$1" -i "$work/user" -o BatchMode=yes -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@"${2:-$server_address}" \
        uname >/dev/null
}

# The same login as a capture that begins too late sees it: no packet with SYN.
ssh_midstream() { keep='tcp[tcpflags] & tcp-syn == 0' ssh_login "$1"; }
ssh_cut() { snaplen=96 ssh_login "$1"; }

start_nginx() { # PORT
    mkdir -p "$work/www"
    printf 'probe 7 is up\n' >"$work/www/status"
    printf 'admin:%s\n' "$(openssl passwd -apr1 -salt probes07 secret)" >"$work/htpasswd"
    cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work;
    uwsgi_temp_path $work; scgi_temp_path $work;
    server {
        listen $1; listen [::]:$1;
        root $work/www;
        location /admin {
            auth_basic "probe"; auth_basic_user_file $work/htpasswd; try_files /status =404;
        }
    }
}
CONF
    chmod 755 "$work"
    serve nginx -c "$work/nginx.conf"
    wait_until listens t "$1"
}

http_get() { # PORT [HOST]
    start_nginx "$1"
    record
    in_client curl -s -o /dev/null "http://${2:-$server_address}:$1/status"
}

http_basic_auth() { # PORT
    start_nginx "$1"
    record
    in_client curl -s -o /dev/null -u admin:secret "http://$server_address:$1/admin"
}

# Through "any", whose frames are Linux cooked, as people capture when they do not know the card.
http_on_any() { # PORT
    start_nginx "$1"
    record_on any tcp
    in_client curl -s -o /dev/null "http://$server_address:$1/status"
}

tls_exchange() { # PORT OPTION
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
        -subj /CN=probe.example -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
    serve openssl s_server -quiet -accept "$1" -cert "$work/tls.crt" \
        -key "$work/tls.key" -www "$2"
    wait_until listens t "$1"
    record
    printf 'GET / HTTP/1.0\r\n\r\n' | in_client openssl s_client -quiet -ign_eof "$2" \
        -connect "$server_address:$1" -servername probe.example >/dev/null 2>&1
}

# Both sides of a text protocol, a line each in turn.
text_exchange() { # PORT
    serve bash -c \
        "(sleep 0.6; echo READY; sleep 0.4; echo '201 MODE NORMAL'; sleep 0.4; echo BYE) |
         nc -l -N $server_address $1"
    sleep 0.2
    record
    (sleep 0.6; echo 'GETSTAT 7'; sleep 0.4; echo 'SETMODE NORMAL'; sleep 0.4) |
        in_client nc -N "$server_address" "$1" >/dev/null
}

# A server that greets and has an answer to each line.
smtp_dialogue() { # PORT
    cat >"$work/answers" <<'SCRIPT'
printf '220 mail.example ESMTP\r\n'
for answer in '250 mail.example' '250 2.1.0 Ok' '250 2.1.5 Ok' '221 2.0.0 Bye'; do
    read -r _
    printf '%s\r\n' "$answer"
done
SCRIPT
    serve socat TCP4-LISTEN:"$1",bind="$server_address" EXEC:"bash $work/answers"
    wait_until listens t "$1"
    record
    for line in 'EHLO probe.example' 'MAIL FROM:<a@probe.example>' 'RCPT TO:<b@mail.example>' QUIT; do
        sleep 0.1
        printf '%s\r\n' "$line"
    done | in_client nc -N "$server_address" "$1" >/dev/null
}

bulk_transfer() { # PORT
    serve bash -c "nc -l $server_address $1 >/dev/null"
    sleep 0.2
    record
    head -c 60000 /dev/zero | openssl enc -aes-128-ctr -K 0 -iv 0 2>/dev/null |
        in_client nc -N "$server_address" "$1"
}

udp_echo() { # PORT
    serve socat UDP4-LISTEN:"$1",bind="$server_address",fork EXEC:cat
    wait_until listens u "$1"
    record
    for word in one two three; do
        echo "$word" |
            in_client socat -t 0.2 - UDP4:"$server_address:$1",sourceport=40155 >/dev/null
    done
}

# 4,000 bytes do not fit a frame: three fragments a datagram.
udp_fragments() { # PORT
    serve socat -u UDP4-RECV:"$1",bind="$server_address" /dev/null
    wait_until listens u "$1"
    record
    head -c 4000 /dev/zero | tr '\0' 'A' |
        in_client socat -u -b 4000 - UDP4:"$server_address:$1",sourceport=40395
}

snmp_get() { # PORT
    printf '%s\n' "agentAddress udp:$server_address:$1" 'rocommunity public' 'sysdescr probe' \
        'sysname probe.example' 'syslocation rack 7' 'syscontact noc@probe.example' \
        >"$work/snmpd.conf"
    serve snmpd -f -C -c "$work/snmpd.conf" -Lo -p "$work/snmpd.pid"
    wait_until listens u "$1"
    record
    in_client snmpget -v2c -c public "$server_address:$1" 1.3.6.1.2.1.1.5.0 1.3.6.1.2.1.1.6.0 \
        >/dev/null
}

start_dnsmasq() { # PORT
    serve dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --port="$1" \
        --user=root --pid-file= --bind-interfaces --listen-address=$server_address \
        --host-record=probe.example,198.51.100.30,2001:db8:2::30 --txt-record=probe.example,probe
    wait_until listens u "$1"
}

dns_lookup() { # PORT [+tcp]
    start_dnsmasq "$1"
    record
    for kind in A AAAA TXT; do
        in_client dig @$server_address -p "$1" ${2:-} +tries=1 probe.example "$kind" >/dev/null
    done
}

# nmap over 30 hosts: all refuse, but for one that listens on 154.
nmap_scan() { # OPTION...
    serve nc -lk $server_address 154
    wait_until listens t 154
    record
    in_client nmap -n -Pn --max-retries 1 -T4 -p 154,155,395 "$@" "$server_net.20-49" >/dev/null
}

syn_flood() { # PORT
    serve nc -lk $server_address "$1"
    wait_until listens t "$1"
    record
    in_client hping3 -q -S -p "$1" -s 20000 -c 200 -i u2000 ${spoof:-} $server_address \
        >/dev/null 2>&1
}

# From an address that nobody has: the server's answers stay unanswered.
syn_flood_spoofed() { # PORT
    ip -n "$server" neigh replace "$client_net.77" lladdr 02:00:00:00:00:77 dev server0
    spoof="-a $client_net.77" syn_flood "$1"
}

# --- the recipe's table: file, programs needed (a,b), function and its words ---------------------

missing_program() { # COMMA,LIST: the first that is not here
    local program
    for program in ${1//,/ }; do
        command -v "$program" >/dev/null || { echo "$program"; return; }
    done
}

make_one() { # PATH PROGRAMS FUNCTION WORDS...
    local missing
    missing=$(missing_program "$2")
    [ -z "$missing" ] || { echo "left out $1: $missing is missing" >&2; return; }
    path=$output/$1
    mkdir -p "$(dirname "$path")"
    shift 2
    build_rig
    "$@" </dev/null
    stop_recording
    tear_down
    echo "$path: $(tcpdump -nr "$path" 2>/dev/null | wc -l) packets, $(stat -c %s "$path") bytes"
}

is_wanted() { # PATH WANTED...
    local candidate=$1 name
    shift
    [ $# -gt 0 ] || return 0
    for name; do [ "$name" != "$candidate" ] || return 0; done
    return 1
}

# record_table TABLE [--list | FILE...]: all lines of the table, or only these files.
record_table() {
    local table=$1 missing words
    shift
    [ "${1:-}" != --list ] || { awk 'NF { print $1 }' <<<"$table"; return; }
    missing=$(missing_program ip,ss,ethtool,tcpdump,openssl)
    [ -z "$missing" ] || fail "$missing is missing"
    trap tear_down EXIT
    while read -ra words; do
        [ ${#words[@]} -eq 0 ] || ! is_wanted "${words[0]}" "$@" || make_one "${words[@]}"
    done <<<"$table"
}
