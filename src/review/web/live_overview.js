/* SPDX-License-Identifier: Apache-2.0
 *
 * The night in one screen.
 */
import { ask, DIMENSIONS, only, OF_FINDINGS } from "./live_api.js";
import { bytes, card, count, counted, el, facts, moment, severity, table, time, verdict } from "./live_dom.js";
import { carried, link } from "./live_route.js";

export const VERDICTS = ["masquerade", "guess", "stray", "unassigned", "unverified", "confirmed", "empty"];
export const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const TIMELINES_MAX = 4;

export const title = "Overview";
export const fields = ["since", "until", "service", "verdict", "probe", "host"];
export const isRenewed = true;

const charts = new Map(); // service -> element: a chart is drawn again in its place

function chartOf(name) {
    if (!charts.has(name))
        charts.set(name, el("div", { class: "chart" }));
    return charts.get(name);
}

function spanOf(totals) {
    if (!totals.first)
        return "";
    const [first, last] = [moment(totals.first), moment(totals.last)];
    const same = first.slice(0, 10) === last.slice(0, 10);
    return `${first.slice(0, 16)} to ${same ? last.slice(11, 16) : last.slice(0, 16)} UTC`;
}

function headline(summary) {
    const { totals, findings } = summary;
    const open = SEVERITIES.filter((word) => findings[word] > 0);
    const services = new Set(summary.services.filter(({ service }) => service).map(({ service }) => service));
    const masked = summary.services.filter((group) => group.verdict === "masquerade")
        .reduce((sum, group) => sum + group.flows, 0);
    return facts([
        ["Findings to look at", count(open.reduce((sum, word) => sum + findings[word], 0)),
            open.map((word) => `${count(findings[word])} ${word}`).join(", ") || "none open"],
        ["Flows", count(totals.flows), spanOf(totals)],
        ["Not what the port is for", count(masked), "masquerading flows"],
        ["Bytes", bytes(totals.bytes_there + totals.bytes_back), counted(totals.packets_there + totals.packets_back, "packet")],
        ["Services", count(services.size), "with flows on their ports"],
    ]);
}

export function findingRow() {
    return [
        { name: "Finding", cell: (one) => el("a", { class: "row-link", href: link("finding", {}, one.id) }, one.title) },
        { name: "Severity", cell: (one) => severity(one.severity) },
        { name: "Service", kind: "whole", isWide: true, cell: (one) => one.service },
        { name: "Count", kind: "number", cell: (one) => count(one.count) },
        { name: "Last", isWide: true, cell: (one) => time(one.last) },
    ];
}

function findingsCard(answer, filter) {
    const where = carried(filter);
    if (answer.findings.length === 0)
        return card("Findings", el("p", { class: "quiet" }, "Nothing to look at."));
    return card("Findings",
        table("Findings, the worst first", findingRow(), answer.findings, (one) => one.id),
        el("p", { class: "more" }, el("a", { href: link("findings", where) }, `All ${counted(answer.found, "finding")}`)));
}

function timelineData(name, answer) {
    const values = (word) => answer.series.find((series) => series.name === word);
    return {
        label: name, begin: answer.begin_s, step: answer.bucket_s,
        series: VERDICTS.filter(values).map((word) => ({ name: word, values: values(word).flows })),
    };
}

function timelinesCard(timelines) {
    const drawn = timelines.filter(([, answer]) => answer.times > 0 && answer.series.length > 0);
    if (drawn.length === 0)
        return null;
    const words = new Set(drawn.flatMap(([, answer]) => answer.series.map((series) => series.name)));
    return card("Timeline",
        el("p", { class: "small quiet" }, "Flows by when they began. Drag to look closer, double-click to come back."),
        el("ul", { class: "legend" }, VERDICTS.filter((word) => words.has(word)).map((word) => el("li", {}, verdict(word)))),
        el("div", { class: "timelines" }, drawn.map(([name]) => el("figure", { class: "timeline" },
            el("figcaption", {}, name), chartOf(name)))));
}

function drawTimelines(timelines) {
    for (const [name, answer] of timelines) {
        if (answer.times > 0 && answer.series.length > 0)
            portscopeCharts.timeline(chartOf(name), timelineData(name, answer));
    }
}

function serviceRows(summary) {
    const rows = new Map();
    for (const group of summary.services) {
        const row = rows.get(group.service) ?? { service: group.service, verdicts: {}, flows: 0, bytes: 0, last: "" };
        row.verdicts[group.verdict] = group.flows;
        row.flows += group.flows;
        row.bytes += group.bytes_there + group.bytes_back;
        if (group.last > row.last)
            row.last = group.last;
        rows.set(group.service, row);
    }
    return [...rows.values()];
}

