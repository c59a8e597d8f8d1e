"""The output of ``--show-files`` and ``--show-settings``: the files of a run, and the settings of one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from keraslint.config.effective import selected
from keraslint.config.options import OPTIONS, Kind
from keraslint.engine.discovery import InputFile
from keraslint.report.json_format import absolute
from keraslint.words import one_line


def files(found: Sequence[InputFile]) -> str:
    """The absolute path of each file, sorted, one a line."""
    return "".join(f"{one_line(path)}\n" for path in sorted(absolute(item.path) for item in found))


def settings(found: InputFile) -> str:
    """The effective settings of a file as TOML, command line and defaults included."""
    lines = [f"Resolved settings for: {_toml(absolute(found.path))}"]
    if found.settings.source is not None:
        lines.append(f"Settings path: {_toml(found.settings.source)}")
    return "\n".join([*lines, "", *_keys(found)]) + "\n"


def _keys(found: InputFile) -> Iterator[str]:
    """The effective options as TOML; what is a table comes last."""
    tables = []
    for key, option in OPTIONS.items():
        if option.kind is Kind.IGNORES:
            tables.append(key)
        elif option.part_of is None:
            value = _value(key, found)
            yield f"# {key} is not set" if value is None else f"{key} = {_toml(value)}"
    for key in tables:
        if ignores := found.settings.per_file_ignores:
            yield f"\n[{key}]"
        for pattern, negated, selectors in ignores:
            yield f"{_toml('!' * negated + pattern.text)} = {_toml(selectors)}"


def _value(key: str, found: InputFile) -> Any:
    if key == "select":
        return sorted(selected(found.path, found.settings).codes)
    if key == "exclude":
        return [pattern.text for pattern in found.settings.exclude]
    return found.settings.value(key)


def _toml(value: str | bool | Sequence[str]) -> str:
    """A TOML text, truth value, or array with one text a line.

    Those of JSON are TOML, but for the character that JSON leaves bare.
    """
    if isinstance(value, (str, bool)):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    inside = "".join(f"  {_toml(text)},\n" for text in value)
    return f"[\n{inside}]" if inside else "[]"
