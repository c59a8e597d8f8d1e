"""Cells with IPython's syntax as Python in the same rows: line and cell magics, shell lines, and ``?`` for help."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Sequence

from keraslint.ipython.magics import HARMLESS, OTHER_CELLS, PYTHON_CELLS, RUN_THEIR_LINE

UNKNOWN = "a_magic"
"""The function, and the module, that stands for a magic of which nothing is known."""

_BROKEN = "a_cell_that_does_not_parse"

_MOST_NAMES = 300
_LONGEST_HELP = 1_000

_SETS_VARIABLE = re.compile(r"(?<!\S)--(?:out|err|proc)\b")
_LINE = re.compile(
    r"^(?P<indent>[ \t]*)(?:(?P<target>[\w., \t\[\]'\"*]+?=)[ \t]*)?"
    r"(?P<mark>!!?|%|[,;/](?=\w))(?P<name>\w*)(?P<rest>.*)$"
)
_HELP = re.compile(
    r"^[ \t]*(?:\?{1,2}[^?]*|(?:[^#]*[^\w#.])?%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?\d+\])*[ \t]*\?{1,2})"
    r"[ \t]*(?:#.*)?$"
)
_TIME = re.compile(r"^([ \t]*)%time[ \t]+(?![ \t]|--?[a-z])")
_ENV = re.compile(r"(?:set_)?env[ \t]+(?P<name>\w+)(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>\S.*?)[ \t]*")
_EXPANDED = re.compile(r"[${]")
_OS = "the_os_of_a_magic"
_CALLS = re.compile(r"\{[^{}]*\([^{}]*\}")
_WORD = re.compile(r"(?P<before>\b(?:def|class|as|import)[ \t]+)?(?<![\w.])(?P<name>[A-Za-z_]\w*)(?P<used>[ \t]*[.(])?")
_IMPORT = re.compile(r"(?:import[ \t]+[\w., \t]+|from[ \t]+[\w.]+[ \t]+import[ \t]+[\w, \t]+)(?:#.*)?")
_STAR = re.compile(r"\bimport[ \t]*\*|\bexec\b|\bglobals\b|%run\b")


def without_magics(text: str) -> str:
    """A cell with Python in place of IPython's lines, a row for each row; other text stays in its place.

    Harmless magics become ``pass``, those that set a variable set one that is not known, and any other one becomes
    a star import of an unknown module, which may set any variable.
    """
    lines = _rows(text)
    # IPython refuses a comment above a cell magic, Colab takes it.
    first = next((number for number, line in enumerate(lines) if line.strip() and line[:1] != "#"), None)
    if first is not None and lines[first].startswith("%%"):
        return _cell_magic(lines, first)
    if len(lines) == 1 and HARMLESS.intersection(text.split(maxsplit=1)[:1]):
        return f"pass{_end(text)}"  # in a cell of one line a magic needs no mark
    return "".join(_line_magics(lines))


def unknown_effects(text: str) -> str:
    """Python in the rows of a cell that does not parse: its imports, and all else that it names is unknown."""
    lines = _rows(text)
    kept = [_IMPORT.fullmatch(line.rstrip("\r\n")) is not None for line in lines]
    rest = "".join(line for line, keep in zip(lines, kept, strict=True) if not keep)
    out = [line if keep else _end(line) for line, keep in zip(lines, kept, strict=True)]
    place = kept.index(False) if False in kept else 0
    out[place : place + 1] = [_unknown(rest, _BROKEN) + line for line in out[place : place + 1]]
    return "".join(out)


def why_unknown(path: str) -> str | None:
    """Why the result of a function is not known, if it is one of those that stand for IPython's lines and cells."""
    name = path.rpartition(".")[2]
    return f"{name.replace('_', ' ')} may set it" if name in (UNKNOWN, _BROKEN) else None


def has_unknown_language(text: str) -> bool:
    """Return True for a cell that begins with a line magic that IPython does not have: it may take the whole cell."""
    match = re.match(r"\s*%(\w+)", text)
    return match is not None and match[1] not in HARMLESS | RUN_THEIR_LINE


