/* SPDX-License-Identifier: Apache-2.0
 *
 * The filter above every view. What is typed goes into the address; the address is what counts.
 */
import { el } from "./live_dom.js";
import { SEVERITIES, VERDICTS } from "./live_overview.js";
import { go } from "./live_route.js";

const choices = (...words) => words.map((word) => [word, word]);

const FIELDS = {
    since: { label: "Since", hint: "2h, yesterday", suggestions: ["15m", "1h", "6h", "1d", "7d", "today", "yesterday"] },
    until: { label: "Until", hint: "2026-11-20T10:00" },
    service: { label: "Service", hint: "netcp,netsc-dev" },
    verdict: { label: "Verdict", options: [["", "any"], ...choices(...VERDICTS)] },
    application: { label: "Application", hint: "SSH" },
    probe: { label: "Probe" },
    host: { label: "Host", hint: "10.0.0.0/8" },
    severity: { label: "Severity", options: [["", "any"], ...SEVERITIES.map((word) => [word, word === "critical" ? word : `${word} or worse`])] },
    acknowledged: { label: "Acknowledged", options: [["", "left out"], ["yes", "shown"]] },
    search: { label: "Search", hint: "words in names and reasons", type: "search" },
};

function control(name, value, onchange) {
    const { options, hint, type, suggestions } = FIELDS[name];
    const id = `filter-${name}`;
    if (options)
        return el("select", { id, name, onchange }, options.map(([word, label]) =>
            el("option", { value: word, selected: word === value }, label)));
    const list = suggestions ? el("datalist", { id: `${id}-list` }, suggestions.map((word) => el("option", { value: word }))) : null;
    return [el("input", { id, name, value: value ?? "", placeholder: hint, type: type ?? "text", onchange,
        autocomplete: "off", autocapitalize: "off", spellcheck: "false", list: list ? list.id : null }), list];
}

const isWide = matchMedia("(min-width: 48rem)");
isWide.addEventListener("change", () => {
    for (const fold of document.querySelectorAll(".fold"))
        fold.open = fold.open || isWide.matches;
});

let shown = "";

/* Drawn again only when it would be another: whoever types keeps the caret. */
export function show(element, view, here) {
    const fields = view.fields ?? [];
    const state = JSON.stringify([here.view, fields.map((name) => here.filter[name] ?? "")]);
    if (state === shown)
        return;
    shown = state;
    const apply = (event) => {
        event.preventDefault();
        const typed = Object.fromEntries(new FormData(form));
        const { sort, order } = here.filter;
        go(here.view, { ...typed, sort, order }, here.id);
    };
    const form = el("form", { role: "search", onsubmit: apply },
        fields.map((name) => el("div", { class: `field field-${name}` },
            el("label", { for: `filter-${name}` }, FIELDS[name].label), control(name, here.filter[name], () => form.requestSubmit()))),
        el("div", { class: "field" }, el("button", { type: "submit" }, "Show"),
            el("button", { type: "button", class: "plain", onclick: () => go(here.view, {}, here.id) }, "Clear")));
    const used = fields.filter((name) => here.filter[name]).length;
    const narrow = el("details", { class: "fold", open: isWide.matches },
        el("summary", {}, used > 0 ? `Filter (${used})` : "Filter"), form);
    element.replaceChildren(...fields.length > 0 ? [narrow] : []);
}

export function focusSearch() {
    const input = document.getElementById("filter-search") ?? document.getElementById("filter-host");
    const fold = input?.closest("details");
    if (fold)
        fold.open = true;
    input?.focus();
    input?.select();
}
