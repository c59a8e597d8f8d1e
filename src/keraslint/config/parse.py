"""The text of one configuration file → Options; errors name the row and the nearest valid key."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from keraslint.config.options import OPTIONS, Kind, Option, Options, attribute
from keraslint.config.selection import selector_of
from keraslint.config.settings import ConfigError
from keraslint.limits import too_much_toml

_NEAR = 0.75
"""How alike a name must be to be suggested: difflib's measure is 0.74 for Ruff's "target-version" and ours."""


class TomlSyntaxError(ValueError):
    """The text is not valid TOML; the message is the parser's, on one line. ``row``: of the error, 0: unknown."""

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(message)
        self.row = row


class _Bad(ValueError):
    """A key or value that is wrong. ``near``: the text of the value in the file, None for the key itself."""

    def __init__(self, message: str, near: str | None = None) -> None:
        super().__init__(message)
        self.near = near


def read_options(text: str, shown: str, *, own: bool) -> Options | None:
    """The options in a ``keraslint.toml`` (``own``) or a ``pyproject.toml``; None without a table for us.

    ``shown`` is the file's name in messages. Raises TomlSyntaxError, and ConfigError for a wrong key or value.
    """
    table = _table(text, shown, own)
    if table is None:
        return None
    options = options_of(table, lambda key, near: f"{shown}:{key_row(text, key, own=own, near=near)}")
    row = None if options.keras_version is None else key_row(text, "keras-version", own=own)
    return replace(options, keras_version_row=row)


def options_of(table: Mapping[str, Any], place: Callable[[str, str | None], str]) -> Options:
    """The options in a table: of a file, of an editor, or of the command line.

    ``place(key, near)`` names the place of an error in messages; ``near`` is the text of the key's value that is
    wrong, None for the key itself. Raises ConfigError.
    """
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            if key not in OPTIONS:
                raise _Bad(_unknown(key, value))
            values[attribute(key)] = _value(key, OPTIONS[key], value)
        except _Bad as error:
            raise ConfigError(f"{place(key, error.near)}: {error}") from error
    return Options(**values)


def inline_options(texts: Iterable[str]) -> Options:
    """The options in ``KEY=VALUE`` texts, as ``--config`` takes them. Raises ConfigError."""
    options = Options()
    for text in texts:
        try:
            said = read_options(text, "--config", own=True)
        except TomlSyntaxError as error:
            raise ConfigError(f"--config: neither a file nor TOML: {text}: {error}") from error
        options = (said or Options()).over(options)
    given = options.keras_version is not None
    return replace(options, keras_version_row=0 if given else None, keras_version_by="--config" if given else None)


def key_row(text: str, key: str, *, own: bool, near: str | None = None) -> int:
    """The 1-based row on which ``key`` of our table is written, or the first one from there with ``near``.

    tomllib has no positions: this reads table headers and the beginnings of lines, which is enough for common
    files; where it finds nothing it returns the row of the table, or 1.
    """
    inside, found = own, None
    table_row = 1
    written = re.compile(
        rf"(?:tool\s*\.\s*)?(?:keraslint\s*\.\s*)?[\"']?{re.escape(key)}[\"']?\s*[=.]"
        rf"|[^#]*\bkeraslint[\"']?\s*=\s*\{{.*[\"'\s{{,]{re.escape(key)}[\"']?\s*="
    )
    for row, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        header = re.fullmatch(r"\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?", stripped)
        if found is None and header:
            parts = [part.strip().strip("\"'") for part in header.group(1).split(".")]
            base = [] if own else ["tool", "keraslint"]
            inside = parts[: len(base)] == base and (own or len(parts) >= 2)
            table_row = row if parts == base else table_row
            found = row if parts == [*base, key] else None
        elif found is None and written.match(stripped) and (inside or "keraslint" in stripped):
            found = row
        if found is not None and (near is None or _quoted(near, line)):
            return row
    return found or table_row


def rule_selector(text: str) -> str:
    """The selector in a text, in capital letters, the code for a rule's name. Raises ValueError where it is none."""
    from keraslint.rules.registry import ALL_RULES

    if (selector := selector_of(text, ALL_RULES)) is not None:
        return selector
    digits = re.fullmatch(r"[A-Za-z]{0,4}[ _-]?(\d+)", text.strip())
    near = _nearest_code(digits[1]) if digits else _nearest(text, [rule.name for rule in ALL_RULES])
    raise ValueError(f"unknown rule selector {text!r}{near or '; `keraslint rule` lists the rules'}")


