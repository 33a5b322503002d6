#!/usr/bin/env python3
"""Runs every command of the console blocks of documents and compares what it prints.

    tests/e2e/readme.py [FILE...]            exit status 1, and the differences, where one is wrong (default: README.md)
    tests/e2e/readme.py --update [FILE...]   writes what was printed into them

A line that begins with "# " is a command, with the lines of its here-document; the lines after it are what it prints.
"..." stands for anything in a line, and alone on a line for any lines; --update leaves an output with "..." as it is
where it fits.

One shell runs all commands of all files in their order, as root, in a mount namespace of its own: /etc, /usr, /var and /tmp are
overlays, so that the commands run exactly as they stand and nothing of this machine is changed.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
README = os.path.join(ROOT, "README.md")
SETUP = os.path.join(ROOT, "tests", "e2e", "readme-setup.bash")


class Step:
    """A command of a document, and the output that comes after it."""

    def __init__(self, line):
        self.line = line  # of the file, from 0, where the command begins
        self.command = []
        self.output = []

    def text(self):
        return "\n".join(self.command)


def here_document_end(command):
    found = re.search(r"<<-?\s*'?(\w+)'?", command)
    return found.group(1) if found else None


def steps_of(lines):
    """The steps of all console blocks, in order."""
    steps, in_block, waiting_for = [], False, None
    for number, line in enumerate(lines):
        if line.startswith("```"):
            in_block = line == "```console"
        elif not in_block:
            continue
        elif waiting_for:
            steps[-1].command.append(line)
            waiting_for = None if line == waiting_for else waiting_for
        elif line.startswith("# "):
            steps.append(Step(number))
            steps[-1].command.append(line[2:])
            waiting_for = here_document_end(line)
        else:
            steps[-1].output.append(line)
    return steps


def fits(expected, printed):
    parts = [".*\n?" if line == "..." else re.escape(line).replace(r"\.\.\.", "[^\n]*") + "\n" for line in expected]
    return re.fullmatch("(?s:" + "".join(p if p != ".*\n?" else ".*?" for p in parts) + ")", printed) is not None


def run(steps):
    """What each step prints, in order."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        script = [f". {SETUP} {directory}", "set +e"]
        for index, step in enumerate(steps):
            script.append(f"{{\n{step.text()}\n}} >{directory}/{index} 2>&1 </dev/null")
        shell = ["unshare", "--mount", "--propagation", "private", "bash", "-c", "\n".join(script)]
        subprocess.run(shell, cwd=ROOT, check=False, stdin=subprocess.DEVNULL)
        return [read(os.path.join(directory, str(index))) for index in range(len(steps))]


def read(path):
    if not os.path.exists(path):
        return "(not run)\n"
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def update(path, steps, printed):
    lines = lines_of(path)
    for step, text in reversed(list(zip(steps, printed))):
        if not fits(step.output, text):
            begin = step.line + len(step.command)
            lines[begin : begin + len(step.output)] = text.splitlines()
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def main():
    paths = [each for each in sys.argv[1:] if each != "--update"] or [README]
    steps = {path: steps_of(lines_of(path)) for path in paths}
    answers = iter(run([step for path in paths for step in steps[path]]))
    printed = {path: [next(answers) for _ in steps[path]] for path in paths}
    if "--update" in sys.argv:
        for path in paths:
            update(path, steps[path], printed[path])
        return 0
    each = [(path, step, text) for path in paths for step, text in zip(steps[path], printed[path])]
    wrong = [(path, step, text) for path, step, text in each if not fits(step.output, text)]
    for path, step, text in wrong:
        print(f"{os.path.relpath(path, ROOT)}:{step.line + 1}: {step.text()}\n  should print:\n" + "\n".join(step.output))
        print(f"  prints:\n{text}")
    print(f"{len(each)} commands, {len(wrong)} of them print something else")
    return 1 if wrong or not all(steps.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
