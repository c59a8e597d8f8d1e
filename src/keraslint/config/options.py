"""The table of options: what can be configured in files, on the command line and in an editor.

An option is one field of Options. Its entry holds all that file parsing, command line, editor settings,
``--show-settings`` and the table in ``docs/configuration.md`` need.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

OUTPUT_FORMATS = ("concise", "full", "json", "json-lines", "sarif", "github", "gitlab", "junit", "lsp", "html")
FIX_STYLES = ("tuple", "safe-compile", "upgrade")
DEFAULT_EXCLUDE = tuple(
    ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv "
    ".pytest_cache .pytype .ruff_cache .svn .tox .venv .virtual_documents .vscode __pypackages__ _build buck-out build "
    "dist node_modules site-packages venv".split()
)


class Kind(str, Enum):
    """The type of an option's value, in the words of the documentation."""

    SELECTORS = "list of rule selectors"
    PATTERNS = "list of patterns"
    IGNORES = "table: pattern → list of rule selectors"
    SWITCH = "true or false"
    RELEASES = "a release or a version specifier"
    PATH = "a path"
    CHOICE = "one of some texts"


@dataclass(frozen=True, slots=True)
class Option:
    """One option: ``help`` says what it does, ``default`` is its value where it is not set.

    group: the group of command-line options that its flag belongs to, None where it has no flag. metavar: the
    name of the flag's value in the help. choices: the values of a CHOICE. default_text: the default in the
    documentation where it can't be written as a value. part_of: the option whose effective value it adds to.
    """

    kind: Kind
    help: str
    default: Any = None
    group: str | None = None
    metavar: str | None = None
    choices: tuple[str, ...] | None = None
    default_text: str | None = None
    part_of: str | None = None


def _option(kind: Kind, group: str | None, help: str, default: Any = None, **more: Any) -> Any:  # noqa: A002
    """The field of an option."""
    return field(default=None, metadata={"option": Option(kind, help, default, group, **more)})


def _rules(help: str, default: Any = (), part_of: str | None = "select", **more: Any) -> Any:  # noqa: A002
    """The field of an option that takes rule selectors on the command line, too."""
    return _option(Kind.SELECTORS, "rules", help, default, metavar="RULE", part_of=part_of, **more)


def _patterns(help: str, default: Any, **more: Any) -> Any:  # noqa: A002
    """The field of an option that takes patterns of files."""
    return _option(Kind.PATTERNS, "files", help, default, metavar="PATTERN", **more)


def _switch(group: str, help: str, *, default: bool = False) -> Any:  # noqa: A002
    """The field of an option that is on or off."""
    return _option(Kind.SWITCH, group, help, default)


def _releases(kind: Kind, metavar: str, help: str) -> Any:  # noqa: A002
    """The field of an option that sets the Keras releases."""
    return _option(kind, "releases", help, metavar=metavar, default_text="from the project's files")


def _choice(group: str, help: str, choices: tuple[str, ...]) -> Any:  # noqa: A002
    """The field of an option with these values; the first one is the default."""
    return _option(Kind.CHOICE, group, help, choices[0], choices=choices)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one source: a file, the command line or an editor. None: not set.

    Two fields are not options. ``keras_version_row``: the row of ``keras-version`` in the file, 0 for
    none. ``keras_version_by``: the source of it in messages, if that is neither a file nor the command line.
    """

    select: tuple[str, ...] | None = _rules(
        "rules to use, such as KER101, KER1, ALL", None, None, default_text="all rules that are not opt-in"
    )
    extend_select: tuple[str, ...] | None = _rules("rules to use besides those selected")
    ignore: tuple[str, ...] | None = _rules("rules to leave out")
    extend_ignore: tuple[str, ...] | None = _rules("rules to leave out besides those ignored")
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] | None = _option(
        Kind.IGNORES,
        None,
        "rules to leave out in the files that match a pattern; ! before a pattern: in all others",
        {},
    )
    exclude: tuple[str, ...] | None = _patterns(
        "patterns of files and folders to leave out", DEFAULT_EXCLUDE, default_text="see below"
    )
    extend_exclude: tuple[str, ...] | None = _patterns(
        "more patterns of files and folders to leave out", (), part_of="exclude"
    )
    force_exclude: bool | None = _switch("files", "apply exclusions even to files named on the command line")
    respect_gitignore: bool | None = _switch("files", "leave out files that git ignores", default=True)
    baseline: str | None = _option(
        Kind.PATH,
        "known findings",
        "leave out the findings that this file knows, which --write-baseline writes",
        metavar="FILE",
        default_text="no file",
    )
    keras_version: str | None = _releases(
        Kind.RELEASES, "SPEC", "the Keras releases to assume, such as 3.5.0 or >=3.4,<4"
    )
    environment: str | None = _releases(
        Kind.PATH, "PYTHON", "use the Keras installed in this environment (interpreter or folder); nothing is executed"
    )
    fix_style: str | None = _choice(
        "fixes",
        "tuple: fix the call; safe-compile: let keraslint's runtime compile; upgrade: raise the pin of Keras",
        FIX_STYLES,
    )
    unsafe_fixes: bool | None = _switch("fixes", "also apply fixes that may change the behaviour of correct code")
    output_format: str | None = _option(
        Kind.CHOICE, "output", "how to print", choices=OUTPUT_FORMATS, default_text="full on a terminal, else concise"
    )
    keras_version_row: int | None = None
    keras_version_by: str | None = None

    def over(self, below: Options) -> Options:
        """These options, with those of ``below`` where these are not set."""
        pairs = {item.name: getattr(self, item.name) for item in fields(self)}
        return Options(**{name: getattr(below, name) if said is None else said for name, said in pairs.items()})


OPTIONS: dict[str, Option] = {
    item.name.replace("_", "-"): item.metadata["option"] for item in fields(Options) if "option" in item.metadata
}
"""Every option by its key, such as "fix-style"."""


def attribute(key: str) -> str:
    """The name of the field of Options, and of the attribute of Settings, for a key."""
    return key.replace("-", "_")
