#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Signals in the middle of a capture. The capture comes through a pipe that stays open, so that the
# program is certainly in the middle when it is told to stop.
. "$(dirname "$0")/lib.sh"

readonly SIGINT_NUMBER=2 SIGTERM_NUMBER=15

sessions 6000 >"$scratch/many.pcap"
size=$(stat -c %s "$scratch/many.pcap")

# Starts the program on a pipe, feeds it all but the last packets, and waits until it has begun to
# write; $pid is then a program that waits for more.
start()
{
    rm -f "$scratch/pipe" "$scratch/part.json"
    mkfifo "$scratch/pipe"
    "$PORTSCOPE" read -o "eve:$scratch/part.json" - <"$scratch/pipe" >"$out" 2>"$err" &
    pid=$!
    exec 9>"$scratch/pipe"
    head -c $((size - 100)) "$scratch/many.pcap" >&9
    wait_until catches "$pid" $SIGTERM_NUMBER && wait_until test -s "$scratch/part.json"
    state $? "is in the middle of it"
}

end()
{
    wait "$pid"
    status=$?
    exec 9>&-
}

for number in $SIGINT_NUMBER $SIGTERM_NUMBER; do
    fault "signal $number in the middle"
    start
    kill -"$number" "$pid"
    end
    status_is 0
    has_whole_lines "$scratch/part.json"
    is_balanced "$scratch/part.json"
    jq -es '(map(select(.event_type == "flow")) | length) == last.stats.flows.recorded
        and last.stats.flows.created == last.stats.flows.recorded' "$scratch/part.json" >/dev/null
    state $? "every flow that was begun is recorded"
done

fault "a signal before the first byte"
rm -f "$scratch/pipe"
mkfifo "$scratch/pipe"
"$PORTSCOPE" read - <"$scratch/pipe" >"$out" 2>"$err" &
pid=$!
exec 9>"$scratch/pipe"
wait_until catches "$pid" $SIGTERM_NUMBER
kill -$SIGTERM_NUMBER "$pid"
end
status_is 3
says "stopped before a capture's first bytes came"

fault "kill -9 in the middle"
start
kill -9 "$pid"
end 2>/dev/null
status_is 137
has_whole_lines_but_the_last "$scratch/part.json"

fault "end of the pipe instead"
start
exec 9>&-
wait "$pid"
status=$?
status_is 4
has_whole_lines "$scratch/part.json"
is_balanced "$scratch/part.json"

finish
