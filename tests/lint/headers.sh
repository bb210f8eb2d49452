#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every header of src/ compiles alone, and twice.
# usage: headers.sh ROOT   (CC and CFLAGS from the build)
set -u
cd "$1" || exit 1

failures=0 headers=0
while IFS= read -r header; do
    headers=$((headers + 1))
    # shellcheck disable=SC2086  # CFLAGS is a list of words
    if ! printf '#include "%s"\n#include "%s"\nint headers_check;\n' "$header" "$header" |
        "${CC:-cc}" -std=c17 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic \
            -Werror -Isrc ${CFLAGS:-} -x c -fsyntax-only -; then
        echo "src/$header: does not compile alone and twice"
        failures=$((failures + 1))
    fi
done < <(find src -name '*.h' -printf '%P\n' | sort)

echo "headers: $headers read, $failures complaints"
[ "$failures" = 0 ] && [ "$headers" -gt 0 ]
