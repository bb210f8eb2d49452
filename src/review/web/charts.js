/* SPDX-License-Identifier: Apache-2.0
 *
 * Timelines: flows over time, stacked by verdict, in the colours of style.css. uPlot draws.
 *
 *     portscopeCharts.timeline(element, {
 *         label: "netcp",                   // what the bars are of; for the reader of the screen
 *         begin: 1795168800, step: 60,      // seconds since 1970, UTC
 *         series: [{name: "masquerade", values: [0, 3, ...]}, ...],
 *     });
 *
 * The first series stands at the bottom. An element may be drawn again with other data. Timelines of
 * one page share cursor and zoom: drag to look closer, double-click to come back.
 */
"use strict";

const portscopeCharts = (() => {
    const HEIGHT = 150;
    const shared = uPlot.sync("time");
    const drawn = new Map(); // element -> {plot, data}

    const colour = (element, name) => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
    const utc = (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC");
    const count = (number) => number.toLocaleString("en");

    const iso = (seconds) => new Date(seconds * 1000).toISOString();
    /* "2026-11-20 13:05 UTC" */
    const when = (seconds) => `${iso(seconds).slice(0, 10)} ${iso(seconds).slice(11, 16)} UTC`;

    /* Below the axis: the time of day, and the date where it begins; days and longer: the date. */
    function ticks(plot, seconds, axis, space, increment) {
        let last = "";
        return seconds.map((at) => {
            const date = iso(at).slice(0, 10);
            const time = iso(at).slice(11, increment >= 60 ? 16 : 19);
            const words = increment >= 86400 ? date : time + (date === last ? "" : `\n${date}`);
            last = date;
            return words;
        });
    }

    /* uPlot draws each series from the ground: the tallest sum first, the others over it. */
    function stack(data) {
        const sums = [];
        let below = data.series[0].values.map(() => 0);
        for (const series of data.series) {
            below = series.values.map((value, at) => value + below[at]);
            sums.unshift(below);
        }
        const times = below.map((_, at) => data.begin + at * data.step);
        return [times, ...sums];
    }

    function seriesOf(element, data) {
        const bars = uPlot.paths.bars({ size: [0.9, 40, 1], align: 1 });
        const tallestFirst = data.series.map((series) => ({
            label: series.name,
            fill: colour(element, series.name),
            stroke: "transparent",
            width: 0,
            paths: bars,
            points: { show: false },
        })).reverse();
        return [{}, ...tallestFirst];
    }

    function axesOf(element) {
        const common = {
            stroke: colour(element, "quiet"),
            font: `12px ${getComputedStyle(element).fontFamily}`,
            grid: { stroke: colour(element, "line"), width: 1 },
            ticks: { stroke: colour(element, "line"), width: 1, size: 4 },
        };
        return [
            { ...common, space: 80, size: 42, grid: { show: false }, values: ticks },
            { ...common, size: 52, space: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3,
                5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1e8, 1e9],
              values: (plot, numbers) => numbers.map(count) },
        ];
    }

    /* The bar that stands there, not the one that begins nearest. */
    function barAt(data, seconds) {
        const at = Math.floor((seconds - data.begin) / data.step);
        return Math.min(Math.max(at, 0), data.series[0].values.length - 1);
    }

    function read(plot, data, out) {
        if (!(plot.cursor.left >= 0)) {
            out.textContent = "";
            return;
        }
        const at = barAt(data, plot.posToVal(plot.cursor.left, "x"));
        const parts = data.series.filter((series) => series.values[at] > 0)
            .map((series) => `${series.name} ${count(series.values[at])}`);
        out.textContent = `${when(data.begin + at * data.step)}: ${parts.join(", ") || "no flow"}`;
    }

    function readoutOf(element) {
        let out = element.querySelector(".readout");
        if (!out) {
            out = document.createElement("div");
            out.className = "readout";
            element.append(out);
        }
        return out;
    }

    function draw(element, data) {
        const out = readoutOf(element);
        const end = data.begin + data.series[0].values.length * data.step;
        const plot = new uPlot({
            width: Math.max(element.clientWidth, 200),
            height: HEIGHT,
            tzDate: utc,
            legend: { show: false },
            padding: [8, 32, 0, 0],
            scales: {
                x: { time: true, range: (_, low, high) =>
                    low === high || low === null ? [data.begin, end] : [low, Math.min(high + data.step, end)] },
                y: { range: (_, low, high) => [0, Math.max(high, 1) * 1.05] },
            },
            axes: axesOf(element),
            series: seriesOf(element, data),
            cursor: {
                y: false,
                points: { show: false },
                sync: { key: shared.key, scales: ["x", null] },
            },
            hooks: { setCursor: [(plot) => read(plot, data, out)] },
        }, stack(data), element);
        element.insertBefore(plot.root, out);
        plot.root.setAttribute("aria-hidden", "true"); /* the table below says the same */
        element.classList.add("is-live");
        drawn.set(element, { plot, data });
    }

    const widths = new ResizeObserver((entries) => {
        for (const { target } of entries) {
            const chart = drawn.get(target);
            if (chart && target.clientWidth > 0 && target.clientWidth !== chart.plot.width)
                chart.plot.setSize({ width: target.clientWidth, height: HEIGHT });
        }
    });

    function forget(element) {
        drawn.get(element)?.plot.destroy();
        drawn.delete(element);
        widths.unobserve(element);
    }

    function timeline(element, data) {
        for (const other of [...drawn.keys()]) {
            if (other === element || !other.isConnected) /* a page shows other views meanwhile */
                forget(other);
        }
        draw(element, data);
        widths.observe(element);
    }

    /* Colours are read when a chart is drawn. */
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        for (const [element, { data }] of [...drawn]) {
            if (element.isConnected)
                timeline(element, data);
        }
    });

    return { timeline };
})();
