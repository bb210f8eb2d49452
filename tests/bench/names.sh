#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# compares detected protocols with those of ndpiReader, flow by flow: names DIR|FILE ...
#
# Both look at every flow, without guessing by port. Prints how many flows have the same name, and
# the differences by class, most frequent first.
set -eu
exec python3 "$(dirname "$(readlink -f "$0")")/compare.py" names "$@"
