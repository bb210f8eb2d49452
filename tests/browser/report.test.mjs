/* SPDX-License-Identifier: Apache-2.0
 *
 * The report as people see it: of real captures, of the worst names that a capture can hold, and of
 * more than one page can show.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";

import { alertLine, flowLine, hostileWords } from "./eve.mjs";
import { fitsItsWidth, isAccessible, openBrowser, portscope, root, screenshot, withPage } from "./harness.mjs";

const sections = ["findings", "timeline", "services", "pairs", "profiles", "totals"];
const SIZE_MAX = 400_000;

let browser, folder, ofCaptures, ofHostile, ofMany;

async function writeReport(name, lines) {
    const eve = path.join(folder, `${name}.json`);
    const html = path.join(folder, `${name}.html`);
    await writeFile(eve, lines.join("\n") + "\n");
    await portscope("review", eve, "--html", html);
    return pathToFileURL(html).href;
}

/* Every field that came from a packet, or might have. */
function hostileLines() {
    return hostileWords.flatMap((words, at) => [
        flowLine(at, { service: words, application: words, verdict: at % 2 ? words : "unverified",
            hostname: words, form: words, fingerprint: words, first: "3c2f7363726970743e" }),
        alertLine(at, { title: words, why: [words, words], next: words, hosts: [words], filter: words,
            service: words, detector: words, severity: "high" }),
    ]);
}

/* 50,000 flows of many hosts, services, verdicts and fingerprints, and 2,000 findings. */
function manyLines() {
    const verdicts = ["masquerade", "guess", "unverified", "stray", "unassigned", "confirmed", "empty"];
    const flows = Array.from({ length: 50_000 }, (_, at) => flowLine(at, {
        service: `service-${at % 37}`, application: `application-${at % 91}`, verdict: verdicts[at % 7],
        source: `10.${at % 3}.${(at >> 3) % 256}.${at % 251}`, form: "binary, length be16 at 2, 24 to 80 bytes",
        fingerprint: (at % 999).toString(16).padStart(16, "0"), first: "00010203040506070809", seconds: at }));
    const findings = Array.from({ length: 2_000 }, (_, at) => alertLine(at, {
        title: `${at} ${"<&\"'".repeat(60)}`, why: Array(6).fill("'\"<&>".repeat(40)), next: "&".repeat(200),
        hosts: Array(10).fill("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), filter: "&&".repeat(90),
        service: "netcp", detector: "masquerade", severity: ["low", "medium", "high", "critical"][at % 4] }));
    return [...flows, ...findings];
}

before(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(path.join(tmpdir(), "portscope-report-"));
    const html = path.join(folder, "captures.html");
    await portscope("read", "-q", "-o", `report:${html}`, path.join(root, "pcaps"));
    ofCaptures = pathToFileURL(html).href;
    ofHostile = await writeReport("hostile", hostileLines());
    ofMany = await writeReport("many", manyLines());
});

after(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
});

async function hasAllSections(page) {
    for (const id of sections)
        assert.ok(await page.locator(`section#${id} h2`).isVisible(), `section ${id}`);
}

test("everything is there, with what was seen in words", async () => {
    await withPage(browser, { url: ofCaptures }, async (page) => {
        await hasAllSections(page);
        assert.match(await page.textContent("h1"), /^\d+ (high|critical) findings: .+ speaks .+, and \d+ more$/);
        assert.match(await page.textContent("header"), /Seen: [\d,]+ flows of [\d,]+ packets/);
        assert.match(await page.textContent("header"), /What limited this answer: \d+ of \d+ inputs were damaged/);
        assert.match(await page.textContent("#totals"), /balanced/);
        assert.match(await page.locator("#profiles td code").first().textContent(), /^[0-9a-f]{16}$/);
        assert.ok(await page.locator("#timeline .uplot").count() >= 3, "live charts");
        assert.equal(await page.locator("#timeline svg").first().isVisible(), false);
        await isAccessible(page);
        await screenshot(page, "report-light", {});
        await screenshot(page, "report-light-whole");
    });
});

test("a finding opens with the keyboard and says why and what next", async () => {
    await withPage(browser, { url: ofCaptures }, async (page) => {
        const closed = page.locator("details.finding:not([open])").first();
        const title = await closed.locator(".title").textContent();
        await closed.locator("summary").focus();
        await page.keyboard.press("Enter");
        const opened = page.locator("details.finding[open]", { hasText: title }).last();
        assert.ok(await opened.locator(".why li").first().isVisible());
        assert.ok(await opened.locator(".next").isVisible());
    });
});

