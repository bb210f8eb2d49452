# SPDX-License-Identifier: Apache-2.0
"""What the documents show is what the program prints: runs every ```console block of README.md and
docs/*.md, and compares. A line "..." stands for any lines left out. UPDATE=1 rewrites blocks that
leave nothing out.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ["PORTSCOPE_ROOT"])
BLOCK = re.compile(r"^```console\n\$ (?P<command>.*)\n(?P<shown>(?:.*\n)*?)```$", re.MULTILINE)
LEFT_OUT = "..."


def printed(command):
    """Both streams of a command, run at the root of the tree."""
    folder = pathlib.Path(os.environ["PORTSCOPE"]).parent
    run = subprocess.run(["bash", "-c", command], cwd=ROOT, text=True, check=False, errors="replace",
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
    return run.stdout


def agrees(shown, actual):
    """Whether the lines shown are the lines printed, whatever "..." stands for."""
    parts = [re.escape(line) if line != LEFT_OUT else "(?:.*\n)*?.*" for line in shown.splitlines()]
    return re.fullmatch("\n".join(parts) + "\n?", actual) is not None


def main():
    checked, complaints = 0, 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = path.read_text()

        def check(match):
            nonlocal checked, complaints
            checked += 1
            command, shown = match.group("command", "shown")
            actual = printed(command)
            if agrees(shown, actual):
                return match.group()
            if os.environ.get("UPDATE") and LEFT_OUT not in shown.splitlines():
                return f"```console\n$ {command}\n{actual}```"
            complaints += 1
            print(f"{path.relative_to(ROOT)}: $ {command}")
            print("".join(difflib.unified_diff(shown.splitlines(True), actual.splitlines(True),
                                               "shown", "printed")))
            return match.group()

        rewritten = BLOCK.sub(check, text)
        if rewritten != text:
            path.write_text(rewritten)
            print(f"written: {path.relative_to(ROOT)}")
    print(f"{checked} examples run, {complaints} complaints")
    sys.exit(1 if complaints or not checked else 0)


if __name__ == "__main__":
    main()
