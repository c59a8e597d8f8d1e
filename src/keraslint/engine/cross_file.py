"""Evidence from callers in other files of a run, for compile calls whose models come in as arguments."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic, Span
from keraslint.engine.reports import FileReport
from keraslint.files.regular import read_bytes
from keraslint.limits import MAX_SECONDS, within

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.analysis.modules import Project
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases


@dataclass(slots=True)
class CallerEvidence:
    """The evidence of callers in other files about one file.

    found: diagnostics, without fixes, since a fix must suit all callers. cleared: the places where every caller
    passes a model on which nothing goes wrong.
    """

    document: Document
    found: dict[tuple[str, Span], Diagnostic] = field(default_factory=dict)
    cleared: set[Span] = field(default_factory=set)


def needs_callers(facts: ModuleFacts) -> bool:
    """True if a file compiles a model that its callers pass, with losses that may reach a wrong output."""
    from keraslint.behaviour.structure import Named

    return any(
        call.model.kind == "unresolved" and (isinstance(call.loss.structure, Named) or call.loss_weights.given)
        for sites in facts.sites()
        for call in sites
    )


def evidence_from_callers(
    paths: Iterable[str], wanted: Set[str], releases: Callable[[str], KerasReleases], checked: Mapping[str, FileReport]
) -> dict[str, CallerEvidence]:
    """The evidence in the files at ``paths`` about those in ``wanted``, all by absolute path.

    Only files that name a wanted module are read. ``checked`` are the reports on files that were checked in the
    same state: of these none is analysed again whose facts were kept, or which shows no compile call of a wanted file.
    """
    from keraslint.analysis.modules import Project

    stems = {Path(path).stem if Path(path).stem != "__init__" else Path(path).parent.name for path in wanted}
    project, evidence = Project(), dict[str, CallerEvidence]()
    for path in paths:
        report = checked.get(path)
        if report is not None and report.shows is not None and not report.shows & wanted:
            continue
        with contextlib.suppress(Exception), within(MAX_SECONDS):  # an error is said by the check of the file itself
            facts = _facts(path, [stem.encode() for stem in stems], project, releases, report)
            for other in facts.elsewhere() if facts is not None else ():
                document = project.document(Path(other))
                if facts is not None and document is not None and other in wanted:
                    shown = evidence.setdefault(other, CallerEvidence(document))
                    _judge(shown, replace(facts, path=other), releases(other))
    return evidence


def merged(own: Sequence[Diagnostic], evidence: CallerEvidence) -> Iterator[Diagnostic]:
    """The diagnostics of a file, corrected by the evidence of its callers in other files."""
    from keraslint.rules.registry import ALL_RULES

    doubtful = {rule.code for rule in ALL_RULES if rule.needs_callers}
    decided = evidence.cleared | {span for code, span in evidence.found if code not in doubtful}
    kept = [one for one in own if not (one.code in doubtful and one.span in decided)]
    have = {(one.code, one.span) for one in kept}
    yield from kept
    yield from (one for key, one in evidence.found.items() if key not in have)


def _facts(
    path: str,
    stems: list[bytes],
    project: Project,
    releases: Callable[[str], KerasReleases],
    report: FileReport | None,
) -> ModuleFacts | None:
    from keraslint.analysis import analyze
    from keraslint.engine.opening import opened

    try:
        data = read_bytes(path)
        if not any(stem in data for stem in stems):
            return None
        if report is not None and report.facts is not None:
            return report.facts
        return analyze(opened(path, data), project, legacy=releases(path).legacy)
    except Exception:  # the check of the file itself reports it
        return None


def _judge(evidence: CallerEvidence, facts: ModuleFacts, keras: KerasReleases) -> None:
    from keraslint.rules.registry import ALL_RULES

    document = evidence.document
    diagnostics = [one for rule in ALL_RULES for one in rule.check_calls(document, facts, keras)]
    for one in diagnostics:
        evidence.found.setdefault((one.code, one.span), replace(one, fixes=()))
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
