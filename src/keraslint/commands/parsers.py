"""The options of every command, with Ruff's names and meanings, and the settings that they ask for."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from keraslint.config.find import ConfigFinder
from keraslint.config.options import OPTIONS, Kind, Options, attribute
from keraslint.config.parse import inline_options, options_of
from keraslint.config.settings import ConfigError
from keraslint.limits import MAX_MEGABYTES, MAX_SECONDS
from keraslint.words import one_line


def check_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint check``."""
    parser = _parser("check", "Check files and folders for Keras training code that goes wrong without an error.")
    parser.add_argument(
        "paths", nargs="*", type=_path, metavar="PATH", help="files or folders to check [default: .]; - for stdin"
    )
    fixes = parser.add_argument_group("fixes")
    _switch(fixes, "--fix", "apply fixes to the files")
    _add_options(fixes)
    _switch(fixes, "--diff", "write nothing: print what --fix would change; exit 1 if there is anything")
    _switch(fixes, "--show-fixes", "list what was fixed", no=True)
    _add_options(parser.add_argument_group("rules"))
    _add_options(parser.add_argument_group("releases"))
    known = parser.add_argument_group("known findings")
    _add_options(known)
    _switch(known, "--write-baseline", "write all findings to the baseline, and report none")
    _switch(known, "--add-noqa", "suppress all findings by # noqa comments: at each, or at another line of its call")
    files = parser.add_argument_group("files")
    _add_options(files)
    shown = files.add_mutually_exclusive_group()
    _switch(shown, "--show-files", "list the files that would be checked, and check none")
    _switch(shown, "--show-settings", "print the settings of the first file that would be checked, and check none")
    files.add_argument("--stdin-filename", metavar="FILE", help="the name of what is read from stdin")
    output = parser.add_argument_group("output")
    _add_options(output)
    output.add_argument("-o", "--output-file", metavar="FILE", help="write the report to a file [default: stdout]")
    _switch(output, "--statistics", "count by rule instead of listing")
    _switch(output, "--exit-zero", "exit with 0 also when something is found", short="-e")
    _switch(output, "--exit-non-zero-on-fix", "exit with 1 also when all that was found is fixed")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="how many processes [default: one per core]")
    _switch(parser, "--profile", "say where the time went, by stage and by file; checks in one process")
    _switch(parser, "--watch", "check again whenever a file changes, until Ctrl+C")
    bounds = parser.add_argument_group("bounds of one file")
    bounds.add_argument("--file-seconds", type=_number, default=MAX_SECONDS, metavar="N", help="seconds [default: 10]")
    bounds.add_argument("--file-memory", type=_jobs, default=MAX_MEGABYTES, metavar="MB", help="memory [default: 300]")
    return parser


def rule_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint rule``."""
    parser = _parser("rule", "List the rules, or explain some.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "rule", nargs="*", default=[], metavar="CODE", help="codes or names of rules [default: list all rules]"
    )
    which.add_argument("--all", action="store_true", help="explain all rules")
    return parser


def keras_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint keras``."""
    parser = _parser("keras", "Say which Keras releases a project allows, and which lines of its files say so.")
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a file or folder of the project")
    parser.add_argument(
        "--output-format", dest="answer_format", choices=("text", "json"), default="text", help="how to print"
    )
    _switch(parser, "--known-bad", "also list what is known to be wrong with these releases")
    _add_options(parser.add_argument_group("releases"))
    return parser


def server_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint server``."""
    parser = _parser("server", "Serve an editor: the language server protocol on stdin and stdout.")
    parser.add_argument("--log-file", metavar="FILE", help="where to log [default: stderr]")
    parser.add_argument("--stdio", action="store_true", help=argparse.SUPPRESS)  # many clients add it to any server
    return parser


def vendor_runtime_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint vendor-runtime``."""
    parser = _parser("vendor-runtime", "Copy keraslint's runtime into a project, as one file that needs only Keras.")
    parser.add_argument("destination", metavar="DEST", help="a folder, or the name of the copy; an old copy is renewed")
    return parser


