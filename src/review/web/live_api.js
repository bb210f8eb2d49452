/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions to /api/v1.
 */

export class Problem extends Error {
    constructor(status, sentence) {
        super(sentence);
        this.status = status;
    }
}

async function answer(response) {
    const body = await response.json().catch(() => ({}));
    if (!response.ok)
        throw new Problem(response.status, body.detail ?? `the server answered with ${response.status}`);
    return body;
}

function address(path, parameters) {
    const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
    const query = new URLSearchParams(given).toString();
    return `/api/v1/${path}${query ? `?${query}` : ""}`;
}

async function send(path, options) {
    try {
        return await fetch(path, { credentials: "same-origin", ...options });
    } catch (failure) {
        if (failure.name === "AbortError")
            throw failure;
        throw new Problem(0, "the server does not answer");
    }
}

export async function ask(path, parameters = {}, signal = undefined) {
    return answer(await send(address(path, parameters), { signal }));
}

export async function tell(path, body) {
    return answer(await send(address(path, {}), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
    }));
}

/* Of what is filtered by, what a path takes. */
export function only(filter, ...names) {
    return Object.fromEntries(names.map((name) => [name, filter[name] ?? ""]));
}

export const DIMENSIONS = ["since", "until", "service", "verdict", "application", "probe", "host"];
export const OF_FINDINGS = ["since", "until", "service", "probe", "host", "search", "severity", "acknowledged"];
