/* SPDX-License-Identifier: Apache-2.0
 *
 * The live page: an address leads to a view, a view asks the API and gives elements; events renew
 * it. live_dom.js has the elements, each view a file of its own.
 */
import { ask, Problem, tell } from "./live_api.js";
import { el, severity } from "./live_dom.js";
import * as filters from "./live_filters.js";
import * as findings from "./live_findings.js";
import * as flows from "./live_flows.js";
import * as keys from "./live_keys.js";
import * as overview from "./live_overview.js";
import * as probes from "./live_probes.js";
import { carried, go, link, read } from "./live_route.js";
import * as rules from "./live_rules.js";

const VIEWS = {
    overview, findings: findings.list, finding: findings.one, flows: flows.list, flow: flows.one, services: rules, probes,
};
const NAMED = ["overview", "findings", "flows", "services", "probes"];
const RENEW_MS = 3000; // at most so often while flows come in; findings are shown at once
const SETTLED_MS = 20000;
const NEWS_MAX = 4;

const main = document.getElementById("main");
const state = document.getElementById("state");
findings.setHere(() => read());

function showNav(here) {
    const current = VIEWS[here.view]?.parent ?? here.view;
    document.getElementById("nav").replaceChildren(...NAMED.map((name) =>
        el("a", { href: link(name, carried(here.filter)), "aria-current": name === current ? "page" : null }, VIEWS[name].title)));
}

/* ---- showing a view ---- */

let loading = new AbortController();
let placeShown = "";

function showProblem(failure) {
    if (failure.name === "AbortError")
        return;
    if (failure instanceof Problem && failure.status === 401) {
        showLogin();
        return;
    }
    main.replaceChildren(el("h1", {}, failure.status === 404 ? "Not there" : "This did not work"),
        el("div", { class: "card", role: "alert" }, el("p", {}, failure.message),
            el("p", { class: "actions" }, el("button", { type: "button", onclick: () => show() }, "Try again"))));
}

/* The reader's place outlives a renewal: the row in focus, what was scrolled. */
function replaceContent(content, isSamePlace) {
    const row = isSamePlace ? keys.rowInFocus() : "";
    const [top, sideways] = [scrollY, [...main.querySelectorAll(".table")].map((frame) => frame.scrollLeft)];
    main.replaceChildren(...content.flat(Infinity).filter(Boolean));
    if (!isSamePlace)
        return;
    [...main.querySelectorAll(".table")].forEach((frame, at) => { frame.scrollLeft = sideways[at] ?? 0; });
    scrollTo(0, top);
    if (row)
        main.querySelector(`[data-row="${CSS.escape(row)}"] .row-link`)?.focus({ preventScroll: true });
}

async function show() {
    const here = read();
    const view = VIEWS[here.view];
    const isSamePlace = placeShown === location.hash;
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    showNav(here);
    filters.show(document.getElementById("filters"), view ?? {}, here);
    if (!view) {
        showProblem(new Problem(404, "There is no such view."));
        return;
    }
    main.setAttribute("aria-busy", "true");
    try {
        const shown = await view.load(here, signal);
        if (signal.aborted)
            return;
        replaceContent(shown.content, isSamePlace);
        shown.attached?.();
        document.title = `${shown.name ?? view.title} - portscope`;
        if (!isSamePlace && placeShown !== "" && !document.activeElement?.closest("#filters"))
            main.focus({ preventScroll: true });
        if (!isSamePlace)
            scrollTo(0, 0);
        placeShown = location.hash;
    } catch (failure) {
        if (!signal.aborted)
            showProblem(failure);
    } finally {
        if (!signal.aborted)
            main.removeAttribute("aria-busy");
    }
}

/* ---- what happens ---- */

let renewal = 0, renewedAt = 0;

