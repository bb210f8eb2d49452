#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times portscope against what people would use instead, side by side, and holds it to its goals.

usage: speed [PART ...] [FOLDER ...]

Parts (default: all): watch, all, floods, stages, instructions. Captures are made once, in
build/bench, from FOLDER (default: $PORTSCOPE_CORPUS/ndpi, or pcaps/ where that is absent, though
there most flows are on watched ports). The programs take turns and the median counts, of RUNS runs
(default 5; of fewer where one takes many seconds). Wall time needs a quiet machine; CPU time does
not. The page cache is warm.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
PORTSCOPE = BUILD / "src/portscope"
DATA = ROOT / "build/bench"
RUNS = int(os.environ.get("RUNS", "5"))
PORTS = "port 154 or port 155 or port 395"
missed = []


# --- captures and runs ---

def make(name, tool, *words):
    path = DATA / name
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        subprocess.run([BUILD / "tests/bench" / tool, "--out", part, *words], check=True)
        part.rename(path)
    return path


def workload(sources, size, share):
    return make(f"{size}-{share}.pcap", "workload", "--size", size, "--share", share, *sources)


def flood(kind, count):
    return make(f"{kind}-{count}.pcap", "flood", "--kind", kind, "--count", str(count))


def read(*words):
    return [PORTSCOPE, "read", "-q", "-o", "eve:/dev/null", "--overwrite", *words]


def run(words):
    """Wall seconds, CPU seconds, peak RSS in MB of one run."""
    with open(os.devnull, "wb") as null:
        start = time.perf_counter()
        child = subprocess.Popen(words, stdout=null, stderr=null)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"speed: {' '.join(map(str, words))}: exit status {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def side_by_side(contestants, runs=RUNS):
    """{name: words} -> {name: (wall, cpu, rss)}, medians; the contestants take turns."""
    results = {name: [] for name in contestants}
    for words in contestants.values():
        run(words)  # warms the page cache
    for _ in range(runs):
        for name, words in contestants.items():
            results[name].append(run(words))
    return {name: tuple(statistics.median(column) for column in zip(*rows))
            for name, rows in results.items()}


# --- what is printed ---

def show(title, results, base):
    print(f"\n{title}", flush=True)
    for name, (wall, cpu, rss) in results.items():
        ratio = wall / results[base][0], cpu / results[base][1], rss / results[base][2]
        print(f"  {name:26} {wall:7.3f} s wall {cpu:7.3f} s CPU {rss:7.1f} MB"
              f"   x {ratio[0]:5.2f} wall  x {ratio[1]:5.2f} CPU  x {ratio[2]:5.2f} RSS")


def judge(what, value, limit):
    verdict = "met" if value <= limit else f"MISSED by {value / limit - 1:.0%}"
    print(f"  {what:58} {value:8.2f}   goal {limit:6.2f}   {verdict}", flush=True)
    if value > limit:
        missed.append(what)


# --- the parts ---

def watch(sources):
    for share in ("0.0005", "0.01"):
        path = workload(sources, "1G", share)
        results = side_by_side({
            "cat": ["cat", path],
            "tcpdump": ["tcpdump", "-r", path, "-w", "/dev/null", PORTS],
            "portscope": read(path),
            "portscope, 1 thread": read("-j", "1", path),
        })
        show(f"Watched ports, 1 GB, {float(share):.2%} of flows on them", results, "tcpdump")
        if share == "0.0005":
            judge("wall, of tcpdump's", results["portscope"][0] / results["tcpdump"][0], 0.35)
            judge("RSS in MB", results["portscope"][2], 32)
    one, four = (workload(sources, size, "0.0005") for size in ("1G", "4G"))
    results = side_by_side({"portscope, 1 GB": read(one), "portscope, 4 GB": read(four)})
    show("Four times the bytes", results, "portscope, 1 GB")
    for i, name in enumerate(("wall", "CPU")):
        judge(f"{name} for 4 GB, of that for 1 GB",
              results["portscope, 4 GB"][i] / results["portscope, 1 GB"][i], 4 * 1.05)


def every_flow(sources):
    path = workload(sources, "1G", "0.01")
    results = side_by_side({
        "ndpiReader": ["ndpiReader", "-q", "-i", path],
        "portscope, 1 lane": read("--all", "-j", "1", path),
        "portscope, 2 lanes": read("--all", "-j", "2", path),
    }, min(RUNS, 3))
    show("Every flow, 1 GB", results, "ndpiReader")
    peer, one, two = results.values()
    judge("CPU of one lane, of ndpiReader's", one[1] / peer[1], 0.25)
    judge("wall of two lanes, of ndpiReader's", two[0] / peer[0], 0.15)
    judge("RSS of one lane, of ndpiReader's", one[2] / peer[2], 0.15)


