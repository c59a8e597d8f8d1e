"""Install commands in shell text: pip, uv and conda, with the row of each argument."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from keraslint.pins.interface import Include, ReadResult, joined
from keraslint.pins.notation.conda_spec import conda_requirement
from keraslint.pins.requirement_line import Line
from keraslint.pins.sources.requirements_txt import requirement_line

_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r]|\\\r?\n)+)
    |(?P<comment>(?<![^\s;&|])\#[^\n]*)
    |(?P<end>\n|&&|\|\||;|\||&)
    |(?P<redirect>\d?[<>]+&?)
    |(?P<word>(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;&|<>'"\\])+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r"""'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)|([^'"\\]+)""", re.DOTALL)
_ESCAPED = re.compile(r"""\\([\\"`])""")
_VARIABLE = re.compile(r"\$(?:(?P<bare>\w+)|\{(?P<name>\w+)(?::?[-=](?P<default>[^}]*))?\})")
_PIP = re.compile(r"(?:.*/)?pip(?:3(?:\.\d+)?)?(?:\.exe)?", re.IGNORECASE)
_CONDA = re.compile(r"(?:.*/)?(?:conda|mamba|micromamba)")
_SHELL = re.compile(r"(?:.*/)?(?:ba|da|z|k)?sh")
_SCRIPT = re.compile(r"-[a-z]*c")
_FILES = frozenset({"-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"})
_CONDA_FILES = frozenset({"--file", "-f"})
TOO_LONG = "\0"
"""The value of a variable that is too long to be the name of a package or of an image."""

_LONGEST_EXPANSION = 1_000
BUILD_IN_COMMAND = re.compile(r"=[^=\s]|[ \t]+[\w*]+_[\w*]+")
"""A build after a version. A word without "_" that follows in a command may be another package."""

