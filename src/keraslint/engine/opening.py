"""From the bytes of a file to the document in them, by the name of the file."""

from __future__ import annotations

from keraslint.document import Document, UndecodableSource
from keraslint.files.dependency_names import is_python
from keraslint.notebook.places import is_notebook


def opened(path: str, data: bytes) -> Document:
    """The document in the bytes of a file: decoded as Python does, or as pip does. Raises UndecodableSource."""
    if is_notebook(path):
        from keraslint.notebook.joined_cells import open_notebook

        return open_notebook(path, data)
    if is_python(path):
        return Document.from_bytes(path, data)
    from keraslint.pins.decode import Unreadable, open_document

    try:
        return open_document(path, data)
    except Unreadable as error:
        raise UndecodableSource(str(error)) from error


def data_of_program(document: Document, data: bytes) -> bytes:
    """The bytes of a file in which its program stands: of a notebook those of its cells, without their outputs."""
    return document.text.encode("utf-8", "surrogatepass") if is_notebook(document.path) else data
