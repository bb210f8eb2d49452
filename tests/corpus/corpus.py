# SPDX-License-Identifier: Apache-2.0
"""Shared by the corpus tests: where captures are, how the program is run on them."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(os.environ["PORTSCOPE_ROOT"])
PROGRAM = os.environ["PORTSCOPE"]
SECONDS_PER_FILE = 10
# Offline: all read; some could not be opened; damaged part-way. Never: crashed, not written.
GOOD_STATUS = {0, 3, 4}
ENDINGS = (".pcap", ".pcapng", ".cap", ".gz", ".zst")


def captures(folder):
    return sorted(path for path in pathlib.Path(folder).rglob("*")
                  if path.is_file() and path.name.endswith(ENDINGS))


def public_captures():
    """The captures of PORTSCOPE_CORPUS, a folder that need not be there."""
    default = ROOT / ".." / "shared" / "corpus"
    return captures(os.environ.get("PORTSCOPE_CORPUS") or default)


class Run:
    """One run of the program over some inputs: its status, its complaints, its events."""

    def __init__(self, inputs, options=(), stdin=subprocess.DEVNULL):
        with tempfile.TemporaryDirectory() as scratch:
            output = pathlib.Path(scratch, "eve.json")
            command = [PROGRAM, "read", "--all", "--quiet", "-o", f"eve:{output}", *options, *inputs]
            try:
                done = subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, check=False,
                                      timeout=SECONDS_PER_FILE * max(1, len(inputs)))
                self.status, self.stderr = done.returncode, done.stderr.decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                self.status, self.stderr = None, ""
            self.lines = output.read_bytes().splitlines() if output.exists() else []

    def events(self, kind):
        return [event for event in map(json.loads, self.lines) if event["event_type"] == kind]


def each(work, items):
    """work(item) for all items, on every processor; results in order."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, items))
