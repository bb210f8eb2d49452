# SPDX-License-Identifier: Apache-2.0
"""Same frames, same answer: the records of a capture do not depend on how it is packed, by which
way it comes, how many threads look at it, or how many VLAN tags its frames carry (the tags
themselves aside).

The captures are every n-th of pcaps/, and of the corpus, where there is one.
"""
import json
import sys
import tempfile

import corpus
import disguise

THREADS = ("1", "5")
EVERY_OWN, EVERY_PUBLIC = 8, 25
# VLAN ids are part of what a flow is, and its id is made of that.
ASIDE = ("pcap_filename",)
ASIDE_WHEN_TAGGED = ("pcap_filename", "vlan", "flow_id")


def records(inputs, aside=ASIDE, **how):
    run = corpus.Run(inputs, **how)
    if run.status not in corpus.GOOD_STATUS:
        return [f"exit status {run.status}: {run.stderr}"]
    flows = run.events("flow")
    for flow in flows:
        for key in aside:
            flow.pop(key, None)
    lines = [json.dumps(flow, sort_keys=True) for flow in flows]
    # Records of the same moment are in the order of their ids.
    return lines if aside == ASIDE else sorted(lines)


def difference(plain, other):
    """The first record that differs, in a few words; None when all are the same."""
    if plain == other:
        return None
    for number, (a, b) in enumerate(zip(plain, other)):
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            part = slice(max(0, at - 60), at + 40)
            return f"record {number + 1}: {a[part]} / {b[part]}"
    return f"{len(plain)} records, {len(other)} in disguise"


def complaints(path):
    plain = records([path])
    untagged = records([path], ASIDE_WHEN_TAGGED)
    found = [(f"{threads} threads", difference(plain, records([path], options=["-j", threads])))
             for threads in THREADS]
    with open(path, "rb") as stream:
        found.append(("standard input", difference(plain, records(["-"], stdin=stream))))
    with tempfile.TemporaryDirectory() as folder:
        for name, coat in disguise.coats(path, folder):
            if "VLAN" in name:
                found.append((name, difference(untagged, records([coat], ASIDE_WHEN_TAGGED))))
            else:
                found.append((name, difference(plain, records([coat]))))
    return len(found), [(path, name, sentence) for name, sentence in found if sentence]


def main():
    paths = (corpus.captures(corpus.ROOT / "pcaps")[::EVERY_OWN] +
             corpus.public_captures()[::EVERY_PUBLIC])
    answers = corpus.each(complaints, paths)
    compared = sum(count for count, _ in answers)
    found = [item for _, items in answers for item in items]
    for path, name, sentence in found:
        print(f"{path.parent.name}/{path.name}, {name}: {sentence}")
    print(f"{len(paths)} captures in {compared} disguises, {len(found)} complaints")
    sys.exit(1 if found or not compared else 0)


if __name__ == "__main__":
    main()