def fleet_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint fleet``."""
    parser = _parser("fleet", "Check many repositories: folders of clones, bare repositories, archives and data sets.")
    parser.add_argument("sources", nargs="+", type=_path, metavar="SOURCE", help="a folder, a file, or an address")
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="NAME.parquet or NAME.jsonl; - for stdout"
    )
    parser.add_argument("--report", metavar="FILE", help="write a summary with plots as a page of HTML")
    engine = parser.add_argument_group("engine")
    engine.add_argument("--engine", choices=("local", "dask"), default="local", help="what runs it [default: local]")
    engine.add_argument("--jobs", type=_jobs, metavar="N", help="how many workers [default: one per core]")
    engine.add_argument("--scheduler", metavar="ADDRESS", help="the scheduler of a cluster of Dask [default: make one]")
    bounds = parser.add_argument_group("bounds of one repository")
    bounds.add_argument("--seconds", type=_number, default=300.0, metavar="N", help="seconds [default: 300]")
    bounds.add_argument("--memory", type=_jobs, default=1000, metavar="MB", help="memory [default: 1000]")
    columns = parser.add_argument_group("columns of data sets")
    for name in ("repository", "path", "content"):
        columns.add_argument(f"--{name}-column", default=name, metavar="NAME", help=f"[default: {name}]")
    _add_options(parser.add_argument_group("rules"))
    _add_options(parser.add_argument_group("releases"))
    return parser


COMMAND_PARSERS: dict[str, Callable[[], argparse.ArgumentParser]] = {
    "check": check_parser,
    "fleet": fleet_parser,
    "rule": rule_parser,
    "keras": keras_parser,
    "server": server_parser,
    "vendor-runtime": vendor_runtime_parser,
}
"""By command, the function that makes its parser."""


_VERSION = "--version"
"""An option of keraslint, of none of its commands."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, whatever the arguments hold: they may be names of files."""

    def error(self, message: str) -> NoReturn:
        """Print the error, with the option that may be meant, and end with 2."""
        from difflib import get_close_matches

        unknown = re.fullmatch(r"unrecognized arguments: (--[\w-]+).*", message, re.DOTALL)
        shown = [name for action in self._actions if action.help != argparse.SUPPRESS for name in action.option_strings]
        close = get_close_matches(unknown[1], [*shown, _VERSION], n=1) if unknown else []
        other = "`keraslint --version`" if close == [_VERSION] else ""
        meant = f" (did you mean {other or close[0]}?)" if close else ""
        self.exit(2, f"error: {one_line(message)}{meant}; see `{self.prog} --help`\n")


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    parser = _Parser(f"keraslint {command}", description=description, allow_abbrev=False)
    add_global(parser)
    return parser


def add_global(parser: argparse.ArgumentParser) -> None:
    """The options that every command takes, also before its name."""
    group = parser.add_argument_group("global options")
    group.add_argument("--config", action="append", default=[], metavar="FILE", help="configuration file, or KEY=VALUE")
    _switch(group, "--isolated", "read no configuration file")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="when to use colours")
    _switch(group, "--quiet", "print diagnostics and errors, nothing else", short="-q")
    _switch(group, "--verbose", "say more", short="-v")


def _add_options(group: argparse._ArgumentGroup) -> None:
    """Add the flags of the options that belong to a group, by its title."""
    for key, option in OPTIONS.items():
        if option.group != group.title:
            continue
        text = option.help
        more: dict[str, Any] = {"metavar": option.metavar}
        if option.kind is Kind.SWITCH:
            _switch(group, f"--{key}", text, no=True, on=option.default)
            continue
        if option.kind is Kind.CHOICE:
            more, text = {"choices": option.choices}, f"{text} [default: {option.default_text or option.default}]"
        elif option.kind in (Kind.SELECTORS, Kind.PATTERNS):
            more |= {"action": "extend", "type": _some_rules if option.kind is Kind.SELECTORS else _comma_separated}
        group.add_argument(f"--{key}", help=text, **more)


def _switch(
    group: argparse._ActionsContainer,
    name: str,
    text: str,
    *,
    short: str | None = None,
    no: bool = False,
    on: bool = False,
) -> None:
    """Add a flag; with ``no`` also its opposite, and None is the value where neither is given.

    The help shows the opposite where the flag is ``on`` by default.
    """
    flags = [short, name] if short else [name]
    destination, shown = attribute(name.lstrip("-")), argparse.SUPPRESS if on else text
    group.add_argument(*flags, action="store_true", default=None if no else False, dest=destination, help=shown)
    if no:
        opposite = f"do not {text}" if on else argparse.SUPPRESS
        group.add_argument(f"--no-{name.lstrip('-')}", action="store_false", dest=destination, help=opposite)


def _comma_separated(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _path(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("it is empty")
    return text


def _some_rules(text: str) -> list[str]:
    """The selectors in a text. None is an error: an unset variable of a shell must not switch every rule off."""
    items = _comma_separated(text)
    if not items:
        raise argparse.ArgumentTypeError("it names no rule")
    return items


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def finder_of(args: argparse.Namespace, cwd: Path) -> ConfigFinder:
    """The finder of the settings that arguments and configuration files ask for. Raises ConfigError."""
    files = [text for text in args.config if "=" not in text or (cwd / text).is_file()]
    if len(files) > 1:
        raise ConfigError("--config names more than one file")
    if files and args.isolated:
        raise ConfigError("--config with a file and --isolated exclude each other")
    inline = inline_options([text for text in args.config if text not in files])
    return ConfigFinder(
        cwd,
        _options(args),
        inline=inline,
        isolated=args.isolated,
        explicit=Path(files[0]) if files else None,
        warn=lambda line: warn(line, args),
    )


def _options(args: argparse.Namespace) -> Options:
    """The options of the command line. Raises ConfigError."""
    said = {key: vars(args).get(attribute(key)) for key in OPTIONS}
    return options_of({key: value for key, value in said.items() if value is not None}, lambda key, _: f"--{key}")


def warn(line: str, args: argparse.Namespace) -> None:
    """Print one line to stderr, unless warnings are off."""
    if not args.quiet:
        print(f"warning: {one_line(line)}", file=sys.stderr)
