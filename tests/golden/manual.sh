#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The manual page and the shell completion name every command and every option that the program has.
set -u
failures=0

missing()
{
    echo "$*"
    failures=$((failures + 1))
}

page=$(bash "$PORTSCOPE_ROOT/docs/manual.sh" "$PORTSCOPE" "$PORTSCOPE_ROOT/docs/portscope.1.in" \
    /usr/share/portscope/rules /dev/stdout) || missing "the manual page cannot be written"

portscope()
{
    "$PORTSCOPE" "$@"
}
# shellcheck source=../../packaging/completions/portscope
. "$PORTSCOPE_ROOT/packaging/completions/portscope"

completes()
{
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _portscope
}

options=0
completes portscope ""
for command in "${COMPREPLY[@]}"; do
    [[ $command != -* ]] || continue
    grep -qi "^\.Sh THE COMMAND $command\$" <<<"$page" || missing "the manual has no section '$command'"
    completes portscope "$command" --
    for option in $(portscope "$command" --help | sed -nE 's/^ +(-[a-zA-Z], )?(--[a-z-]+).*/\2/p'); do
        options=$((options + 1))
        grep -q -- "^\.It .*${option//-/\\\\-}" <<<"$page" || missing "$command $option: not in the manual"
        [[ " ${COMPREPLY[*]} " == *" $option "* ]] || missing "$command $option: not completed"
    done
done
echo "$options options, $failures complaints"
[ "$failures" = 0 ] && [ "$options" -gt 10 ]
