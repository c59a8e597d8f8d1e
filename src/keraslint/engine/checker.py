"""One document to its diagnostics, and to its report with the fixes applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.config.effective import configured_releases, selected, selected_pins
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document, UndecodableSource
from keraslint.engine.discovery import Found
from keraslint.engine.reports import FileReport, Fixing, broken, reason, unreadable
from keraslint.files.dependency_names import is_python, may_ask_for_keras

if TYPE_CHECKING:
    from keraslint.analysis.modules import Project
    from keraslint.pins.keras_releases import KerasReleases
    from keraslint.pins.resolve import PinReader

UNUSED = "KER002"
"""The finding about comments, made where all other findings are known."""


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
        from keraslint.engine.dependency_files import check_alone

        found += [item for item in check_alone(document, found) if item.code in wanted]
    return _ordered(found)


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
        from keraslint.engine.dependency_files import DependencyChecker

        checker = DependencyChecker(self.fixing, report.diagnostics, self.reader)
        return checker.check(found.path, selected_pins(found.path, found.settings), report, data, document)

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
        from keraslint.files.write import write_whole
        from keraslint.fixes.apply import apply_fixes

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
        from keraslint.analysis.modules import Project

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


def _check(document: Document, data: bytes, context: _Context) -> list[Diagnostic]:
    from keraslint.noqa import not_silenced

    found = _found(document, data, context)
    if not context.obey_comments:
        return _ordered(found)
    kept = not_silenced(document, found)
    if UNUSED in context.select and not context.awaits.get(document.text):
        from keraslint.rules.shared.idle_noqa import unused

        kept += unused(document, found, context.select)
    return _ordered(kept)


def _found(document: Document, data: bytes, context: _Context) -> list[Diagnostic]:
    """What the rules find, whatever comments say."""
    from keraslint.analysis.prefilter import has_candidate, may_matter, mentions_keras

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
        from keraslint.engine.cross_file import awaits_callers

        context.awaits[document.text] = awaits_callers(facts)
    return [one for rule in ALL_RULES for one in rule.findings(document, facts, releases, context.select)]


def _ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return sorted(diagnostics, key=lambda item: (item.span, item.code, item.message))


def _unparsable(path: str, data: bytes, error: Exception, select: frozenset[str]) -> Iterator[Diagnostic]:
    from keraslint.analysis.prefilter import mentions_keras
    from keraslint.rules.unparsable_source import diagnose

    diagnostic = diagnose(path, error)
    if diagnostic.code in select and mentions_keras(data):
        yield diagnostic
