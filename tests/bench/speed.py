#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times portscope against what people would use instead, side by side: speed [FOLDER]

Captures are made from FOLDER (default: $PORTSCOPE_CORPUS/ndpi, or pcaps/ where that is absent,
though there most flows are on watched ports). The
programs take turns, the median of five runs counts. Needs a quiet machine with the page cache warm.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
PORTSCOPE = BUILD / "src/portscope"
DATA = ROOT / "build/bench"
RUNS = int(os.environ.get("RUNS", "5"))
PORTS = "port 154 or port 155 or port 395"


def folders():
    corpus = Path(os.environ.get("PORTSCOPE_CORPUS", ROOT / "../shared/corpus")) / "ndpi"
    chosen = sys.argv[1:] or [corpus if corpus.is_dir() else ROOT / "pcaps"]
    return [str(folder) for folder in chosen]


def make(name, tool, *words):
    path = DATA / name
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        subprocess.run([BUILD / "tests/bench" / tool, "--out", part, *words], check=True)
        part.rename(path)
    return path


def run(words):
    """Wall seconds, CPU seconds, peak RSS in MB of one run."""
    with open(os.devnull, "wb") as null:
        start = os.times().elapsed
        child = subprocess.Popen(words, stdout=null, stderr=null)
        _, status, usage = os.wait4(child.pid, 0)
        wall = os.times().elapsed - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"speed: {' '.join(map(str, words))}: exit status {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def side_by_side(contestants):
    """{name: words} -> {name: (wall, cpu, rss)}, medians; the contestants take turns."""
    results = {name: [] for name in contestants}
    for words in contestants.values():
        run(words)  # warms the page cache
    for _ in range(RUNS):
        for name, words in contestants.items():
            results[name].append(run(words))
    return {name: tuple(statistics.median(column) for column in zip(*rows))
            for name, rows in results.items()}


def show(title, results, base):
    print(f"\n{title}")
    for name, (wall, cpu, rss) in results.items():
        ratio = wall / results[base][0], cpu / results[base][1], rss / results[base][2]
        print(f"  {name:26} {wall:7.3f} s wall {cpu:7.3f} s CPU {rss:7.1f} MB"
              f"   x {ratio[0]:5.2f} wall  x {ratio[1]:5.2f} CPU  x {ratio[2]:5.2f} RSS")


def read(*words):
    return [PORTSCOPE, "read", "-q", "-o", "eve:/dev/null", "--overwrite", *words]


def watch_mode(sources):
    for share in ("0.0005", "0.01"):
        path = make(f"1G-{share}.pcap", "workload", "--size", "1G", "--share", share, *sources)
        show(f"Watched ports, 1 GB, {float(share):.2%} of flows on them", side_by_side({
            "cat": ["cat", path],
            "tcpdump": ["tcpdump", "-r", path, "-w", "/dev/null", PORTS],
            "portscope": read(path),
        }), "tcpdump")
    path = make("1G-0.0005.pcap", "workload")
    big = make("4G-0.0005.pcap", "workload", "--size", "4G", "--share", "0.0005", *sources)
    results = side_by_side({"portscope, 1 GB": read(path), "portscope, 4 GB": read(big)})
    show("Four times the bytes", results, "portscope, 1 GB")


def all_mode(sources):
    path = make("1G-0.01.pcap", "workload", "--size", "1G", "--share", "0.01", *sources)
    show("Every flow, 1 GB", side_by_side({
        "ndpiReader": ["ndpiReader", "-q", "-i", path],
        "portscope, 1 thread": read("--all", "-j", "1", path),
        "portscope, 2 threads": read("--all", "-j", "2", path),
    }), "ndpiReader")


def floods():
    print("\nFloods: seconds for n and 2n packets, time(2n) / time(n), nanoseconds a packet, MB")
    for kind, n in (("syn", 1000000), ("collide", 500000), ("fragments", 500000),
                    ("hosts", 500000)):
        paths = [make(f"{kind}-{count}.pcap", "flood", "--kind", kind, "--count", str(count))
                 for count in (n, 2 * n)]
        one, two = side_by_side({str(path): read(path) for path in paths}).values()
        print(f"  {kind:10} {one[0]:7.3f} {two[0]:7.3f}   x {two[0] / one[0]:5.2f}"
              f"   {one[0] / n * 1e9:6.0f} {two[0] / (2 * n) * 1e9:6.0f}   {two[2]:6.1f}")
    many = make("syn-10000000.pcap", "flood", "--kind", "syn", "--count", "10000000")
    wall, _, rss = next(iter(side_by_side({"": read(many)}).values()))
    print(f"  syn 10 M   {wall:7.3f}                     {wall / 1e7 * 1e9:6.0f}          {rss:6.1f}")


def instructions():
    if not shutil.which("valgrind"):
        print("\nInstructions: valgrind is not installed")
        return
    totals = []
    for count in (100000, 300000):
        path = make(f"elsewhere-{count}.pcap", "flood", "--kind", "elsewhere",
                    "--count", str(count))
        words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                 *read("--no-sandbox", path)]  # valgrind needs calls that the sandbox refuses
        said = subprocess.run(words, capture_output=True, text=True, check=True).stderr
        totals.append(int(re.search(r"Collected : (\d+)", said).group(1)))
    print(f"\nInstructions for a packet that is passed over: "
          f"{(totals[1] - totals[0]) / 200000:.1f}")


def main():
    sources = folders()
    watch_mode(sources)
    all_mode(sources)
    floods()
    instructions()


if __name__ == "__main__":
    main()
