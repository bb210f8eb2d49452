# SPDX-License-Identifier: Apache-2.0
"""Compares what portscope says of captures with what ndpiReader and tshark say.

usage: compare.py names|conversations FILE|DIR ...
"""
import collections
import concurrent.futures
import csv
import ipaddress
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ENDINGS = (".pcap", ".pcapng", ".cap")
SHOWN = 25
PROTOCOLS = {"TCP": 6, "UDP": 17, "SCTP": 132, "DCCP": 33, "ICMP": 1, "IPv6-ICMP": 58}


def captures(words):
    for word in map(pathlib.Path, words):
        if word.is_file():
            yield word
        else:
            yield from sorted(path for path in word.rglob("*") if path.name.endswith(ENDINGS))


def end(address, port):
    # ndpiReader writes "::" for ":0:", even where a "::" follows.
    while address.count("::") > 1:
        address = address.replace("::", ":0:", 1)
    return ipaddress.ip_address(address).compressed, int(port)


def key(protocol, one, other):
    """The same for both directions."""
    return (protocol, *sorted([one, other]))


def our_flows(path):
    """The flow events of `portscope read --all`."""
    run = subprocess.run([os.environ["PORTSCOPE"], "read", "--all", "--quiet", "-o", "eve", path],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    for event in map(json.loads, run.stdout.splitlines()):
        if event["event_type"] == "flow":
            yield event


def our_key(event):
    protocol = PROTOCOLS.get(event["proto"]) or int(event["proto"])
    return key(protocol, end(event["src_ip"], event.get("src_port", 0)),
               end(event["dest_ip"], event.get("dest_port", 0)))


def our_names(path):
    names = collections.defaultdict(set)
    for event in our_flows(path):
        names[our_key(event)].add(event.get("ndpi", {}).get("proto", "Unknown"))
    return names


def reader_names(path):
    """What ndpiReader -d writes; None when it does not read the file."""
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder, "flows.csv")
        run = subprocess.run(["ndpiReader", "-d", "-t", "-q", "-C", table, "-i", path], check=False,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if run.returncode != 0 or not table.exists():
            return None
        names = collections.defaultdict(set)
        with open(table, encoding="utf-8", errors="replace", newline="") as rows:
            for row in csv.DictReader(rows):
                try:
                    ends = end(row["src_ip"], row["src_port"]), end(row["dst_ip"], row["dst_port"])
                    names[key(int(row["protocol"]), *ends)].add(row["ndpi_proto"])
                except (ValueError, TypeError):
                    continue  # a row that a line break in a host name tore apart
        return names


class Tally:
    """Counts of one comparison, by class of difference, with an example file each."""

    def __init__(self):
        self.same = 0
        self.unnamed = 0  # TCP and UDP flows that neither side names
        self.classes = collections.Counter()
        self.examples = {}

    def differ(self, sentence, path):
        self.classes[sentence] += 1
        self.examples.setdefault(sentence, path.name)

    def add(self, other):
        self.same += other.same
        self.unnamed += other.unnamed
        self.classes.update(other.classes)
        for sentence, name in other.examples.items():
            self.examples.setdefault(sentence, name)

    def compared(self):
        return self.same + sum(self.classes.values())


def compare_names(path):
    tally, missing = Tally(), Tally()
    theirs = reader_names(path)
    if theirs is None:
        missing.differ("captures that ndpiReader does not read", path)
        return tally, missing
    ours = our_names(path)
    for flow, names in theirs.items():
        if flow not in ours:
            missing.differ(f"only ndpiReader has a flow of {'/'.join(sorted(names))}", path)
        elif names & ours[flow]:
            tally.same += 1
        else:
            tally.differ(f"{'/'.join(sorted(names))} -> {'/'.join(sorted(ours[flow]))}", path)
    # ndpiReader writes no row for a flow that it cannot name.
    for flow in ours.keys() - theirs.keys():
        named = sorted(ours[flow] - {"Unknown"})
        tally.unnamed += not named and flow[0] in (6, 17)
        missing.differ(f"only portscope says {'/'.join(named)}" if named else "unknown to both", path)
    return tally, missing


def our_packets(path):
    """Packets from the smaller end, and from the larger, by conversation."""
    packets = collections.defaultdict(lambda: [0, 0])
    for event in our_flows(path):
        flow = our_key(event)
        if flow[0] not in (6, 17):
            continue
        counts = [event["flow"]["pkts_toserver"], event["flow"]["pkts_toclient"]]
        if end(event["src_ip"], event["src_port"]) != flow[1]:
            counts.reverse()
        for side in (0, 1):
            packets[flow][side] += counts[side]
    return packets


def tshark_packets(path):
    """The same by tshark's tables; fragments are left alone there as they are with us."""
    run = subprocess.run(
        ["tshark", "-n", "-q", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE",
         "-z", "conv,tcp", "-z", "conv,udp", "-r", path],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    packets, protocol = collections.defaultdict(lambda: [0, 0]), 0
    for line in run.stdout.splitlines():
        if line.endswith("Conversations"):
            protocol = PROTOCOLS[line.split()[0]]
        words = line.split()
        if len(words) < 6 or words[1] != "<->":
            continue
        one, other = (end(*word.rsplit(":", 1)) for word in (words[0], words[2]))
        # Frames and bytes ("3520 bytes") towards the first, then towards the second.
        towards_one, towards_other = int(words[3]), int(words[6])
        flow = key(protocol, one, other)
        counts = [towards_other, towards_one] if flow[1] == one else [towards_one, towards_other]
        for side in (0, 1):
            packets[flow][side] += counts[side]
    return packets


def compare_conversations(path):
    tally, missing = Tally(), Tally()
    ours, theirs = our_packets(path), tshark_packets(path)
    for flow, counts in theirs.items():
        if flow not in ours:
            missing.differ(f"only tshark has: {path.name}", path)
        elif sorted(ours[flow]) == sorted(counts) if flow[1] == flow[2] else ours[flow] == counts:
            tally.same += 1
        else:
            more = "more" if sum(ours[flow]) > sum(counts) else "fewer"
            tally.differ(f"{more} packets than tshark: {path.name}", path)
    for _ in ours.keys() - theirs.keys():
        missing.differ(f"only portscope has: {path.name}", path)
    return tally, missing


def report(title, tally):
    if tally.classes:
        print(title)
    for sentence, count in tally.classes.most_common(SHOWN):
        print(f"  {count:6}  {sentence}   (first in {tally.examples[sentence]})")
    if len(tally.classes) > SHOWN:
        print(f"          and {len(tally.classes) - SHOWN} classes more")


def main():
    compare = {"names": compare_names, "conversations": compare_conversations}.get(
        sys.argv[1] if len(sys.argv) > 2 else "")
    if not compare:
        sys.exit(__doc__)
    paths = list(captures(sys.argv[2:]))
    total, missing = Tally(), Tally()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for tally, absent in pool.map(compare, paths):
            total.add(tally)
            missing.add(absent)
    report("different", total)
    report("not compared", missing)
    share = 100 * total.same / total.compared() if total.compared() else 0
    print(f"{len(paths)} captures, {total.compared()} {sys.argv[1]} compared, "
          f"{total.same} the same: {share:.2f} %")
    if total.unnamed:
        share = 100 * (total.same + total.unnamed) / (total.compared() + total.unnamed)
        print(f"with the {total.unnamed} TCP and UDP flows that neither names: {share:.2f} %")


if __name__ == "__main__":
    main()
