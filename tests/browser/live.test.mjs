/* SPDX-License-Identifier: Apache-2.0
 *
 * The page of `portscope serve`: every view, filters, what happens while it is open, keys, small
 * screens, darkness, and names that come from hostile packets.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import test, { after, before } from "node:test";

import { fitsItsWidth, isAccessible, openBrowser, portscope, root, screenshot, startPortscope, withFolder, withPage } from "./harness.mjs";

const capture = (name) => path.join(root, "pcaps/services", name);
const TOKEN = "0123456789abcdef0123456789abcdef";

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

async function fill(store, ...captures) {
    for (const name of captures)
        await portscope("read", "-q", "-o", `store:${store}`, capture(name));
}

/* Starts a server on a free port; `use` gets its address and its store. */
async function withServer(options, use) {
    await withFolder(async (folder) => {
        const store = path.join(folder, "flows.db");
        await fill(store, "ssh-tcp154.pcap", "dns-udp395.pcap", "http-tcp155.pcap", "bulk-tcp395.pcap");
        const words = ["serve", store, "--listen", "127.0.0.1:0"];
        if (options.hasToken) {
            await writeFile(path.join(folder, "token"), `${TOKEN}\n`, { mode: 0o600 });
            words.push("--token-file", path.join(folder, "token"));
        }
        const server = startPortscope(...words);
        let complaints = "";
        server.stderr.on("data", (data) => { complaints += data; });
        const ended = new Promise((resolve) => server.on("exit", resolve));
        try {
            const url = await new Promise((resolve, reject) => {
                server.stdout.once("data", (data) => resolve(String(data).trim()));
                ended.then((code) => reject(new Error(`the server ended with ${code}: ${complaints}`)));
            });
            await use(url, store);
        } finally {
            server.kill("SIGTERM");
        }
        assert.equal(await ended, 0, complaints);
        assert.equal(complaints, "");
    });
}

const shows = (page, heading) => page.waitForFunction(
    (words) => document.querySelector("main h1")?.textContent.includes(words) && !document.querySelector("main[aria-busy]"), heading);

const open = (browserOptions, url, hash, use) => withPage(browser, { ...browserOptions, url: `${url}${hash}`, mayAsk: url }, use);

const VIEWS = [
    ["overview", "#/", "Overview"],
    ["findings", "#/findings", "Findings"],
    ["flows", "#/flows", "Flows"],
    ["services", "#/services", "Services"],
    ["probes", "#/probes", "Probes"],
];

test("every view, light, dark and on a telephone", async () => {
    await withServer({}, async (url) => {
        for (const [name, hash, heading] of VIEWS) {
            for (const [kind, look] of [["light", {}], ["dark", { isDark: true }], ["phone", { width: 390 }], ["phone-dark", { width: 390, isDark: true }]]) {
                await open(look, url, hash, async (page) => {
                    await shows(page, heading);
                    await isAccessible(page);
                    await fitsItsWidth(page);
                    await screenshot(page, `live-${name}-${kind}`);
                });
            }
        }
    });
});

