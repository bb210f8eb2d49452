# SPDX-License-Identifier: Apache-2.0
"""The table of all captures of a generator, and what its command line does with them."""

import sys
from pathlib import Path

CAPTURES = {}  # path below the generator's folder -> function that returns the file's bytes

USAGE = """usage: generate.py            writes all captures into the folder above
       generate.py FOLDER     writes them into FOLDER
       generate.py --list     only names them"""


def add(path, make):
    if path in CAPTURES:
        raise ValueError(f"two captures are called {path}")
    CAPTURES[path] = make


def capture(path):
    """Registers the function below it."""
    def register(make):
        add(path, make)
        return make
    return register


def write_all(folder):
    for path, make in sorted(CAPTURES.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(make())


def main(arguments, default_folder):
    if arguments == ["--list"]:
        print("\n".join(sorted(CAPTURES)))
    elif len(arguments) <= 1 and not arguments[:1] == ["--help"]:
        write_all(Path(arguments[0]) if arguments else default_folder)
    else:
        sys.exit(USAGE)
