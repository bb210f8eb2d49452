/* SPDX-License-Identifier: Apache-2.0
 *
 * Elements and words. Nothing that came from a packet is ever read as HTML: text is text, attributes
 * are ours, and characters that nobody can see, or that turn the reading direction, are spelled out.
 */

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function visible(words) {
    return String(words).replace(UNSEEN, (one) => `\\u${one.codePointAt(0).toString(16).padStart(4, "0")}`);
}

/* el("a", { href: "#/", class: "x", onclick: f }, "words", element, null, ["more"]) */
export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false)
            continue;
        if (name.startsWith("on"))
            element.addEventListener(name.slice(2), value);
        else
            element.setAttribute(name, value === true ? "" : visible(value));
    }
    for (const child of children.flat(Infinity)) {
        if (child !== null && child !== undefined && child !== false && child !== "")
            element.append(child instanceof Node ? child : visible(child));
    }
    return element;
}

export const count = (number) => number.toLocaleString("en");

export function counted(number, noun) {
    return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

export function bytes(number) {
    const units = ["B", "KB", "MB", "GB", "TB", "PB"];
    let unit = 0;
    while (number >= 1000 && unit < units.length - 1) {
        number /= 1000;
        unit++;
    }
    return `${unit === 0 ? number : number.toFixed(1)} ${units[unit]}`;
}

/* "2026-11-20T09:15:00.123456Z" as people read it; always UTC. */
export function moment(rfc3339, hasFraction = false) {
    return rfc3339 ? `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, hasFraction ? 26 : 19)}` : "never";
}

/* How long from one to the other. */
export function duration(first, last) {
    const ms = Date.parse(last) - Date.parse(first);
    if (ms < 1000)
        return `${ms} ms`;
    const s = Math.round(ms / 1000);
    if (s < 60)
        return `${(ms / 1000).toFixed(1)} s`;
    if (s < 3600)
        return `${Math.floor(s / 60)} min ${s % 60} s`;
    return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
}

export const time = (rfc3339) =>
    rfc3339 ? el("time", { datetime: rfc3339, class: "whole" }, moment(rfc3339)) : "never";

export const severity = (word) => el("span", { class: `badge severity-${word}` }, word);
export const verdict = (word) => el("span", { class: `verdict verdict-${word}` }, word);

export function endpoint(address, number) {
    return `${address.includes(":") ? `[${address}]` : address}:${number}`;
}

const TRANSPORTS = { 1: "ICMP", 6: "TCP", 17: "UDP", 33: "DCCP", 58: "ICMPv6", 132: "SCTP" };
export const transport = (protocol) => TRANSPORTS[protocol] ?? `IP ${protocol}`;

/* columns: [{ name, kind: "number", wide: true, cell(row) }]; key(row) names a row across renewals. */
export function table(caption, columns, rows, key = null) {
    const classes = (column) => [column.kind, column.isWide && "wide-only"].filter(Boolean).join(" ") || null;
    const head = columns.map((column) => column.head ? column.head(classes(column))
        : el("th", { scope: "col", class: classes(column) }, column.name));
    const body = rows.map((row) => el("tr", key ? { "data-row": key(row) } : {}, columns.map((column, at) =>
        el(at === 0 ? "th" : "td", { scope: at === 0 ? "row" : null, class: classes(column) }, column.cell(row)))));
    return el("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption },
        el("table", {}, el("caption", { class: "unseen" }, caption),
            el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

export function card(title, ...content) {
    return el("section", { class: "card" }, el("h2", {}, title), content);
}

/* [["label", value], ...]; what is empty is left out. */
export function details(pairs) {
    const shown = pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false &&
        !(Array.isArray(value) && value.length === 0));
    return el("dl", { class: "details" }, shown.map(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]));
}

export function facts(pairs) {
    return el("dl", { class: "facts" }, pairs.map(([label, value, more]) =>
        el("div", {}, el("dt", {}, label), el("dd", {}, value, more ? el("small", {}, more) : null))));
}

/* Words with a button that copies them. */
export function copyable(words) {
    const button = el("button", { type: "button", class: "plain copy", onclick: async () => {
        await navigator.clipboard.writeText(words);
        button.textContent = "copied";
        setTimeout(() => { button.textContent = "copy"; }, 2000);
    } }, "copy");
    return [el("code", {}, words), " ", navigator.clipboard ? button : null];
}
