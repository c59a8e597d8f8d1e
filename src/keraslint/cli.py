"""The command ``keraslint``: finds the command that is meant, and reports what goes wrong before it starts."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from keraslint import __version__
from keraslint.words import one_line

COMMANDS = {
    "rule": "rule",
    "keras": "keras",
    "server": "serve",
    "fleet": "survey",
    "vendor-runtime": "vendor_runtime",
    "check": "check",
}
"""By command, the module in ``keraslint.commands`` that runs it."""
_OTHER_WORDS = {
    "fix": "check --fix",
    "lint": "check",
    "run": "check",
    "explain": "rule",
    "rules": "rule",
    "lsp": "server",
}
"""By word that others use for a command, the command that is meant."""
_GLOBAL_FLAGS = ("-q", "--quiet", "-v", "--verbose", "--isolated")
_GLOBAL_OPTIONS = ("--config", "--color")

_HELP = """\
keraslint: finds Keras training code that goes wrong without an error, and fixes it.

Usage: keraslint [check] [PATH]...    check files and folders [default: .]
       keraslint rule [CODE | --all]  list the rules, or explain one
       keraslint keras [PATH]         say which Keras releases a project allows, and which of its files say so
       keraslint server               serve an editor: the language server protocol on stdin and stdout
       keraslint fleet SOURCE...      check many repositories on an engine such as a cluster of Dask
       keraslint vendor-runtime DEST  copy safe_compile and loss_routing into a project

keraslint COMMAND --help lists the options of a command; --version prints the version.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0: nothing left, 1: diagnostics, 2: wrong use, or a path not checked."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal can't show must not end the run
    if arguments[:1] in (["--version"], ["-V"]):
        from keraslint.behaviour.releases import MEASURED

        print(f"keraslint {__version__} (measured: Keras {MEASURED[0]} to {MEASURED[-1]})")
        return 0
    if arguments[:1] in (["--help"], ["-h"], ["help"]):
        print(_HELP, end="")
        return 0
    try:
        return _run(*split_command(arguments))
    except BrokenPipeError:
        _drop_stdout()
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
            print(f"error: can't write: {error.strerror}", file=sys.stderr)
            _drop_stdout()
            return 2
        print(f"error: internal error: {type(error).__name__}: {one_line(str(error))}", file=sys.stderr)
        if "-v" in arguments or "--verbose" in arguments:
            import traceback

            traceback.print_exc()
        return 2


def _open_what_is_closed() -> None:
    """Discard what is written to a stream that the caller has closed (``>&-``)."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def split_command(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The command and its arguments; ``check`` where none is named. Global options may come before it."""
    index = 0
    while index < len(arguments):
        if arguments[index] in _GLOBAL_OPTIONS:
            index += 2
        elif arguments[index] in _GLOBAL_FLAGS or arguments[index].startswith(("--config=", "--color=")):
            index += 1
        else:
            break
    if index < len(arguments) and arguments[index] in COMMANDS:
        return arguments[index], [*arguments[:index], *arguments[index + 1 :]]
    return "check", list(arguments)


def _run(command: str, arguments: list[str]) -> int:
    from keraslint.config.settings import ConfigError

    if command == "check" and (meant := _mistyped(arguments)):
        print(
            f"error: {one_line(arguments[0])!r} is neither a command nor a path; did you mean `{meant}`?",
            file=sys.stderr,
        )
        return 2
    try:
        code: int = import_module(f"keraslint.commands.{COMMANDS[command]}").run(arguments)
        return code
    except ConfigError as error:
        print(f"error: {one_line(str(error))}", file=sys.stderr)
        return 2
    except FileNotFoundError:
        if _is_there():
            raise
        print("error: the current folder is not there any more", file=sys.stderr)
        return 2


def _mistyped(arguments: Sequence[str]) -> str | None:
    """The command that is meant where the first argument is nearly one, and is not the name of a file or folder."""
    word = arguments[0] if arguments else ""
    if not word.isascii() or not word.replace("-", "").isalnum() or word.startswith("-") or os.path.lexists(word):
        return None
    if word.lower() in _OTHER_WORDS:
        return f"keraslint {_OTHER_WORDS[word.lower()]}"
    if rule := _rule_of(word):
        return f"keraslint rule {rule}"
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), [*COMMANDS, "version"], n=1)
    return f"keraslint {'--version' if close == ['version'] else close[0]}" if close else None


def _rule_of(word: str) -> str | None:
    """The code or name of a rule that a word is; None for any other."""
    if not word.upper().startswith("KER") and "-" not in word:  # spares an import
        return None
    from keraslint.rules.registry import ALL_RULES

    names = {name for rule in ALL_RULES for name in (rule.code, rule.name)}
    return next((name for name in (word.upper(), word.lower()) if name in names), None)


def _is_there() -> bool:
    """Return True if the current folder exists."""
    from pathlib import Path

    try:
        return Path.cwd().is_dir()
    except FileNotFoundError:
        return False


def _drop_stdout() -> None:
    """Keep the interpreter from writing to a closed pipe again when it exits."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
