#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every shell script parses, and shellcheck has no complaint.
# usage: shell.sh ROOT
set -u
cd "$1" || exit 1

failures=0 scripts=()
while IFS= read -r -d '' script; do
    head -c 64 "$script" | head -n 1 | grep -qE '^#!.*\b(ba)?sh$' || continue
    scripts+=("$script")
    bash -n "$script" || failures=$((failures + 1))
done < <(find . \( -name .git -o -name build -o -name node_modules \) -prune -o -type f \
    \( -name '*.sh' -o -name dev -o -path './.ci/*' -o -path './packaging/*' \) -print0 | sort -z)

if command -v shellcheck >/dev/null; then
    shellcheck --severity=warning --exclude=SC1007,SC2319 --external-sources --source-path=SCRIPTDIR "${scripts[@]}" || failures=$((failures + 1))
else
    echo "shell: only parsed, no shellcheck"
fi
echo "shell: ${#scripts[@]} scripts read, $failures complaints"
[ "$failures" = 0 ] && [ "${#scripts[@]}" -gt 0 ]
