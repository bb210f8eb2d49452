#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The C of the tree is what clang-format makes of it. Version 14 decides: others differ in details.
# usage: format.sh ROOT
set -u
cd "$1" || exit 1

formatter=$(command -v clang-format-14) || {
    echo "skipped: no clang-format-14"
    exit 77
}
find src tests -name '*.[ch]' -print0 | xargs -0 "$formatter" --dry-run --Werror &&
    echo "format: clean"