const SERVICES_SHOWN = 12;

function servicesCard(summary, filter) {
    const rows = serviceRows(summary);
    const seen = VERDICTS.filter((word) => rows.some((row) => row.verdicts[word]));
    const columns = [
        { name: "Service", cell: (row) => row.service
            ? el("a", { class: "row-link", href: link("flows", { ...filter, service: row.service }) }, row.service) : "(none)" },
        ...seen.map((word) => ({ name: word, kind: "number", cell: (row) => row.verdicts[word] && row.service
            ? el("a", { class: "cell", href: link("flows", { ...filter, service: row.service, verdict: word }) },
                count(row.verdicts[word]))
            : row.verdicts[word] ? count(row.verdicts[word]) : el("span", { class: "quiet" }, "-") })),
        { name: "Bytes", kind: "number", cell: (row) => bytes(row.bytes) },
        { name: "Last", isWide: true, cell: (row) => time(row.last) },
    ];
    return card("What was seen on each service",
        table("Flows by service and verdict", columns, rows.slice(0, SERVICES_SHOWN), (row) => `service ${row.service}`),
        rows.length > SERVICES_SHOWN
            ? el("p", { class: "more" }, el("a", { href: link("services", carried(filter)) }, `All ${count(rows.length)} services`)) : null);
}

function pairsCard(answer, filter) {
    const columns = [
        { name: "Initiator", cell: (pair) => el("a", { class: "row-link", href: link("flows", { ...filter, host: pair.initiator }) }, pair.initiator) },
        { name: "Responder", cell: (pair) => el("a", { href: link("flows", { ...filter, host: pair.responder }) }, pair.responder) },
        { name: "Service", kind: "whole", cell: (pair) => pair.service || "(none)" },
        { name: "Flows", kind: "number", cell: (pair) => count(pair.flows) },
        { name: "Bytes", kind: "number", cell: (pair) => bytes(pair.bytes_there + pair.bytes_back) },
    ];
    return answer.groups.length === 0 ? null
        : card("Who talks to whom", table("Pairs with the most bytes", columns, answer.groups,
            (pair) => `pair ${pair.initiator} ${pair.responder} ${pair.service}`));
}

function applicationsCard(answer, filter) {
    const columns = [
        { name: "Application", cell: (group) => el("a", { class: "row-link",
            href: link("flows", { ...filter, application: group.application, verdict: group.verdict }) }, group.application) },
        { name: "Verdict", cell: (group) => verdict(group.verdict) },
        { name: "Flows", kind: "number", cell: (group) => count(group.flows) },
        { name: "Bytes", kind: "number", cell: (group) => bytes(group.bytes_there + group.bytes_back) },
    ];
    return answer.groups.length === 0 ? null
        : card("What runs there", table("Flows by application and verdict", columns, answer.groups,
            (group) => `application ${group.application} ${group.verdict}`));
}

export async function load({ filter }, signal) {
    const dimensions = only(filter, ...DIMENSIONS);
    const [summary, findings, pairs, applications, timeline] = await Promise.all([
        ask("summary", dimensions, signal),
        ask("findings", { ...only(filter, ...OF_FINDINGS), search: "", acknowledged: "", limit: 8 }, signal),
        ask("groups", { ...dimensions, by: "initiator,responder,service", sort: "bytes", limit: 10 }, signal),
        ask("groups", { ...dimensions, by: "application,verdict", limit: 10 }, signal),
        ask("timeline", dimensions, signal),
    ]);
    const largest = serviceRows(summary).filter((row) => row.service).sort((a, b) => b.flows - a.flows).slice(0, TIMELINES_MAX);
    const timelines = largest.length < 2 ? [[filter.service || "All flows", timeline]]
        : [["All flows", timeline], ...await Promise.all(largest.map(async ({ service }) =>
            [service, await ask("timeline", { ...dimensions, service }, signal)]))];
    if (summary.totals.flows === 0)
        return { content: [el("h1", {}, "Overview"), headline(summary),
            el("p", { class: "card" }, "No flow is as the filter wants it."), findingsCard(findings, filter)] };
    return {
        content: [el("h1", {}, "Overview"), headline(summary), findingsCard(findings, filter), timelinesCard(timelines),
            servicesCard(summary, filter), el("div", { class: "side-by-side" },
                pairsCard(pairs, filter), applicationsCard(applications, filter))],
        attached: () => drawTimelines(timelines),
    };
}
