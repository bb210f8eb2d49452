/* SPDX-License-Identifier: Apache-2.0
 *
 * What is committed of others is what npm has, octet by octet; `npm ci` has checked that against the
 * checksums of package-lock.json.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import test from "node:test";

import { root } from "./harness.mjs";

const committed = path.join(root, "src/review/web/uplot");
const published = path.join(root, "tests/browser/node_modules/uplot");

for (const [ours, theirs] of [
    ["uPlot.iife.min.js", "dist/uPlot.iife.min.js"],
    ["uPlot.min.css", "dist/uPlot.min.css"],
    ["LICENSE", "LICENSE"],
]) {
    test(`${ours} is npm's`, async () => {
        const [mine, its] = await Promise.all([
            readFile(path.join(committed, ours)), readFile(path.join(published, theirs))]);
        assert.ok(mine.equals(its), `${ours} differs from the package's ${theirs}`);
    });
}

test("the version that README.md names is the one of package.json", async () => {
    const { devDependencies } = JSON.parse(
        await readFile(path.join(root, "tests/browser/package.json"), "utf8"));
    const readme = await readFile(path.join(root, "src/review/web/README.md"), "utf8");
    assert.ok(readme.includes(` ${devDependencies.uplot} as npm has it`));
});
