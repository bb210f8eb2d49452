# SPDX-License-Identifier: Apache-2.0
"""Every capture of the corpus: no signal, no sanitizer report, under ten seconds, whole lines, and
every packet accounted for.

Captures are read in batches; the files of a batch that fails are read one by one.
"""
import json
import sys

import corpus

BATCH = 24
REPORTS = ("Sanitizer", "runtime error:", "Assertion", "out of memory")


def packets_of(flows):
    return sum(flow["flow"]["pkts_toserver"] + flow["flow"]["pkts_toclient"] for flow in flows)


def complaint(paths):
    """What is wrong with a run over these captures; None when nothing is."""
    run = corpus.Run(paths)
    if run.status is None:
        return f"took more than {corpus.SECONDS_PER_FILE} s a file"
    if run.status < 0:
        return f"killed by signal {-run.status}"
    for report in REPORTS:
        if report in run.stderr:
            at = run.stderr.index(report)
            return "report: " + run.stderr[max(0, at - 80):at + 400]
    if run.status not in corpus.GOOD_STATUS:
        return f"exit status {run.status}: {run.stderr.strip()}"
    if run.status != 0 and not run.stderr.startswith("portscope: "):
        return f"exit status {run.status} without a word"
    if run.status == 3 and not run.lines:
        return None
    try:
        stats, flows = run.events("stats"), run.events("flow")
    except (json.JSONDecodeError, KeyError) as error:
        return f"a line is not what it should be: {error}"
    if not stats or not stats[-1]["stats"]["capture"]["balanced"]:
        return "packets are not all accounted for"
    decoded = stats[-1]["stats"]["capture"]["decoded"]
    if packets_of(flows) != decoded:
        return f"{decoded} packets decoded, {packets_of(flows)} in flow records"
    return None


def complaints(batch):
    if complaint(batch) is None:
        return []
    alone = [(path, complaint([path])) for path in batch]
    found = [(path, sentence) for path, sentence in alone if sentence]
    return found or [(batch[0], "only together with the others of its batch: " +
                      str(complaint(batch)))]


def main():
    paths = corpus.public_captures()
    if not paths:
        print("skipped: no captures; name a folder of captures in PORTSCOPE_CORPUS")
        sys.exit(77)
    batches = [paths[at:at + BATCH] for at in range(0, len(paths), BATCH)]
    found = [item for batch in corpus.each(complaints, batches) for item in batch]
    for path, sentence in found:
        print(f"{path.parent.name}/{path.name}: {sentence}")
    print(f"{len(paths)} captures read, {len(found)} complaints")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
