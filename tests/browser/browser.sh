#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one test file in Node.js against Debian's Chromium: browser.sh report.test.mjs
set -u
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" || exit 1

skip()
{
    echo "skipped: browser.$(basename "$1" .test.mjs): $2"
    exit 77
}

PORTSCOPE_CHROMIUM=${PORTSCOPE_CHROMIUM:-$(command -v chromium)} || skip "$1" "there is no chromium"
command -v node >/dev/null || skip "$1" "there is no node"
export PORTSCOPE_CHROMIUM
if [ ! -d node_modules/playwright-core ]; then
    echo "The packages of package-lock.json are missing: npm ci --ignore-scripts --prefix tests/browser"
    exit 1
fi
exec node --test "$1"
