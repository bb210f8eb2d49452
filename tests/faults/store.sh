#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The store as an output, and what a review of it says: the same as one of the EVE lines; full disks,
# two writers, files that are no store, a killed program.
. "$(dirname "$0")/lib.sh"

sessions 500 >"$scratch/many.pcap"
cd "$scratch" || exit 1

fault "a store and EVE lines of one run tell the same"
run read -o store:a.db -o eve:a.json many.pcap
status_is 0
for options in "--group-by service,verdict" "--group-by initiator,responder --top 0" \
    "--flows --top 20 --sort bytes" "--protocol-discovery"; do
    # shellcheck disable=SC2086
    run review a.db $options -o csv
    status_is 0
    cp "$out" of-store
    # shellcheck disable=SC2086
    run review a.json $options -o csv
    status_is 0
    [ -s "$out" ] && cmp -s "$out" of-store
    state $? "review $options: the same of both"
done

fault "a second run is added to the same store"
run read -o store:a.db many.pcap
status_is 0
run review a.db -o json
status_is 0
[ "$(jq '.totals[0].flows' "$out")" = 1000 ]
state $? "all flows of both"

fault "only the owner may read it"
[ "$(stat -c %a a.db)" = 600 ]
state $? "mode 0600"

fault "a file that is no store"
echo "my notes" >notes.db
run read -o store:notes.db many.pcap
status_is 5
says "notes.db is no store"
[ "$(cat notes.db)" = "my notes" ]
state $? "is left alone"
run review notes.db
status_is 3
says "notes.db is no store"

fault "two writers"
mkfifo pipe.pcap
"$PORTSCOPE" read -q -o store:a.db pipe.pcap >"$out" 2>"$err" </dev/null &
first=$!
exec 7>pipe.pcap
wait_until test -e a.db-writer
run read -o store:a.db many.pcap
status_is 5
says "another portscope is writing"

fault "killed while writing"
head -c 200000 many.pcap >&7
kill -9 "$first"
wait "$first" 2>/dev/null
exec 7>&-
run review a.db --peek
status_is 0
run read -o store:a.db many.pcap
status_is 0

fault "a full disk"
ulimit_run()
{
    (
        trap '' XFSZ
        ulimit -f "$1"
        shift
        exec "$PORTSCOPE" "$@"
    ) >"$out" 2>"$err" </dev/null
    status=$?
}
ulimit_run 100 read -q -o store:full.db many.pcap
status_is 5
says "full.db: the disk is full"
says "store prune"

fault "a store that was cut"
head -c 20000 a.db >cut.db
run review cut.db
status_is 3
says "cut.db is damaged"

fault "a page that cannot be printed"
"$PORTSCOPE" review a.db --peek >/dev/full 2>"$err" </dev/null
status=$?
status_is 5
says "standard output cannot be written"

fault "pruning says what it did"
run store prune --keep 1h a.db
status_is 0
grep -Eq '^removed: [0-9,]+ flow records, [0-9]+ findings, [0-9]+ runs; .* before, .* now$' "$out"
state $? "numbers and sizes"
run review a.db --peek -o json
[ "$(jq '.totals[0].flows' "$out")" = 0 ]
state $? "nothing is left"

fault "words that are no option's"
run review a.db --group-by servce
status_is 2
says "did you mean"
run review a.db --since moonrise
status_is 2
run review a.db finding zzzz
status_is 2
run review a.db ack 00
status_is 2
says "say why"
run store prune a.db
status_is 2

finish
