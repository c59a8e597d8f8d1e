"""Evidence from callers in other files of a run, for compile calls whose models come in as arguments."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from keraslint.diagnostic import Diagnostic, Edit, Fix, Span
from keraslint.engine.reports import FileReport
from keraslint.files.regular import read_bytes
from keraslint.limits import MAX_SECONDS, within
from keraslint.notebook.places import is_notebook

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts, TrainingCall
    from keraslint.analysis.import_graph import ImportGraph
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases


_Key: TypeAlias = tuple[str, Span]
_Edits: TypeAlias = tuple[Edit, ...]


@dataclass(slots=True)
class CallerEvidence:
    """The evidence of callers in other files about one file.

    found: diagnostics, without fixes, since a fix must suit all callers. cleared: the places where every caller
    passes a model on which nothing goes wrong. fixes: of each diagnostic the fixes by which all callers become right.
    subclassed: by class, the names that subclasses in other files give otherwise; None if these may be any.
    """

    document: Document
    found: dict[_Key, Diagnostic] = field(default_factory=dict)
    cleared: set[Span] = field(default_factory=set)
    fixes: dict[_Key, frozenset[_Edits]] = field(default_factory=dict)
    subclassed: dict[str, frozenset[str] | None] = field(default_factory=dict)

    def add_subclass(self, cls: str, names: frozenset[str] | None) -> None:
        """Note that a subclass gives these names otherwise than a class of the file; None: it may be any."""
        before = self.subclassed.get(cls, frozenset())
        self.subclassed[cls] = None if before is None or names is None else before | names

    def may_differ(self) -> tuple[Span, ...]:
        """The classes in which something is read that a subclass in another file gives otherwise."""
        nodes = [*ast.walk(self.document.tree)] if self.subclassed else []
        read = {name for node in nodes if (name := getattr(node, "attr", getattr(node, "value", None))) is not None}
        return tuple(
            self.document.span(node)
            for node in nodes
            if isinstance(node, ast.ClassDef)
            and node.name in self.subclassed
            and ((names := self.subclassed[node.name]) is None or not names.isdisjoint(map(str, read)))
        )

    def admits(self, fix: Fix, of: Diagnostic) -> bool:
        """Return True unless a caller needs another fix than this one, or shows that it is not enough."""
        allowed = self.fixes.get((of.code, of.span))
        return allowed is None or fix.edits in allowed


def needs_callers(facts: ModuleFacts) -> bool:
    """True if a caller may show more of a model: its outputs, or what it is trained on.

    That is a model that is passed in, or made of what is passed in, and gets losses that may reach a wrong output, or
    that are passed in, too; one of several outputs that is not trained in view, or trained on what is not seen; and one
    of a single output with a dict of losses: a subclass may give it others. So may a subclass in another file, where
    nothing in view calls the methods of its base.
    """
    from keraslint.behaviour.structure import Named, Unseen

    def is_open(call: CompileCall) -> bool:
        loss, outputs = call.loss.structure, call.model.outputs
        if outputs is None:
            several = isinstance(loss, (Named, Unseen)) or call.loss_weights.given
            return several and call.model.kind != "opaque"
        if len(outputs.labels) < 2:
            return isinstance(loss, Named)
        return isinstance(loss, Unseen) or not call.trainings or any(map(_is_unseen, call.trainings))

    if facts.has_hidden_compiles or facts.judged_alone:
        return True
    return any(is_open(call) for call in facts.compiles if call.module == facts.path)


def evidence_from_callers(
    paths: Iterable[str], wanted: Set[str], releases: Callable[[str], KerasReleases], checked: Mapping[str, FileReport]
) -> dict[str, CallerEvidence]:
    """The evidence in the files at ``paths`` about those in ``wanted``, and about others that they pass a dict to.

    All are absolute paths. Only files that import a wanted module, by others, too, are analysed. ``checked`` are the
    reports on files that were checked in the same state: of these none is analysed again whose facts were kept, or
    which shows no call of a wanted file.
    """
    from keraslint.analysis.import_graph import graph_of
    from keraslint.analysis.modules import Project

    graph, evidence = graph_of(Project()), dict[str, CallerEvidence]()
    for path in paths:
        report = checked.get(path)
        if report is not None and report.shows is not None and not report.shows & wanted:
            continue
        with contextlib.suppress(Exception), within(MAX_SECONDS):  # an error is said by the check of the file itself
            facts = _facts(path, wanted, graph, releases, report)
            for other in facts.elsewhere() if facts is not None else ():
                document = graph.project.document(Path(other))
                if facts is not None and document is not None and other in wanted | facts.given_dicts():
                    shown = evidence.setdefault(other, CallerEvidence(document))
                    _judge(shown, replace(facts, path=other), releases(other))
                    for one in facts.subclassed:
                        if one.module == other:
                            shown.add_subclass(one.name, one.names)
    return evidence


def merged(own: Sequence[Diagnostic], evidence: CallerEvidence) -> Iterator[Diagnostic]:
    """The diagnostics of a file, corrected by the evidence of its callers in other files."""
    from keraslint.rules.registry import ALL_RULES
    from keraslint.rules.templates import UseRule

    doubtful = {rule.code for rule in ALL_RULES if rule.needs_callers}
    decided = evidence.cleared | {span for code, span in evidence.found if code not in doubtful}
    unsure = doubtful | {rule.code for rule in ALL_RULES if isinstance(rule, UseRule)}
    differ = evidence.may_differ()
    kept = [
        one
        for one in own
        if not (one.code in doubtful and one.span in decided)
        and ((one.code, one.span) in evidence.found or one.code in unsure or not one.span.is_in(differ))
    ]
    have = {(one.code, one.span) for one in kept}
    for one in kept:
        yield replace(one, fixes=tuple(fix for fix in one.fixes if evidence.admits(fix, one)))
    yield from (one for key, one in evidence.found.items() if key not in have)


def _is_unseen(training: TrainingCall) -> bool:
    from keraslint.behaviour.structure import Unseen

    return any(isinstance(argument.structure, Unseen) for argument in training.data)


def _facts(
    path: str,
    wanted: Set[str],
    graph: ImportGraph,
    releases: Callable[[str], KerasReleases],
    report: FileReport | None,
) -> ModuleFacts | None:
    from keraslint.analysis import analyze
    from keraslint.engine.opening import data_of_program, opened

    try:
        if report is not None and report.facts is not None:
            return report.facts
        data = read_bytes(path)
        if report is not None and is_notebook(path):  # to read it again would take long
            program = report.text.encode("utf-8", "surrogatepass")
        else:
            program = data_of_program(opened(path, data), data)
        if not any(str(module) in wanted for module in graph.imported(Path(path), program)):
            return None
        return analyze(opened(path, data), graph.project, legacy=releases(path).legacy)
    except Exception:  # the check of the file itself reports it
        return None


def _judge(evidence: CallerEvidence, facts: ModuleFacts, keras: KerasReleases) -> None:
    from keraslint.rules.registry import ALL_RULES

    document = evidence.document
    rules = (rule for rule in ALL_RULES if not rule.of_all_callers)
    diagnostics = [one for rule in rules for one in rule.check_calls(document, facts, keras)]
    for one in diagnostics:
        key, edits = (one.code, one.span), frozenset(fix.edits for fix in one.fixes)
        evidence.found.setdefault(key, replace(one, fixes=()))
        evidence.fixes[key] = evidence.fixes.get(key, edits) & edits
    wrong = {one.span for one in diagnostics}
    for sites in facts.sites():
        span = _span(document, sites)
        if span is None:
            continue
        if span in wrong or facts.ends or any(call.model.outputs is None for call in sites):
            evidence.cleared.discard(span)
        else:
            evidence.cleared.add(span)


def _span(document: Document, sites: tuple[CompileCall, ...]) -> Span | None:
    node = sites[0].loss.node
    return document.span(node) if node is not None else None
