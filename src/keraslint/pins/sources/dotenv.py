"""Variables of the environment that make ``tf.keras`` Keras 2, and ``.env`` files, which set them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from keraslint.pins.interface import ReadResult, Role

_NAME = re.compile(r"\.env(?:\.(?!example|sample|template|dist)[\w-]+)?|[\w-]+\.env", re.IGNORECASE)
_PAIR = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*'|[^#\n]*)""", re.MULTILINE
)
_VARIABLE = "TF_USE_LEGACY_KERAS"
# The texts that TensorFlow 2.21.0 takes for yes (python/util/lazy_loader.py).
_ON = ("1", "true", "True")


def legacy_keras(variables: Mapping[str, str]) -> bool | None:
    """Whether variables of the environment make ``tf.keras`` Keras 2; None where they don't say."""
    value = variables.get(_VARIABLE)
    return None if value is None else value in _ON


@dataclass(frozen=True)
class Dotenv:
    """Reads a ``.env`` file."""

    role: Role = field(default=Role.HINTS, init=False)

    def claims(self, name: str) -> bool:
        """``.env``, ``.env.local``, ``gpu.env`` and the like, not an example of one."""
        return bool(_NAME.fullmatch(name))

    def read(self, filename: str, text: str) -> ReadResult:  # noqa: ARG002 - whatever it holds, it can be read
        """Whether it makes ``tf.keras`` Keras 2."""
        pairs = {match.group("name"): match.group("value").strip().strip("'\"") for match in _PAIR.finditer(text)}
        return ReadResult(legacy=legacy_keras(pairs))
