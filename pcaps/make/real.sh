#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Records conversations of real programs (how: rig.sh).
#
#   real.sh                   all captures of the table, into the folder above
#   real.sh FILE...           only these (services/ssh-tcp154.pcap)
#   real.sh --list            says which there are
#   PCAPS=FOLDER real.sh ...  writes into FOLDER
#
# Needs root, and installs nothing: a program that is missing is named and its captures left out.
# Packets come out with other times, random numbers and keys on every run; what they show does not
# change.
here=$(cd "$(dirname "$0")" && pwd)
output=${PCAPS:-$(dirname "$here")}
. "$here/rig.sh"

# File, programs needed, function of rig.sh and its words.
captures="
services/ssh-tcp154.pcap              sshd,ssh       ssh_login 154
services/ssh-tcp395.pcap              sshd,ssh       ssh_login 395
services/ssh-tcp154-ipv6.pcap         sshd,ssh       ssh_login 154 $server_address6
services/ssh-tcp154-snaplen-96.pcap   sshd,ssh       ssh_cut 154
services/ssh-tcp154-midstream.pcap    sshd,ssh       ssh_midstream 154
services/http-tcp155.pcap             nginx,curl     http_get 155
services/http-tcp154.pcap             nginx,curl     http_get 154
services/http-tcp155-ipv6.pcap        nginx,curl     http_get 155 [$server_address6]
services/http-tcp155-basic-auth.pcap  nginx,curl     http_basic_auth 155
services/http-tcp155-any.pcap         nginx,curl     http_on_any 155
services/tls13-tcp395.pcap            openssl        tls_exchange 395 -tls1_3
services/tls12-tcp395.pcap            openssl        tls_exchange 395 -tls1_2
services/text-tcp154.pcap             nc             text_exchange 154
services/text-tcp155.pcap             nc             text_exchange 155
services/text-tcp395.pcap             nc             text_exchange 395
services/smtp-tcp154.pcap             socat,nc       smtp_dialogue 154
services/bulk-tcp395.pcap             nc,openssl     bulk_transfer 395
services/echo-udp155.pcap             socat          udp_echo 155
services/snmp-udp154.pcap             snmpd,snmpget  snmp_get 154
services/dns-udp395.pcap              dnsmasq,dig    dns_lookup 395
services/dns-tcp395.pcap              dnsmasq,dig    dns_lookup 395 +tcp
fragments/udp395-4000-bytes.pcap      socat          udp_fragments 395
scans/nmap-syn.pcap                   nmap,nc        nmap_scan -sS
scans/nmap-connect.pcap               nmap,nc        nmap_scan -sT
scans/nmap-udp.pcap                   nmap,nc        nmap_scan -sU
scans/nmap-null.pcap                  nmap,nc        nmap_scan -sN
scans/nmap-xmas.pcap                  nmap,nc        nmap_scan -sX
scans/nmap-fin.pcap                   nmap,nc        nmap_scan -sF
scans/nmap-ack.pcap                   nmap,nc        nmap_scan -sA
scans/nmap-source-port-395.pcap       nmap,nc        nmap_scan -sS --source-port 395
scans/hping3-syn-flood-tcp154.pcap    hping3,nc      syn_flood 154
scans/hping3-syn-flood-spoofed.pcap   hping3,nc      syn_flood_spoofed 154
"

record_table "$captures" "$@"
