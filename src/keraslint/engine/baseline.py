"""The baseline: a file with the findings that a project knows already, which are not reported again."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from keraslint.config.settings import ConfigError, Settings
from keraslint.diagnostic import Diagnostic, Severity
from keraslint.document import Document
from keraslint.engine.discovery import InputFile
from keraslint.files.disk import state
from keraslint.files.paths import absolute
from keraslint.files.regular import read_bytes
from keraslint.limits import MAX_TOML_BYTES

FILE_NAME = "keraslint-baseline.json"
_VERSION = 1
_LAYOUT = re.compile(r"\s+|,(?=\s*[)\]}])")
"""What a formatter changes where it wraps a text."""

Known = Mapping[tuple[str, str], int]
"""How often a file has a finding, by its code and its fingerprint."""


@dataclass(frozen=True)
class Baseline:
    """The known findings by file; ``files`` names each relative to the folder of the baseline, with slashes."""

    path: Path
    files: Mapping[str, Known] = field(default_factory=dict)

    def without_known(self, document: Document, found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], Counter[str]]:
        """The findings in a document but for the known ones, and how many of each code are known.

        Of equal ones as many as are known, the first ones.
        """
        left = Counter(self.files.get(self.name_of(document.path), {}))
        kept, known = [], Counter[str]()
        for item in found:
            key = (item.code, fingerprint(document, item))
            if left[key] > 0:
                left[key] -= 1
                known[item.code] += 1
            else:
                kept.append(item)
        return kept, known

    def name_of(self, path: str) -> str:
        """The name of a file in the baseline."""
        return Path(os.path.relpath(absolute(path), self.path.parent)).as_posix()

    def text(self) -> str:
        """The baseline as JSON, sorted, so that it merges well."""
        files = {
            name: [{"code": code, "fingerprint": mark, "count": count} for (code, mark), count in sorted(known.items())]
            for name, known in sorted(self.files.items())
            if known
        }
        return json.dumps({"version": _VERSION, "files": files}, indent=2) + "\n"


def fingerprint(document: Document, diagnostic: Diagnostic) -> str:
    """The mark of a finding: the same wherever its text stands in the file, and however that is wrapped or indented.

    The message does not count, as it names releases and rows.
    """
    rows, text = len(document.lines), ""
    if diagnostic.span.end.row <= rows:
        text = _LAYOUT.sub("", document.slice(diagnostic.span))
    if not text and diagnostic.span.start.row <= rows:
        text = _LAYOUT.sub("", document.lines[diagnostic.span.start.row - 1])
    return hashlib.sha256(f"{diagnostic.code}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def known_in(document: Document, found: Iterable[Diagnostic]) -> Known:
    """All findings in a document, to be known from now on; notes are never."""
    return Counter((item.code, fingerprint(document, item)) for item in found if item.severity is not Severity.NOTE)


def baseline_of(settings: Settings) -> Baseline | None:
    """The baseline that the settings name; None where they name none. Raises ConfigError."""
    if settings.baseline is None:
        return None
    try:
        changed, size = state(settings.baseline)
    except FileNotFoundError as error:
        said = f"{settings.baseline}: no such file; `keraslint check --write-baseline` writes it"
        raise ConfigError(f"baseline: {said}") from error
    except OSError as error:
        raise ConfigError(f"baseline: {settings.baseline}: can't be read: {error.strerror}") from error
    return read_baseline(settings.baseline, changed, size)


def without_known(
    settings: Settings, document: Document, found: list[Diagnostic]
) -> tuple[list[Diagnostic], Counter[str]]:
    """The findings in a document that the baseline of the settings does not know, and how many it knows, by code.

    All where it can't be read.
    """
    try:
        baseline = baseline_of(settings)
    except ConfigError:  # the command says so before it checks anything; an editor shows what is found
        return found, Counter()
    return (found, Counter()) if baseline is None else baseline.without_known(document, found)


def gone(found: Iterable[InputFile], known: Mapping[str, Counter[str]]) -> dict[str, int]:
    """By baseline, how many findings it knows that are not there any more, in files that were checked or are gone.

    ``known``: by path of each file in ``found`` the known findings in it, by code; a file without an entry was not
    checked to its end. A finding of a rule that is off may still be there. Raises ConfigError.
    """
    missing: dict[str, int] = {}
    for item in found:
        if item.path not in known or (baseline := baseline_of(item.settings)) is None:
            continue
        entries = Counter[str]()
        for (code, _), count in baseline.files.get(baseline.name_of(item.path), {}).items():
            entries[code] += count if code in item.selection else 0
        path = str(baseline.path)
        missing.setdefault(
            path, sum(sum(files.values()) for name, files in baseline.files.items() if _is_gone(baseline, name))
        )
        missing[path] += (entries - known[item.path]).total()
    return {path: count for path, count in missing.items() if count}


def _is_gone(baseline: Baseline, name: str) -> bool:
    return not os.path.lexists(baseline.path.parent / name)


@lru_cache(maxsize=16)
def read_baseline(path: str, _changed: int, _size: int) -> Baseline:
    """The baseline in a file, which is read again when it was changed. Raises ConfigError."""
    try:
        return Baseline(Path(path), _files(json.loads(read_bytes(path, MAX_TOML_BYTES))))
    except OSError as error:
        raise ConfigError(f"baseline: {path}: can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        said = f"{path}: not a baseline of keraslint; `keraslint check --write-baseline` writes it anew"
        raise ConfigError(f"baseline: {said}") from error


def _files(data: Any) -> dict[str, Known]:
    """The known findings in the data of a file. Raises ValueError where it has another form."""
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("files"), dict):
        raise ValueError("not of this form")
    return {name: _known(entries) for name, entries in data["files"].items()}


def _known(entries: Any) -> Known:
    if not isinstance(entries, list):
        raise ValueError("not a list")
    known: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if not isinstance(entry, dict):
            raise ValueError("not an object")
        code, mark, count = (entry.get(key) for key in ("code", "fingerprint", "count"))
        if not isinstance(code, str) or not isinstance(mark, str) or type(count) is not int:
            raise ValueError("not an entry")
        known[code, mark] += count
    return known
