# SPDX-License-Identifier: Apache-2.0
"""Reads all scenarios with `-o evidence`: every finding has its file, other programs can read it, and
its packets are those of the flows that the finding names.

usage: evidence.py     PORTSCOPE in the environment is the program
"""
import collections
import json
import os
import pathlib
import re
import shutil
import stat
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = os.environ["PORTSCOPE"]
INTERFACE, PACKET, SECTION = 1, 6, 0x0A0D0D0A
FLOW = re.compile(r"flow (\d+), community id (1:[A-Za-z0-9+/]{27}=)$")

faults = []


def claim(is_true, sentence):
    if not is_true:
        faults.append(sentence)


def read(folder, name, *options):
    """Runs the program; returns its events."""
    eve = pathlib.Path(folder, name + ".json")
    done = subprocess.run([PROGRAM, "read", "-q", "-o", f"eve:{eve}", "-o", f"evidence:{folder}/{name}",
                           *options], capture_output=True, check=False)
    claim(done.returncode in (0, 4), f"{name}: exit status {done.returncode}: {done.stderr.decode()}")
    return [json.loads(line) for line in eve.read_text().splitlines()]


def alerts(events):
    return [event for event in events if event["event_type"] == "alert"]


def blocks(data):
    """Type, fixed fields, and comments of each block."""
    fixed = {SECTION: 16, INTERFACE: 8}
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        body = data[at + 8:at + length - 4]
        claim(struct.unpack_from("<I", data, at + length - 4)[0] == length, "a block's lengths differ")
        skip = fixed.get(kind, 20 + (struct.unpack_from("<I", body, 12)[0] + 3) // 4 * 4)
        yield kind, body[:skip], comment_of(body[skip:])
        at += length


def comment_of(options):
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from("<HH", options, at)
        if code == 1:
            return options[at + 4:at + 4 + length].decode()
        at += 4 + (length + 3) // 4 * 4
    return ""


def check_file(path, alert):
    finding = alert["portscope"]["finding"]
    name = path.name
    found = list(blocks(path.read_bytes()))
    packets = [comment for kind, _, comment in found if kind == PACKET]
    flows = {int(match[1]) for match in map(FLOW.match, packets) if match}
    claim(stat.S_IMODE(path.stat().st_mode) == 0o600, f"{name}: others may read it")
    claim(found[0][0] == SECTION and alert["alert"]["signature"] in found[0][2] and
          all(reason in found[0][2] for reason in finding["why"]),
          f"{name}: the section does not say what the finding says")
    claim(all(map(FLOW.match, packets)), f"{name}: a packet does not say which flow it is of")
    claim(flows and flows <= set(finding["evidence"]["flow_ids"]) or finding["id"] == "heartbeat-lost",
          f"{name}: packets of {flows - set(finding['evidence']['flow_ids'])}, which the finding does not name")
    if finding["id"] not in ("beacon", "heartbeat-lost"):
        claim(flows == set(finding["evidence"]["flow_ids"]), f"{name}: not all flows named are in it")
    return found


def check_with_wireshark(path, alert):
    """The display filter finds every packet of a file that is about one conversation or host."""
    if not shutil.which("tshark"):
        return False
    finding = alert["portscope"]["finding"]
    words = finding["evidence"].get("filter", "")

    def packets(*options):
        done = subprocess.run(["tshark", "-n", "-r", path, *options], capture_output=True, check=False)
        claim(done.returncode == 0, f"{path.name}: tshark: {done.stderr.decode()}")
        return len(done.stdout.splitlines())
    claim(words and packets("-Y", words) == packets() > 0,
          f"{path.name}: Wireshark's filter '{words}' misses packets")
    rule = finding["evidence"]["capture_filter"]
    done = subprocess.run(["tcpdump", "-y", "EN10MB", "-d", rule], capture_output=True, check=False)
    claim(done.returncode == 0, f"{path.name}: '{rule}': {done.stderr.decode()}")
    return True


def check_all(folder, name, captures):
    events = read(folder, name, "-j", "1", *captures)
    seen = collections.Counter()
    is_checked = True
    for alert in alerts(events):
        finding = alert["portscope"]["finding"]
        file = finding["evidence"].get("pcap")
        claim(file, f"{name}: {finding['id']} has no file")
        if not file:
            continue
        path = pathlib.Path(folder, name, file)
        check_file(path, alert)
        seen[finding["id"]] += 1
        if seen[finding["id"]] <= 2:
            is_checked &= check_with_wireshark(path, alert)
    if not is_checked:
        print("tshark is not here: Wireshark's filters were not tried")
    return events, seen


def check_threads(folder, name, captures):
    for threads in ("2", "4"):
        other = f"{name}-{threads}"
        read(folder, other, "-j", threads, *captures)
        same = subprocess.run(["diff", "-r", f"{folder}/{name}", f"{folder}/{other}"],
                              capture_output=True, check=False)
        claim(same.returncode == 0, f"{name}: {threads} threads write other files than one")


def check_round_trip(folder, name):
    """Our own reader takes every file, and finds the flows under the same ids."""
    for path in sorted(pathlib.Path(folder, name).iterdir()):
        done = subprocess.run([PROGRAM, "read", "-q", "--all", "--no-detectors", "-o", "eve", path],
                              capture_output=True, check=False)
        claim(done.returncode == 0, f"{path.name}: {done.stderr.decode()}")
        found = {event["flow_id"] for event in map(json.loads, done.stdout.splitlines())
                 if event["event_type"] == "flow"}
        named = {int(match[1]) for match in
                 (FLOW.match(comment) for kind, _, comment in blocks(path.read_bytes()) if kind == PACKET)}
        claim(named <= found, f"{path.name}: read again it has other flows: {named - found}")


def check_bounds(folder, captures):
    events = read(folder, "small", "-j", "1", "--evidence-each", "2k", "--evidence-all", "8k", *captures)
    files = list(pathlib.Path(folder, "small").iterdir())
    limits = events[-1]["stats"]["limits"]
    claim(0 < len(files) < len(alerts(events)) and sum(file.stat().st_size for file in files) < 16384,
          "--evidence-all does not bound the files")
    claim(limits["evidence_bytes"]["hits"] > 0 and limits["evidence_bytes"]["cap"] == 8192,
          f"stats.limits does not tell of --evidence-all: {limits['evidence_bytes']}")
    events = read(folder, "poor", "-j", "1", "--evidence-memory", "4k", *captures)
    claim(events[-1]["stats"]["limits"]["evidence_frames"]["hits"] > 0,
          "stats.limits does not tell of --evidence-memory")


def main():
    scenarios = sorted((HERE / "captures").glob("*.pcap"))
    with tempfile.TemporaryDirectory() as folder:
        _, seen = check_all(folder, "scenarios", scenarios)
        check_threads(folder, "scenarios", scenarios)
        check_round_trip(folder, "scenarios")
        check_all(folder, "links", [ROOT / "pcaps" / "links", ROOT / "pcaps" / "tunnels"])
        check_round_trip(folder, "links")
        check_bounds(folder, scenarios)
    for fault in faults[:40]:
        print(fault)
    print(f"{sum(seen.values())} evidence files of {len(seen)} detectors, {len(faults)} faults")
    return 1 if faults or len(seen) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
