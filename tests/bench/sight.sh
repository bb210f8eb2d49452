#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# what is still named on a foreign port, and what is invented: sight [FOLDER|FILE ...] (PORTSCOPE_CORPUS/ndpi)
#
# Moves the service port of every flow to 154, 155 and 395 and compares its name with the one on its
# own port; cuts each flow short in nine ways, where a name may go but not become another; then shows
# families of private payloads that are no known protocol's. Captures after the first are only cut:
# ours, where SSH is. Exit status 1 when a figure misses its target.
set -eu
root=$(dirname "$PORTSCOPE")/../../..
[ $# -gt 0 ] ||
    set -- "${PORTSCOPE_CORPUS:?name captures, or set it to the development corpus}/ndpi" \
        "$root/pcaps/services" "$root/pcaps/scripted"
export PORTSCOPE_RULES=${PORTSCOPE_RULES:-$root/rules}
exec "$root/build/release/tests/bench/sight" "$@"
