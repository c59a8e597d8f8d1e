"""The editor's settings: the keys of keraslint.toml, which go over those of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keraslint.config.parse import editor_options
from keraslint.config.settings import ConfigError, Options

SECTION = "keraslint"
_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")


def options_of(said: object) -> Options:
    """The options in what an editor says, by itself or under ``keraslint`` or ``settings``; null is nothing said.

    Keys may be written as in a file or as editors do: ``keras-version``, ``kerasVersion``. Raises ConfigError.
    """
    if said is None:
        return Options()
    if not isinstance(said, Mapping):
        raise ConfigError("the editor's settings: an object is needed")
    for name in (SECTION, "settings"):
        if isinstance(said.get(name), Mapping):
            return options_of(said[name])
    table: dict[str, Any] = {_key(str(key)): value for key, value in said.items() if value is not None}
    return editor_options(table, "the editor's settings")


def _key(text: str) -> str:
    return _CAPITAL.sub(lambda match: f"-{match.group().lower()}", text).replace("_", "-")
