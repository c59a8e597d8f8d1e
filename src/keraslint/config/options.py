"""The table of options: what can be configured in files, on the command line and in an editor.

An option is one field of Options. Its entry gives all that file parsing, command line, editor settings,
``--show-settings`` and the table in ``docs/configuration.md`` need to know of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

OUTPUT_FORMATS = ("concise", "full", "json", "json-lines", "sarif", "github", "gitlab", "junit", "lsp")
FIX_STYLES = ("tuple", "safe-compile", "upgrade")
DEFAULT_EXCLUDE = tuple(
    ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv "
    ".pytest_cache .pytype .ruff_cache .svn .tox .venv .vscode __pypackages__ _build buck-out build "
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
    """One option: ``help`` is what it does, ``default`` what counts where nothing says it.

    group: the group of command-line options that its flag belongs to, None where it has no flag. metavar: the
    name of the flag's value in the help. choices: the values of a CHOICE. default_text: the default in the
    documentation where it can't be written as a value. part_of: the option whose effective value it adds to.
    hidden: True if the flag is left out of the help.
    """

    kind: Kind
    help: str
    default: Any = None
    group: str | None = None
    metavar: str | None = None
    choices: tuple[str, ...] | None = None
    default_text: str | None = None
    part_of: str | None = None
    hidden: bool = False


def _option(kind: Kind, help: str, default: Any = None, **more: Any) -> Any:  # noqa: A002 - argparse's word
    """The field of an option."""
    return field(default=None, metadata={"option": Option(kind, help, default, **more)})


def _rules(help: str, part_of: str | None = "select", **more: Any) -> Any:  # noqa: A002
    """The field of an option that takes rule selectors on the command line, too."""
    default = () if part_of is not None else None
    return _option(Kind.SELECTORS, help, default, group="rules", metavar="RULE", part_of=part_of, **more)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one source: a file, the command line or an editor. None: it says nothing about that.

    Two fields are not options. ``keras_version_row``: the row of the file on which ``keras-version`` stands, 0 for
    none. ``keras_version_by``: what says it where that is neither a file nor the command line, as messages name it.
    """

    select: tuple[str, ...] | None = _rules(
        "rules to use, such as KER101, KER1, ALL", None, default_text="all rules that are not opt-in"
    )
    extend_select: tuple[str, ...] | None = _rules("rules to use besides those selected")
    ignore: tuple[str, ...] | None = _rules("rules to leave out")
    extend_ignore: tuple[str, ...] | None = _rules("rules to leave out besides those ignored", hidden=True)
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] | None = _option(
        Kind.IGNORES, "rules to leave out in the files that match a pattern; ! before a pattern: in all others", {}
    )
    exclude: tuple[str, ...] | None = _option(
        Kind.PATTERNS,
        "patterns of files and folders to leave out",
        DEFAULT_EXCLUDE,
        group="files",
        metavar="PATTERN",
        default_text="see below",
    )
    extend_exclude: tuple[str, ...] | None = _option(
        Kind.PATTERNS,
        "more patterns of files and folders to leave out",
        (),
        group="files",
        metavar="PATTERN",
        part_of="exclude",
    )
    force_exclude: bool | None = _option(
        Kind.SWITCH, "apply exclusions even to files named on the command line", default=False, group="files"
    )
    respect_gitignore: bool | None = _option(
        Kind.SWITCH,
        "leave out files that git ignores",
        default=True,
        group="files",
    )
    keras_version: str | None = _option(
        Kind.RELEASES,
        "the Keras releases to assume, such as 3.5.0 or >=3.4,<4",
        group="releases",
        metavar="SPEC",
        default_text="from the project's files",
    )
    environment: str | None = _option(
        Kind.PATH,
        "use the Keras installed in this environment (interpreter or folder); nothing is executed",
        group="releases",
        metavar="PYTHON",
        default_text="from the project's files",
    )
    fix_style: str | None = _option(
        Kind.CHOICE,
        "tuple: fix the call; safe-compile: let keraslint's runtime compile; upgrade: raise the pin of Keras",
        FIX_STYLES[0],
        group="fixes",
        choices=FIX_STYLES,
    )
    unsafe_fixes: bool | None = _option(
        Kind.SWITCH,
        "also apply fixes that may change the behaviour of correct code",
        default=False,
        group="fixes",
    )
    output_format: str | None = _option(
        Kind.CHOICE, "how to print", OUTPUT_FORMATS[0], group="output", choices=OUTPUT_FORMATS
    )
    keras_version_row: int | None = None
    keras_version_by: str | None = None

    def over(self, below: Options) -> Options:
        """These options, and those of ``below`` where nothing is said here."""
        pairs = {item.name: getattr(self, item.name) for item in fields(self)}
        return Options(**{name: getattr(below, name) if said is None else said for name, said in pairs.items()})


OPTIONS: dict[str, Option] = {
    item.name.replace("_", "-"): item.metadata["option"] for item in fields(Options) if "option" in item.metadata
}
"""Every option by its key, such as "fix-style"."""


def attribute(key: str) -> str:
    """The name of the field of Options, and of the attribute of Settings, for a key."""
    return key.replace("-", "_")