test("dark", async () => {
    await withPage(browser, { url: ofCaptures, isDark: true }, async (page) => {
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(ground, "rgb(15, 20, 27)");
        await isAccessible(page);
        await screenshot(page, "report-dark", {});
    });
});

for (const url of ["captures", "hostile", "many"]) {
    test(`${url}: a telephone's width is enough`, async () => {
        await withPage(browser, { url: { captures: ofCaptures, hostile: ofHostile, many: ofMany }[url],
                                  width: 390, height: 844 }, async (page) => {
            await fitsItsWidth(page);
            await screenshot(page, `report-${url}-390`, {});
        });
    });
}

test("without scripts nothing is missing", async () => {
    await withPage(browser, { url: ofCaptures, hasScripts: false }, async (page) => {
        await hasAllSections(page);
        assert.ok(await page.locator("#timeline svg").first().isVisible());
        await page.locator("#timeline summary").first().click();
        assert.ok(await page.locator("#timeline table tbody tr").first().isVisible());
        await screenshot(page, "report-without-scripts", { clip: { x: 0, y: 0, width: 1280, height: 900 } });
    });
});

test("on paper it is light, with drawn charts and open findings", async () => {
    await withPage(browser, { url: ofCaptures, isDark: true }, async (page) => {
        await page.emulateMedia({ media: "print" });
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
        assert.ok(await page.locator("#timeline svg").first().isVisible());
        assert.equal(await page.locator("#timeline .uplot").first().isVisible(), false);
        assert.ok(await page.locator(".edge-high:not([open]) .why").first().isVisible());
        await page.setViewportSize({ width: 700, height: 990 }); /* A4 within its margins */
        await fitsItsWidth(page);
        await screenshot(page, "report-paper", {});
    });
});

/* Only our own tags, no script run, no dialog (withPage), nothing asked of a network. */
async function hasOnlyOurElements(page) {
    const elements = "script, style, img, iframe, object, embed, link, base, form, [onerror], [onclick], [onload], [style]";
    const inDocument = await page.evaluate((all) =>
        [...document.querySelectorAll(all)].filter((one) => !one.closest(".uplot"))
            .map((one) => one.localName).sort(), elements);
    assert.deepEqual(inDocument, ["script", "script", "script", "script", "style", "style"]);
    assert.equal(await page.evaluate(() => window.wasRun), undefined);
}

test("names in packets are only shown", async () => {
    await withPage(browser, { url: ofCaptures }, hasOnlyOurElements);
});

/* Were there a hole in the escaping, this still would keep it from doing anything. */
test("the policy lets no other script, style, image or connection in", async () => {
    const refused = [];
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(ofCaptures);
    page.on("console", (message) => refused.push(message.text()));
    const wasRun = await page.evaluate(async () => {
        const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
        add("script", { textContent: "window.wasRun = 1" });
        add("style", { textContent: "body { display: none }" });
        add("img", { src: "http://192.0.2.66/x.png" });
        add("iframe", { src: "http://192.0.2.66/" });
        await fetch("http://192.0.2.66/").catch(() => {});
        return [window.wasRun, getComputedStyle(document.body).display];
    });
    await page.waitForTimeout(200);
    await context.close();
    assert.deepEqual(wasRun, [undefined, "block"]);
    for (const what of ["script-src", "style-src", "img-src", "frame-src", "connect-src"])
        assert.ok(refused.some((words) => words.includes("Content Security Policy") && words.includes(what)), what);
});

test("hostile names are only shown", async () => {
    await withPage(browser, { url: ofHostile }, async (page) => {
        await hasOnlyOurElements(page);
        assert.ok((await page.textContent("#findings")).includes("</script><script>window.wasRun = 1</script>"));
        assert.ok(!/[\u0000-\u0008\u202a-\u202e\u2066-\u2069\u2028\u2029]/.test(await page.content()));
        await hasAllSections(page);
        await isAccessible(page);
        await screenshot(page, "report-hostile");
    });
});

test("its size is bounded, and what is left out is said", async () => {
    for (const url of [ofCaptures, ofHostile, ofMany]) {
        const { size } = await stat(new URL(url));
        assert.ok(size < SIZE_MAX, `${url}: ${size} bytes`);
    }
    await withPage(browser, { url: ofMany }, async (page) => {
        for (const id of ["findings", "services", "profiles"])
            assert.match(await page.textContent(`#${id} .more`), /^And [\d,]+ more /);
        assert.match(await page.textContent("#pairs"), /all others/);
        assert.match(await page.textContent("#timeline"), /32 other services/);
        assert.match(await page.textContent("header"), /Seen: 50,000 flows/);
        await isAccessible(page);
        await screenshot(page, "report-many", {});
    });
});
