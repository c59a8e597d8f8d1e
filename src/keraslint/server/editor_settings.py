"""The editor's settings: the keys of keraslint.toml, which override those of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keraslint.config.options import Options
from keraslint.config.parse import options_of
from keraslint.config.settings import ConfigError

SECTION = "keraslint"
_SHOWN = "the editor's settings"
_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")


def options_of_editor(said: object) -> Options:
    """The options in an editor's settings, at the top or under ``keraslint`` or ``settings``; null means unset.

    Keys may be written as in a file or as editors do: ``keras-version``, ``kerasVersion``. Raises ConfigError.
    """
    if said is None:
        return Options()
    if not isinstance(said, Mapping):
        raise ConfigError(f"{_SHOWN}: an object is needed")
    for name in (SECTION, "settings"):
        if isinstance(said.get(name), Mapping):
            return options_of_editor(said[name])
    table: dict[str, Any] = {_key(str(key)): value for key, value in said.items() if value is not None}
    options = options_of(table, lambda *_: _SHOWN)
    return options if options.keras_version is None else replace(options, keras_version_by=_SHOWN)


def _key(text: str) -> str:
    return _CAPITAL.sub(lambda match: f"-{match.group().lower()}", text).replace("_", "-")
