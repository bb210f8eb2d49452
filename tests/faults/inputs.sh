#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Inputs that cannot be opened: one line naming file and reason, exit status 3, and the others are
# read all the same.
. "$(dirname "$0")/lib.sh"

sessions 3 >"$scratch/good.pcap"

fault "a file that does not exist"
run read "$scratch/none.pcap"
status_is 3
says "none.pcap: .*[Nn]o such file"
says_nothing_twice
prints_nothing

fault "a file that may not be read"
cp "$scratch/good.pcap" "$scratch/secret.pcap"
chmod 000 "$scratch/secret.pcap"
run_unprivileged read "$scratch/secret.pcap"
status_is 3
says "secret.pcap: .*[Pp]ermission denied"

fault "an empty file"
: >"$scratch/empty.pcap"
run read "$scratch/empty.pcap"
status_is 3
says "empty.pcap: .*empty"

fault "a text"
echo "this is no capture, though it is called one" >"$scratch/text.pcap"
run read "$scratch/text.pcap"
status_is 3
says "text.pcap: "

fault "a capture whose magic is wrong in one bit"
{
    printf '\xd5\xc3\xb2\xa1'
    tail -c +5 "$scratch/good.pcap"
} >"$scratch/magic.pcap"
run read "$scratch/magic.pcap"
status_is 3
says "magic.pcap: "

fault "a file header that is cut short"
head -c 20 "$scratch/good.pcap" >"$scratch/short.pcap"
run read "$scratch/short.pcap"
status_is 3
says "short.pcap: "

fault "gzip around a text"
gzip -c "$scratch/text.pcap" >"$scratch/text.gz"
run read "$scratch/text.gz"
status_is 3
says "text.gz: "

fault "zstd around nothing"
zstd -q -c "$scratch/empty.pcap" >"$scratch/empty.zst"
run read "$scratch/empty.zst"
status_is 3
says "empty.zst: "

fault "a folder without captures"
mkdir "$scratch/folder"
echo text >"$scratch/folder/readme"
run read "$scratch/folder"
status_is 3
says "folder: "

fault "nothing on standard input"
run read -
status_is 3
says "standard input"

fault "a name that would paint the terminal"
run read "$scratch/"$'\x1b[31mred\x07.pcap'
status_is 3
says "red"
! grep -q $'[\x1b\x07]' "$err"
state $? "says it without control characters"

fault "a missing file among good ones"
run read -o "eve:$scratch/good.json" "$scratch/none.pcap" "$scratch/good.pcap"
status_is 3
says "none.pcap: "
has_flows "$scratch/good.json" 3
has_whole_lines "$scratch/good.json"
is_balanced "$scratch/good.json"

fault "a capture without packets is no fault"
head -c 24 "$scratch/good.pcap" >"$scratch/header.pcap"
run read -o eve "$scratch/header.pcap"
status_is 0
has_flows "$out" 0
is_balanced "$out"

finish
