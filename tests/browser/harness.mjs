/* SPDX-License-Identifier: Apache-2.0
 *
 * What browser tests share. A page is opened in a Chromium of its own context, everything that it
 * complains about is kept, and a screenshot stays in the build folder (PORTSCOPE_SCREENSHOTS).
 *
 *     await withPage(browser, { url, width: 390, isDark: true }, async (page) => { ... });
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

export const root = process.env.PORTSCOPE_ROOT;
export const program = process.env.PORTSCOPE;
const screenshots = process.env.PORTSCOPE_SCREENSHOTS;
const run = promisify(execFile);

/* Root has no sandbox to give: Chromium then wants to be told so. */
export async function openBrowser() {
    return chromium.launch({
        executablePath: process.env.PORTSCOPE_CHROMIUM,
        args: process.getuid() === 0 ? ["--no-sandbox"] : [],
    });
}

/* A folder that is removed at the end. */
export async function withFolder(use) {
    const folder = await mkdtemp(path.join(tmpdir(), "portscope-browser-"));
    try {
        return await use(folder);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/* Runs the program; findings (1) and captures that are damaged or none at all (4, 3), of which pcaps/
 * has many, are no failure here. */
export async function portscope(...words) {
    try {
        return (await run(program, words, { maxBuffer: 64 << 20 })).stdout;
    } catch (failure) {
        assert.ok([1, 3, 4].includes(failure.code), `portscope ${words.join(" ")}: ${failure.stderr}`);
        return failure.stdout;
    }
}

/* Starts the program and leaves it running: a child process; whoever starts it stops it. */
export function startPortscope(...words) {
    return spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
}

/* Opens `url` and hands the page to `use`. Fails when the page complains, asks the network for
 * anything outside of `mayAsk` (a prefix), or opens a dialog; complaints with a part of `mayComplain` in
 * them are expected. */
export async function withPage(browser, options, use) {
    const { url, width = 1280, height = 900, isDark = false, hasScripts = true, mayAsk = url, mayComplain = [] } = options;
    const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: isDark ? "dark" : "light",
        javaScriptEnabled: hasScripts,
        reducedMotion: "reduce",
        timezoneId: "America/New_York", /* what is said in UTC must not depend on it */
    });
    const complaints = [];
    const page = await context.newPage();
    page.on("console", (message) => {
        if (["error", "warning"].includes(message.type()))
            complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    page.on("request", (request) => {
        if (!request.url().startsWith(mayAsk) && !request.url().startsWith("data:"))
            complaints.push(`asked for ${request.url()}`);
    });
    try {
        await page.goto(url);
        await use(page);
        const unexpected = complaints.filter((words) => !mayComplain.some((part) => words.includes(part)));
        assert.deepEqual(unexpected, [], "the page complained");
    } finally {
        await context.close();
    }
}

export async function screenshot(page, name, options = { fullPage: true }) {
    if (!screenshots)
        return;
    await mkdir(screenshots, { recursive: true });
    await page.screenshot({ path: path.join(screenshots, `${name}.png`), ...options });
}

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/* Nothing that axe-core calls serious or critical. */
export async function isAccessible(page) {
    /* Not as a script element, which a strict policy would refuse. */
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(" | ")}`);
    assert.deepEqual(grave, []);
}

/* A wide table scrolls in its frame; the page itself never does. */
export async function fitsItsWidth(page) {
    const [wide, wanted] = await page.evaluate(() => [
        document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= wanted, `the page is ${wide} pixels wide on a screen of ${wanted}`);
}
