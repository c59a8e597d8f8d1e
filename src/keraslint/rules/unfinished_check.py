"""KER003: a file was not looked at to its end, because a bound was reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic, Position, Severity, Span
from keraslint.rules.base import Example, Rule

if TYPE_CHECKING:
    from keraslint.analysis.facts import Unfinished
    from keraslint.document import Document
    from keraslint.rules.shared.pin_advice import Surroundings


class UnfinishedCheck(Rule):
    """**What it does.** Reports a file of which a part was not looked at, from which place on, and why.

    The check of a file ends early where it takes more than 10 seconds, or where the program takes more steps, makes
    more objects, compiles more often or is nested more deeply than is followed. It also ends where the program runs
    `exec`, or replaces a part of Keras: after that anything may be the case. A function that nothing in view calls has
    steps of its own. A dependency file that is too large, or a requirement with too many versions, is not read.

    **Why is this bad?** It says nothing about the program, and the exit code is 0 where nothing else is found. Without
    it a clean run would say more than it knows. A fix in such a file is never called safe, for what follows may depend
    on what it changes.

    **Use instead.** A file in two parts, or `# noqa: KER003` in the row that is named. The rule can be left out, as the
    hook of pre-commit that applies fixes does: the place is then named on stderr.

    **Fix safety.** There is no fix.
    """

    code = "KER003"
    name = "unfinished-check"
    summary = "a file was not checked to its end"
    examples = (
        Example(
            "Code that may do anything",
            'import keras\n\nexec(open("settings.py").read())\nmodel.compile("adam", loss=losses)\n',
            keras=None,
            finds=True,
        ),
        Example(
            "The same without it",
            'import keras\n\nmodel.compile("adam", loss=losses)\n',
            keras=None,
            finds=False,
        ),
    )

    def check_end(self, path: str, ends: Iterable[Unfinished]) -> Iterable[Diagnostic]:
        """One finding for each place from which on something was not looked at."""
        for end in ends:
            place = Position(max(end.row, 1), 1)
            yield Diagnostic(
                self.code,
                self.name,
                Severity.NOTE,
                str(end),
                path,
                Span(place, place),
                noqa_rows=(place.row,),
            )

    def check_dependencies(self, document: Document, _surroundings: Surroundings) -> Iterable[Diagnostic]:
        """One finding for each line, or the whole, of a dependency file that is too large to be read."""
        from keraslint.analysis.facts import Unfinished
        from keraslint.pins.registry import read_document

        for _, read in read_document(document):
            ends = (Unfinished(item.row, item.reason, "not read") for item in read.skipped if item.too_large)
            yield from self.check_end(document.path, ends)
