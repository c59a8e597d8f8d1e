"""Files that a person names, and that can't be read as Python: nothing in them was checked."""

from __future__ import annotations

from keraslint.analysis.prefilter import is_about_models
from keraslint.document import SourceTooLarge, UndecodableSource
from keraslint.engine.discovery import InputFile
from keraslint.engine.opening import data_of_program, opened
from keraslint.files.dependency_names import is_python
from keraslint.files.regular import read_bytes
from keraslint.limits import MAX_SECONDS, OutOfTime, within
from keraslint.notebook.places import CellIndex, is_notebook
from keraslint.rules.unparsable_source import UnparsableSource, problem_of


def not_python(found: InputFile, data: bytes | None = None) -> str | None:
    """The place and the reason where a file can't be read as Python; None where it can, or KER001 speaks of it.

    ``data`` is its content, by default that on the disk. None, too, for a file that takes too long to read.
    """
    if not is_python(found.path) or UnparsableSource.code not in found.selection:
        return None
    try:
        with within(MAX_SECONDS):
            return _problem(found.path, read_bytes(found.path) if data is None else data)
    except (OSError, OutOfTime):  # the run says so
        return None


def _problem(path: str, data: bytes) -> str | None:
    try:
        document = opened(path, data)
    except UndecodableSource as error:
        return None if is_about_models(data) else _said(path, data, error)
    if is_about_models(data_of_program(document, data)):
        return None
    try:
        _ = document.tree
    except SourceTooLarge:
        return None
    except (SyntaxError, ValueError) as error:
        return _said(path, data, error)
    return _said(path, data, document.broken[0], document.text) if document.broken else None


def _said(path: str, data: bytes, error: Exception, text: str = "") -> str:
    row, _, reason = problem_of(path, data, error)
    place = CellIndex(text).place(row) if text and is_notebook(path) else row
    return f"{path}:{place}: not checked: {' '.join(reason.split()) or type(error).__name__}"
