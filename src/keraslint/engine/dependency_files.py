"""The diagnostics of the dependencies that a document declares, given those of the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from keraslint.diagnostic import Diagnostic, Selection
from keraslint.document import Document
from keraslint.engine.reports import FileReport, in_order
from keraslint.files.paths import absolute
from keraslint.noqa import not_suppressed
from keraslint.rules.registry import ALL_RULES, rules_in
from keraslint.rules.shared.pin_advice import Surroundings

Callers = Mapping[str, Mapping[int, Sequence[str]]]
"""By absolute path of a dependency file and row in it: the codes of the findings that name the row as evidence."""


def find_in_dependencies(document: Document, select: Selection, surroundings: Surroundings) -> list[Diagnostic]:
    """The diagnostics of a dependency file, or of the dependencies that a Python file declares, in order."""
    found = [one for rule in rules_in(select) for one in rule.check_dependencies(document, surroundings)]
    ordered = sorted(dict.fromkeys(found), key=lambda item: (item.span, item.message))
    if document.path.endswith("Pipfile.lock"):
        return ordered  # JSON has no comments
    return not_suppressed(document, ordered, python=document.path.endswith((".py", ".pyw")))


def joined(source: FileReport, dependencies: FileReport) -> FileReport:
    """The report on a file that holds both Python and dependencies, from the reports on each."""
    return replace(
        source,
        diagnostics=tuple(in_order((*source.diagnostics, *dependencies.diagnostics))),
        fixed=(*source.fixed, *dependencies.fixed),
        text=dependencies.text,
        before=dependencies.before,
        error=source.error or dependencies.error,
        unmeasured=source.unmeasured or dependencies.unmeasured,
        known=source.known + dependencies.known,
        facts=None if dependencies.fixed else source.facts,
        shows=None if dependencies.fixed else source.shows,
    )


def callers_by_row(found: Iterable[Diagnostic]) -> Callers:
    """The codes of the findings that Keras trains without an error, by the places that they name as evidence."""
    silent = {rule.code for rule in ALL_RULES if rule.misroutes_silently}
    callers: dict[str, dict[int, list[str]]] = {}
    for item in found:
        for evidence in item.keras.evidence if item.keras is not None and item.code in silent else ():
            codes = callers.setdefault(absolute(evidence.filename), {}).setdefault(evidence.row, [])
            if item.code not in codes:
                codes.append(item.code)
    return callers
