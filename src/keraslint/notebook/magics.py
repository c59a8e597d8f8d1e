"""IPython's syntax as Python in the same rows: line and cell magics, shell lines, and ``?`` for help."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

# They change no variable of the program, as far as IPython's documentation and that of their makers goes.
_HARMLESS = frozenset(
    "alias alias_magic autoawait autocall autoindent autoreload autosave bookmark cat cd clear colors conda config"
    " connect_info cp debug dhist dirs doctest_mode ed env gui hist history killbgscripts ldir less lf lk ll load_ext"
    " loadpy logoff logon logstart logstate logstop ls lsmagic lx magic mamba man matplotlib micromamba mkdir more mv"
    " notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch psource pushd pwd"
    " pycat pylab qtconsole quickref recall rehashx reload_ext rm rmdir save set_env sx system tb tensorboard"
    " tensorflow_version timeit unalias unload_ext uv who who_ls whos xmode".split()
)
# Cells after these are Python, run as it stands.
_PYTHON_CELLS = frozenset({"time", "capture", "prun"})
# Cells after these are no Python of the kernel, and set no variable of it unless they say so by an option.
_OTHER_CELLS = frozenset(
    "! bash cmd file html HTML javascript js latex markdown perl powershell pypy python python2 python3 ruby"
    " script sh svg SVG system writefile".split()
)
_SETS_VARIABLE = re.compile(r"(?<!\S)--(?:out|err|proc)\b")

_LINE = re.compile(
    r"^(?P<indent>[ \t]*)(?:(?P<target>[\w., \t\[\]'\"*]+?=)[ \t]*)?(?P<mark>!!?|%)(?P<name>\w*)(?P<rest>.*)$"
)
_HELP = re.compile(r"^[ \t]*(?:\?{1,2}[ \t]*[\w.*%]+|%{0,2}[\w.*]+(?:\[[^\]]*\])?[ \t]*\?{1,2})[ \t]*$")
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_MOST_NAMES = 300
_FORGET = "exec(get_ipython)"
_TIME = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)")


def may_have_magics(text: str) -> bool:
    """Return True for a text that may hold a line of IPython's syntax."""
    return "%" in text or "!" in text or "?" in text


def without_magics(text: str) -> str:
    """The text with Python in place of IPython's lines, a row for each row; other text stays in its place.

    Harmless magics become ``pass``, those that set a variable set one that is not known, and any other one becomes a
    call that may do anything.
    """
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is not None and lines[first].startswith("%%"):
        return _cell_magic(lines, first)
    return _line_magics(lines)


def unknown_effects(text: str) -> str:
    """Python in as many rows as ``text`` that may do anything with each name in it, and sets it."""
    ends = re.findall(r"\r\n|\r|\n", text)
    return _unknown(text) + "".join(ends)


def _unknown(text: str) -> str:
    names = list(dict.fromkeys(name for name in _WORD.findall(text) if not keyword.iskeyword(name)))
    if len(names) > _MOST_NAMES or re.search(r"\bimport[ \t]*\*|\bexec\b|\bglobals\b|%run\b", text):
        return _FORGET
    targets = "".join(f"{name} = " for name in names)
    return f"{targets}get_ipython({', '.join(names)})" if names else "pass"


def _cell_magic(lines: Sequence[str], first: int) -> str:
    words = lines[first][2:].split()
    name, rest = (words[0], "".join(lines[first + 1 :])) if words else ("", "")
    before = "".join(lines[:first])
    end = re.sub(r"[^\r\n]", "", lines[first])
    if name in _PYTHON_CELLS:
        kept = words[1] if name == "capture" and len(words) > 1 and words[1].isidentifier() else ""
        head = f"{kept} = get_ipython()" if kept else "pass"
        return before + head + end + without_magics(rest)
    if name in _OTHER_CELLS and not _SETS_VARIABLE.search(lines[first]):
        return re.sub(r"[^\r\n]", "", "".join(lines))
    return before + unknown_effects("".join(lines[first:]))


def _line_magics(lines: Sequence[str]) -> str:
    out: list[str] = []
    inside = _strings(lines)
    continued = False
    for number, line in enumerate(lines):
        body = line.rstrip("\r\n")
        end = line[len(body) :]
        if continued:
            continued = body.endswith("\\")
            out.append(end)
        elif number in inside:
            out.append(line)
        else:
            written = _written(body)
            out.append(line if written is None else written + end)
            continued = written is not None and body.endswith("\\")
    return "".join(out)


def _written(line: str) -> str | None:
    """The Python for one line of IPython's syntax; None for any other line."""
    if _HELP.match(line):
        return line[: len(line) - len(line.lstrip())] + "pass"
    if _TIME.match(line):  # the same number of characters, so that the statement stays in its place
        return _TIME.sub(lambda match: match[1] + "if 1:".ljust(len(match.group()) - len(match[1])), line)
    match = _LINE.match(line)
    if match is None or (match["mark"] == "%" and not match["name"]):
        return None
    if match["target"]:
        return f"{match['indent']}{match['target']} get_ipython()"
    if match["mark"] != "%" or match["name"] in _HARMLESS:
        return match["indent"] + "pass"
    return match["indent"] + _FORGET


def _strings(lines: Sequence[str]) -> set[int]:
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
