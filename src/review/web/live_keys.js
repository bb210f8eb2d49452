/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything can be done without a mouse.
 */
import { el } from "./live_dom.js";

const HELP = [
    ["1 to 5", "overview, findings, flows, services, probes"],
    ["j, k", "next row, row before (the arrows do the same)"],
    ["Enter", "open the row"],
    ["a", "acknowledge the finding"],
    ["n", "more flows"],
    ["/", "search"],
    ["r", "look again"],
    ["?", "this list"],
    ["Esc", "close, leave the search"],
];

export function showHelp() {
    const dialog = document.getElementById("dialog");
    dialog.replaceChildren(el("h2", { id: "dialog-title" }, "Keys"),
        el("dl", { class: "details keys" }, HELP.map(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)])),
        el("p", { class: "actions" }, el("button", { type: "button", onclick: () => dialog.close() }, "Close")));
    dialog.showModal();
}

const rows = () => [...document.querySelectorAll("#main .row-link")];

/* One row down (1) or up (-1) from where the focus is, or from the top. */
function move(step) {
    const all = rows();
    const row = document.activeElement?.closest("tr");
    const at = all.findIndex((link) => link === document.activeElement || (row && link.closest("tr") === row));
    const next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    next?.focus();
}

export const rowInFocus = () => document.activeElement?.closest("tr")?.dataset.row ?? "";

export function listen(actions) {
    const keys = {
        j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
        "?": showHelp, ...actions,
    };
    document.addEventListener("keydown", (event) => {
        const isTyping = event.target.matches("input, textarea, select");
        if (event.key === "Escape" && isTyping)
            event.target.blur();
        /* The arrows scroll, unless a row has the focus. */
        const isArrow = event.key.startsWith("Arrow") && !document.activeElement?.closest("tr");
        if (isTyping || isArrow || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]"))
            return;
        const action = keys[event.key];
        if (action) {
            event.preventDefault();
            action();
        }
    });
}
