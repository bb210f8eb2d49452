#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the scenarios that no program at hand can make; the same bytes on every run."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "pcaps" / "make"))

import registry  # noqa: E402

# Each of these fills the table when it is imported.
import scenarios_content  # noqa: E402,F401
import scenarios_innocent  # noqa: E402,F401
import scenarios_policy  # noqa: E402,F401
import scenarios_shape  # noqa: E402,F401
import scenarios_time  # noqa: E402,F401

if __name__ == "__main__":
    registry.main(sys.argv[1:], HERE.parent)