def _rows(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def _end(line: str) -> str:
    """The line end of a line."""
    return line[len(line.rstrip("\r\n")) :]


def _unknown(text: str, by: str) -> str:
    """A statement that may do anything with each name in a text, and sets those that the text may set."""
    found = [match for match in _WORD.finditer(text) if not keyword.iskeyword(match["name"])]
    names = list(dict.fromkeys(match["name"] for match in found))
    if len(names) > _MOST_NAMES or _STAR.search(text):
        return f"from {by} import *"
    targets = dict.fromkeys(match["name"] for match in found if match["before"] or not match["used"])
    set_here = "".join(f"{name} = " for name in targets if not hasattr(builtins, name))  # Python 2 prints without ()
    return f"{set_here}{by}({', '.join(names)})" if names else "pass"


def _cell_magic(lines: Sequence[str], first: int) -> str:
    """A cell that begins with a cell magic."""
    words = lines[first][2:].split()
    name, rest = (words[0], "".join(lines[first + 1 :])) if words else ("", "")
    before = "".join(lines[:first])
    if name in PYTHON_CELLS and (name == "capture" or not [word for word in words[1:] if not word.startswith("-")]):
        kept = next((word for word in words[1:] if word.isidentifier()), "") if name == "capture" else ""
        return before + (f"{kept} = {UNKNOWN}()" if kept else "pass") + _end(lines[first]) + without_magics(rest)
    if name in OTHER_CELLS and not _SETS_VARIABLE.search(lines[first]):
        return "".join(map(_end, lines))
    return before + _unknown("".join(lines[first:]), UNKNOWN) + "".join(map(_end, lines[first:]))


def _line_magics(lines: Sequence[str]) -> Iterator[str]:
    """Each line of a cell without a cell magic, as Python."""
    inside = _inside(lines)
    continued = False
    for number, line in enumerate(lines):
        end = _end(line)
        body = line[: len(line) - len(end)]
        written = None if continued or number in inside else _written(body)
        if continued:
            yield end
        else:
            yield line if written is None else written + end
        continued = body.endswith("\\") and (continued or written is not None)


def _written(line: str) -> str | None:
    """The Python for one line of IPython's syntax; None for any other line."""
    if _asks_for_help(line):
        return line[: len(line) - len(line.lstrip())] + "pass"
    if _TIME.match(line):  # the same number of characters, so that the statement stays in its place
        return _TIME.sub(lambda match: match[1] + "if 1:".ljust(len(match.group()) - len(match[1])), line)
    match = _LINE.match(line)
    if match is None or (match["mark"] == "%" and not match["name"]):
        return None
    done = _effect(match["mark"], match["name"], match["rest"])
    return match["indent"] + (f"{done}; {match['target']} {UNKNOWN}()" if match["target"] else done)


def _effect(mark: str, name: str, rest: str) -> str:
    """A statement that does to the variables what a line with a mark does."""
    text = name + rest
    if mark in (",", ";", "/") or _CALLS.search(text):
        return _unknown(text, UNKNOWN)
    if mark == "%" and name in RUN_THEIR_LINE:
        return _unknown(rest, UNKNOWN)
    if mark == "%" and (setting := _ENV.fullmatch(text)):
        value = f"{UNKNOWN}()" if _EXPANDED.search(setting["value"]) else repr(setting["value"])
        return f"import os as {_OS}; {_OS}.environ[{setting['name']!r}] = {value}"
    if mark != "%" or name in HARMLESS:
        return "pass"
    return f"from {UNKNOWN} import *; {_unknown(rest, UNKNOWN)}"


def _asks_for_help(line: str) -> bool:
    """Return True for a line such as ``model.fit?``, which runs nothing else."""
    if "?" not in line or len(line) > _LONGEST_HELP:
        return False
    return _HELP.match(line) is not None and not _state(line, "", 0)[0]


def _inside(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines that begin within a string of several lines or within brackets."""
    inside: set[int] = set()
    quote, depth = "", 0
    for number, line in enumerate(lines):
        if quote or depth > 0:
            inside.add(number)
        elif _written(line.rstrip("\r\n")) is not None:
            continue
        quote, depth = _state(line, quote, depth)
    return inside


_TOKEN = re.compile(r"\\.|\"{3}|'{3}|[\"'#\[\](){}]", re.DOTALL)


def _state(line: str, quote: str, depth: int) -> tuple[str, int]:
    """The quotes of the open string and the number of open brackets after a line."""
    for match in _TOKEN.finditer(line):
        mark = match.group()
        if quote:
            quote = "" if mark == quote or (len(quote) == 1 and mark[0] == quote) else quote
        elif mark == "#":
            break
        elif mark[0] in "\"'":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
    return (quote if len(quote) == 3 else ""), max(depth, 0)
