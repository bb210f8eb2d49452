/* SPDX-License-Identifier: Apache-2.0
 *
 * The report is complete without this: it only draws the timelines again, with cursor and zoom.
 */
"use strict";

(() => {
    const data = JSON.parse(document.getElementById("data").textContent);
    for (const timeline of data.timelines)
        portscopeCharts.timeline(document.getElementById(timeline.id), timeline);
})();
