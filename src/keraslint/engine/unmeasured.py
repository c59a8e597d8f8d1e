"""The warning about a project that asks for releases of which nothing is measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.config.effective import Unmeasured, nothing_measured
from keraslint.files.dependency_names import PYTHON_SUFFIXES
from keraslint.notebook.places import CellIndex, is_notebook

if TYPE_CHECKING:
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases
    from keraslint.pins.resolve import PinReader

_MOST_SHOWN = 3


def about_releases(pins: PinReader, document: Document, *, of_calls: bool) -> Unmeasured | None:
    """What is to be said of the releases that the files of a document's project ask for; None if they are measured.

    Where the document holds no calls (``of_calls``), nothing is said of releases that are only too old or too new.
    """
    text = document.text if document.path.endswith(PYTHON_SUFFIXES) else None
    keras = pins.releases(Path(document.path), text).releases
    if not of_calls and (keras.versions or keras.admits_others):
        return None
    brought = f", which {keras.brought_by} brings," if keras.brought_by else ""
    return nothing_measured(keras, f"{_places(document, keras)}: Keras {keras.admitted}{brought}")


def _places(document: Document, keras: KerasReleases) -> str:
    lines = keras.evidence
    if is_notebook(document.path) and any(line.filename == document.path for line in lines):
        lines = CellIndex(document.text).evidence(lines, document.path)
    cells = ("" if line.cell is None else f"cell {line.cell}:" for line in lines)
    shown = [
        f"{line.filename}:{cell}{line.row}" if line.row else line.filename
        for line, cell in zip(lines, cells, strict=True)
    ]
    return ", ".join(shown[:_MOST_SHOWN])
