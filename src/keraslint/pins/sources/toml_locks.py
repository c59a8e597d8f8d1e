"""The lock files in TOML: uv.lock, poetry.lock, pdm.lock and pylock.toml (PEP 751)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from keraslint.pins.interface import ReadResult, Role, Source
from keraslint.pins.notation.toml_text import TomlText, read_toml, text_at
from keraslint.pins.sources.lock_entry import locked, packages
from keraslint.pins.sources.poetry import declared_python

_NAMED_PYLOCK = re.compile(r"pylock\.[^./]+\.toml")


@dataclass(frozen=True)
class TomlLock(Source):
    """Reads one kind of lock file: an array of tables, each with a name, a version and perhaps a marker.

    file: its name. tables, marker: the keys of the array and of the marker in a table. python: returns the Python
    versions that a document declares.
    """

    file: str
    tables: str
    marker: str
    python: Callable[[TomlText], str]
    role = Role.LOCKS

    def claims(self, name: str) -> bool:
        """Return True for the lock of that tool; PEP 751 also allows ``pylock.NAME.toml``."""
        return name == self.file or (self.file == "pylock.toml" and bool(_NAMED_PYLOCK.fullmatch(name)))

    def read(self, filename: str, text: str) -> ReadResult:
        """Read the locked Keras and TensorFlow; of several versions of one, any may be installed."""
        if "keras" not in text and "tensorflow" not in text:
            return ReadResult()
        return read_toml(
            filename,
            text,
            lambda document: locked(filename, packages(document, self.tables, self.marker), self.python(document)),
        )


def _of_uv(document: TomlText) -> str:
    return text_at(document.data, "requires-python")


def _of_poetry(document: TomlText) -> str:
    return declared_python(text_at(document.data, "metadata", "python-versions"))


def _of_pdm(document: TomlText) -> str:
    metadata = document.data.get("metadata")
    targets = metadata.get("targets") if isinstance(metadata, dict) else None
    declared = {text_at(item, "requires_python") for item in targets} if isinstance(targets, list) else set()
    return declared.pop() if len(declared) == 1 else ""


UV_LOCK = TomlLock("uv.lock", "package", "resolution-markers", _of_uv)
TOML_LOCKS = (
    UV_LOCK,
    TomlLock("poetry.lock", "package", "markers", _of_poetry),
    TomlLock("pdm.lock", "package", "marker", _of_pdm),
    TomlLock("pylock.toml", "packages", "marker", _of_uv),
)
