# SPDX-License-Identifier: Apache-2.0
"""What every check shares: finding the files, reading C without its comments and strings."""
import fnmatch
import os
import pathlib
import re
import sys

TOKEN = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

SKIPPED = {".git", "__pycache__", "build", "node_modules"}


def files(root, *patterns):
    """Files below root whose name matches a pattern, sorted, without what was built."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(set(below) - SKIPPED)
        for name in sorted(set(names) - SKIPPED):
            path = pathlib.Path(folder, name)
            if path.is_file() and any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
                yield path


def code_of(text):
    """C without comments and literals; lines and columns stay where they were."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def report(root, check, complaints):
    """Prints "file:line: sentence" for each complaint and ends with the check's verdict."""
    count = 0
    for path, line, sentence in complaints:
        print(f"{path.relative_to(root)}:{line}: {sentence}")
        count += 1
    print(f"{check}: {count} complaints" if count else f"{check}: clean")
    sys.exit(1 if count else 0)
