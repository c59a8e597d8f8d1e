"""The environment variable that makes ``tf.keras`` Keras 2, and ``.env`` files, which may set it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from keraslint.pins.interface import ReadResult, Role, Source

_PAIR = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*'|[^#\n]*)""", re.MULTILINE
)
_VARIABLE = "TF_USE_LEGACY_KERAS"
# The values that TensorFlow 2.21.0 takes as true (python/util/lazy_loader.py).
_ON = ("1", "true", "True")


def legacy_keras(variables: Mapping[str, str]) -> bool | None:
    """Return True or False if the environment variables make ``tf.keras`` Keras 2 or Keras 3, else None."""
    value = variables.get(_VARIABLE)
    return None if value is None else value in _ON


def _read(_filename: str, text: str) -> ReadResult:
    """Read the variable that makes ``tf.keras`` Keras 2."""
    pairs = {match.group("name"): match.group("value").strip().strip("'\"") for match in _PAIR.finditer(text)}
    return ReadResult(legacy=legacy_keras(pairs))


# Not .env.example and the like.
DOTENV = Source(
    _read,
    re.compile(r"\.env(?:\.(?!example|sample|template|dist)[\w-]+)?|[\w-]+\.env", re.IGNORECASE),
    Role.HINTS,
)
