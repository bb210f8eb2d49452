# SPDX-License-Identifier: Apache-2.0
"""Includes only go down, no room includes another, and a foreign library has one door."""
import pathlib
import re
import sys

import source

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# A review stands on a store and is written with the pens of the outputs: a storey of its own.
BELOW = {"base": {"base"}, "model": {"model", "base"},
         "review": {"review", "store", "output", "model", "base"}}
WIRING = "app"
PROGRAM = "main.c"

# header pattern -> the rooms that may include it
DOORS = [
    (r"pcap(/.*|\.h)", {"capture"}),
    (r"ndpi(/.*|_.*)", {"dpi"}),
    (r"c?yaml(/.*|\.h)", {"rules"}),
    (r"sqlite3\.h|curl/.*", {"store"}),
    (r"microhttpd\.h", {"review"}),
    (r"seccomp\.h|cap-ng\.h|sys/capability\.h|sys/prctl\.h|linux/landlock\.h", {"app"}),
    (r"zlib\.h|zstd\.h", {"capture"}),
    (r"gcrypt\.h", {"model", "dpi", "app"}),
    (r"jansson\.h", {"detect", "output", "review", "store"}),
    (r"fixbuf/.*", {"output"}),
]

# What the compiler, the C library and the kernel bring.
SYSTEM = re.compile(
    r"(assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal"
    r"|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath"
    r"|threads|time|uchar|wchar|wctype|dirent|dlfcn|endian|fcntl|fnmatch|getopt|glob|grp|ifaddrs"
    r"|langinfo|libgen|malloc|netdb|poll|pthread|pwd|regex|sched|search|semaphore|spawn|strings|sysexits"
    r"|syslog|termios|unistd)\.h"
    r"|(arpa|net|netinet|sys|linux|asm|sanitizer)/[a-z0-9_/]+\.h")


def complaint(room, quote, header):
    """Why `room` must not include `header`; None when it may."""
    if quote == '"':
        if "/" not in header or ".." in header:
            return f'"{header}": include from the root of the sources, as "room/header.h"'
        target = header.split("/")[0]
        if room == WIRING or target in BELOW.get(room, {room, "model", "base"}):
            return None
        return f'"{header}": {room}/ must not include {target}/'
    for pattern, rooms in DOORS:
        if re.fullmatch(pattern, header):
            if room in rooms:
                return None
            return f"<{header}>: its door is {', '.join(sorted(rooms))}/, not {room}/"
    if SYSTEM.fullmatch(header):
        return None
    return f"<{header}>: a library without a door; name its room in tests/lint/layers.py"


def complaints(root):
    sources = root / "src"
    for path in source.files(sources, "*.c", "*.h"):
        inside = path.relative_to(sources).parts
        room = WIRING if inside[0] == PROGRAM else inside[0]
        text = path.read_text()
        for match in INCLUDE.finditer(text):
            sentence = complaint(room, *match.groups())
            if sentence:
                yield path, source.line_of(text, match.start()), sentence


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1]).resolve()
    source.report(root, "layers", complaints(root))
