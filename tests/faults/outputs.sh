#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Outputs that cannot be written: one line with name and reason, exit status 5, never half a line,
# and never somebody else's file.
. "$(dirname "$0")/lib.sh"

sessions 4000 >"$scratch/many.pcap"
sessions 3 >"$scratch/few.pcap"

# Every line of the table of sinks is put to the test.
formats=$(grep -oE '&[a-z]+_sink\b' "$PORTSCOPE_ROOT/src/output/sinks.c" | sed 's/^&//; s/_sink$//')
[ -n "$formats" ]
state $? "the formats are ${formats//$'\n'/ }"

# Evidence goes into a directory, and has statements of its own below.
for format in $(grep -v evidence <<<"$formats"); do
    fault "$format: a full disk behind standard output"
    "$PORTSCOPE" read -o "$format" "$scratch/many.pcap" >/dev/full 2>"$err" </dev/null
    status=$?
    status_is 5
    says "[Nn]o space left"
    says_nothing_twice

    fault "$format: a full disk that is noticed only at the end"
    "$PORTSCOPE" read -o "$format" "$scratch/few.pcap" >/dev/full 2>"$err" </dev/null
    status=$?
    status_is 5
    says "[Nn]o space left"

    fault "$format: a reader that goes away"
    exec 8> >(true)
    wait $!
    "$PORTSCOPE" read -o "$format" "$scratch/few.pcap" >&8 2>"$err" </dev/null
    status=$?
    exec 8>&-
    status_is 5
    says "standard output"

    fault "$format: a device as target"
    run read -o "$format:/dev/full" --overwrite "$scratch/few.pcap"
    status_is 5
    says "/dev/full"
done

fault "one of two outputs fails; the other is whole"
run read --overwrite -o eve:/dev/full -o "eve:$scratch/whole.json" "$scratch/many.pcap"
status_is 5
says "/dev/full"
has_whole_lines "$scratch/whole.json"
has_flows "$scratch/whole.json" 4000
jq -es 'last.stats.sinks | map(.failed > 0) == [true, false]' "$scratch/whole.json" >/dev/null
state $? "its last line says which output failed"

fault "an output that would replace the capture itself"
cp "$scratch/few.pcap" "$scratch/original.pcap"
for format in eve csv table store report; do
    run read --overwrite -o "$format:$scratch/few.pcap" "$scratch/few.pcap"
    status_is 2
    says "few.pcap is read by this run"
done
ln "$scratch/few.pcap" "$scratch/linked.pcap"
run read --overwrite -o "eve:$scratch/linked.pcap" "$scratch"
status_is 2
rm "$scratch/linked.pcap"
cmp "$scratch/few.pcap" "$scratch/original.pcap"
state $? "the capture is as it was"
rm "$scratch/original.pcap"

fault "evidence that would clear away the evidence being read"
run read -q -o "evidence:$scratch/earlier" "$PORTSCOPE_ROOT/pcaps/services/ssh-tcp154.pcap"
status_is 0
before=$(cd "$scratch/earlier" && cksum *)
run read -q --overwrite -o "evidence:$scratch/earlier" "$scratch/earlier/0002-port-note.pcapng"
status_is 2
says "0002-port-note.pcapng is read by this run"
[ "$(cd "$scratch/earlier" && cksum *)" = "$before" ]
state $? "every file of it is as it was"

fault "the second output cannot be opened: the first leaves nothing behind"
run read -o "eve:$scratch/first.json" -o "csv:$scratch/no/such/second.csv" "$scratch/few.pcap"
status_is 5
[ ! -e "$scratch/first.json" ]
state $? "first.json is not there"

fault "a named pipe needs no --overwrite"
mkfifo "$scratch/pipe"
jq -s length <"$scratch/pipe" >"$scratch/lines" &
run read -o "eve:$scratch/pipe" "$scratch/few.pcap"
status_is 0
wait $!
[ "$(cat "$scratch/lines")" -ge 4 ]
state $? "its reader got the records"

fault "a file that exists"
echo precious >"$scratch/precious.json"
run read -o "eve:$scratch/precious.json" "$scratch/few.pcap"
status_is 5
says "precious.json.*--overwrite"
[ "$(cat "$scratch/precious.json")" = precious ]
state $? "it still says what it said"

