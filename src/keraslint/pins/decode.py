"""Project files as text: of bounded size, decoded as pip decodes them; a reason if that is not possible."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from keraslint.document import Document, UndecodableSource, decoded
from keraslint.files.regular import NotRegular, TooLarge, read_bytes
from keraslint.notebook.places import is_notebook

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")


class Unreadable(ValueError):
    """A file can't be read as text; the message says why in one line."""


def read_text(path: Path) -> str:
    """The text of a file. Raises Unreadable if it is not a file, not text, too large or not permitted."""
    try:
        data = read_bytes(path)
        if is_notebook(path.name):
            from keraslint.notebook.joined_cells import open_notebook

            return plain(open_notebook(path.name, data).text)
    except (NotRegular, IsADirectoryError) as error:
        raise Unreadable("is not a file") from error
    except TooLarge as error:
        raise Unreadable(str(error.strerror).removeprefix("it ")) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unreadable(f"can't be read: {reason}") from error
    return decode(data)


def decode(data: bytes) -> str:
    """The text of a file with line feeds, as ``open_document`` decodes it. Raises Unreadable."""
    return plain(open_document("", data).text)


def plain(text: str) -> str:
    """The text with line feeds at the ends of its lines, as the sources read it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def open_document(path: str, data: bytes) -> Document:
    """Decode a file by its byte-order mark, else by a coding comment in its first two lines, else as UTF-8.

    Raises Unreadable.
    """
    encoding, bom = "utf-8", False
    for mark, name in _MARKS:
        if data.startswith(mark):
            data, encoding, bom = data[len(mark) :], name, True
            break
    else:
        if declared := _CODING.match(data):
            encoding = declared.group(1).decode("ascii", "replace")
    try:
        return Document(path, decoded(data, encoding), encoding, bom)
    except UndecodableSource as error:
        raise Unreadable(f"is not {encoding} text") from error
