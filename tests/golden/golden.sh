#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One line of golden.list: runs the program on its capture and compares what it prints on standard
# output (and its exit status, unless 0) with expected/NAME.out. UPDATE=1 rewrites that file.
# usage: golden.sh NAME
set -u
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
name=$1
expected=$here/expected/$name.out

read -r _ capture options < <(awk -v name="$name" '$1 == name' "$here/golden.list") || {
    echo "golden.list has no line '$name'"
    exit 1
}
# Options are words of the shell, so that a filter can be quoted.
eval "set -- $options"

# From inside pcaps/, so that no path of this machine gets into the output.
cd "$PORTSCOPE_ROOT/pcaps" || exit 1
actual=$(mktemp) complaints=$(mktemp)
trap 'rm -f "$actual" "$complaints"' EXIT
"$PORTSCOPE" read --no-sandbox "$capture" "$@" >"$actual" 2>"$complaints" </dev/null
status=$?
[ "$status" = 0 ] || echo "exit status $status" >>"$actual"

if [ -n "${UPDATE:-}" ]; then
    mkdir -p "$here/expected" && cp "$actual" "$expected"
    echo "written: $expected"
elif ! diff -u --label "expected/$name.out" --label "portscope read $capture $options" \
    "$expected" "$actual"; then
    cat "$complaints"
    echo "If that is what you meant: UPDATE=1 ctest --preset dev -R '^golden.$name\$', and read the diff."
    exit 1
fi
