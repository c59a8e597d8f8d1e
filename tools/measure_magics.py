"""Runs each magic of the installed IPython, and prints three lines of names, each for a kind of magics.

- Line magics that take one of the arguments at least, and with none of them set, delete, rebind or call a variable.
- Cell magics whose cell is the program's own Python: what it assigns is a variable afterwards.
- Cell magics whose cell touches no variable, although it is Python that would.

Each magic runs in a process of its own. Needs IPython and matplotlib.
"""

from __future__ import annotations

import os
import signal
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
TOUCHES, REFUSED, RUNS = 1, 2, 3


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
    """0 if a magic touches no variable; RUNS if it has run the body; TOUCHES; REFUSED if it raises."""
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
    return REFUSED if refused else 0


def all_outcomes(shell: Any, name: str, lines: tuple[str, ...], body: str | None) -> int:
    """The outcome for all arguments, in a copy of this process: the first that is neither 0 nor REFUSED, if any."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = set()
    for line in lines:
        found.add(outcome(shell, name, line, body))
        if found - {0, REFUSED}:
            break
    os._exit(max(found - {0, REFUSED}, default=min(found)))


def stop(*_: object) -> None:
    """End a magic that waits."""
    raise TimeoutError


def main() -> None:
    """Print the names, sorted."""
    shell = new_shell()
    magics = shell.magics_manager.magics
    signal.signal(signal.SIGALRM, stop)
    out = os.dup(1)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("answers").write_text("c\n" * 100, encoding="utf-8")  # a debugger goes on
        for number, name in ((0, "answers"), (1, os.devnull), (2, os.devnull)):
            os.dup2(os.open(name, os.O_RDWR), number)
        Path("program.py").write_text(BODY, encoding="utf-8")
        lines = {name: all_outcomes(shell, name, LINES, None) for name in sorted(magics["line"])}
        cells = {name: all_outcomes(shell, name, CELLS, BODY) for name in sorted(magics["cell"])}
    kinds = (lines, 0), (cells, RUNS), (cells, 0)
    with os.fdopen(out, "w") as stream:
        for found, wanted in kinds:
            stream.write(" ".join(name for name, code in found.items() if code == wanted) + "\n")


if __name__ == "__main__":
    main()
