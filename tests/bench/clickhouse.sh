#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# the same flows in SQLite and in two shards of ClickHouse: every question gets the same answer;
# shards that are killed lose nothing
# usage: clickhouse.sh [FLOWS]
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tools=$(realpath "$(dirname "$PORTSCOPE")/../tests/unit/store")
cd "$scratch"
time PORTSCOPE_STORE_FLOWS=${1:-1000000} "$tools/test_clickhouse_store"
