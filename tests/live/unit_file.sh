#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The service may do no more than it must: systemd's own measure is 1.6 or better.
set -u
command -v systemd-analyze >/dev/null || {
    echo "skipped: live.unit_file needs systemd-analyze"
    exit 77
}
systemd-analyze security --offline=true --threshold=16 \
    "$PORTSCOPE_ROOT/packaging/portscope.service" | tail -n 1
exit "${PIPESTATUS[0]}"
