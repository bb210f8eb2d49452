#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Records the scenarios that real tools make (how: pcaps/make/rig.sh), in production's network.
#
#   real.sh                       all captures of the table, into the folder above
#   real.sh FILE...               only these (captures/scan-nmap-syn.pcap)
#   real.sh --list                says which there are
#   SCENARIOS=FOLDER real.sh ...  writes into FOLDER
#
# Needs root, and installs nothing: a program that is missing is named and its captures left out.
here=$(cd "$(dirname "$0")" && pwd)
output=${SCENARIOS:-$(dirname "$here")}
client_net=10.154.1 server_net=10.154.0
. "$here/../../../pcaps/make/rig.sh"

# File, programs needed, function of rig.sh and its words.
captures="
captures/scan-nmap-syn.pcap              nmap,nc     nmap_scan -sS
captures/scan-nmap-connect.pcap          nmap,nc     nmap_scan -sT
captures/scan-nmap-udp.pcap              nmap,nc     nmap_scan -sU
captures/scan-nmap-null.pcap             nmap,nc     nmap_scan -sN
captures/scan-nmap-xmas.pcap             nmap,nc     nmap_scan -sX
captures/scan-nmap-fin.pcap              nmap,nc     nmap_scan -sF
captures/scan-nmap-source-port-395.pcap  nmap,nc     nmap_scan -sS --source-port 395
captures/half-open-hping3.pcap           hping3,nc   syn_flood 154
captures/half-open-hping3-spoofed.pcap   hping3,nc   syn_flood_spoofed 154
captures/masquerade-openssh-154.pcap     sshd,ssh    ssh_login 154
captures/masquerade-nginx-155.pcap       nginx,curl  http_get 155
captures/masquerade-openssl-395.pcap     openssl     tls_exchange 395 -tls1_3
captures/credentials-nginx-155.pcap      nginx,curl  http_basic_auth 155
"

record_table "$captures" "$@"
