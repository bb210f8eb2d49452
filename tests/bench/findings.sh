#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# how quiet and how sharp the detectors are: findings [CORPUS]   (a day of polling, beacons, people, a corpus)
set -eu
exec python3 "$(dirname "$(readlink -f "$0")")/findings.py" "$@"