fault "the same with --overwrite"
run read --overwrite -o "eve:$scratch/precious.json" "$scratch/few.pcap"
status_is 0
has_flows "$scratch/precious.json" 3

fault "a symbolic link, even with --overwrite"
echo precious >"$scratch/victim"
ln -s victim "$scratch/link.json"
run read --overwrite -o "eve:$scratch/link.json" "$scratch/few.pcap"
status_is 5
says "link.json.*symbolic link"
[ "$(cat "$scratch/victim")" = precious ]
state $? "what it points to still says what it said"

fault "a link to nowhere"
ln -s made-by-nobody "$scratch/dangling.json"
run read -o "eve:$scratch/dangling.json" "$scratch/few.pcap"
status_is 5
[ ! -e "$scratch/made-by-nobody" ]
state $? "nothing was made at its end"

fault "a folder that does not exist"
run read -o "eve:$scratch/none/out.json" "$scratch/few.pcap"
status_is 5
says "none/out.json"

fault "a folder that may not be written"
mkdir -m 555 "$scratch/locked"
run_unprivileged read -o "eve:$scratch/locked/out.json" "$scratch/few.pcap"
status_is 5
says "out.json: .*|[Pp]ermission denied"

fault "the same file twice"
run read -o "eve:$scratch/twice.json" -o "table:$scratch/twice.json" "$scratch/few.pcap"
state "$((status == 0))" "exit status is not 0"
says "twice.json"

fault "standard output twice"
run read -o eve -o table "$scratch/few.pcap"
state "$((status == 0))" "exit status is not 0"
says "standard output"
prints_nothing

fault "what is written is for its owner"
run read -o "eve:$scratch/private.json" "$scratch/few.pcap"
status_is 0
[ "$(stat -c %a "$scratch/private.json")" = 600 ]
state $? "mode 600"

fault "evidence: a finding's packets, for the owner alone"
capture=$PORTSCOPE_ROOT/tests/scenarios/captures/masquerade-http-155.pcap
run read -o eve -o "evidence:$scratch/proof" "$capture"
status_is 0
[ "$(stat -c %a "$scratch/proof" "$scratch"/proof/* | sort -u | tr '\n' ' ')" = "600 700 " ]
state $? "its directory and its files are nobody else's"
jq -e 'select(.event_type == "alert").portscope.finding.evidence.pcap' "$out" | grep -q 0001-
state $? "the finding names its file"

fault "evidence: a directory that has some already"
before=$(ls "$scratch/proof")
md5sum "$scratch"/proof/* >"$scratch/sums"
run read -o "evidence:$scratch/proof" "$capture"
status_is 0
md5sum --quiet -c "$scratch/sums"
state $? "what was there is as it was; $(ls "$scratch/proof" | wc -l) files now"

fault "evidence: --overwrite clears what an earlier run left, and nothing else"
echo precious >"$scratch/proof/notes.txt"
run read --overwrite -o "evidence:$scratch/proof" "$capture"
status_is 0
[ "$(ls "$scratch/proof")" = "$before"$'\n'notes.txt ]
state $? "there are the same files as at first, and the notes"

fault "evidence: a file, a link and a place without a parent are no directories"
run read -o "evidence:$scratch/few.pcap" "$capture"
status_is 5
says "few.pcap is no directory"
ln -s proof "$scratch/elsewhere"
run read -o "evidence:$scratch/elsewhere" "$capture"
status_is 5
says "elsewhere is no directory"
run read -o "evidence:$scratch/no/such/place" "$capture"
status_is 5
says "no/such/place"
run read -o evidence "$capture"
status_is 2
says "needs a target"

fault "evidence: no room for a file"
(
    trap '' XFSZ
    ulimit -f 1
    exec "$PORTSCOPE" read -q -o eve -o "evidence:$scratch/full" "$capture"
) 2>"$err" </dev/null | cat >"$out"
status=${PIPESTATUS[0]}
status_is 5
says "full/0001-.*not everything was written"
says_nothing_twice
[ -z "$(ls "$scratch/full")" ]
state $? "half a file is not left behind"
jq -es 'map(select(.event_type == "alert").portscope.finding.evidence | has("pcap")) == [false]' \
    "$out" >/dev/null
state $? "the finding is told, and names no file"

finish