def floods(_):
    print("\nFloods, one thread: CPU nanoseconds a packet, MB")
    print(f"  {'':10} {'n':>9} {'ns':>8} {'MB':>7} {'2n':>9} {'ns':>8} {'MB':>7}")
    ratios = {}
    for kind, n in (("syn", 500000), ("collide", 500000), ("fragments", 500000),
                    ("hosts", 500000)):
        one, two = side_by_side({str(count): read("-j", "1", flood(kind, count))
                                 for count in (n, 2 * n)}, min(RUNS, 3)).values()
        ratios[kind] = two[1] / one[1]
        print(f"  {kind:10} {n:9} {one[1] / n * 1e9:8.0f} {one[2]:7.1f}"
              f" {2 * n:9} {two[1] / 2 / n * 1e9:8.0f} {two[2]:7.1f}", flush=True)
    for kind, ratio in ratios.items():
        judge(f"{kind}: CPU for 1 M packets, of that for 500,000", ratio, 2.2)
    bounded = ("-j", "1", "--max-flows", "100000")
    (small, *_), (large, *_) = ([run(read(*bounded, flood("syn", count)))]
                                for count in (1000000, 10000000))
    print(f"  syn, --max-flows 100000: {small[1] * 1e3:.0f} ns a packet and {small[2]:.1f} MB for 1 M,"
          f" {large[1] * 1e2:.0f} ns and {large[2]:.1f} MB for 10 M")
    judge("CPU a packet, 10 M of 1 M", large[1] / small[1] / 10, 1.1)
    judge("RSS, 10 M of 1 M", large[2] / small[2], 1.05)


def instructions_of(words):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *words,
               "--no-sandbox"]  # valgrind needs calls that the sandbox refuses
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", said).group(1))


STAGES = (  # each does what the one before does, and one thing more
    ("watched ports alone", ("-o", "csv:/dev/null", "--no-detectors")),
    ("decoding, flows, CSV", ("-o", "csv:/dev/null", "--no-detectors", "--all", "--no-dpi")),
    ("DPI and verdict", ("-o", "csv:/dev/null", "--no-detectors", "--all")),
    ("JSON instead of CSV", ("-o", "eve:/dev/null", "--no-detectors", "--all")),
    ("detectors", ("-o", "eve:/dev/null", "--all")),
    ("a store besides", ("-o", "eve:/dev/null", "--all", "-o", "store:STORE")),
)


def stage(options, path):
    store = DATA / "stage.db"
    for file in DATA.glob("stage.db*"):
        file.unlink()  # a store is added to, not replaced
    return [PORTSCOPE, "read", "-q", "-j", "1", "--overwrite",
            *(word.replace("STORE", str(store)) for word in options), path]


def packets_in(path):
    said = subprocess.run([PORTSCOPE, "read", "-q", "-o", "eve", path], capture_output=True,
                          text=True, check=True).stdout.splitlines()[-1]
    return int(re.search(r'"packets_read":(\d+)', said).group(1))


def stages(sources):
    path, cut = workload(sources, "200M", "0.01"), workload(sources, "20M", "0.01")
    packets, few, size = packets_in(path), packets_in(cut), path.stat().st_size
    has_valgrind = shutil.which("valgrind") is not None
    print(f"\nStages, one thread, {packets} packets, {size} bytes: CPU seconds, their ratio to the"
          " first stage's, MB, instructions a packet")
    first = None
    for name, options in STAGES:
        results = [run(stage(options, path)) for _ in range(min(RUNS, 3))]
        wall, cpu, rss = (statistics.median(column) for column in zip(*results))
        first = first or cpu
        counted = float("nan")
        if has_valgrind:  # without those of starting and ending
            counted = (instructions_of(stage(options, cut)) -
                       instructions_of(stage(options, flood("elsewhere", 1)))) / (few - 1)
        print(f"  {name:24} {wall:7.3f} s wall {cpu:7.3f} s CPU   x {cpu / first:6.2f}"
              f" {rss:7.1f} MB {counted:9.0f}", flush=True)


def instructions(_):
    if not shutil.which("valgrind"):
        print("\nInstructions: valgrind is not installed")
        return
    few, many = (instructions_of(read("-j", "1", flood("elsewhere", count)))
                 for count in (100000, 300000))
    print("\nWatched ports, a packet that is passed over")
    judge("instructions", (many - few) / 200000, 40)


PARTS = {"watch": watch, "all": every_flow, "floods": floods, "stages": stages,
         "instructions": instructions}


def main():
    corpus = Path(os.environ.get("PORTSCOPE_CORPUS", ROOT / "../shared/corpus")) / "ndpi"
    wanted = [word for word in sys.argv[1:] if word in PARTS]
    folders = [word for word in sys.argv[1:] if word not in PARTS]
    for folder in folders:
        if not Path(folder).is_dir():
            sys.exit(f"speed: '{folder}' is no folder, and no part ({', '.join(PARTS)})")
    sources = folders or [str(corpus if corpus.is_dir() else ROOT / "pcaps")]
    for part in wanted or PARTS:
        PARTS[part](sources)
    if missed:
        print(f"\nMissed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
