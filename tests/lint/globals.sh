#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No room keeps writable state of its own: all of it hangs on the pipeline. Read from the objects,
# so nothing hides behind a macro. The exceptions are hooks that get no context: what a signal
# handler must reach (app/..._signal.c), and the count behind nDPI's allocator (dpi/ndpi_memory.c).
# usage: globals.sh ARCHIVE ...
set -u

# "FILE NAME" of each object in .data or .bss (.data.rel.ro is const with pointers in it).
writable_objects()
{
    objdump -t "$1" | awk '
        / file format / { member = $1; sub(/:$/, "", member) }
        NF > 2 && $(NF - 2) ~ /^\.(data|bss|tdata|tbss)(\.|$)/ && $(NF - 2) !~ /rel\.ro/ &&
            $NF !~ /^\.|asan/ { print member, $NF }'
}

failures=0
for archive; do
    room=$(basename "$archive" .a)
    room=${room#libportscope_}
    while read -r file name; do
        case $room/$file in
        app/live_signal.c.o | app/stop_signal.c.o | dpi/ndpi_memory.c.o) continue ;;
        esac
        echo "$room/${file%.o}: '$name' is writable state outside the pipeline"
        failures=$((failures + 1))
    done < <(writable_objects "$archive")
done
echo "globals: $# rooms read, $failures complaints"
[ "$failures" = 0 ] && [ $# -gt 0 ]
