# SPDX-License-Identifier: Apache-2.0
"""The table of all captures: path below pcaps/ -> function that returns the file's bytes."""

CAPTURES = {}


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
