#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# times portscope against tcpdump and ndpiReader, under floods and by stage: speed [PART ...] [FOLDER ...]
set -eu
exec python3 "$(dirname "$(readlink -f "$0")")/speed.py" "$@"
