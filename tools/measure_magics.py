"""Runs magics of the installed IPython, and prints what they did as JSON: by kind ("line", "cell") and name.

    python measure_magics.py [SEED]

- For a line magic: "touches" where it takes one of the arguments at least and sets, deletes, rebinds or calls a
  variable with one of them; else "nothing", or "refused" where it takes none of them.
- For a cell magic: "runs" where the cell is the program's own Python, so that what it assigns is a variable
  afterwards; else as for a line magic, of a cell that is Python.
- null: not run. With a seed, a tenth of the magics runs, which it chooses.

Each magic runs in a process of its own. Needs IPython and matplotlib.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

LINES = (
    *("", "probe", "probe()", "other = probe()", "-r other", "other 1", "-f", "-f probe", "agg", "autoreload"),
    *("json", "program.py", "1", "nocolor", "TerminalInteractiveShell.autocall = 0", "--version"),
)
CELLS = ("", "--no-raise-error", "new", "new.txt", "1")
BODY = "other = probe()\n"
SECONDS = 30.0
NOTHING, TOUCHES, REFUSED, RUNS = range(4)
WORDS = ("nothing", "touches", "refused", "runs")
TENTH = 10


class Probe:
    """An object that notes when it is called."""

    calls = 0

    def __call__(self) -> str:
        """Note the call."""
        self.calls += 1
        return "probe"


def new_shell() -> Any:
    """A shell with the variable that is watched, and a line of input before."""
    from IPython.terminal.interactiveshell import TerminalInteractiveShell

    shell = TerminalInteractiveShell.instance()
    shell.extension_manager.load_extension("autoreload")
    shell.user_ns["probe"] = Probe()
    shell.history_manager.input_hist_parsed[:] = ["", BODY]
    shell.history_manager.input_hist_raw[:] = ["", BODY]
    return shell


def variables(shell: Any) -> dict[str, int]:
    """The variables of the program: IPython's own, such as the history, begin with a "_"."""
    return {name: id(value) for name, value in shell.user_ns.items() if not name.startswith("_")}


def outcome(shell: Any, name: str, line: str, body: str | None) -> int:
    """NOTHING if a magic touches no variable; RUNS if it has run the body; TOUCHES; REFUSED if it raises."""
    before, refused = variables(shell), False
    try:
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        if body is None:
            shell.run_line_magic(name, line)
        else:
            shell.run_cell_magic(name, line, body)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except BaseException:  # whatever it raises, it did not take the argument
        refused = True
    if shell.user_ns.get("other") == "probe" and body is not None:
        return RUNS
    if variables(shell) != before or shell.user_ns["probe"].calls:
        return TOUCHES
    return REFUSED if refused else NOTHING


def all_outcomes(shell: Any, name: str, lines: tuple[str, ...], body: str | None) -> int:
    """The outcome for all arguments, in a copy of this process: RUNS or TOUCHES of the first that has one of these."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = set()
    for line in lines:
        found.add(outcome(shell, name, line, body))
        if found - {NOTHING, REFUSED}:
            break
    os._exit(max(found - {NOTHING, REFUSED}, default=min(found)))


def stop(*_: object) -> None:
    """End a magic that waits."""
    raise TimeoutError


def is_chosen(kind: str, name: str, seed: str | None) -> bool:
    """True for each magic without a seed; else for the tenth of them that the seed chooses."""
    return seed is None or hashlib.sha256(f"{seed} {kind} {name}".encode()).digest()[0] % TENTH == 0


def main(seed: str | None) -> None:
    """Run the magics in a temporary folder, and print what they did."""
    shell = new_shell()
    signal.signal(signal.SIGALRM, stop)
    out = os.dup(1)
    seen = {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("answers").write_text("c\n" * 100, encoding="utf-8")  # a debugger goes on
        for number, name in ((0, "answers"), (1, os.devnull), (2, os.devnull)):
            os.dup2(os.open(name, os.O_RDWR), number)
        Path("program.py").write_text(BODY, encoding="utf-8")
        for kind, arguments, body in (("line", LINES, None), ("cell", CELLS, BODY)):
            seen[kind] = {
                name: WORDS[all_outcomes(shell, name, arguments, body)] if is_chosen(kind, name, seed) else None
                for name in sorted(shell.magics_manager.magics[kind])
            }
    with os.fdopen(out, "w") as stream:
        json.dump(seen, stream)


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else None)
