# SPDX-License-Identifier: Apache-2.0
"""Calls and constructs that the house does without, and the clock where it must not be read."""
import pathlib
import re
import sys

import source


def calls(*names):
    return re.compile(r"(?<![\w.>])(?:" + "|".join(names) + r")\s*\(")


def every_room(_):
    return True


def outside(*rooms):
    return lambda room: room not in rooms


# pattern, in which rooms it is banned, why
RULES = [
    (calls("sprintf", "vsprintf", "strcpy", "strncpy", "stpcpy", "strcat", "strncat", "gets"),
     every_room, "unbounded copy: use struct text or snprintf"),
    (calls("strtok", "strtok_r", "atoi", "atol", "atoll", "atof", "scanf", "sscanf", "fscanf"),
     every_room, "parser that hides errors: use the text readers of base/"),
    (calls("alloca"), every_room, "stack that the input sizes"),
    (calls("system", "popen", "execlp", "execvp"), every_room, "runs a command found by name"),
    (calls("mktemp", "tmpnam", "tempnam", "tmpfile"), every_room, "name that another may take"),
    (calls("rand", "srand", "random", "srandom", "drand48"), every_room,
     "weak or unrepeatable chance: use a keyed hash"),
    (calls("asctime", "ctime", "localtime", "localtime_r", "mktime"), every_room,
     "depends on the machine's time zone: use base/timestamp"),
    (calls("setjmp", "longjmp", "sigsetjmp", "siglongjmp"), every_room, "jump between functions"),
    (calls("time", "clock", "clock_gettime", "gettimeofday", "timespec_get", "ftime"),
     outside("capture", "app"), "reads a clock; now is the packet's time"),
    (calls("printf", "vprintf", "puts", "putchar", "perror", "exit", "_Exit"),
     outside("app"), "only app/ prints and ends the program"),
    (calls("abort", "_exit"), outside("app", "base"), "only app/ and base/ end the program"),
    (re.compile(r"\bgoto\s+(?!out\s*;)\w+"), every_room, "goto to something other than out"),
    # nDPI's own names are longer than a line can bear.
    (re.compile(r"\btypedef\s+(?:struct|union|enum)\s*(?:\w+\s*)?(?:\{|\w+\s*;)"), outside("dpi"),
     "a typedef that hides a struct"),
]


def complaints(root):
    sources = root / "src"
    for path in source.files(sources, "*.c", "*.h"):
        inside = path.relative_to(sources).parts
        room = inside[0] if len(inside) > 1 else "app"
        code = source.code_of(path.read_text())
        for pattern, is_banned_in, why in RULES:
            if not is_banned_in(room):
                continue
            for match in pattern.finditer(code):
                found = match.group().rstrip("( ")
                yield path, source.line_of(code, match.start()), f"{found}: {why}"


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1]).resolve()
    source.report(root, "banned", complaints(root))
