"""What ``--show-files`` and ``--show-settings`` print: what a run would check, and what would hold for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from keraslint.config.effective import selected
from keraslint.engine.discovery import Found
from keraslint.report.json_format import absolute


def files(found: Sequence[Found]) -> str:
    """The absolute path of each file, sorted, one a line."""
    return "".join(f"{path}\n" for path in sorted(absolute(item.path) for item in found))


def settings(found: Found) -> str:
    """What holds for a file, after the command line and defaults, as TOML with the names of the keys."""
    lines = [f"Resolved settings for: {_text(absolute(found.path))}"]
    if found.settings.source is not None:
        lines.append(f"Settings path: {_text(found.settings.source)}")
    return "\n".join([*lines, "", *_keys(found)]) + "\n"


def _keys(found: Found) -> Iterator[str]:
    held = found.settings
    yield f"select = {_list(sorted(selected(found.path, held).codes))}"
    yield f"exclude = {_list(pattern.text for pattern in held.exclude)}"
    for name, value in (
        ("force-exclude", held.force_exclude),
        ("respect-gitignore", held.respect_gitignore),
        ("keras-version", held.keras_version),
        ("environment", held.environment),
        ("fix-style", held.fix_style),
        ("unsafe-fixes", held.unsafe_fixes),
        ("output-format", held.output_format),
    ):
        yield f"# {name} is not set" if value is None else f"{name} = {_text(value)}"
    if held.per_file_ignores:
        yield "\n[per-file-ignores]"
    for pattern, negated, selectors in held.per_file_ignores:
        yield f"{_text('!' * negated + pattern.text)} = {_list(selectors)}"


def _list(texts: Iterable[str]) -> str:
    """A TOML array, one text a line."""
    inside = "".join(f"  {_text(text)},\n" for text in texts)
    return f"[\n{inside}]" if inside else "[]"


def _text(value: str | bool) -> str:
    """A TOML text or truth value: those of JSON are, but for the character that JSON leaves bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
