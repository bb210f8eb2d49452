/* SPDX-License-Identifier: Apache-2.0
 *
 * The shared style and charts alone, before any page of the program is made of them.
 */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";

import { fitsItsWidth, isAccessible, openBrowser, root, screenshot, withFolder, withPage } from "./harness.mjs";

const web = (name) => readFile(path.join(root, "src/review/web", name), "utf8");

async function writePage(folder) {
    const [style, uplotStyle, uplot, charts] = await Promise.all([
        web("style.css"), web("uplot/uPlot.min.css"), web("uplot/uPlot.iife.min.js"), web("charts.js")]);
    const file = path.join(folder, "charts.html");
    await writeFile(file, `<!doctype html><html lang="en"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><title>charts</title>
        <style>${uplotStyle}</style><style>${style}</style>
        <main class="page"><h1>Charts</h1><section class="card"><h2>netcp</h2><div class="chart" id="one"></div></section></main>
        <script>${uplot}</script><script>${charts}</script>
        <script>
            const values = (factor) => Array.from({ length: 60 }, (_, at) => 1 + (at * factor) % 17);
            portscopeCharts.timeline(document.getElementById("one"), { label: "netcp", begin: 1795168800, step: 60,
                series: ["masquerade", "unverified", "empty"].map((name, at) => ({ name, values: values(at + 3) })) });
        </script>`);
    return pathToFileURL(file).href;
}

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

for (const isDark of [false, true]) {
    test(`a timeline is drawn and says what is under the cursor, ${isDark ? "dark" : "light"}`, async () => {
        await withFolder(async (folder) => {
            await withPage(browser, { url: await writePage(folder), isDark }, async (page) => {
                await page.hover(".u-over", { position: { x: 290, y: 50 } });
                assert.match(await page.textContent(".readout"),
                    /^2026-11-20 10:16 UTC: masquerade 15, unverified 14, empty 13$/);
                await isAccessible(page);
                await screenshot(page, `charts-${isDark ? "dark" : "light"}`);
            });
        });
    });
}

test("a timeline fits a telephone, and follows the width", async () => {
    await withFolder(async (folder) => {
        await withPage(browser, { url: await writePage(folder), width: 390 }, async (page) => {
            await fitsItsWidth(page);
            await page.setViewportSize({ width: 800, height: 600 });
            await page.waitForFunction(() => document.querySelector(".uplot").clientWidth > 600);
        });
    });
});
