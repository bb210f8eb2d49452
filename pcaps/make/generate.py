#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the captures that no program at hand can make.

    generate.py            into the folder above (pcaps/)
    generate.py FOLDER     into FOLDER
    generate.py --list     only says which

The same bytes come out on every run; the test pcaps.reproducible insists on it.
"""

import sys
from pathlib import Path

from registry import CAPTURES

# Each of these fills the table when it is imported.
import captures_opaque  # noqa: F401
import captures_damaged  # noqa: F401
import captures_formats  # noqa: F401
import captures_fragments  # noqa: F401
import captures_hostile  # noqa: F401
import captures_links  # noqa: F401
import captures_scripted  # noqa: F401
import captures_transport  # noqa: F401
import captures_tunnels  # noqa: F401


def write_all(folder):
    for path, make in sorted(CAPTURES.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(make())


def main(arguments):
    if arguments == ["--list"]:
        print("\n".join(sorted(CAPTURES)))
    elif len(arguments) <= 1:
        write_all(Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
