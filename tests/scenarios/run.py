# SPDX-License-Identifier: Apache-2.0
"""Runs the program over every line of `list`: the findings expected, and no others.

usage: run.py LIST [NAME-PART]     PORTSCOPE in the environment is the program
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ["PORTSCOPE"]


def lines(path):
    for line in path.read_text().splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            yield words[0], words[1], words[2:]


def learn(capture, folder):
    baseline = pathlib.Path(folder, capture + ".json")
    if not baseline.exists():
        subprocess.run([PROGRAM, "learn", "-q", "-o", baseline, HERE / "captures" / (capture + ".pcap")],
                       check=True)
    return baseline


def options(company, folder):
    if company.startswith("baseline="):
        return ["--baseline", learn(company.split("=", 1)[1], folder)]
    return {"-": [], "all": ["--all"], "site": ["--site", HERE / "site.yaml"]}[company]


def findings(capture, company, folder):
    done = subprocess.run([PROGRAM, "read", "-q", "-o", "eve", *options(company, folder),
                           HERE / "captures" / capture], capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    events = map(json.loads, done.stdout.decode().splitlines())
    return [event["portscope"]["finding"] for event in events if event["event_type"] == "alert"]


def counted(words):
    """What a line of the list expects: "listener:low*3" is three of them."""
    expected = collections.Counter()
    for word in words:
        name, _, times = word.partition("*")
        if name != "none":
            expected[name] += int(times or 1)
    return expected


def main():
    listed = pathlib.Path(sys.argv[1])
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    right = missed = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for capture, company, words in lines(listed):
            if part not in capture:
                continue
            expected = counted(words)
            found = collections.Counter(f"{f['id']}:{f['severity']}"
                                        for f in findings(capture, company, folder))
            missing, others = expected - found, found - expected
            right += (expected & found).total()
            missed += missing.total()
            wrong += others.total()
            if missing or others:
                print(f"{capture} ({company}): missing {dict(missing) or 'nothing'}, "
                      f"not expected {dict(others) or 'nothing'}")
    print(f"recall {100 * right / max(right + missed, 1):.1f} % ({right} of {right + missed}), "
          f"precision {100 * right / max(right + wrong, 1):.1f} % ({right} of {right + wrong})")
    return 1 if missed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
