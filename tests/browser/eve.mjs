/* SPDX-License-Identifier: Apache-2.0
 *
 * EVE lines as portscope writes them, with whatever words a test wants in them.
 */

/* What would break out of HTML, of a script, of a comment, of an attribute, of the line one reads. */
export const hostileWords = [
    "</script><script>window.wasRun = 1</script>",
    "<!--<script>",
    "--><img src=x onerror=\"window.wasRun = 2\">",
    "\"><svg onload=window.wasRun=3>",
    "' onmouseover='window.wasRun=4",
    "javascript:window.wasRun=5",
    "&lt;b&gt;&#60;i&#62;",
    "<style>*{display:none}</style>",
    "<base href=//192.0.2.66/><iframe src=//192.0.2.66/></iframe>",
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "line\u2028and\u2029paragraph",
    "a\u0000b\u0007c\u001b[31m",
    "\ufeff\u200b\ud83d\ude00 \u00e9\u4e2d",
    "x".repeat(5000),
    "<".repeat(3000),
    "${window.wasRun = 6} `",
    "]]></title></textarea></noscript>",
    "masquerade\" onclick=\"window.wasRun = 7",
];

const begin = Date.UTC(2026, 10, 20, 9, 0, 0);
const eveTime = (seconds) => new Date(begin + seconds * 1000).toISOString().replace("Z", "000+0000");

export function flowLine(at, { service, application, verdict, hostname = "", form = "", fingerprint = "", first = "",
                               source = "192.0.2.10", seconds = at * 30 }) {
    return JSON.stringify({
        timestamp: eveTime(seconds), flow_id: at + 1, event_type: "flow",
        src_ip: source, src_port: 1024 + at % 60000, dest_ip: `198.51.100.${at % 200}`, dest_port: 395, proto: "TCP",
        flow: { pkts_toserver: 3, pkts_toclient: 2, bytes_toserver: 300, bytes_toclient: 200,
                start: eveTime(seconds), end: eveTime(seconds + 1) },
        ndpi: { proto: "Unknown", proto_id: "0", confidence: "none", evidence: "none", hostname, risks: [] },
        portscope: { assigned: service, application, application_id: "3:395", port_side: "responder", verdict, why: [],
                     conn_state: "SF", end: "closed", marks: [],
                     payload: { bytes_toserver: 100, bytes_toclient: 50, entropy: 5.5, first_toserver_hex: first,
                                first_toclient_hex: first, form_toserver: form, form_toclient: form, fingerprint } },
    });
}

export function alertLine(at, { title, why, next, hosts, filter, service, detector, severity }) {
    return JSON.stringify({
        timestamp: eveTime(at), event_type: "alert",
        alert: { action: "allowed", gid: 1, signature_id: 1540002 + at, rev: 1, signature: title, category: title,
                 severity: 2, metadata: { mitre_technique_id: [detector], mitre_technique_name: [detector] } },
        portscope: { finding: { id: detector, severity, confidence: 90, count: 3, first: eveTime(at),
                                last: eveTime(at + 60), service, hosts, hosts_total: hosts.length, why, next,
                                evidence: { filter, capture_filter: filter, flow_ids: [at], pcap: filter } } },
    });
}
