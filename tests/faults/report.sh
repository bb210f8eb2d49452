#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The report as an output and of a store: the same page, files that exist, full disks, no folder.
. "$(dirname "$0")/lib.sh"

sessions 500 >"$scratch/many.pcap"
cd "$scratch" || exit 1

is_page()
{
    [ "$(head -c 15 "$1")" = "<!doctype html>" ] && [ "$(tail -c 8 "$1")" = "</html>" ] &&
        [ "$(stat -c %s "$1")" -lt 400000 ]
    state $? "$1 is a whole page of less than 400 KB"
}

# Without the data, whose order of bytes is the page's own, and what names the source.
seen_in()
{
    sed -n 's/.*<p class="lead">Seen: \(.*\)<\/p>.*/\1/p' "$1"
    grep -o '<b>[0-9,]*</b> <span class="verdict[^>]*>[a-z]*' "$1"
}

fault "the report of a run, and of a store of the same run"
run read -o report:run.html -o store:run.db many.pcap
status_is 0
is_page run.html
run review run.db --html store.html
status_is 0
prints_nothing
is_page store.html
seen_in run.html >of-run
seen_in store.html >of-store
[ -s of-run ] && cmp -s of-run of-store
state $? "both have seen the same"

fault "the report of EVE lines of the same run"
run read -o eve:run.json many.pcap
status_is 0
run review run.json --html eve.html
status_is 0
seen_in eve.html >of-eve
cmp -s of-run of-eve
state $? "has seen the same"
limits_of()
{
    sed -n 's/.*What limited this answer: \([^<]*\).*/\1/p' "$1"
    sed -n 's/^<p>Packets: \(.*\)<\/p>.*/\1/p' "$1"
}
limits_of run.html >of-run
limits_of eve.html >of-eve
[ "$(wc -l <of-run)" = 2 ] && cmp -s of-run of-eve
state $? "was limited by the same"

fault "equal frames make equal reports, with any number of threads"
run read -o report:again.html --threads 1 --no-sandbox many.pcap
status_is 0
cmp -s run.html again.html
state $? "byte by byte"

fault "only the owner may read it"
[ "$(stat -c %a run.html)" = 600 ]
state $? "mode 0600"

fault "nothing is left beside it"
[ -z "$(find . -name '*etilqs*' -o -name '*-wal' -o -name '*-journal')" ]
state $? "no temporary file"

fault "a report that exists"
cp run.html kept.html
run read -o report:kept.html many.pcap
status_is 5
says "kept.html exists; add --overwrite"
run review run.db --html kept.html
status_is 5
says "kept.html exists; add --overwrite"
cmp -s run.html kept.html
state $? "is left alone"
run review run.db --html kept.html --overwrite
status_is 0
is_page kept.html

fault "a symbolic link"
ln -s run.html link.html
run review run.db --html link.html --overwrite
status_is 5
says "symbolic link"

fault "a full disk"
run read -q -o report:/dev/full many.pcap
status_is 5
says "/dev/full: "
run review run.db --html /dev/full
status_is 5
says "/dev/full: "

fault "a folder that does not exist"
run read -o report:none/run.html many.pcap
status_is 5
says "directory does not exist"

fault "no target"
run read -o report many.pcap
status_is 2
says "needs a target"

fault "a damaged capture is told in the report, and stays the run's exit status"
head -c 30000 many.pcap >cut.pcap
run read -o report:cut.html cut.pcap
status_is 4
is_page cut.html
grep -q '1 of 1 input was damaged part-way' cut.html
state $? "says that it was damaged"

fault "a report and something else"
run review run.db --html never.html --group-by service
status_is 2
says "--html writes a report of everything"

fault "a question that cannot be answered"
run review run.db --since moonrise --html never.html
status_is 2
[ ! -e never.html ]
state $? "makes no file"

finish
