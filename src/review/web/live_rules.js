/* SPDX-License-Identifier: Apache-2.0
 *
 * What ports are assigned to, and what was seen there.
 */
import { ask, DIMENSIONS, only } from "./live_api.js";
import { bytes, card, count, details, el, table } from "./live_dom.js";
import { carried, link } from "./live_route.js";

export const title = "Services";
export const fields = ["since", "until", "probe", "host", "search"];
export const isRenewed = true;

function seenByService(summary) {
    const seen = new Map();
    for (const group of summary.services) {
        const row = seen.get(group.service) ?? { flows: 0, bytes: 0 };
        row.flows += group.flows;
        row.bytes += group.bytes_there + group.bytes_back;
        seen.set(group.service, row);
    }
    return seen;
}

function watchedCard(service, seen, where) {
    const row = seen.get(service.name);
    return card(`${service.display_name}, port ${service.port}`,
        el("p", {}, service.description),
        el("p", {}, row ? el("a", { href: link("flows", { ...where, service: service.name }) }, `${count(row.flows)} flows, ${bytes(row.bytes)}`)
            : el("span", { class: "quiet" }, "No flow was seen.")),
        details([
            ["Transports", service.transports.join(", ")],
            ["Application id", service.application_id],
            ["Attributes", Object.entries(service.attributes).map(([key, value]) => `${key} ${value}`).join(", ")],
            ["Speaks", service.expects],
            ["Assignee", service.assignee],
            ["Registered", service.registered],
            ["History", service.history],
            ["Scans", service.scans],
            ["Advice", service.advice],
            ["Note", service.note],
            ["Aliases", service.aliases],
            ["Source", `${service.source}, ${service.defined_at}`],
        ]));
}

function matches(service, words) {
    const text = `${service.name} ${service.display_name} ${service.description} ${service.port} ${service.aliases}`.toLowerCase();
    return text.includes(words.toLowerCase());
}

export async function load({ filter }, signal) {
    const dimensions = only(filter, ...DIMENSIONS.filter((name) => fields.includes(name)));
    const [rules, summary] = await Promise.all([ask("rules", {}, signal), ask("summary", dimensions, signal)]);
    const seen = seenByService(summary), where = carried(filter);
    const found = rules.services.filter((service) => !filter.search || matches(service, filter.search));
    const others = found.filter((service) => !service.is_watched);
    const flowsOf = (service) => seen.get(service.name)?.flows ?? 0;
    others.sort((a, b) => flowsOf(b) - flowsOf(a) || a.port - b.port);
    const columns = [
        { name: "Service", cell: (service) => flowsOf(service)
            ? el("a", { class: "row-link", href: link("flows", { ...where, service: service.name }) }, service.name) : service.name },
        { name: "Port", kind: "number", cell: (service) => String(service.port) },
        { name: "Transports", isWide: true, cell: (service) => service.transports.join(", ") },
        { name: "Category", cell: (service) => service.attributes.category },
        { name: "Speaks", isWide: true, cell: (service) => service.expects },
        { name: "Flows", kind: "number", cell: (service) => count(flowsOf(service)) },
    ];
    return { content: [
        el("h1", {}, "Services and rules"),
        el("p", { class: "quiet" }, "What the loaded rules assign ports to. What was detected there is another matter: see the verdicts."),
        found.length === 0 ? el("p", { class: "card" }, "No service is named so.") : null,
        found.filter((service) => service.is_watched).map((service) => watchedCard(service, seen, where)),
        others.length === 0 ? null : card("Other ports with rules",
            table("Services that are not watched", columns, others, (service) => `service ${service.name} ${service.port}`)),
    ] };
}
