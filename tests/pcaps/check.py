#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks on a folder of captures; says all that is wrong and exits 1 if anything is.

    check.py reproducible FOLDER   make/generate.py writes the committed bytes
    check.py described FOLDER      every capture has a recipe and a line in README.md (with the name
                                   of its recipe) or in the list of scenarios, and vice versa
    check.py small FOLDER          no capture is larger than 100 KB
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 100_000
LIST_LINE = re.compile(r"^([^#\s]\S*)\s", re.MULTILINE)
README_LINE = re.compile(r"^\| `([^`]+)` \| [^|]+ \| `(generate\.py|real\.sh)` \|$", re.MULTILINE)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def generate(folder, *arguments):
    return run(sys.executable, "-B", str(folder / "make" / "generate.py"), *arguments)


def captures_in(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")
            if path.is_file() and path.parent not in (folder, folder / "make")
            and "__pycache__" not in path.parts}


def recipes(folder):
    """Capture -> the program that makes it."""
    made = dict.fromkeys(generate(folder, "--list").split(), "generate.py")
    made.update(dict.fromkeys(run(str(folder / "make" / "real.sh"), "--list").split(), "real.sh"))
    return made


def reproducible(folder):
    with tempfile.TemporaryDirectory() as fresh:
        generate(folder, fresh)
        for name, path in sorted(captures_in(Path(fresh)).items()):
            committed = folder / name
            if not committed.exists():
                yield f"{name} is generated but not committed"
            elif committed.read_bytes() != path.read_bytes():
                yield f"{name} is not what the generator writes"


def descriptions(folder):
    """(capture, its recipe as the description has it, or None) pairs."""
    readme = folder / "README.md"
    if readme.exists():
        return README_LINE.findall(readme.read_text(encoding="utf-8"))
    listed = LIST_LINE.findall((folder / "list").read_text(encoding="utf-8"))
    return [(f"captures/{name}", None) for name in listed]


def described(folder):
    made = recipes(folder)
    present = captures_in(folder)
    lines = descriptions(folder)
    for name in sorted(present.keys() - made.keys()):
        yield f"{name} has no recipe"
    for name in sorted(made.keys() - present.keys()):
        yield f"{name} has a recipe but is missing"
    for name in sorted(made.keys() - dict(lines).keys()):
        yield f"{name} is not described"
    for name, recipe in lines:
        if name not in made or recipe not in (made[name], None):
            yield f"{name} is described but not made by {recipe or 'any recipe'}"


def small(folder):
    for name, path in sorted(captures_in(folder).items()):
        if path.stat().st_size > LIMIT:
            yield f"{name} has {path.stat().st_size} bytes, more than {LIMIT}"


CHECKS = {"reproducible": reproducible, "described": described, "small": small}


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in CHECKS:
        sys.exit(__doc__)
    faults = list(CHECKS[arguments[0]](Path(arguments[1])))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
