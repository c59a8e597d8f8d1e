"""Dependency files on the disk → their reports, in the light of what the run found in the source."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.engine.reports import FileReport, Fixing, broken, reason, unreadable
from keraslint.pins.decode import Unreadable, open_document
from keraslint.pins.resolve import PinReader
from keraslint.rules.shared.pin_advice import Surroundings, check_dependencies

# What a known bad Keras does to a program in silence; the others are about calls that raise, or other releases.
_MISROUTING = ("KER101", "KER102", "KER103", "KER104", "KER110", "KER114")


def check_alone(document: Document, found: Iterable[Diagnostic] = ()) -> list[Diagnostic]:
    """The diagnostics of a dependency file by itself; ``found``: those of the source in it. Reads nothing."""
    callers = _callers(found).get(_absolute(document.path), {})
    return check_dependencies(document, Surroundings(callers, tuple, lambda: None))


class DependencyChecker:
    """Checks dependency files after the source: a range is reported where a finding names it as its evidence."""

    def __init__(self, fixing: Fixing | None, found: Iterable[Diagnostic], reader: PinReader | None = None) -> None:
        self._fixing = fixing
        self._callers = _callers(found)
        self._reader = reader or PinReader()

    def check(
        self,
        path: str,
        select: frozenset[str],
        report: FileReport,
        data: bytes | None = None,
        document: Document | None = None,
    ) -> FileReport:
        """What the Python of a file gave, ``report``, with what its dependencies give. Raises nothing.

        ``data`` and ``document`` are the file's content, where that is at hand.
        """
        try:
            data = Path(path).read_bytes() if data is None else data
            document = open_document(path, data) if document is None else document
        except OSError as error:
            return unreadable(path, error)
        except Unreadable as error:
            return replace(report, error=report.error or str(error))
        try:
            return _joined(report, self._report(document, data, select, report))
        except Exception as error:  # a flaw of ours in one file must not end the run
            return broken(path, error)

    def _report(self, document: Document, data: bytes, select: frozenset[str], source: FileReport) -> FileReport:
        before = document.text
        if source.fixed:
            document = replace(document, text=source.text)
        callers = self._callers.get(_absolute(document.path), {})
        path, reader = Path(document.path), self._reader
        surroundings = Surroundings(callers, lambda: reader.files_of_project(path), lambda: reader.newest(path))

        def check(text: str) -> list[Diagnostic]:
            found = check_dependencies(replace(document, text=text), surroundings)
            return [item for item in found if item.code in select]

        found = tuple(check(document.text))
        report = FileReport(document.path, found, text=document.text, before=before)
        if source.fixed or self._fixing is None or not any(item.fixes for item in found):
            return report
        return self._mend(report, document, data, check)

    def _mend(
        self, report: FileReport, document: Document, data: bytes, check: Callable[[str], list[Diagnostic]]
    ) -> FileReport:
        from keraslint.files.write import write_whole
        from keraslint.fixes.apply import apply_fixes

        assert self._fixing is not None
        result = apply_fixes(
            document,
            report.diagnostics,
            unsafe=self._fixing.unsafe,
            style=self._fixing.style,
            recheck=check,
        )
        if result.text != document.text and self._fixing.write:
            try:
                write_whole(report.path, document.encode(result.text), data)
            except OSError as error:
                return replace(report, error=f"not fixed: {reason(error)}")
        return replace(report, diagnostics=result.remaining, fixed=result.applied, text=result.text)


def _joined(source: FileReport, dependencies: FileReport) -> FileReport:
    """Both reports on one file, a Python file that declares dependencies."""
    diagnostics = (*source.diagnostics, *dependencies.diagnostics)
    return replace(
        source,
        diagnostics=tuple(sorted(diagnostics, key=lambda item: (item.span, item.code, item.message))),
        fixed=(*source.fixed, *dependencies.fixed),
        text=dependencies.text,
        before=dependencies.before,
        error=source.error or dependencies.error,
    )


def _callers(found: Iterable[Diagnostic]) -> dict[str, dict[int, list[str]]]:
    """By absolute path and row the codes of the findings that name it as evidence."""
    callers: dict[str, dict[int, list[str]]] = {}
    for item in found:
        for evidence in item.keras.evidence if item.keras is not None and item.code in _MISROUTING else ():
            codes = callers.setdefault(_absolute(evidence.filename), {}).setdefault(evidence.row, [])
            if item.code not in codes:
                codes.append(item.code)
    return callers


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - a link is known by its own name
