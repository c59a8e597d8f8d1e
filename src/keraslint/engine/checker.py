"""From a document to its report: its diagnostics, after the wanted fixes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.config.effective import configured_releases
from keraslint.diagnostic import Applicability, Diagnostic, Selection
from keraslint.document import Document, SourceTooLarge, UndecodableSource
from keraslint.engine.chosen_rules import ChosenRules
from keraslint.engine.discovery import InputFile
from keraslint.engine.opening import data_of_program, opened
from keraslint.engine.reports import FileReport, Fixing, broken, in_order, mistaken_in, unreadable, with_fixes
from keraslint.files.dependency_names import is_python, may_ask_for_keras
from keraslint.files.paths import absolute
from keraslint.files.regular import read_bytes
from keraslint.limits import USUAL, Bounds, OutOfTime, within
from keraslint.notebook.places import is_notebook
from keraslint.profile import timed

if TYPE_CHECKING:
    from keraslint.analysis import Analysis
    from keraslint.analysis.facts import ModuleFacts, Unfinished
    from keraslint.analysis.modules import Project
    from keraslint.config.effective import Unmeasured
    from keraslint.engine.dependency_files import Callers
    from keraslint.pins.keras_releases import KerasReleases
    from keraslint.pins.resolve import PinReader


@dataclass
class Checker:
    """Checks documents one by one. The pins and modules of their projects are read once for all.

    fixing: how to fix what is found; None: not at all. reader, project: read pins and modules; created when
    needed if not given. interrupt: called regularly during a check; it may end it by raising (no Exception).
    select, keras: the rules and the releases to use instead of the configured ones. obey_comments: comments
    suppress findings. alone: no file is read. analysis: that of one document, without other files; None: it is
    made anew. source_only: dependencies are not checked.
    waits_for_callers: a file of which callers may show more is not fixed by ``check``, but by ``fix_later``.
    bounds: what one file may cost; its memory is bounded by who calls this, if at all.
    """

    fixing: Fixing | None = None
    reader: PinReader | None = None
    project: Project | None = None
    interrupt: Callable[[], None] | None = None
    select: Selection | None = None
    keras: KerasReleases | None = None
    obey_comments: bool = True
    alone: bool = False
    analysis: Analysis | None = None
    source_only: bool = False
    waits_for_callers: bool = False
    bounds: Bounds = USUAL

    def check_file(
        self,
        found: InputFile,
        data: bytes | None = None,
        source: FileReport | None = None,
        callers: Callers | None = None,
    ) -> FileReport:
        """The report on a file; ``data`` is its content, by default that on the disk. Raises nothing.

        source, callers: as ``check`` takes them.
        """
        try:
            data = read_bytes(found.path) if data is None else data
            document = opened(found.path, data)
        except OSError as error:
            return unreadable(found.path, error)
        except UndecodableSource as error:
            return self._undecodable(found, data or b"", error, source)
        except Exception as error:  # an error in keraslint on one file must not end the run
            return broken(found.path, error)
        return self.check(document, found, data, source, callers)

    def check(
        self,
        document: Document,
        found: InputFile,
        data: bytes | None = None,
        source: FileReport | None = None,
        callers: Callers | None = None,
    ) -> FileReport:
        """The report on a document: on its Python code and on the dependencies that it declares. Raises nothing.

        data: its bytes as they are in the file, or would be. source: the report on its Python, where that was checked
        before. callers: the findings in all source files that name dependencies; by default this document's.
        """
        data = _bytes_of(document.text) if data is None else data
        try:
            with within(self.bounds.seconds):
                report = source if source is not None else self._check_source(document, found, data)
                if self.source_only or not may_ask_for_keras(found.path, data):
                    return report
                return self._check_dependencies(document, found, data, report, callers)
        except OutOfTime:
            return self._unfinished(document, found, source)
        except Exception as error:  # an error in keraslint on one file must not end the run
            return broken(found.path, error)

    def releases(self, found: InputFile, text: str | None = None) -> KerasReleases:
        """The releases for a file: those given, those configured, or those of its project's pins.

        ``text`` is the content of the file, if it is already read.
        """
        given = self.keras if self.keras is not None else configured_releases(found.settings)
        return self._pins().releases(Path(found.path), text).releases if given is None else given

    def _check_source(self, document: Document, found: InputFile, data: bytes) -> FileReport:
        if not is_python(found.path):
            return FileReport(found.path)
        findings, facts, ends, known = self._find(document, found, data_of_program(document, data))

        def recheck(text: str) -> list[Diagnostic]:
            after, _, missed, _ = self._find(replace(document, text=text), found, _bytes_of(text))
            if len(missed) > len(ends):
                raise OutOfTime
            return after

        report = FileReport(
            found.path,
            tuple(findings),
            text=document.text,
            before=document.text,
            needs_callers=self._needs_callers(facts),
            shows=frozenset(facts.elsewhere()) if facts is not None else None,
            gives_dicts=facts.given_dicts() if facts is not None else frozenset(),
            facts=facts,
            ends=ends,
            said=not ends or self._rules(found).tell_ends,
            hinted=self._hinted(document, found, facts),
            comments=mistaken_in(document),
            unmeasured=self._unmeasured(document, found, of_calls=True) if facts is not None else None,
            known=known,
        )
        fixing = None if self.waits_for_callers and report.needs_callers else self.fixing
        return with_fixes(report, document, data, fixing, recheck, linked=found.linked)

    def fix_later(self, found: InputFile, report: FileReport) -> FileReport:
        """The report on a file that waited for its callers, after the fixes that suit these, too. Raises nothing."""
        try:
            with within(self.bounds.seconds):
                return self._fix_later(found, report)
        except OSError as error:
            return unreadable(found.path, error)
        except OutOfTime:
            return report
        except Exception as error:  # an error in keraslint on one file must not end the run
            return broken(found.path, error)

    def _fix_later(self, found: InputFile, report: FileReport) -> FileReport:
        document = opened(found.path, data := read_bytes(found.path))
        if document.text != report.text:
            return report
        from keraslint.fixes.apply import gone

        shown = {(one.code, one.span) for one in report.diagnostics}
        alone = {(one.code, one.span): one for one in self._find(document, found, data_of_program(document, data))[0]}
        cleared = [one for key, one in alone.items() if key not in shown]

        def recheck(text: str) -> list[Diagnostic]:
            return gone(self._find(replace(document, text=text), found, _bytes_of(text))[0], cleared)

        own = tuple(one for one in report.diagnostics if (one.code, one.span) in alone)
        fixed = with_fixes(replace(report, diagnostics=own), document, data, self.fixing, recheck, linked=found.linked)
        return fixed if fixed.fixed or fixed.error else report

    def _find(
        self, document: Document, found: InputFile, data: bytes
    ) -> tuple[list[Diagnostic], ModuleFacts | None, tuple[Unfinished, ...], Counter[str]]:
        """The diagnostics of the Python in a document, in order, its facts, None where it was not analysed, its ends.

        These are the places from which on it was not looked at. Last, how many findings are known, by code.
        """
        from keraslint.analysis.facts import Unfinished
        from keraslint.analysis.prefilter import has_candidate, is_about_models, may_matter, may_train

        select, facts = self._selection(found), None
        findings: list[Diagnostic] = []
        ends: tuple[Unfinished, ...] = ()
        words = partial(self._words, found, data)
        matters = may_matter(data) or (may_train(data) and "compile" in words())
        if matters or is_about_models(data):
            rules = self._rules(found)
            try:
                tree = document.tree
            except SourceTooLarge as error:
                ends = (Unfinished(1, error.msg, "not looked at"),) if is_about_models(data) else ()
                findings = rules.about_ends(document.path, ends)
            except (SyntaxError, ValueError) as error:
                findings = rules.about_text(document.path, data, error)
            else:
                findings = [one for error in document.broken for one in rules.about_text(document.path, data, error)]
                if matters and has_candidate(tree, rules.triggers, words):
                    called, facts, ends = self._analyzed(document, found, rules)
                    findings += called
        findings = self._after_comments(document, findings, facts, select)
        kept, known = self._without_known(document, found, findings)
        return kept, facts, ends, known

    def _words(self, found: InputFile, data: bytes) -> frozenset[str]:
        """The words in the modules of its project that a file imports, by which it may be a candidate."""
        from keraslint.analysis.import_graph import graph_of

        return frozenset() if self.alone else graph_of(self._modules()).words(Path(absolute(found.path)), data)

    def _analyzed(
        self, document: Document, found: InputFile, chosen: ChosenRules
    ) -> tuple[list[Diagnostic], ModuleFacts, tuple[Unfinished, ...]]:
        from keraslint.analysis import analyze
        from keraslint.analysis.facts import Unfinished

        keras = self.releases(found, document.text)
        options = {"legacy": keras.legacy, "runtime": keras.runtime}
        if self.analysis is not None and self.analysis.document is document:
            facts = self.analysis.facts(**options)
        else:
            facts = analyze(document, None if self.alone else self._modules(), self.interrupt, **options)
        findings: list[Diagnostic] = []
        ends = facts.ends + self._unread_pins(found, document.text)
        try:
            with timed("rules"):
                for rule in chosen.rules:
                    check = rule.check_calls_strictly if rule.code in chosen.select.strict else rule.check_calls
                    findings += check(document, facts, keras)
        except OutOfTime:
            ends += (Unfinished(1, f"it takes more than {self.bounds.seconds:g} seconds", "not all calls were judged"),)
        if ends:
            findings = [_without_safe_fix(one) for one in findings]
            findings += chosen.about_ends(document.path, ends)
        return findings, facts, ends

    def _unfinished(self, document: Document, found: InputFile, source: FileReport | None) -> FileReport:
        """The report on a document that takes too long outside of its analysis."""
        from keraslint.analysis.facts import Unfinished

        report = source if source is not None else FileReport(found.path, text=document.text, before=document.text)
        rules, ends = self._rules(found), (Unfinished(1, f"it takes more than {self.bounds.seconds:g} seconds"),)
        diagnostics = (*report.diagnostics, *rules.about_ends(found.path, ends))
        return replace(report, diagnostics=diagnostics, ends=(*report.ends, *ends), said=rules.tell_ends)

    def _hinted(self, document: Document, found: InputFile, facts: ModuleFacts | None) -> tuple[Diagnostic, ...]:
        """The diagnostics with the releases that only workflows install, which are reported at the workflow alone."""
        hinted = self.releases(found, document.text).hinted if facts is not None else None
        if facts is None or hinted is None:
            return ()
        from keraslint.noqa import not_suppressed

        rules = (rule for rule in self._rules(found).rules if rule.misroutes_silently)
        return tuple(
            not_suppressed(document, [one for rule in rules for one in rule.check_calls(document, facts, hinted)])
        )

    def _unread_pins(self, found: InputFile, text: str) -> tuple[Unfinished, ...]:
        """The lines of the project's dependency files that are too large to be read."""
        from keraslint.analysis.facts import Unfinished

        if self.alone or self.keras is not None or configured_releases(found.settings) is not None:
            return ()
        skipped = self._pins().releases(Path(found.path), text).skipped
        return tuple(
            Unfinished(1, f"{item.filename}:{item.row}: {item.reason}", "the Keras releases are not known")
            for item in skipped
            if item.too_large
        )

    def _unmeasured(self, document: Document, found: InputFile, *, of_calls: bool) -> Unmeasured | None:
        """What is to be said of the releases that the document's project asks for, None if they are measured."""
        if self.alone or self.keras is not None or configured_releases(found.settings) is not None:
            return None
        from keraslint.engine.unmeasured import about_releases

        return about_releases(self._pins(), document, of_calls=of_calls)

    def _after_comments(
        self, document: Document, findings: list[Diagnostic], facts: ModuleFacts | None, select: Selection
    ) -> list[Diagnostic]:
        """The findings that no comment suppresses, with those about comments, in order."""
        from keraslint.noqa import not_suppressed

        if not self.obey_comments:
            return in_order(findings)
        kept = not_suppressed(document, findings)
        if not self._needs_callers(facts):
            from keraslint.rules.registry import rules_in

            for rule in rules_in(select):
                kept += rule.check_comments(document, findings, select.codes)
        return in_order(kept)

    def _without_known(
        self, document: Document, found: InputFile, findings: list[Diagnostic]
    ) -> tuple[list[Diagnostic], Counter[str]]:
        """The findings but for those that the project's baseline knows, and how many it knows, by code."""
        if not findings or self.alone or found.settings.baseline is None:
            return findings, Counter()
        from keraslint.engine.baseline import without_known

        return without_known(found.settings, document, findings)

    def _check_dependencies(
        self, document: Document, found: InputFile, data: bytes, source: FileReport, callers: Callers | None
    ) -> FileReport:
        from keraslint.engine.dependency_files import callers_by_row, find_in_dependencies, joined
        from keraslint.rules.shared.pin_advice import Surroundings

        callers = callers_by_row(source.diagnostics) if callers is None else callers
        rows, path, select = callers.get(absolute(document.path), {}), Path(document.path), self._selection(found)
        surroundings = Surroundings(rows, tuple, lambda: None)
        if not self.alone:
            pins = self._pins()
            surroundings = Surroundings(rows, lambda: pins.files_of_project(path), lambda: pins.newest(path))
        before = document.text
        document = replace(document, text=source.text) if source.fixed else document

        def find(text: str) -> list[Diagnostic]:
            now = replace(document, text=text)
            return self._without_known(now, found, find_in_dependencies(now, select, surroundings))[0]

        kept, known = self._without_known(document, found, find_in_dependencies(document, select, surroundings))
        unmeasured = self._unmeasured(document, found, of_calls=False)
        report = FileReport(
            found.path, tuple(kept), text=document.text, before=before, unmeasured=unmeasured, known=known
        )
        fixing = None if source.fixed else self.fixing
        return joined(source, with_fixes(report, document, data, fixing, find, linked=found.linked))

    def _undecodable(
        self, found: InputFile, data: bytes, error: UndecodableSource, source: FileReport | None
    ) -> FileReport:
        report = source
        if report is None:
            findings = self._rules(found).about_text(found.path, data, error) if is_python(found.path) else ()
            report = FileReport(found.path, tuple(findings))
        if self.source_only or is_notebook(found.path) or not may_ask_for_keras(found.path, data):
            return report
        return replace(report, error=report.error or str(error))

    def _needs_callers(self, facts: ModuleFacts | None) -> bool:
        if facts is None or self.alone:
            return False
        from keraslint.engine.cross_file import needs_callers

        return needs_callers(facts)

    def _selection(self, found: InputFile) -> Selection:
        return found.selection if self.select is None else self.select

    def _rules(self, found: InputFile) -> ChosenRules:
        return ChosenRules(self._selection(found))

    def _modules(self) -> Project:
        from keraslint.analysis.modules import Project

        if self.project is None:
            self.project = Project()
        return self.project

    def _pins(self) -> PinReader:
        from keraslint.pins.resolve import PinReader

        if self.reader is None:
            self.reader = PinReader()
        return self.reader


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _without_safe_fix(found: Diagnostic) -> Diagnostic:
    """A finding in a file that was not looked at to its end: the rest may depend on what a fix changes."""
    return replace(found, fixes=tuple(replace(fix, applicability=Applicability.UNSAFE) for fix in found.fixes))
