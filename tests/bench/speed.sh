#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# times portscope against tcpdump and ndpiReader, and under floods: speed [FOLDER ...]
set -eu
exec python3 "$(dirname "$(readlink -f "$0")")/speed.py" "$@"
