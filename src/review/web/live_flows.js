/* SPDX-License-Identifier: Apache-2.0
 *
 * Flow records, page after page, and one flow.
 */
import { ask, DIMENSIONS, only } from "./live_api.js";
import { bytes, card, copyable, count, details, duration, el, endpoint, moment, table, time, transport, verdict } from "./live_dom.js";
import { go, link } from "./live_route.js";

const PAGE = 50;
const ROWS_MAX = 2000;
const FIELDS = [...DIMENSIONS, "search", "sort", "order"];

export const list = {
    title: "Flows",
    fields: ["since", "until", "service", "verdict", "application", "probe", "host", "search"],
    isRenewed: false, // rows must not move under the reader; what is new is told
    load: loadList,
    next: () => document.getElementById("more")?.click(),
};

/* A heading that sorts; again: the other way round. */
function sortable(name, measure, filter) {
    return (classes) => {
        const isSorted = (filter.sort || "first") === measure;
        const isAscending = isSorted && filter.order === "ascending";
        const turned = isSorted && !isAscending ? "ascending" : "";
        return el("th", { scope: "col", class: classes, "aria-sort": isSorted ? (isAscending ? "ascending" : "descending") : null },
            el("button", { type: "button", class: "sort", onclick: () => go("flows", { ...filter, sort: measure, order: turned }) },
                name, el("span", { "aria-hidden": "true" }, isSorted ? (isAscending ? " \u2191" : " \u2193") : "")));
    };
}

const from = (flow) => endpoint(flow.initiator, flow.initiator_port);
const to = (flow) => `${endpoint(flow.responder, flow.responder_port)} ${transport(flow.protocol)}`;

function columnsFor(filter) {
    return [
        { name: "Began", head: sortable("Began", "first", filter), kind: "whole",
          cell: (flow) => [
              el("a", { class: "row-link", href: link("flow", { near: flow.first }, flow.flow_id) }, moment(flow.first)),
              el("div", { class: "mono narrow-only" }, el("div", {}, from(flow)), el("div", {}, to(flow)))] },
        { name: "From", kind: "whole", isWide: true, cell: (flow) => el("span", { class: "mono" }, from(flow)) },
        { name: "To", kind: "whole", isWide: true, cell: (flow) => el("span", { class: "mono" }, to(flow)) },
        { name: "Service", kind: "whole", isWide: true, cell: (flow) => flow.service || el("span", { class: "quiet" }, "(none)") },
        { name: "Verdict", cell: (flow) => verdict(flow.verdict) },
        { name: "Detected", cell: (flow) => [flow.detected || el("span", { class: "quiet" }, "-"),
            flow.hostname ? el("span", { class: "quiet small" }, ` ${flow.hostname}`) : null] },
        { name: "Bytes", head: sortable("Bytes", "bytes", filter), kind: "number", cell: (flow) => bytes(flow.bytes_there + flow.bytes_back) },
        { name: "Packets", head: sortable("Packets", "packets", filter), kind: "number", isWide: true,
          cell: (flow) => count(flow.packets_there + flow.packets_back) },
        { name: "Lasted", kind: "number", isWide: true, cell: (flow) => duration(flow.first, flow.last) },
        { name: "State", isWide: true, cell: (flow) => flow.conn_state },
        { name: "Probe", isWide: true, cell: (flow) => flow.probe },
    ];
}

/* Pages are joined; where the server stopped looking early, we go on by ourselves until there is
 * something to show. */
async function collect(filter, after, signal, onProgress) {
    const flows = [];
    let next = after;
    do {
        const answer = await ask("flows", { ...only(filter, ...FIELDS), limit: PAGE, after: next }, signal);
        flows.push(...answer.flows);
        next = answer.next;
        onProgress(answer.searched_to);
    } while (next && flows.length < PAGE && !signal.aborted);
    return { flows, next };
}

const searching = (filter) => (to) => {
    const words = document.getElementById("searching");
    if (words && to)
        words.textContent = `Looking ${filter.order === "ascending" ? "forward" : "back"}: ${moment(to).slice(0, 16)} UTC`;
};

function moreButton(state, filter, signal) {
    const words = el("p", { id: "searching", class: "quiet small", role: "status" });
    const button = el("button", { type: "button", id: "more", onclick: async () => {
        button.disabled = true;
        const body = document.querySelector("#flows tbody");
        const more = await collect(filter, state.next, signal, searching(filter));
        const fresh = table("", columnsFor(filter), more.flows, (flow) => `${flow.flow_id} ${flow.first}`);
        body.append(...fresh.querySelectorAll("tbody tr"));
        state.next = more.next;
        button.disabled = false;
        words.textContent = `${count(body.rows.length)} flows`;
        button.hidden = !more.next || body.rows.length >= ROWS_MAX;
        if (body.rows.length >= ROWS_MAX)
            words.textContent += ": narrow the filter to see others";
    } }, "More");
    button.hidden = !state.next;
    return el("div", { class: "actions" }, button, words);
}