function renew() {
    clearTimeout(renewal);
    renewal = 0;
    renewedAt = Date.now();
    if (VIEWS[read().view]?.isRenewed && !document.querySelector("dialog[open]"))
        show();
    const stale = document.getElementById("stale");
    if (stale)
        stale.replaceChildren("There is something new. ", el("button", { type: "button", class: "plain", onclick: () => show() }, "Look again"));
}

/* Sums of a moment before may be answered while flows come in: once more when it is quiet again. */
let settling = 0;

function renewSoon() {
    clearTimeout(settling);
    settling = setTimeout(renew, SETTLED_MS);
    if (renewal === 0)
        renewal = setTimeout(renew, Math.max(0, renewedAt + RENEW_MS - Date.now()));
}

function tellNews(finding) {
    const news = document.getElementById("news");
    const note = el("div", { class: "note" }, severity(finding.severity), " ",
        el("a", { href: link("finding", {}, finding.id), onclick: () => note.remove() }, finding.title),
        el("button", { type: "button", class: "plain", "aria-label": "Dismiss", onclick: () => note.remove() }, "\u00d7"));
    news.prepend(note);
    while (news.childElementCount > NEWS_MAX)
        news.lastElementChild.remove();
}

function listen() {
    const source = new EventSource("/api/v1/events");
    const say = (word, kind) => {
        state.textContent = word;
        state.className = `dot ${kind}`;
    };
    /* What came between asking and listening, the first time or after a cut, is looked at again. */
    source.addEventListener("open", () => {
        say("live", "is-live");
        if (VIEWS[read().view]?.isRenewed)
            renewSoon();
    });
    source.addEventListener("error", () => {
        say("waiting for the server", "is-cut");
        if (source.readyState === EventSource.CLOSED)
            setTimeout(() => { source.close(); listen(); }, 5000);
    });
    source.addEventListener("finding", (event) => {
        tellNews(JSON.parse(event.data));
        renew();
    });
    source.addEventListener("change", renewSoon);
    source.addEventListener("missed", renewSoon);
    window.addEventListener("pagehide", () => source.close(), { once: true });
}

/* ---- who asks ---- */

function showLogin() {
    const token = el("input", { id: "token", type: "password", autocomplete: "current-password", required: true });
    const complaint = el("p", { class: "complaint", role: "alert" });
    const form = el("form", { class: "card login", onsubmit: async (event) => {
        event.preventDefault();
        try {
            await tell("session", { token: token.value.trim() });
            start();
        } catch (failure) {
            complaint.textContent = failure.message;
        }
    } },
    el("label", { for: "token" }, "Token"), token, complaint,
    el("p", { class: "quiet small" }, "It is in the file that the server was started with (--token-file)."),
    el("p", { class: "actions" }, el("button", { type: "submit" }, "Begin")));
    document.getElementById("filters").replaceChildren();
    main.replaceChildren(el("h1", {}, "Who is there?"), form);
    token.focus();
}

let hasStarted = false;

async function start() {
    try {
        const session = await ask("session");
        if (!session.is_known) {
            showLogin();
            return;
        }
        document.getElementById("store").textContent = session.store.replace(/\?.*/, "").split("/").pop() || session.store;
        document.getElementById("store").title = session.store;
        if (!hasStarted)
            state.textContent = session.is_live ? "" : "from files";
        if (!hasStarted && session.is_live)
            listen();
        hasStarted = true;
        show();
    } catch (failure) {
        showProblem(failure);
    }
}

const keysOfViews = Object.fromEntries(NAMED.map((name, at) => [String(at + 1), () => go(name, carried(read().filter))]));
keys.listen({
    ...keysOfViews,
    "/": filters.focusSearch,
    r: () => show(),
    n: () => VIEWS[read().view]?.next?.(),
    a: () => VIEWS[read().view]?.acknowledge?.(keys.rowInFocus(), read().id),
});
document.getElementById("help").addEventListener("click", keys.showHelp);
window.addEventListener("hashchange", show);
start();
