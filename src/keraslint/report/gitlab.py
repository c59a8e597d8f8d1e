"""Diagnostics as a code quality report of GitLab."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from keraslint.diagnostic import Diagnostic, Position, Severity
from keraslint.report.json_format import absolute

_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render_gitlab(diagnostics: Sequence[Diagnostic], environment: Mapping[str, str]) -> str:
    """One JSON array. Paths are relative to ``CI_PROJECT_DIR``, or to the current folder if that is not set.

    A fingerprint does not depend on the row, so a finding stays the same one if only lines above it have changed.
    """
    root = environment.get("CI_PROJECT_DIR") or str(Path.cwd())
    seen: Counter[str] = Counter()
    entries = []
    for diagnostic in diagnostics:
        path = _relative(diagnostic.filename, root)
        identity = f"{path}\0{diagnostic.code}\0{diagnostic.message}"
        entries.append(_entry(diagnostic, path, f"{identity}\0{seen[identity]}"))
        seen[identity] += 1
    return json.dumps(entries, indent=2) + "\n"


def _entry(diagnostic: Diagnostic, path: str, identity: str) -> dict[str, Any]:
    return {
        "check_name": diagnostic.code,
        "description": f"{diagnostic.code}: {diagnostic.message}",
        "severity": _SEVERITY[diagnostic.severity],
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "location": {
            "path": path,
            "positions": {"begin": _position(diagnostic.span.start), "end": _position(diagnostic.span.end)},
        },
    }


def _relative(filename: str, root: str) -> str:
    """The path relative to ``root`` with forward slashes; one that is not below it stays as it is."""
    path = absolute(filename)
    try:
        inside = os.path.relpath(path, root) if Path(path).is_absolute() else path
    except ValueError:  # on another drive
        return Path(path).as_posix()
    return Path(path if inside.startswith("..") else inside).as_posix()


def _position(position: Position) -> dict[str, int]:
    return {"line": position.row, "column": position.column}
