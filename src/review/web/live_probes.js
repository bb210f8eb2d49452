/* SPDX-License-Identifier: Apache-2.0
 *
 * Probes: are they there, and what did they lose?
 */
import { ask, only } from "./live_api.js";
import { bytes, card, count, counted, el, facts, table, time } from "./live_dom.js";

export const title = "Probes";
export const fields = ["since", "until", "probe"];
export const isRenewed = true;

const RUNS_SHOWN = 20;

function lostOf(run) {
    const all = run.packets + run.dropped;
    return run.dropped === 0 ? "0" : `${count(run.dropped)} (${(100 * run.dropped / all).toFixed(2)} %)`;
}

function stateOf(run) {
    if (run.is_over)
        return "ended";
    return el("span", { class: "badge is-good" }, run.is_live ? "live" : "reading");
}

const columns = [
    { name: "Last packet", kind: "whole", cell: (run) => time(run.last) },
    { name: "State", cell: stateOf },
    { name: "Packets", kind: "number", cell: (run) => count(run.packets) },
    { name: "Bytes", kind: "number", isWide: true, cell: (run) => bytes(run.bytes) },
    { name: "Lost", kind: "number", cell: (run) => run.dropped ? el("strong", {}, lostOf(run)) : "0" },
    { name: "Malformed", kind: "number", isWide: true, cell: (run) => count(run.malformed) },
    { name: "Not IP", kind: "number", isWide: true, cell: (run) => count(run.not_ip) },
    { name: "Flows", kind: "number", cell: (run) => count(run.flows) },
    { name: "Not stored", kind: "number", cell: (run) => count(run.not_stored) },
    { name: "Limits hit", kind: "number", isWide: true, cell: (run) => count(run.limits_hit) },
    { name: "Inputs", kind: "number", isWide: true, cell: (run) => run.damaged ? `${count(run.inputs)} (${count(run.damaged)} damaged)` : count(run.inputs) },
];

function probeCard([probe, runs]) {
    const sum = (name) => runs.reduce((total, run) => total + run[name], 0);
    return card(probe,
        facts([
            ["Runs", count(runs.length), `${count(runs.filter((run) => !run.is_over).length)} not ended`],
            ["Packets", count(sum("packets")), bytes(sum("bytes"))],
            ["Lost", count(sum("dropped")), "by kernel and interface, and unread"],
            ["Flows", count(sum("flows")), `${count(sum("not_stored"))} not stored`],
            ["Damaged inputs", count(sum("damaged")), `of ${counted(sum("inputs"), "input")}`],
        ]),
        table(`Runs of ${probe}`, columns, runs.slice(0, RUNS_SHOWN), (run) => run.run),
        runs.length > RUNS_SHOWN ? el("p", { class: "more" }, `The newest ${RUNS_SHOWN} of ${counted(runs.length, "run")}.`) : null);
}

export async function load({ filter }, signal) {
    const { runs } = await ask("probes", only(filter, ...fields), signal);
    const probes = new Map();
    for (const run of runs)
        probes.set(run.probe, [...probes.get(run.probe) ?? [], run]);
    return { content: [
        el("h1", {}, "Probes"),
        el("p", { class: "quiet" }, "What each probe has read and lost. Every packet is in exactly one of the terms."),
        probes.size === 0 ? el("p", { class: "card" }, "No run is as the filter wants it.") : [...probes].map(probeCard),
    ] };
}
