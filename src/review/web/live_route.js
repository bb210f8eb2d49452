/* SPDX-License-Identifier: Apache-2.0
 *
 * Where we are: everything that a view depends on stands in the address, so that it can be sent to
 * somebody. "#/flows?service=netcp&sort=bytes", "#/finding/423064c8de245be9".
 */

export function read(hash = location.hash) {
    const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
    const [view = "", id = ""] = path.split("/");
    return { view: view || "overview", id: decode(id), filter: Object.fromEntries(new URLSearchParams(query)) };
}

function decode(word) {
    try {
        return decodeURIComponent(word);
    } catch {
        return "";
    }
}

export function link(view, filter = {}, id = "") {
    const given = Object.entries(filter).filter(([, value]) => value !== "" && value !== null && value !== undefined);
    const query = new URLSearchParams(given).toString();
    return `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}${query ? `?${query}` : ""}`;
}

export function go(view, filter, id, replaces = false) {
    const to = link(view, filter, id);
    if (to === location.hash)
        window.dispatchEvent(new HashChangeEvent("hashchange"));
    else if (replaces)
        location.replace(to);
    else
        location.hash = to;
}

/* What stays when one looks elsewhere. */
export function carried(filter) {
    const kept = ["since", "until", "service", "probe", "host"];
    return Object.fromEntries(kept.filter((name) => filter[name]).map((name) => [name, filter[name]]));
}
