"""KER001: a file about models of Keras can't be parsed, so nothing in it was checked."""

from __future__ import annotations

from collections.abc import Iterable

from keraslint.analysis.prefilter import is_about_models
from keraslint.diagnostic import Diagnostic, Position, Severity, Span
from keraslint.notebook.places import is_notebook
from keraslint.rules.base import Example, Rule


class UnparsableSource(Rule):
    """**What it does.** Reports a file that names Keras, may build, compile or train a model, and can't be read as
    Python: a syntax error, bytes that are not text in the encoding that the file declares, or null bytes.

    **Why is this bad?** Nothing in such a file was checked. Without the report a clean run would say more than it
    knows. Nothing is said of other files: keraslint does not parse them, and other linters report those; only where a
    person names such a file on the command line is there a warning. A file counts if it has the word Keras, and one
    of `Model(…)`, `Sequential(…)` and `Functional(…)`, also as a base class, a call `….compile(…)` of anything but
    `re`, `regex` and `torch`, or a call of a method that trains or evaluates, such as `….fit(…)`.

    Syntax that is newer than the Python that runs keraslint is read by LibCST: LibCST 1.9 reads that of Python 3.15
    and older. Newer syntax that the installed LibCST can't read either is reported.

    In a notebook each cell that can't be parsed is reported, and the others are checked: what such a cell names is
    unknown after it. IPython's magics, shell lines and `?` are read, also in a script that was a notebook.

    **Fix safety.** There is no fix.
    """

    code = "KER001"
    name = "unparsable-source"
    summary = "a file about models of Keras can't be parsed"
    examples = (
        Example("Python 2", 'import keras\n\nmodel.compile(loss="mse")\nprint "loss"\n', keras=None, finds=True),
        Example("A file without a model of Keras", 'import keras\n\nprint "loss"\n', keras=None, finds=False),
    )

    def check_text(self, path: str, data: bytes, error: Exception) -> Iterable[Diagnostic]:
        """One finding, at the place that the error names, if the file is about models of Keras."""
        if not is_about_models(data):
            return
        row, column, text = problem_of(path, data, error)
        place = Position(max(row, 1), max(column, 1))
        yield Diagnostic(
            self.code,
            self.name,
            Severity.ERROR,
            f"not checked: {' '.join(text.split()) or type(error).__name__}",
            path,
            Span(place, place),
            noqa_rows=(place.row,),
        )


def problem_of(path: str, data: bytes, error: Exception) -> tuple[int, int, str]:
    """The row, the column and the description of what keeps a text from being read."""
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError) and cause.object in data:
        before = data[: data.find(cause.object) + cause.start]
        row, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        encoding = "UTF-8" if cause.encoding == "utf-8" else cause.encoding
        wrong = f"byte 0x{cause.object[cause.start]:02x} is not {encoding}: save the file as UTF-8"
        return row, column, wrong if is_notebook(path) else f"{wrong}, or declare its encoding in the first line"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1, text
