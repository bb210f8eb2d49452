# SPDX-License-Identifier: Apache-2.0
"""Whether a file is in Prometheus' text format 0.0.4, with the habits that promtool asks for."""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9]+(?:\.[0-9]+)?)")
HEAD = re.compile(rf"# (HELP|TYPE) ({NAME}) (.+)")


def complaints(text):
    helped, types, seen = set(), {}, set()
    if not text.endswith("\n"):
        yield "the last line does not end"
    for number, line in enumerate(text.splitlines(), 1):
        head, sample = HEAD.fullmatch(line), SAMPLE.fullmatch(line)
        if head and head[1] == "HELP":
            helped.add(head[2])
        elif head:
            types[head[2]] = head[3]
            if (head[3] == "counter") != head[2].endswith("_total"):
                yield f"{number}: {head[2]} is a {head[3]}"
        elif sample:
            if sample[1] not in helped or sample[1] not in types:
                yield f"{number}: {sample[1]} has no HELP or no TYPE before it"
            if (sample[1], sample[2]) in seen:
                yield f"{number}: {line} came before"
            seen.add((sample[1], sample[2]))
        else:
            yield f"{number}: '{line}' is none of it"
    if not seen:
        yield "there is no sample"


if __name__ == "__main__":
    found = list(complaints(open(sys.argv[1], encoding="utf-8").read()))
    print("\n".join(found))
    sys.exit(1 if found else 0)
