"""Copies of keraslint's runtime in a project: how they are recognised, and imported."""

from __future__ import annotations

from pathlib import Path

from keraslint.analysis.modules import Project
from keraslint.document import Document

MARK = "# keraslint.runtime "
"""The beginning of the first line of a copy."""

MODULE = "keraslint_runtime"
"""The default name of a copy."""


def is_copy(document: Document) -> bool:
    """True if a module is a copy of the runtime."""
    return document.text.startswith(MARK)


def carried_runtime(project: Project | None, path: str) -> str | None:
    """The name by which the file at ``path`` can import a copy in its project."""
    place = project.find(Path(path), MODULE) if project is not None else None
    document = project.document(place) if project is not None and place is not None and place.suffix == ".py" else None
    return MODULE if document is not None and is_copy(document) else None
