#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# compares TCP and UDP conversations and their packets with tshark's: conversations DIR|FILE ...
#
# Prints how many conversations have the same number of packets each way, and the others.
set -eu
exec python3 "$(dirname "$(readlink -f "$0")")/compare.py" conversations "$@"
