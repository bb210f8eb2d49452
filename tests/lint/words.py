# SPDX-License-Identifier: Apache-2.0
"""Words that do not belong in the tree: paths of one machine, unfinished work, trailing blanks."""
import pathlib
import re
import sys

import source

# Written so that this file does not contain what it looks for.
RULES = [
    (re.compile(r"(?<![\w.])[/](?:work|farm|home|root|Users)[/]\w"), "path of one machine"),
    (re.compile(r"(?<![\w.}])[/]tmp[/]\w"), "fixed temporary path: use mktemp"),
    (re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b"), "unfinished work"),
    (re.compile(r"not[ ]implemented|un[i]mplemented", re.IGNORECASE), "unfinished work"),
    (re.compile(r"[ \t]+$", re.MULTILINE), "blank at the end of the line"),
    (re.compile(r"^(?:<{7}|>{7}|={7})(?: |$)", re.MULTILINE), "conflict that was not resolved"),
    (re.compile(r"[\u200b\u202a-\u202e\u2066-\u2069\ufeff]"), "character nobody can see"),
]

# Expected output is what the program printed; a corpus is whatever it must be.
UNREAD_FOLDERS = {"corpus", "expected"}


def text_of(path):
    """The text of a file, None when it holds something else."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def complaints(root):
    for path in source.files(root, "*"):
        if UNREAD_FOLDERS.intersection(path.relative_to(root).parts[:-1]):
            continue
        text = text_of(path)
        if text is None:
            continue
        for pattern, why in RULES:
            for match in pattern.finditer(text):
                yield path, source.line_of(text, match.start()), why


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1]).resolve()
    source.report(root, "words", complaints(root))
