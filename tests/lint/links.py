# SPDX-License-Identifier: Apache-2.0
"""Links from one document to another file of the tree that is not there."""
import pathlib
import re
import sys

import source

LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")


def complaints(root):
    for path in source.files(root, "*.md"):
        text = path.read_text(encoding="utf-8")
        for match in LINK.finditer(text):
            if not (path.parent / match.group(1)).exists():
                yield path, source.line_of(text, match.start()), f"{match.group(1)} is not there"


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1]).resolve()
    source.report(root, "links", complaints(root))
