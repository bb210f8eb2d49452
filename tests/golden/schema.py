# SPDX-License-Identifier: Apache-2.0
"""Every line of EVE that the program writes of the captures of the tree, each flow in it and each
finding, is what docs/schema says. An independent validator decides: Debian's python3-jsonschema.
"""
import json
import os
import pathlib
import subprocess
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: no python3-jsonschema that knows draft 2020-12")
    sys.exit(77)

ROOT = pathlib.Path(os.environ["PORTSCOPE_ROOT"])
# Some captures are no captures, others damaged: on purpose.
EXPECTED_STATUS = (3, 4)
RUNS = [[], ["--all"], ["--site", "tests/scenarios/site.yaml", "--no-dpi"]]
COMPLAINTS_SHOWN = 20


def written(options):
    """The lines of one run over all captures of the tree."""
    command = [os.environ["PORTSCOPE"], "read", "-q", *options, "-o", "eve", "pcaps",
               "tests/scenarios/captures"]
    run = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if run.returncode not in EXPECTED_STATUS:
        sys.exit(f"{' '.join(command)}: exit status {run.returncode}")
    return run.stdout.decode("utf-8").splitlines()


def main():
    validators = {}
    for path in sorted((ROOT / "docs" / "schema").glob("eve-*.json")):
        schema = json.loads(path.read_text())
        Draft202012Validator.check_schema(schema)
        validators[path.stem.removeprefix("eve-")] = Draft202012Validator(schema)
    counts = dict.fromkeys(validators, 0)
    complaints = 0
    for options in RUNS:
        for line in written(options):
            event = json.loads(line)
            counts[event["event_type"]] += 1
            for fault in validators[event["event_type"]].iter_errors(event):
                complaints += 1
                if complaints <= COMPLAINTS_SHOWN:
                    place = "/".join(str(part) for part in fault.absolute_path)
                    print(f"{event['event_type']} {place}: {fault.message[:300]}")
    print(f"schema: {counts} lines, {complaints} complaints")
    return complaints > 0 or 0 in counts.values()


if __name__ == "__main__":
    sys.exit(main())