test("from the overview to a finding, its flow, and back", async () => {
    await withServer({}, async (url) => {
        await open({}, url, "", async (page) => {
            await shows(page, "Overview");
            await page.waitForSelector(".timeline .uplot");
            await page.click("text=198.51.100.20 on TCP 154 (netsc-prod) speaks SSH");
            await shows(page, "speaks SSH");
            assert.match(page.url(), /#\/finding\/[0-9a-f]{16}$/);
            await isAccessible(page);
            await screenshot(page, "live-finding");
            await page.click("dt:has-text('Flow ids') + dd a");
            await shows(page, "198.51.100.20:154 TCP");
            await isAccessible(page);
            assert.match(await page.textContent("main"), /SSH-2\.0/);
            await screenshot(page, "live-flow");
            await page.goBack();
            await shows(page, "speaks SSH");
            assert.match(await page.title(), /speaks SSH - portscope/);
        });
    });
});

test("filters stand in the address, and the address in the filters", async () => {
    await withServer({}, async (url) => {
        /* The console notes every answer that is no success. */
        await open({ mayComplain: ["400 (Bad Request)"] }, url, "#/flows?verdict=masquerade", async (page) => {
            await shows(page, "Flows");
            assert.equal(await page.inputValue("#filter-verdict"), "masquerade");
            const verdicts = await page.$$eval("#flows .verdict", (all) => all.map((one) => one.textContent));
            assert.ok(verdicts.length > 0 && verdicts.every((word) => word === "masquerade"));
            await page.fill("#filter-service", "netcp");
            await page.keyboard.press("Enter");
            await page.waitForURL(/service=netcp/);
            await page.waitForFunction(() => [...document.querySelectorAll("#flows tbody tr")].every((row) => row.textContent.includes("netcp")));
            await page.click("text=Clear");
            await page.waitForFunction(() => location.hash === "#/flows");
            await page.waitForFunction(() => document.querySelector("#flows").textContent.includes("netsc-prod"));
            await page.fill("#filter-host", "no address");
            await page.keyboard.press("Enter");
            await page.waitForSelector("[role=alert]:has-text('is not an address')");
        });
    });
});

test("a problem is said, and the console stays quiet about it", async () => {
    await withServer({}, async (url) => {
        await open({}, url, "#/elsewhere", async (page) => {
            await page.waitForSelector("[role=alert]:has-text('no such view')");
            await isAccessible(page);
        });
    });
});

test("flows are sorted and paged on the server", async () => {
    await withServer({}, async (url, store) => {
        for (let i = 0; i < 40; i++)
            await fill(store, "dns-udp395.pcap");
        await open({}, url, "#/flows?sort=bytes", async (page) => {
            await shows(page, "Flows");
            const rows = () => page.$$eval("#flows tbody tr", (all) => all.length);
            assert.equal(await rows(), 50);
            assert.equal(await page.getAttribute("#flows th[aria-sort]", "aria-sort"), "descending");
            await page.keyboard.press("n");
            await page.waitForFunction(() => document.querySelectorAll("#flows tbody tr").length > 50);
            await page.click("#flows th >> text=Bytes");
            await page.waitForURL(/order=ascending/);
            await page.waitForFunction(() => document.querySelector("#flows th[aria-sort]")?.getAttribute("aria-sort") === "ascending");
        });
    });
});

test("a new finding appears while the page is open", async () => {
    await withServer({}, async (url, store) => {
        await open({}, url, "#/findings", async (page) => {
            await shows(page, "Findings");
            await page.waitForSelector("#state:has-text('live')");
            const before = await page.textContent("main");
            assert.doesNotMatch(before, /speaks VNC|speaks Telnet|speaks SMTP/);
            await fill(store, "smtp-tcp154.pcap");
            await page.waitForSelector(".note:has-text('SMTP')");
            await page.waitForSelector("main tr:has-text('SMTP'):has-text('new')");
            await isAccessible(page);
            await screenshot(page, "live-news", { fullPage: false });
            await page.click(".note a");
            await shows(page, "SMTP");
        });
    });
});

test("a finding is acknowledged, and says who said so", async () => {
    await withServer({}, async (url) => {
        await open({}, url, "#/findings", async (page) => {
            await shows(page, "Findings");
            const title = "198.51.100.20 on TCP 154 (netsc-prod) speaks SSH";
            await page.focus(`a:text-is("${title}")`);
            await page.keyboard.press("a");
            await page.waitForSelector("dialog[open] textarea:focus");
            await isAccessible(page);
            await screenshot(page, "live-acknowledge", { fullPage: false });
            await page.fill("#comment", "a <b>test</b> of ours \u202e");
            await page.fill("#by", "ann");
            await page.click("dialog button[type=submit]");
            await page.waitForFunction((words) => ![...document.querySelectorAll("main .row-link")].some((one) => one.textContent === words), title);
            await page.selectOption("#filter-acknowledged", "yes");
            await page.click(`a:text-is("${title}")`);
            await shows(page, "speaks SSH");
            assert.equal(await page.textContent("blockquote"), "a <b>test</b> of ours \\u202e");
            assert.match(await page.textContent("main"), /ann, 2\d{3}-/);
        });
    });
});

test("everything can be done with keys", async () => {
    await withServer({}, async (url) => {
        await open({}, url, "", async (page) => {
            await shows(page, "Overview");
            for (const [key, heading] of [["2", "Findings"], ["3", "Flows"], ["4", "Services"], ["5", "Probes"], ["1", "Overview"], ["2", "Findings"]]) {
                await page.keyboard.press(key);
                await shows(page, heading);
            }
            const focused = () => page.evaluate(() => document.activeElement.textContent);
            const titles = await page.$$eval("main .row-link", (all) => all.map((one) => one.textContent));
            await page.keyboard.press("j");
            assert.equal(await focused(), titles[0]);
            await page.keyboard.press("j");
            assert.equal(await focused(), titles[1]);
            await page.keyboard.press("ArrowUp");
            assert.equal(await focused(), titles[0]);
            await page.keyboard.press("?");
            await page.waitForSelector("dialog[open]:has-text('Keys')");
            await isAccessible(page);
            await page.keyboard.press("Escape");
            await page.keyboard.press("/");
            assert.equal(await page.evaluate(() => document.activeElement.id), "filter-search");
            await page.keyboard.type("j?1");
            assert.equal(await page.inputValue("#filter-search"), "j?1");
            await page.keyboard.press("Escape");
            await page.keyboard.press("j");
            await page.keyboard.press("Enter");
            await page.waitForURL(/#\/finding\//);
        });
    });
});

test("words from packets stay words", async () => {
    await withFolder(async (folder) => {
        const hostile = "</script><img src=x onerror=alert(1)>\u202eevil\u0000\"'";
        const at = "2026-11-20T09:15:00.000000+0000";
        const flow = {
            timestamp: at, event_type: "flow", flow_id: 7, src_ip: "192.0.2.1", src_port: 4000, dest_ip: "198.51.100.2", dest_port: 395,
            proto: "TCP", flow: { pkts_toserver: 1, pkts_toclient: 1, bytes_toserver: 60, bytes_toclient: 60, start: at, end: at, reason: "closed" },
            ndpi: { proto: "HTTP", proto_id: 7, confidence: "dpi", hostname: hostile, user_agent: hostile },
            portscope: { assigned: "netcp", application: "HTTP", application_id: "22:7", verdict: "masquerade", why: [hostile], port_side: "responder",
                attributes: {}, payload: {}, marks: [] },
        };
        const file = path.join(folder, "eve.json");
        await writeFile(file, `${JSON.stringify(flow)}\n`);
        const server = startPortscope("serve", file, "--listen", "127.0.0.1:0");
        try {
            const url = String(await new Promise((resolve) => server.stdout.once("data", resolve))).trim();
            await open({}, url, "#/flow/7", async (page) => {
                await shows(page, "192.0.2.1:4000");
                const text = await page.textContent("main");
                assert.ok(text.includes("</script><img src=x onerror=alert(1)>"), text);
                assert.ok(!text.includes("\u202e"));
                assert.equal(await page.$$eval("main img", (all) => all.length), 0);
                await page.goto(`${url}#/flows?search=onerror`);
                await shows(page, "Flows");
                assert.equal(await page.$$eval("main img", (all) => all.length), 0);
            });
        } finally {
            server.kill("SIGTERM");
        }
    });
});

test("a token is asked for once", async () => {
    await withServer({ hasToken: true }, async (url) => {
        await open({}, url, "#/findings", async (page) => {
            await shows(page, "Who is there?");
            await isAccessible(page);
            await screenshot(page, "live-login");
            await page.fill("#token", TOKEN);
            await page.keyboard.press("Enter");
            await shows(page, "Findings");
            await page.reload();
            await shows(page, "Findings");
        });
    });
});