async function loadList({ filter }, signal) {
    document.getElementById("main").replaceChildren(el("h1", {}, "Flows"), el("p", { id: "searching", class: "quiet", role: "status" }, "Looking."));
    const state = await collect(filter, "", signal, searching(filter));
    return { content: [
        el("h1", {}, "Flows"),
        el("p", { id: "stale", class: "quiet small", role: "status" }),
        state.flows.length === 0 ? el("p", { class: "card" }, "No flow is as the filter wants it.")
            : el("div", { class: "card flush", id: "flows" },
                table("Flow records", columnsFor(filter), state.flows, (flow) => `${flow.flow_id} ${flow.first}`)),
        moreButton(state, filter, signal),
    ] };
}

export const one = { title: "Flow", fields: [], parent: "flows", isRenewed: false, load: loadOne };

/* The first octets as in a hex dump. */
function dump(hex) {
    const octets = hex.match(/../g) ?? [];
    const plain = octets.map((octet) => {
        const code = parseInt(octet, 16);
        return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ".";
    });
    return octets.length === 0 ? "" : el("code", { class: "dump" }, `${octets.join(" ")}  ${plain.join("")}`);
}

function metadata(words) {
    try {
        return Object.entries(JSON.parse(words || "{}")).filter(([key]) => key !== "why").map(([key, value]) =>
            [key.replaceAll("_", " "), typeof value === "string" ? value : JSON.stringify(value)]);
    } catch {
        return words ? [["Metadata", words]] : [];
    }
}

function recordCards(flow, number, total) {
    const heading = (words) => total > 1 ? `Record ${number} of ${total}: ${words.toLowerCase()}` : words;
    return [
        card(heading("What it is"), details([
            ["Verdict", verdict(flow.verdict)],
            ["Assigned", flow.service && [el("a", { href: link("services", { search: flow.service }) }, flow.service), ` (${flow.port_side})`]],
            ["Counts as", flow.application && `${flow.application} (${flow.application_id})`],
            ["Detected", flow.detected && `${flow.detected} (${flow.detected_id}), confidence ${flow.confidence}, evidence ${flow.evidence}`],
            ["Why", flow.why.length > 0 && el("ul", {}, flow.why.map((reason) => el("li", {}, reason)))],
            ["Host name", flow.hostname],
            ...metadata(flow.metadata),
            ["Risks", flow.risks.join(", ")],
            ["Marks", flow.marks.join(", ")],
            ["Attributes", [flow.category, flow.traffic_class, flow.business_relevance].filter(Boolean).join(", ")],
        ])),
        card(heading("What was sent"), details([
            ["Began", `${moment(flow.first, true)} UTC`],
            ["Ended", `${moment(flow.last, true)} UTC, ${flow.end_reason}`],
            ["Lasted", duration(flow.first, flow.last)],
            ["Packets", `${count(flow.packets_there)} there, ${count(flow.packets_back)} back`],
            ["Bytes", `${bytes(flow.bytes_there)} there, ${bytes(flow.bytes_back)} back`],
            ["Payload", `${bytes(flow.payload_there)} there, ${bytes(flow.payload_back)} back`],
            ["State", flow.conn_state && `${flow.conn_state}${flow.history ? `, history ${flow.history}` : ""}`],
            ["First there", dump(flow.first_there)],
            ["First back", dump(flow.first_back)],
            ["VLANs", flow.vlans.join(", ")],
            ["Tunnel", flow.tunnel],
            ["Probe", flow.probe],
            ["Input", flow.input],
            ["Community id", copyable(flow.community_id)],
            ["Wireshark", copyable(flow.display_filter)],
        ])),
    ];
}

async function loadOne({ id, filter }, signal) {
    const { records } = await ask(`flows/${encodeURIComponent(id)}`, { near: filter.near }, signal);
    const [flow] = records;
    const name = `${from(flow)} to ${to(flow)}`;
    return { name, content: [
        el("p", { class: "small" }, el("a", { href: link("flows", { host: flow.initiator }) }, "Flows of ", flow.initiator), ", ",
            el("a", { href: link("flows", { host: flow.responder }) }, "of ", flow.responder)),
        el("h1", {}, name),
        records.map((record, at) => recordCards(record, at + 1, records.length)),
    ] };
}
