# SPDX-License-Identifier: Apache-2.0
"""The checks themselves: each must find what it is for, and nothing in what is right."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent

BODY = "    call();\n"


def function(lines=3, name="busy", parameters="void"):
    """A function of that many lines."""
    return f"void {name}({parameters})\n{{\n" + BODY * (lines - 3) + "}\n"


def nested(depth):
    """A function with if inside if."""
    inside = "call();"
    for _ in range(depth):
        inside = f"if (a) {{ {inside} }}"
    return f"void nested(void)\n{{\n{inside}\n}}\n"


class ChecksTest(unittest.TestCase):
    def run_check(self, check, tree):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tree.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            command = {"py": [sys.executable], "sh": ["bash"]}[check.rsplit(".", 1)[1]]
            run = subprocess.run([*command, HERE / check, folder], text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return run.returncode, run.stdout

    def finds(self, check, path, text, words):
        status, said = self.run_check(check, {path: text})
        self.assertEqual(status, 1, said)
        self.assertIn(path, said)
        self.assertIn(words, said)

    def accepts(self, check, path, text):
        status, said = self.run_check(check, {path: text})
        self.assertEqual(status, 0, said)

    def test_a_room_does_not_include_another(self):
        self.finds("layers.py", "src/flow/a.c", '#include "decode/decoder.h"\n', "decode/")
        self.finds("layers.py", "src/base/a.c", '#include "model/flow.h"\n', "model/")
        self.finds("layers.py", "src/model/a.h", '#include "flow/flow_table.h"\n', "flow/")
        self.finds("layers.py", "src/flow/a.c", '#include "../base/text.h"\n', "root")
        self.accepts("layers.py", "src/flow/a.c", '#include "model/flow.h"\n#include "flow/b.h"\n')
        self.accepts("layers.py", "src/app/a.c", '#include "decode/decoder.h"\n')

    def test_a_library_has_one_door(self):
        self.finds("layers.py", "src/flow/a.c", "#include <pcap/pcap.h>\n", "capture/")
        self.finds("layers.py", "src/app/a.c", "#  include <ndpi/ndpi_api.h>\n", "dpi/")
        self.finds("layers.py", "src/app/a.c", "#include <newlib/new.h>\n", "without a door")
        self.accepts("layers.py", "src/capture/a.c", "#include <pcap/pcap.h>\n")
        self.accepts("layers.py", "src/flow/a.c", "#include <sys/types.h>\n#include <stdio.h>\n")

    def test_banned_calls_are_found_where_they_stand(self):
        self.finds("banned.py", "src/flow/a.c", "\n\nx = atoi(y);\n", "a.c:3: atoi")
        self.finds("banned.py", "src/flow/a.c", "sprintf (a, b);\n", "sprintf")
        self.finds("banned.py", "src/flow/a.c", "goto fail;\n", "goto")
        self.finds("banned.py", "src/flow/a.c", "typedef struct a b;\n", "typedef")
        self.finds("banned.py", "src/flow/a.c", "typedef struct {\n int a; } b;\n", "typedef")
        self.accepts("banned.py", "src/flow/a.c", "typedef enum result step(struct walk *walk);\n")
        self.accepts("banned.py", "src/flow/a.c", "snprintf(a, b, c); goto out;\n")
        self.accepts("banned.py", "src/flow/a.c", '/* atoi( */ s = "sprintf("; // system(\n')
        self.accepts("banned.py", "src/flow/a.c", "flow->time(now); start_time(now);\n")

    def test_only_capture_and_app_read_the_clock(self):
        for room in ("flow", "detect", "base"):
            self.finds("banned.py", f"src/{room}/a.c", "clock_gettime(0, &t);\n", "clock")
        for room in ("capture", "app"):
            self.accepts("banned.py", f"src/{room}/a.c", "clock_gettime(0, &t);\n")

    def test_only_app_prints_and_exits(self):
        self.finds("banned.py", "src/rules/a.c", "exit(1);\n", "exit")
        self.finds("banned.py", "src/output/a.c", 'printf("x");\n', "printf")
        self.accepts("banned.py", "src/main.c", "exit(1);\n")
        self.accepts("banned.py", "src/output/a.c", 'fprintf(file, "x");\n')

    def test_a_long_function_is_found(self):
        self.finds("sizes.py", "src/a.c", function(61), "busy: 61 lines")
        self.accepts("sizes.py", "src/a.c", function(60) + function(60, "other"))

    def test_many_parameters_are_found(self):
        self.finds("sizes.py", "src/a.c", function(3, "p", "int a, int b, int c, int d, int e, "
                                                           "int f, int g"), "parameters")
        self.accepts("sizes.py", "src/a.c", function(3, "p", "int a, int (*b)(int, int, int, int), "
                                                             "int c, int d, int e, int f"))
        self.accepts("sizes.py", "src/a.c", "/* NOLINTNEXTLINE(readability-function-size): given */\n" +
                     function(3, "p", "int a, int b, int c, int d, int e, int f, int g"))

    def test_deep_nesting_is_found_and_data_is_not_nesting(self):
        self.finds("sizes.py", "src/a.c", nested(5), "blocks 5 deep")
        self.accepts("sizes.py", "src/a.c", nested(4))
        self.accepts("sizes.py", "src/a.c",
                     "static const struct a t[] = {{{{{{1}}}}}};\n"
                     "void f(void)\n{\n    g(&(struct a){{{{{1}}}}});\n}\n")

    def test_braces_in_literals_and_macros_do_not_confuse(self):
        self.finds("sizes.py", "src/a.c",
                   '#define OPEN {\nconst char *s = "}{"; int c = \'}\';\n' + function(61),
                   "busy: 61 lines")

    def test_a_long_file_and_a_long_line_are_found(self):
        self.finds("sizes.py", "src/a.c", "int x;\n" * 601, "601 lines")
        self.finds("sizes.py", "src/a.h", "/*" + "x" * 99 + "*/\n", "columns")
        self.accepts("sizes.py", "src/a.c", "int x;\n" * 600)

    def test_words_of_unfinished_work_and_of_one_machine_are_found(self):
        self.finds("words.py", "docs/a.md", "one\nsee /" + "work/main\n", "a.md:2: path")
        self.finds("words.py", "src/a.c", "/* TO" + "DO: later */\n", "unfinished")
        self.finds("words.py", "a.sh", "cp x /" + "tmp/y\n", "mktemp")
        self.finds("words.py", "a.md", "<" * 7 + " HEAD\n", "conflict")
        self.accepts("words.py", "a.sh", "mktemp -d portscope.XXXXXX\ncd build/work/x\n")

    def test_a_script_that_does_not_parse_is_found(self):
        self.finds("shell.sh", "tests/a.sh", "#!/bin/bash\nif true; then\n", "a.sh")
        self.accepts("shell.sh", "tests/a.sh", "#!/bin/bash\ntrue\n")

    def test_a_header_that_needs_another_is_found(self):
        self.finds("headers.sh", "src/base/a.h", "uint8_t x(void);\n", "base/a.h")
        self.finds("headers.sh", "src/base/a.h", "struct twice { int a; };\n", "base/a.h")
        self.accepts("headers.sh", "src/base/a.h", "#ifndef A\n#define A\nint x(void);\n#endif\n")


class GlobalsTest(unittest.TestCase):
    def check(self, room, file, text):
        with tempfile.TemporaryDirectory() as folder:
            member, archive = f"{folder}/{file}.o", f"{folder}/libportscope_{room}.a"
            subprocess.run(["cc", "-O0", "-x", "c", "-c", "-o", member, "-"],
                           input=text, text=True, check=True)
            subprocess.run(["ar", "rc", archive, member], check=True)
            run = subprocess.run(["bash", HERE / "globals.sh", archive], text=True,
                                 stdout=subprocess.PIPE, check=False)
            return run.returncode, run.stdout

    def test_writable_state_is_found_even_inside_a_function(self):
        for text in ("int hits;", "static int n = 1; int *f(void) { return &n; }",
                     "static _Thread_local int n; int *f(void) { return &n; }",
                     "int f(void) { static int calls; return ++calls; }"):
            status, said = self.check("flow", "a.c", text)
            self.assertEqual(status, 1, text + said)
            self.assertIn("flow/a.c", said)

    def test_constant_tables_and_the_signal_flag_are_accepted(self):
        table = 'static const char *const names[] = {"a", "b"};' \
                "const char *f(int i) { return names[i]; }"
        self.assertEqual(self.check("flow", "a.c", table)[0], 0)
        flag = "static volatile int came; void f(int n) { came = n; }"
        self.assertEqual(self.check("app", "stop_signal.c", flag)[0], 0)
        self.assertEqual(self.check("app", "pipeline.c", flag)[0], 1)


if __name__ == "__main__":
    unittest.main()
