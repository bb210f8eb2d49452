#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The manual page: portscope.1.in with the commands and options that the program itself prints, so
# that neither can forget one.
# usage: manual.sh PROGRAM TEMPLATE RULES_FOLDER PAGE
set -eu
program=$1 template=$2 rules=$3 page=$4

commands()
{
    "$program" --help | awk '$1 == "portscope" && $2 ~ /^[a-z]+$/ && /^  / { print $2 }'
}

# "  portscope read      FILE|DIR|- ...       analyse saved captures" -> its arguments
synopsis()
{
    "$program" --help | awk '
        $1 == "portscope" && $2 ~ /^[a-z]+$/ && /^  / {
            line = $0
            sub(/^ *portscope +[a-z]+ +/, "", line)
            # Arguments end where two blanks begin; a command without any begins with its help.
            arguments = line ~ /   /  ? substr(line, 1, index(line, "   ") - 1) : ""
            print ".Nm portscope"
            print ".Cm " $2
            print ".Op Ar option ..."
            if (arguments != "")
                print ".Ar " arguments
        }'
}

# The description and the options of one command, from its --help.
options()
{
    printf '.Sh THE COMMAND %s\n' "$(tr '[:lower:]' '[:upper:]' <<<"$1")"
    "$program" "$1" --help | awk '
        function escape(text) {
            gsub(/\\/, "\\e", text)
            gsub(/-/, "\\-", text)
            sub(/^[.\x27]/, "\\\\\\&&", text)
            return text
        }
        function flush_item() {
            if (term == "")
                return
            if (!in_list)
                print ".Bl -tag -width Ds"
            in_list = 1
            print ".It " escape(term)
            print escape(help)
            term = help = ""
        }
        NR <= 1 { next }
        /^  +-/ {
            flush_item()
            line = $0
            sub(/^ +/, "", line)
            split_at = match(line, /  +/)
            term = split_at ? substr(line, 1, split_at - 1) : line
            help = split_at ? substr(line, split_at + RLENGTH) : ""
            next
        }
        term != "" && /^ / { sub(/^ +/, ""); help = help (help == "" ? "" : " ") $0; next }
        /^$/ { flush_item(); if (in_list) { print ".El"; in_list = 0 } blank = 1; next }
        {
            if (blank)
                print ".Pp"
            blank = 0
            sub(/^ +/, "")
            print escape($0)
        }
        /^  / { print ".br" }
        END { flush_item(); if (in_list) print ".El" }'
}

while IFS= read -r line; do
    case $line in
    @synopsis@) synopsis ;;
    @commands@) for command in $(commands); do options "$command"; done ;;
    *) printf '%s\n' "${line//@rules@/$rules}" ;;
    esac
done <"$template" >"$page"
