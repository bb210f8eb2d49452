/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings, one finding, and saying why one is fine.
 */
import { ask, only, OF_FINDINGS, tell } from "./live_api.js";
import { card, copyable, count, counted, details, el, moment, severity, table, time } from "./live_dom.js";
import { go, link } from "./live_route.js";

const PAGE = 200;

export const list = {
    title: "Findings",
    fields: ["since", "until", "severity", "service", "probe", "host", "search", "acknowledged"],
    isRenewed: true,
    load: loadList,
    acknowledge: (id) => id && openAcknowledgement(id),
};

function stateOf(one, openedAt) {
    if (one.is_acknowledged)
        return el("span", { class: "badge is-good" }, "acknowledged");
    return one.stored > openedAt ? el("span", { class: "badge is-new" }, "new") : null;
}

/* The reason that says most: not what the port is for, nor what else was counted in. */
function reasonOf({ why }) {
    return why.find((reason) => !/^(port \d|counted in here)/.test(reason)) ?? why[0] ?? "";
}

/* As the server's times are written, so that they compare as words. */
const opened = new Date().toISOString();

async function loadList({ filter }, signal) {
    const answer = await ask("findings", { ...only(filter, ...OF_FINDINGS), limit: PAGE }, signal);
    const columns = [
        { name: "Finding", cell: (one) => [
            el("a", { class: "row-link", href: link("finding", {}, one.id) }, one.title), " ", stateOf(one, opened),
            el("p", { class: "small quiet wide-only" }, reasonOf(one))] },
        { name: "Severity", cell: (one) => severity(one.severity) },
        { name: "Detector", kind: "whole", isWide: true, cell: (one) => one.detector },
        { name: "Service", kind: "whole", isWide: true, cell: (one) => one.service },
        { name: "Count", kind: "number", cell: (one) => count(one.count) },
        { name: "Last", isWide: true, cell: (one) => time(one.last) },
        { name: "Probe", isWide: true, cell: (one) => one.probe },
    ];
    const hidden = filter.acknowledged === "yes" ? 0 : answer.acknowledged;
    return { content: [
        el("h1", {}, "Findings"),
        el("p", { class: "quiet" }, `${counted(answer.found, "finding")}, the worst first`,
            hidden ? `; ${count(hidden)} acknowledged ${hidden === 1 ? "is" : "are"} left out` : "", "."),
        answer.findings.length === 0 ? el("p", { class: "card" }, "No finding is as the filter wants it.")
            : el("div", { class: "card flush" }, table("Findings", columns, answer.findings, (one) => one.id)),
        answer.found > answer.findings.length
            ? el("p", { class: "more" }, `These are the first ${count(answer.findings.length)}: narrow the filter to see others.`) : null,
    ] };
}

export const one = {
    title: "Finding",
    fields: [],
    isRenewed: true,
    parent: "findings",
    load: loadOne,
    acknowledge: (_, id) => openAcknowledgement(id),
};

function flowLinks(finding) {
    return finding.flow_ids.map((id, at) => [at > 0 ? ", " : "",
        el("a", { href: link("flow", { near: finding.last }, id) }, id)]);
}

function acknowledgementCard(finding) {
    const button = el("button", { type: "button", onclick: () => openAcknowledgement(finding.id) },
        finding.is_acknowledged ? "Say more" : "Acknowledge");
    if (!finding.is_acknowledged)
        return card("Is it fine?", el("p", {}, "Whoever knows why this happens says so here; it then is left out of the list until it is seen with a worse severity."),
            el("p", { class: "actions" }, button));
    const { at, by, comment } = finding.acknowledgement;
    return card("Acknowledged", el("blockquote", {}, comment),
        el("p", { class: "small quiet" }, by ? `${by}, ` : "", moment(at), " UTC"), el("p", { class: "actions" }, button));
}

async function loadOne({ id }, signal) {
    const finding = await ask(`findings/${encodeURIComponent(id)}`, {}, signal);
    const hosts = finding.hosts.map((host, at) => [at > 0 ? ", " : "", el("a", { href: link("flows", { host }) }, host)]);
    return { name: finding.title, content: [
        el("p", { class: "small" }, el("a", { href: link("findings") }, "Findings")),
        el("h1", {}, finding.title),
        el("p", { class: "marks" }, severity(finding.severity), el("span", {}, `confidence ${finding.confidence} %`),
            el("span", {}, `seen ${count(finding.count)} time${finding.count === 1 ? "" : "s"}`),
            finding.is_acknowledged ? el("span", { class: "badge is-good" }, "acknowledged") : null),
        card("Why", el("ul", {}, finding.why.map((reason) => el("li", {}, reason)))),
        finding.next ? card("What to do", el("p", {}, finding.next)) : null,
        acknowledgementCard(finding),
        card("Details", details([
            ["First", [time(finding.first), " UTC"]],
            ["Last", [time(finding.last), " UTC"]],
            ["Hosts", finding.hosts_total > finding.hosts.length ? [hosts, ` and ${count(finding.hosts_total - finding.hosts.length)} more`] : hosts],
            ["Service", finding.service && el("a", { href: link("flows", { service: finding.service }) }, finding.service)],
            ["Flow", finding.flow],
            ["Flow ids", flowLinks(finding)],
            ["ATT&CK", finding.attack_id && `${finding.attack_id} ${finding.attack_name}`],
            ["Wireshark", finding.display_filter && copyable(finding.display_filter)],
            ["tcpdump", finding.capture_filter && copyable(finding.capture_filter)],
            ["Evidence", finding.evidence_file && copyable(finding.evidence_file)],
            ["Detector", `${finding.detector} (signature ${finding.signature_id})`],
            ["Probe", finding.probe],
            ["Id", el("code", {}, finding.id)],
        ])),
    ] };
}

/* The browser remembers who says so, not the server. */
function openAcknowledgement(id) {
    const dialog = document.getElementById("dialog");
    const comment = el("textarea", { id: "comment", rows: "3", maxlength: "1000", required: true });
    const by = el("input", { id: "by", maxlength: "40", autocomplete: "name", value: localStorage.getItem("by") ?? "" });
    const complaint = el("p", { class: "complaint", role: "alert" });
    const form = el("form", { onsubmit: async (event) => {
        event.preventDefault();
        try {
            await tell(`findings/${encodeURIComponent(id)}/acknowledgement`, { comment: comment.value, by: by.value.trim() });
            localStorage.setItem("by", by.value.trim());
            dialog.close();
            go(...Object.values(here()));
        } catch (failure) {
            complaint.textContent = failure.message;
        }
    } },
    el("h2", { id: "dialog-title" }, "Acknowledge"),
    el("p", { class: "quiet" }, "Why is this fine? The next reader sees your words."),
    el("label", { for: "comment" }, "Comment"), comment,
    el("label", { for: "by" }, "Your name"), by, complaint,
    el("p", { class: "actions" }, el("button", { type: "submit" }, "Acknowledge"),
        el("button", { type: "button", class: "plain", onclick: () => dialog.close() }, "Cancel")));
    dialog.replaceChildren(form);
    dialog.showModal();
    comment.focus();
}

let here = () => ({ view: "findings", filter: {}, id: "" });
export function setHere(read) {
    here = read;
}