def _nearest_code(digits: str) -> str:
    """The end of a message that suggests a selector for the digits of a code; "" where none begins as they do."""
    from keraslint.rules.registry import ALL_RULES

    if selector := selector_of(f"KER{digits}", ALL_RULES):
        return f"; the nearest valid one is {selector!r}"
    return _nearest(f"KER{digits}", [rule.code for rule in ALL_RULES if rule.code.startswith(f"KER{digits[0]}")])


def keras_version_problem(text: str) -> str | None:
    """A message if a text is not a ``keras-version``, else None."""
    from keraslint.pins.given import releases_from_option

    try:
        releases_from_option(text)
    except ValueError as error:
        return str(error)
    return None


def _table(text: str, shown: str, own: bool) -> Mapping[str, Any] | None:
    if not own and "keraslint" not in text and "\\" not in text:
        _parse(text)
        return None
    table = _parse(text)
    for part in () if own else ("tool", "keraslint"):
        inner = table.get(part)
        if inner is None:
            return None
        if not isinstance(inner, dict):
            row = key_row(text, part, own=True)
            raise ConfigError(f"{shown}:{row}: {part!r} must be a table, not {_kind(inner)}")
        table = inner
    return table


def _parse(text: str) -> dict[str, Any]:
    if reason := too_much_toml(text):
        raise TomlSyntaxError(reason)
    try:
        return _load(text)
    except ValueError as error:
        from keraslint.pins.notation.toml_text import reason_and_row

        reason, row = reason_and_row(error, text)
        raise TomlSyntaxError(" ".join(reason.split()), row) from error
    except RecursionError as error:
        raise TomlSyntaxError("it is nested too deeply") from error


def _load(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    table: dict[str, Any] = tomllib.loads(text)
    return table


def _unknown(key: str, value: object) -> str:
    if key in ("tool", "keraslint") and isinstance(value, dict):
        return "a keraslint.toml has no table [tool.keraslint]: write its keys without a table"
    return f"unknown key {key!r} in the configuration of keraslint{_nearest(key, list(OPTIONS))}"


def _nearest(text: str, valid: list[str]) -> str:
    """The end of a message that suggests a valid text; "" where none is near, as for a key of another tool."""
    import difflib

    close = difflib.get_close_matches(text, valid, n=1, cutoff=_NEAR)
    return f"; the nearest valid one is {close[0]!r}" if close else ""


def _value(key: str, option: Option, value: object) -> object:
    """The value of Options for a TOML value. Raises _Bad."""
    if option.kind is Kind.SWITCH:
        return _typed(key, value, bool, "true or false")
    if option.kind is Kind.IGNORES:
        table = _typed(key, value, dict, "a table of patterns and lists of rules")
        return tuple((pattern, _ignored(pattern, rules)) for pattern, rules in table.items())
    if option.kind is Kind.SELECTORS:
        return _selectors(key, value)
    if option.kind is Kind.PATTERNS:
        return _strings(key, value)
    text: str = _typed(key, value, str, "a string")
    if option.kind is Kind.RELEASES:
        _refuse(keras_version_problem(text), text)
    if option.choices is not None and text not in option.choices:
        raise _Bad(f"{key!r} must be one of {', '.join(map(repr, option.choices))}, not {text!r}", text)
    return text


def _ignored(pattern: str, rules: object) -> tuple[str, ...]:
    """The selectors that belong to a pattern of ``per-file-ignores``."""
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
        raise _Bad(f"'per-file-ignores' of {pattern!r} must be a list of strings", pattern)
    return _selectors("per-file-ignores", rules)


def _selectors(key: str, value: object) -> tuple[str, ...]:
    found = []
    for text in _strings(key, value):
        try:
            found.append(rule_selector(text))
        except ValueError as error:
            raise _Bad(str(error), text) from error
    return tuple(found)


def _refuse(problem: str | None, near: str) -> None:
    if problem is not None:
        raise _Bad(problem, near)


def _strings(key: str, value: object) -> tuple[str, ...]:
    items = _typed(key, value, list, "a list of strings")
    for item in items:
        _typed(key, item, str, "a list of strings")
    return tuple(items)


def _typed(key: str, value: object, kind: Callable[..., Any], wanted: str) -> Any:
    if type(value) is not kind:
        raise _Bad(f"{key!r} must be {wanted}, not {_kind(value)}")
    return value


def _kind(value: object) -> str:
    names = {
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a float",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")


def _quoted(text: str, line: str) -> bool:
    return f'"{text}"' in line or f"'{text}'" in line
