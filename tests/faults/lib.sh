# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by the fault tests. A test describes a fault in one line, runs the program into it, and
# states what must be true afterwards. Every statement is printed, true or not.
#
#   fault "a file that does not exist"
#   run read "$scratch/none.pcap"
#   status_is 3
#   says "none.pcap: "
#
# Nothing here measures time: waiting has a generous end, and reaching it is a failure.

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"

statements=0 untrue=0
status=0
out=$scratch/.out err=$scratch/.err

fault()
{
    printf '\n%s\n' "$*"
}

# Prints the statement with what was found; the first argument is the exit status of its test.
state()
{
    local is_false=$1 sentence=$2
    statements=$((statements + 1))
    if [ "$is_false" = 0 ]; then
        echo "  ok      $sentence"
        return
    fi
    untrue=$((untrue + 1))
    echo "  UNTRUE  $sentence"
    sed 's/^/          stderr: /' "$err" | head -n 20
}

# Runs the program; $status, $out and $err tell what happened.
run()
{
    "$PORTSCOPE" "$@" >"$out" 2>"$err" </dev/null
    status=$?
    echo "  portscope ${*//$scratch\//}"
}

# The same without the rights of root, for what root may always do: still the owner of the tree, which
# may lie where nobody else can read it.
run_unprivileged()
{
    local become=()
    [ "$(id -u)" != 0 ] || become=(setpriv --bounding-set=-all --inh-caps=-all)
    "${become[@]}" "$PORTSCOPE" "$@" >"$out" 2>"$err" </dev/null
    status=$?
    echo "  portscope ${*//$scratch\//}   (not root)"
}

status_is()
{
    state "$((status != $1))" "exit status $1$([ "$status" = "$1" ] || echo ", was $status")"
}

# One line on standard error says so, and no sanitizer or assertion spoke.
says()
{
    local pattern=$1
    grep -qE "^portscope: .*$pattern" "$err"
    state $? "says \"$pattern\""
}

says_nothing_twice()
{
    [ -z "$(grep '^portscope: ' "$err" | sort | uniq -d)" ]
    state $? "says it once"
}

prints_nothing()
{
    [ ! -s "$out" ]
    state $? "prints nothing on standard output"
}

# Every line is a JSON object and ends; an empty file is what it is.
has_whole_lines()
{
    local file=$1 name=${1##*/}
    if [ -s "$file" ]; then
        [ "$(tail -c 1 "$file" | od -An -tx1 | tr -d ' ')" = 0a ] &&
            jq -es 'all(type == "object")' "$file" >/dev/null 2>"$scratch/.jq"
        state $? "every line of ${name#.} is whole ($(wc -l <"$file") lines)"
    else
        state 0 "every line of ${name#.} is whole (0 lines)"
    fi
}

# After kill -9 the last line may be cut: the kernel ends a write where the signal finds it. All
# before it are whole.
has_whole_lines_but_the_last()
{
    local file=$1
    head -n "$(wc -l <"$file")" "$file" >"$scratch/.whole"
    jq -es 'length > 0 and all(type == "object")' "$scratch/.whole" >/dev/null 2>"$scratch/.jq"
    state $? "every line of ${file##*/} that ends is whole ($(wc -l <"$file") lines)"
}

# What the last stats line says of a run: `has_flows FILE 3`, `is_balanced FILE`.
has_flows()
{
    local found
    found=$(grep -c '"event_type":"flow"' "$1")
    state "$((found != $2))" "$2 flow records$([ "$found" = "$2" ] || echo ", found $found")"
}

is_balanced()
{
    jq -es '[.[] | select(.event_type == "stats")] | last | .stats.capture.balanced' "$1" \
        >/dev/null 2>&1
    state $? "every packet is accounted for"
}

# Waits until a command is true; false after a minute, which is a failure and not a measurement.
wait_until()
{
    local left=600
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

# Whether a process has a handler for a signal: before that, a signal would simply kill it.
catches()
{
    local caught
    caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)
    [ -n "$caught" ] && [ $((0x$caught >> ($2 - 1) & 1)) = 1 ]
}

sessions()
{
    python3 "$here/make_capture.py" "$@"
}

finish()
{
    echo
    if [ "$untrue" = 0 ] && [ "$statements" -gt 0 ]; then
        echo "$statements statements, all true"
        exit 0
    fi
    echo "$untrue of $statements statements are not true"
    exit 1
}
