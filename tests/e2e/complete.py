#!/usr/bin/env python3
"""What shells complete at the end of each line of standard input: complete.py bash|zsh|fish FILE

FILE has the completions. For each line one is printed: the line, a tab, and the words that fit, a blank between them.

bash and zsh are interactive and have a terminal: each line is typed, then the key that inserts all that fits, and the shell
prints what stands on its line then. fish says it by `complete -C`.

SPDX-License-Identifier: Apache-2.0
"""

import os
import pty
import subprocess
import sys

BEGIN, END = "<begin>", "<end>"
BEGINNING_OF_LINE, END_OF_LINE = "\x01", "\x05"

# What begins the shell, what it is told first, and the key that inserts all that fits.
SHELLS = {
    "bash": (["bash", "--noprofile", "--norc", "-i"], "source {file}\nset +o history\n", "\x1b*"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -Uz compinit && compinit -u -D\ncompdef _container-hooks-ctk container-hooks-ctk\n"
        "_container-hooks-ctk() {{ source {file} }}\n"
        "zle -C all complete-word _generic\nbindkey '^X*' all\n"
        "zstyle ':completion:all:*' completer _all_matches _complete\nzstyle ':completion:all:*' insert yes\n",
        "\x18*",
    ),
}


def heard_of(command, typed):
    """What the program says on its terminal until it ends."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "dumb", "COLUMNS": "10000", "PS1": "", "HISTFILE": "/dev/null"})
        os.execvp(command[0], command)
    heard = b""
    while True:
        try:
            if typed:
                typed = typed[os.write(terminal, typed[:1000]) :]
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            os.waitpid(pid, 0)
            return heard.decode(errors="replace").replace("\r", "")
        heard += part


def interactive(shell, file, lines):
    command, setting_up, key = SHELLS[shell]
    typed = setting_up.format(file=file)
    for line in lines:
        typed += f"{line}{key}{BEGINNING_OF_LINE}printf '%s\\n' '{BEGIN}' {END_OF_LINE} '{END}'\n"
    heard = heard_of(command, (typed + "exit\n").encode())
    answers = [part.split(f"\n{END}\n")[0].split("\n") for part in heard.split(f"\n{BEGIN}\n")[1:]]
    if len(answers) != len(lines):
        sys.exit(heard)
    for line, answer in zip(lines, answers):
        typed_words = len(line.split()) - (0 if line.endswith(" ") else 1)
        yield line, [word for word in answer[typed_words:] if word]


def fish(file, lines):
    for line in lines:
        command = ["fish", "--no-config", "-c", f"source {file}; complete -C $argv[1]", line]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        yield line, [each.split("\t")[0] for each in said.splitlines()]


def main():
    shell, file = sys.argv[1:3]
    lines = sys.stdin.read().splitlines()
    for line, words in fish(file, lines) if shell == "fish" else interactive(shell, file, lines):
        print(f"{line}\t{' '.join(sorted(words))}")


if __name__ == "__main__":
    main()
