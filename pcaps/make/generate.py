#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the captures that no program at hand can make. The same bytes come out on every run; the
test pcaps.reproducible insists on it."""

import sys
from pathlib import Path

import registry

# Each of these fills the table when it is imported.
import captures_damaged  # noqa: F401
import captures_formats  # noqa: F401
import captures_fragments  # noqa: F401
import captures_hostile  # noqa: F401
import captures_links  # noqa: F401
import captures_opaque  # noqa: F401
import captures_scripted  # noqa: F401
import captures_transport  # noqa: F401
import captures_tunnels  # noqa: F401

if __name__ == "__main__":
    registry.main(sys.argv[1:], Path(__file__).resolve().parent.parent)
