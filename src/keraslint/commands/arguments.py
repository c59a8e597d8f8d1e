"""The options of every command: Ruff's names and meanings."""

from __future__ import annotations

import argparse

from keraslint.config.settings import FIX_STYLES, OUTPUT_FORMATS


def check_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint check``."""
    parser = _parser("check", "Check files and folders for Keras calls whose parts reach the wrong output.")
    parser.add_argument(
        "paths", nargs="*", type=_path, metavar="PATH", help="files or folders to check [default: .]; - for stdin"
    )
    fixes = parser.add_argument_group("fixes")
    _switch(fixes, "--fix", "apply fixes to the files")
    _switch(fixes, "--unsafe-fixes", "count fixes, too, that may change what correct code does", no=True)
    fixes.add_argument(
        "--fix-style",
        choices=FIX_STYLES,
        help="tuple: mend the call [default]; safe-compile: let keraslint's runtime compile; upgrade: the pin of Keras",
    )
    _switch(fixes, "--diff", "write nothing: print what --fix would change; exit 1 if there is anything")
    _switch(fixes, "--show-fixes", "list what was fixed", no=True)
    _add_rules(parser.add_argument_group("rules"))
    files = parser.add_argument_group("files")
    for name in ("--exclude", "--extend-exclude"):
        more = "more patterns" if "extend" in name else "patterns"
        _list(files, name, "PATTERN", f"{more} of files and folders to leave out")
    _switch(files, "--force-exclude", "leave out what is excluded also when it is named", no=True)
    files.add_argument("--respect-gitignore", action="store_true", default=None, help=argparse.SUPPRESS)
    files.add_argument(
        "--no-respect-gitignore", action="store_false", dest="respect_gitignore", help="check what git ignores, too"
    )
    shown = files.add_mutually_exclusive_group()
    _switch(shown, "--show-files", "list the files that would be checked, and check none")
    _switch(shown, "--show-settings", "print what holds for the first file that would be checked, and check none")
    files.add_argument("--stdin-filename", metavar="FILE", help="the name of what is read from stdin")
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=OUTPUT_FORMATS, help="how to print [default: concise]")
    output.add_argument("-o", "--output-file", metavar="FILE", help="write the report to a file [default: stdout]")
    _switch(output, "--statistics", "count by rule instead of listing")
    _switch(output, "--exit-zero", "exit with 0 also when something is found", short="-e")
    _switch(output, "--exit-non-zero-on-fix", "exit with 1 also when all that was found is fixed")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="how many processes [default: one per core]")
    return parser


def rule_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint rule``."""
    parser = _parser("rule", "Explain a rule.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("rule", nargs="?", metavar="CODE", help="the code or name of a rule")
    which.add_argument("--all", action="store_true", help="explain all rules")
    return parser


def keras_parser() -> argparse.ArgumentParser:
    """The options of ``keraslint keras``."""
    parser = _parser("keras", "Say which Keras releases a project admits, and which lines of its files say so.")
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a file or folder of the project")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="how to print")
    _add_releases(parser.add_argument_group("releases"))
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


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"keraslint {command}", description=description, allow_abbrev=False)
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


def _add_rules(group: argparse._ArgumentGroup) -> None:
    for name, text in (
        ("--select", "rules to use, such as KER101, KER1, ALL"),
        ("--ignore", "rules to leave out"),
        ("--extend-select", "rules to use besides those selected"),
        ("--extend-ignore", argparse.SUPPRESS),
    ):
        group.add_argument(name, type=_some, action="extend", metavar="RULE", help=text)
    _add_releases(group)


def _add_releases(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--keras-version", metavar="SPEC", help="the Keras releases to assume, such as 3.5.0 or >=3.4,<4"
    )
    group.add_argument(
        "--environment", metavar="PYTHON", help="assume what is installed for an interpreter; it is not run"
    )


def _switch(
    group: argparse._ActionsContainer, name: str, text: str, *, short: str | None = None, no: bool = False
) -> None:
    """A flag; with ``no`` also its opposite, and None where neither is given."""
    flags = [short, name] if short else [name]
    destination = name.lstrip("-").replace("-", "_")
    group.add_argument(*flags, action="store_true", default=None if no else False, dest=destination, help=text)
    if no:
        group.add_argument(f"--no-{name.lstrip('-')}", action="store_false", dest=destination, help=argparse.SUPPRESS)


def _list(group: argparse._ArgumentGroup, name: str, metavar: str, text: str) -> None:
    group.add_argument(name, type=_comma_separated, action="extend", metavar=metavar, help=text)


def _comma_separated(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _path(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("it is empty")
    return text


def _some(text: str) -> list[str]:
    """The same, but nothing is wrong: an unset variable of a shell must not switch every rule off."""
    items = _comma_separated(text)
    if not items:
        raise argparse.ArgumentTypeError("it names no rule")
    return items


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
