#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Wrong words on the command line or in a rule file: exit status 2, one line with the word or the
# place and, where there is one, the nearest right word. Nothing is read or written.
. "$(dirname "$0")/lib.sh"

sessions 1 >"$scratch/good.pcap"

refused()
{
    status_is 2
    prints_nothing
    says_nothing_twice
}

fault "no input"
run read
refused
says "read: "

fault "an unknown command"
run raed "$scratch/good.pcap"
refused
says "raed.*read"

fault "an unknown option"
run read --overwirte "$scratch/good.pcap"
refused
says "overwirte.*overwrite"

fault "an option without its word"
run read "$scratch/good.pcap" --output
refused
says "output"

fault "a number that is none"
run read --count 12x "$scratch/good.pcap"
refused
says "12x"

fault "an unknown output format"
run read -o eva "$scratch/good.pcap"
refused
says "eva.*eve"

fault "a filter that libpcap refuses"
run read --filter "port nonsense and" "$scratch/good.pcap"
refused
says "filter"

fault "a port that is too large"
run read --watch 70000 "$scratch/good.pcap"
refused
says "70000"

fault "a rule file that does not exist"
run read --rules "$scratch/none.yaml" "$scratch/good.pcap"
refused
says "none.yaml"

fault "a rule file that is no YAML"
printf 'services:\n  - name: "open\n' >"$scratch/open.yaml"
run read --rules "$scratch/open.yaml" "$scratch/good.pcap"
refused
says "open.yaml:[0-9]+:[0-9]+: "

fault "a rule file with an unknown key"
printf 'services:\n  - nmae: web\n    port: 80\n' >"$scratch/key.yaml"
run read --rules "$scratch/key.yaml" "$scratch/good.pcap"
refused
says "key.yaml:2:[0-9]+: .*nmae"

fault "wrong words are found before an output is touched"
run read --watch nowhere -o "eve:$scratch/untouched.json" "$scratch/good.pcap"
refused
[ ! -e "$scratch/untouched.json" ]
state $? "untouched.json was not made"

fault "help is no fault"
run read --help
status_is 0
grep -q -- --output "$out"
state $? "prints the options on standard output"

finish
