"""Documents and files → diagnostics: the order of the steps, parallel work, and errors kept to their file."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.dependency_names import is_python, may_ask_for_keras
from keraslint.diagnostic import Diagnostic
from keraslint.discovery import Found
from keraslint.document import Document, UndecodableSource
from keraslint.holding import configured_releases, selected, selected_pins

if TYPE_CHECKING:
    from keraslint.analysis.project import Project
    from keraslint.crossing import Crossing
    from keraslint.pins.releases import KerasReleases
    from keraslint.pins.resolve import PinReader

# Below this many files that could matter, starting processes takes longer than checking.
MIN_FILES_FOR_POOL = 32

UNUSED = "KER002"
"""The finding about comments, made where all other findings are known."""


@dataclass(frozen=True, slots=True)
class Fixing:
    """How to mend what is found. Without ``write`` the fixed text is only reported."""

    style: str
    unsafe: bool
    write: bool


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of one file. Positions are those of ``text``, after fixes; ``before`` is as it was read.

    ``error`` is one line about what kept the file from being checked or written, ``detail`` its traceback
    where the cause is ours. ``awaits``: callers in other files may show what is compiled in it.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    fixed: tuple[Diagnostic, ...] = ()
    text: str = ""
    before: str = ""
    error: str | None = None
    detail: str = ""
    awaits: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    """How a document is checked.

    Without a ``project`` nothing is read; with one, ``awaits`` tells of each checked text whether callers in other
    files may show more. ``obey_comments``: comments silence findings.
    """

    select: frozenset[str]
    keras: Callable[[], KerasReleases]
    project: Project | None = None
    obey_comments: bool = True
    interrupt: Callable[[], None] | None = None
    awaits: dict[str, bool] = field(default_factory=dict)


def check_document(document: Document, keras: KerasReleases, select: Iterable[str]) -> list[Diagnostic]:
    """The diagnostics of ``document`` with codes in ``select``, in order, without those a comment silences.

    Its name says whether it is a dependency file. Pure: reads nothing but its arguments.
    """
    data = document.text.encode("utf-8", "surrogatepass")
    wanted = frozenset(select)
    found = _check(document, data, _Context(wanted, lambda: keras)) if is_python(document.path) else []
    if may_ask_for_keras(document.path, data):
        from keraslint.dependency_reports import check_alone

        found += [item for item in check_alone(document, found) if item.code in wanted]
    return _ordered(found)


def check_files(files: Sequence[Found], *, jobs: int = 1, fixing: Fixing | None = None) -> Iterator[FileReport]:
    """The reports of those ``files`` that have anything to report, in their order.

    With ``jobs`` above 1, many files that could matter are checked by that many processes.
    """
    read = [_prefiltered(found) for found in files]
    entries = [entry.python for entry in read if entry.python is not None]
    worth = [entry for entry in entries if isinstance(entry, Found)]
    if jobs > 1 and len(worth) >= MIN_FILES_FOR_POOL:
        reports = _in_processes(worth, min(jobs, len(worth)), fixing)
    else:
        reports = iter(_check_chunk(worth, fixing))
    settled = [next(reports) if isinstance(entry, Found) else entry for entry in entries]
    for report in _with_pins(_crossed(settled, files), [entry.found for entry in read if entry.pins], files, fixing):
        if report.diagnostics or report.fixed or report.error:
            yield report


def _with_pins(
    reports: list[FileReport], pins: Sequence[Found], files: Sequence[Found], fixing: Fixing | None
) -> list[FileReport]:
    """The reports, in the order of ``files``, with what is wrong with the dependencies that ``pins`` declare."""
    if not pins:
        return reports
    from keraslint.dependency_reports import DependencyChecker

    by_path = {report.path: report for report in reports}
    checker = DependencyChecker(fixing, [item for report in reports for item in report.diagnostics])
    for found in pins:
        select = selected_pins(found)
        by_path[found.path] = checker.check(found.path, select, by_path.get(found.path, FileReport(found.path)))
    return [by_path[found.path] for found in files if found.path in by_path]


def _crossed(reports: list[FileReport], files: Sequence[Found]) -> list[FileReport]:
    """The reports with what callers in other files show."""
    awaiting = [report for report in reports if report.awaits]
    if not awaiting or len(files) < 2:
        return reports
    from keraslint.crossing import look_across

    places = {_absolute(found.path): found for found in files}
    checker, wanted = Checker(), {_absolute(report.path) for report in awaiting}
    crossings = look_across(places, wanted, lambda path: checker.releases(places[path]))
    return [_with_crossing(report, crossings, places) if report.awaits else report for report in reports]


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - a link is known by its own name


def _with_crossing(report: FileReport, crossings: dict[str, Crossing], places: dict[str, Found]) -> FileReport:
    from keraslint.crossing import merged
    from keraslint.noqa import not_silenced

    crossing, found = crossings.get(_absolute(report.path)), places[_absolute(report.path)]
    if crossing is None or crossing.document.text != report.text:
        return report
    select = selected(found.path, found.settings)
    document = replace(crossing.document, path=report.path)
    wanted = [replace(one, filename=report.path) for one in merged(report.diagnostics, crossing) if one.code in select]
    return replace(report, diagnostics=tuple(_ordered(not_silenced(document, wanted))))


@dataclass
class Checker:
    """Checks files one after the other. What they share, the pins of their projects, is read once.

    ``reader`` and ``project`` read pins and modules; made where they are needed and none are given. ``interrupt`` is
    called now and then during a check; what it raises, no Exception, ends that.
    """

    fixing: Fixing | None = None
    reader: PinReader | None = None
    project: Project | None = None
    interrupt: Callable[[], None] | None = None

    def check_file(self, found: Found) -> FileReport:
        """Check, and with ``fixing`` mend, one file. Raises nothing: the report says what went wrong."""
        try:
            data = Path(found.path).read_bytes()
        except OSError as error:
            return unreadable(found.path, error)
        return self.check_bytes(found, data)

    def check_source(self, found: Found) -> FileReport:
        """The same for the Python in a file alone, not for the dependencies that it declares."""
        try:
            return self._source(found, Path(found.path).read_bytes())
        except OSError as error:
            return unreadable(found.path, error)

    def check_bytes(self, found: Found, data: bytes) -> FileReport:
        """The same for the content of a file. Of the source, only what it says itself counts for its dependencies."""
        report = self._source(found, data) if is_python(found.path) else FileReport(found.path)
        return self._with_pins(found, None, data, report)

    def check_decoded(self, found: Found, document: Document, data: bytes) -> FileReport:
        """The same for a document; ``data`` are its bytes as they are in the file, or would be."""
        report = self._decoded(found, document, data) if is_python(found.path) else FileReport(found.path)
        return self._with_pins(found, document, data, report)

    def _source(self, found: Found, data: bytes) -> FileReport:
        try:
            document = Document.from_bytes(found.path, data)
        except UndecodableSource as error:
            select = selected(found.path, found.settings)
            return FileReport(found.path, tuple(_unparsable(found.path, data, error, select)))
        return self._decoded(found, document, data)

    def _decoded(self, found: Found, document: Document, data: bytes) -> FileReport:
        try:
            return self._report(found, document, data)
        except Exception as error:  # a flaw of ours in one file must not end the run
            return broken(found.path, error)

    def _with_pins(self, found: Found, document: Document | None, data: bytes, report: FileReport) -> FileReport:
        if not may_ask_for_keras(found.path, data):
            return report
        from keraslint.dependency_reports import DependencyChecker

        checker = DependencyChecker(self.fixing, report.diagnostics, self.reader)
        return checker.check(found.path, selected_pins(found), report, data, document)

    def check_text(self, found: Found, text: str, select: frozenset[str], *, obey_comments: bool = True) -> FileReport:
        """The same for a text that another program has read, and for the codes that it wants. Mends nothing."""
        context = _Context(
            select, lambda: self.releases(found, text), self._the_project(), obey_comments, self.interrupt
        )
        try:
            found_here = _check(Document(found.path, text), text.encode("utf-8", "surrogatepass"), context)
        except Exception as error:  # a flaw of ours in one file must not end the run
            return broken(found.path, error)
        return FileReport(found.path, tuple(found_here), text=text, before=text)

    def _report(self, found: Found, document: Document, data: bytes) -> FileReport:
        select = selected(found.path, found.settings)
        context = _Context(
            select, lambda: self.releases(found, document.text), self._the_project(), interrupt=self.interrupt
        )

        def check(text: str) -> list[Diagnostic]:
            return _check(replace(document, text=text), text.encode("utf-8", "surrogatepass"), context)

        diagnostics = tuple(_check(document, data, context))
        before = FileReport(
            found.path,
            diagnostics,
            text=document.text,
            before=document.text,
            awaits=context.awaits.get(document.text, False),
        )
        if self.fixing is None or not any(diagnostic.fixes for diagnostic in diagnostics):
            return before
        return self._mend(before, document, data, check)

    def _mend(
        self, report: FileReport, document: Document, data: bytes, check: Callable[[str], list[Diagnostic]]
    ) -> FileReport:
        from keraslint.fixes.apply import apply_fixes
        from keraslint.fixes.write import write_whole

        assert self.fixing is not None
        result = apply_fixes(
            document, report.diagnostics, unsafe=self.fixing.unsafe, style=self.fixing.style, recheck=check
        )
        if result.text != document.text and self.fixing.write:
            try:
                write_whole(report.path, document.encode(result.text), data)
            except OSError as error:
                return replace(report, error=f"not fixed: {reason(error)}")
        return replace(report, diagnostics=result.remaining, fixed=result.applied, text=result.text)

    def _the_project(self) -> Project:
        from keraslint.analysis.project import Project

        if self.project is None:
            self.project = Project()
        return self.project

    def releases(self, found: Found, text: str | None = None) -> KerasReleases:
        """The releases that count for a file: from the command line, the configuration, or its project's pins.

        ``text`` is what is in the file, where that is at hand.
        """
        from keraslint.pins.resolve import PinReader

        configured = configured_releases(found.settings)
        if configured is not None:
            return configured
        if self.reader is None:
            self.reader = PinReader()
        return self.reader.releases(Path(found.path), text).releases


@dataclass(frozen=True, slots=True)
class _Read:
    """What the bytes of a file tell: whether its Python could matter (a report: it can't be read), and its pins."""

    found: Found
    python: Found | FileReport | None
    pins: bool


def _prefiltered(found: Found) -> _Read:
    from keraslint.analysis.detection import may_matter, mentions_keras

    try:
        with open(found.path, "rb") as file:  # noqa: PTH123 - a Path for each of many files costs as much as the read
            data = file.read()
    except OSError as error:
        return _Read(found, unreadable(found.path, error), pins=False)
    matters = is_python(found.path) and (may_matter(data) or mentions_keras(data) or _may_name_unused(found, data))
    return _Read(found, found if matters else None, may_ask_for_keras(found.path, data))


def _may_name_unused(found: Found, data: bytes) -> bool:
    if b"KER" not in data and b"ker" not in data:  # spares an import for most files
        return False
    from keraslint.unused import may_be_unused

    return may_be_unused(data) and UNUSED in selected(found.path, found.settings)


def _check(document: Document, data: bytes, context: _Context) -> list[Diagnostic]:
    from keraslint.noqa import not_silenced

    found = _found(document, data, context)
    if not context.obey_comments:
        return _ordered(found)
    kept = not_silenced(document, found)
    if UNUSED in context.select and not context.awaits.get(document.text):
        from keraslint.unused import unused

        kept += unused(document, found, context.select)
    return _ordered(kept)


def _found(document: Document, data: bytes, context: _Context) -> list[Diagnostic]:
    """What the rules find, whatever comments say."""
    from keraslint.analysis.detection import has_candidate, may_matter, mentions_keras

    if not may_matter(data) and not mentions_keras(data):
        return []
    try:
        tree = document.tree
    except (SyntaxError, ValueError) as error:
        return list(_unparsable(document.path, data, error, context.select))
    if not may_matter(data) or not has_candidate(tree):
        return []
    from keraslint.analysis import analyze
    from keraslint.rules.registry import ALL_RULES

    releases = context.keras()
    known = {"legacy": releases.legacy, "runtime": releases.runtime}
    facts = analyze(document, context.project, context.interrupt, **known)
    if context.project is not None:
        from keraslint.crossing import awaits_callers

        context.awaits[document.text] = awaits_callers(facts)
    return [one for rule in ALL_RULES for one in rule.findings(document, facts, releases, context.select)]


def _ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return sorted(diagnostics, key=lambda item: (item.span, item.code, item.message))


def _unparsable(path: str, data: bytes, error: Exception, select: frozenset[str]) -> Iterator[Diagnostic]:
    from keraslint.analysis.detection import mentions_keras
    from keraslint.rules.unparsable import diagnose

    diagnostic = diagnose(path, error)
    if diagnostic.code in select and mentions_keras(data):
        yield diagnostic


def _in_processes(files: Sequence[Found], jobs: int, fixing: Fixing | None) -> Iterator[FileReport]:
    from keraslint.pool import spread

    died = "internal error: the process that was to check it died; try --jobs 1"
    for share, reports in spread(partial(_check_chunk, fixing=fixing), files, jobs):
        yield from reports if reports is not None else (FileReport(found.path, error=died) for found in share)


def _check_chunk(files: Sequence[Found], fixing: Fixing | None) -> Iterable[FileReport]:
    checker = Checker(fixing)
    return [checker.check_source(found) for found in files]


def unreadable(path: str, error: OSError) -> FileReport:
    """The report for a file that can't be read."""
    return FileReport(path, error=f"can't be read: {reason(error)}")


def broken(path: str, error: Exception) -> FileReport:
    """The report for a file at which a flaw of ours showed; to be called where ``error`` is handled."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return FileReport(path, error=f"internal error: {said}", detail=traceback.format_exc())


def reason(error: OSError) -> str:
    """What went wrong, without the path."""
    return error.strerror or str(error) or type(error).__name__
