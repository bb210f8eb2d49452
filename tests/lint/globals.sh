#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No room keeps writable state of its own: all of it hangs on the pipeline. Read from the objects,
# so nothing hides behind a macro. The one exception is what a signal handler may touch: a
# volatile sig_atomic_t named signal_*, in app/.
# usage: globals.sh ARCHIVE ...
set -u

failures=0
for archive; do
    room=$(basename "$archive" .a)
    room=${room#libportscope_}
    # Sections .data and .bss alone are writable at run time; .data.rel.ro is const with pointers.
    while read -r name; do
        case $room:$name in
        app:signal_*) continue ;;
        esac
        echo "$room: '$name' is writable state outside the pipeline"
        failures=$((failures + 1))
    done < <(objdump -t "$archive" 2>/dev/null |
        awk 'NF > 2 && $(NF-2) ~ /^\.(data|bss|tdata|tbss)(\.[a-z]|$)/ && $(NF-2) !~ /rel\.ro/ && / O / {print $NF}' |
        grep -vE '^(\.|_*asan|__odr_asan|_sub_[ID])' || true)
done
echo "globals: $# rooms read, $failures complaints"
[ "$failures" = 0 ] && [ $# -gt 0 ]
