"""setup.cfg: the requirements that setuptools reads from it."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator

from keraslint.pins.interface import Include, ReadResult, Source, joined, skip
from keraslint.pins.requirement_line import Line
from keraslint.pins.sources.requirements_txt import requirement_line

# configparser takes time that grows with the square of a line's length.
_LONGEST_TEXT = 200_000
_LONGEST = 5_000
_SECTION = re.compile(r"\[(?P<name>[^]]+)\]")
_MARKER = re.compile(r";[^;]*(?:python_|sys_|platform_|os_name|implementation_|extra)")
_OPTION = re.compile(r"(?P<name>[^\s=:#;][^=:]*)[=:](?P<value>.*)")
# A ";" begins a comment only at the beginning of a row: after a requirement it begins its marker.
_COMMENT = re.compile(r"^\s*[#;].*|\s#.*")


def _read(filename: str, text: str) -> ReadResult:
    """Read ``install_requires``, the extras and ``python_requires``."""
    if len(text) > _LONGEST_TEXT:
        return skip(filename, 0, f"longer than {_LONGEST_TEXT:,} characters", too_large=True)
    for row, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST:
            return skip(filename, row, f"longer than {_LONGEST} characters")
    try:
        configparser.RawConfigParser(strict=False).read_string(text)
    except configparser.Error as error:
        row = getattr(error, "lineno", None) or next(iter(getattr(error, "errors", ())), (0,))[0]
        return skip(filename, row, f"not a valid configuration file: {error}")
    return joined(_values(filename, text))


def _values(filename: str, text: str) -> Iterator[ReadResult]:
    for section, option, row, value, line in _lines(text):
        group = f"extra {option}" if section == "options.extras_require" else ""
        if section == "options" and option == "python_requires":
            yield ReadResult(python=value)
        elif group or (section == "options" and option == "install_requires"):
            if files := re.fullmatch(r"file\s*:\s*(.*)", value):
                paths = (path.strip() for path in files.group(1).split(","))
                yield ReadResult(includes=tuple(Include(path, row, group) for path in paths if path))
            else:
                # Semicolons separate requirements, but for one before a marker.
                several = ";" in value and not _MARKER.search(value)
                for requirement in value.split(";") if several else [value]:
                    yield requirement_line(Line(filename, row, line, group), requirement.strip())


def _lines(text: str) -> Iterator[tuple[str, str, int, str, str]]:
    """Section, option, row, the part of the value on the row, and the line as written, stripped."""
    section = option = ""
    for row, line in enumerate(text.split("\n"), 1):
        content = _COMMENT.sub("", line).rstrip()
        if not content:
            continue
        if content[0].isspace():
            yield section, option, row, content.strip(), line.strip()
        elif header := _SECTION.match(content):
            section, option = header.group("name").strip(), ""
        elif pair := _OPTION.fullmatch(content):
            option = pair.group("name").strip().lower().replace("-", "_")
            if pair.group("value").strip():
                yield section, option, row, pair.group("value").strip(), line.strip()


SETUP_CFG = Source(_read, "setup.cfg")