# Options that take the next argument as their value.
_VALUED = frozenset(
    "-i --index-url --extra-index-url --index --default-index -f --find-links -t --target --prefix --root "
    "--trusted-host --timeout --python -p --no-binary --only-binary --progress-bar --cache-dir --proxy "
    "--retries --platform --python-version --upgrade-strategy --torch-backend --override --overrides "
    "--exclude-newer --group --extra -b --build-constraint --config-settings --use-feature".split()
)
_CONDA_VALUED = frozenset("-n --name -p --prefix -c --channel --solver --override-channels-file".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One argument of a command, without its quotes, and its row; ``redirected``: a ``<`` or ``>`` follows."""

    text: str
    row: int
    redirected: bool = False


def install_commands(
    filename: str, lines: Sequence[str], text: str, row: int, variables: Mapping[str, str], group: str = ""
) -> ReadResult:
    """Read the install commands in a shell text.

    lines: the lines of the whole file, stripped, for the evidence. row: the row of the first line of ``text``.
    variables: those whose value is known; an argument with another one in it is skipped if it may concern Keras.
    """
    return joined(
        argument_command(filename, lines, inner, variables, group)
        for words in shell_commands(text, row)
        for inner in _unwrapped(words)
    )


def argument_command(
    filename: str, lines: Sequence[str], words: Sequence[Word], variables: Mapping[str, str], group: str = ""
) -> ReadResult:
    """Read one command, given as its words; nothing if it is not an install command."""
    conda, arguments = _arguments(words)
    return joined(
        _argument(
            Line(filename, word.row, "".join(lines[word.row - 1 : word.row]), group), word, option, variables, conda
        )
        for option, word in _pairs(arguments, conda)
    )


def expand(text: str, variables: Mapping[str, str]) -> str:
    """The text with the values of ``$NAME``, ``${NAME}`` and ``${NAME:-default}``; unknown names stay as they are.

    TOO_LONG stands for one that would be longer than any name or version.
    """
    made = 0

    def value(match: re.Match[str]) -> str:
        nonlocal made
        name = match.group("bare") or match.group("name")
        default = match.group("default")
        found = variables.get(name, match.group() if default is None else default)
        made += len(found)
        return found if made <= _LONGEST_EXPANSION else ""

    expanded = _VARIABLE.sub(value, text)
    return expanded if made <= _LONGEST_EXPANSION else TOO_LONG


def shell_commands(text: str, row: int) -> Iterator[list[Word]]:
    """The simple commands in a text, each as its words."""
    words: list[Word] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            words.append(Word(_unquoted(match.group()), row))
        elif kind == "redirect" and words:
            words[-1] = Word(words[-1].text, words[-1].row, redirected=True)
        elif kind == "end":
            if words:
                yield words
            words = []
        row += match.group().count("\n")
    if words:
        yield words


def _unwrapped(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The commands in the text after ``bash -c``; for any other command, the command itself."""
    for index, word in enumerate(words):
        if _SHELL.fullmatch(word.text):
            options = itertools.takewhile(lambda item: item.text.startswith("-"), words[index + 1 :])
            at = next((at for at, item in enumerate(options, index + 2) if _SCRIPT.fullmatch(item.text)), len(words))
            if at < len(words):
                yield from shell_commands(words[at].text, words[at].row)
                return
    yield words


def _arguments(words: Sequence[Word]) -> tuple[bool, Sequence[Word]]:
    """True for a command of conda, and the words after ``install``; none for a command that installs nothing."""
    for index, word in enumerate(words):
        following = words[index + 1].text if index + 1 < len(words) else ""
        if (_PIP.fullmatch(word.text) and following == "install") or (word.text == "uv" and following == "add"):
            return False, words[index + 2 :]
        if _CONDA.fullmatch(word.text):
            for at, verb in enumerate(words[index + 1 :], index + 2):
                if verb.text in ("install", "create", "update"):
                    return True, words[at:]
    return False, ()


def _pairs(words: Sequence[Word], conda: bool) -> Iterator[tuple[str, Word]]:
    """Each argument with the option that it belongs to, "" for a requirement."""
    files = _CONDA_FILES if conda else _FILES | {"-e", "--editable"}
    valued = _CONDA_VALUED if conda else _VALUED
    waiting: str | None = None
    redirected = False
    for word in words:
        if redirected:
            redirected = word.redirected
        elif waiting is not None:
            if waiting in files:
                yield waiting, word
            waiting = None
        elif word.text.startswith("-") and word.text != "-":
            option, equals, value = word.text.partition("=")
            if equals and option in files:
                yield option, Word(value, word.row)
            elif not equals and option in files | valued:
                waiting = option
            elif not conda and re.match(r"-[rc]\w", word.text):
                yield word.text[:2], Word(word.text[2:], word.row)
        else:
            yield "", word
            redirected = word.redirected


def _argument(line: Line, word: Word, option: str, variables: Mapping[str, str], conda: bool) -> ReadResult:
    text = expand(word.text, variables)
    if option in _FILES | _CONDA_FILES:
        # The path differs inside an image or a runner; the file has the same name in the project.
        path = text.rpartition("/")[2] if text.startswith(("/", "$")) else text
        return ReadResult(includes=(Include(path, line.row, line.group),))
    if TOO_LONG in text:
        return line.skip("the value of a variable is too long", too_large=True)
    if "$" in text:
        return line.skip(f"the value of a variable is not known: {text}") if _may_concern(text) else ReadResult()
    if word.redirected and _may_concern(text):
        told = requirement_line(line, text)
        skipped = line.skip("the shell reads an unquoted < or > as a redirection").skipped
        return ReadResult(told.conditions, told.skipped + skipped)
    if conda:
        return conda_requirement(line, text)
    return requirement_line(line, f"-e {text}" if option else text)


def _may_concern(text: str) -> bool:
    return re.match(r"['\"]?(?:keras|tensorflow|tf)\b", text, re.IGNORECASE) is not None


def _unquoted(text: str) -> str:
    return "".join(
        _ESCAPED.sub(r"\1", match[2] or "") + (match[1] or match[3] or match[4] or "")
        for match in _QUOTED.finditer(text)
    )
