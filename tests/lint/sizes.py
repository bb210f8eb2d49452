# SPDX-License-Identifier: Apache-2.0
"""Functions, files and lines that have outgrown one look."""
import pathlib
import re
import sys

import source

FUNCTION_LINES = 60
NESTING = 4
PARAMETERS = 6
FILE_LINES = 600
LINE_COLUMNS = 100

LEXEME = re.compile(r"[A-Za-z_]\w*|[0-9][\w.]*|[^\s\w]")
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", re.MULTILINE)
# As clang-tidy reads it: a library's callback has the parameters that the library gives it.
EXCUSED = "NOLINTNEXTLINE(readability-function-size)"
NOT_A_MACRO = {"return", "sizeof", "_Alignof", "case"}


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def lexemes(text):
    """(word, line) of everything but comments, literals and preprocessor lines."""
    code = DIRECTIVE.sub(blank, source.code_of(text))
    line, last = 1, 0
    for match in LEXEME.finditer(code):
        line += code.count("\n", last, match.start())
        last = match.start()
        yield match.group(), line


class Reader:
    """Walks the lexemes once and yields a complaint for every function that is too large."""

    def __init__(self, text):
        self.words = list(lexemes(text))
        self.open_parens = []
        self.closed_paren = None  # (index of "(", commas at its own level, words inside)
        self.blocks = []          # for each open brace: "function", "block" or "data"
        self.start = 0            # where the declaration under way begins

    def before(self, index):
        return self.words[index - 1][0] if index > 0 else ""

    def kind_of_brace(self, index):
        """What the "{" at index opens."""
        if self.blocks and self.blocks[-1] == "data":
            return "data"
        previous = self.before(index)
        if previous == ")":
            opener = self.before(self.closed_paren[0])
            if not re.match(r"[A-Za-z_]", opener) or opener in NOT_A_MACRO:
                return "data"
            return "block" if self.blocks else "function"
        if not self.blocks:
            return "data"
        return "block" if previous in ("else", "do", ":", ";", "{", "}") else "data"

    def complaints(self):
        name, first_line, deepest = "", 0, 0
        for index, (word, line) in enumerate(self.words):
            if word == "(":
                self.open_parens.append([index, 0])
            elif word == ")" and self.open_parens:
                self.closed_paren = (*self.open_parens.pop(), index)
            elif word == "," and self.open_parens:
                self.open_parens[-1][1] += 1
            elif word == "{":
                kind = self.kind_of_brace(index)
                if kind == "function":
                    name = self.before(self.closed_paren[0])
                    first_line, deepest = self.words[self.start][1], 0
                    if self.closed_paren[1] + 1 > PARAMETERS:
                        yield first_line, f"{name}: more than {PARAMETERS} parameters"
                self.blocks.append(kind)
                deepest = max(deepest, self.blocks.count("block"))
            elif word == "}" and self.blocks:
                if self.blocks.pop() == "function":
                    length = line - first_line + 1
                    if length > FUNCTION_LINES:
                        yield first_line, f"{name}: {length} lines, {FUNCTION_LINES} are enough"
                    if deepest > NESTING:
                        yield first_line, f"{name}: blocks {deepest} deep, {NESTING} are enough"
                if not self.blocks:
                    self.start = index + 1
            elif word == ";" and not self.blocks:
                self.start = index + 1


def complaints(root):
    folders = [root / "src", root / "tests"]
    for folder in folders:
        for path in source.files(folder, "*.c", "*.h"):
            text = path.read_text()
            lines = text.splitlines()
            if path.suffix == ".c" and len(lines) > FILE_LINES:
                yield path, len(lines), f"{len(lines)} lines, {FILE_LINES} are the most"
            for number, line in enumerate(lines, 1):
                if len(line) > LINE_COLUMNS:
                    yield path, number, f"{len(line)} columns, {LINE_COLUMNS} are the most"
            for number, sentence in Reader(text).complaints():
                if "parameters" in sentence and number > 1 and EXCUSED in lines[number - 2]:
                    continue
                yield path, number, sentence


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1]).resolve()
    source.report(root, "sizes", complaints(root))
