"""What the files of a run show about each other: compile calls whose models come from callers in other files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic, Span

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.analysis.modules import Project
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

UNVERIFIED = "KER102"
"""The finding about a model that is not known; a caller in another file may show it."""


@dataclass(slots=True)
class Crossing:
    """What callers in other files show about one file.

    found: diagnostics, without fixes, for a fix has to hold for all callers. cleared: where every caller shows a
    model on which nothing goes wrong.
    """

    document: Document
    found: dict[tuple[str, Span], Diagnostic] = field(default_factory=dict)
    cleared: set[Span] = field(default_factory=set)


def awaits_callers(facts: ModuleFacts) -> bool:
    """Whether a file compiles a model that comes in from its callers, with losses that may go astray."""
    from keraslint.behaviour.structure import Named

    return any(
        call.model.kind == "unresolved" and (isinstance(call.loss.structure, Named) or call.loss_weights.given)
        for sites in facts.sites()
        for call in sites
    )


def look_across(
    paths: Iterable[str], wanted: Set[str], releases: Callable[[str], KerasReleases]
) -> dict[str, Crossing]:
    """What the files at ``paths`` show about those in ``wanted``, all by absolute path.

    Only files that name a wanted module are looked into.
    """
    from keraslint.analysis.modules import Project

    stems = {Path(path).stem if Path(path).stem != "__init__" else Path(path).parent.name for path in wanted}
    project, crossings = Project(), dict[str, Crossing]()
    for path in paths:
        facts = _facts(path, [stem.encode() for stem in stems], project, releases)
        for other in facts.elsewhere() if facts is not None else ():
            document = project.document(Path(other))
            if facts is not None and document is not None and other in wanted:
                crossing = crossings.setdefault(other, Crossing(document))
                _judge(crossing, replace(facts, path=other), releases(other))
    return crossings


def merged(own: Sequence[Diagnostic], crossing: Crossing) -> tuple[Diagnostic, ...]:
    """The diagnostics of a file with what its callers in other files show."""
    found = crossing.found
    settled = crossing.cleared | {span for code, span in found if code != UNVERIFIED}
    kept = [one for one in own if not (one.code == UNVERIFIED and one.span in settled)]
    have = {(one.code, one.span) for one in kept}
    return (*kept, *(one for key, one in found.items() if key not in have))


def _facts(
    path: str, stems: list[bytes], project: Project, releases: Callable[[str], KerasReleases]
) -> ModuleFacts | None:
    from keraslint.analysis import analyze
    from keraslint.document import Document

    try:
        data = Path(path).read_bytes()
        if not any(stem in data for stem in stems):
            return None
        return analyze(Document.from_bytes(path, data), project, legacy=releases(path).legacy)
    except (OSError, ValueError, SyntaxError):
        return None  # the check of the file itself has said so


def _judge(crossing: Crossing, facts: ModuleFacts, keras: KerasReleases) -> None:
    from keraslint.rules.registry import ALL_RULES

    document = crossing.document
    diagnostics = [one for rule in ALL_RULES for one in rule.check(document, facts, keras)]
    for one in diagnostics:
        crossing.found.setdefault((one.code, one.span), replace(one, fixes=()))
    wrong = {one.span for one in diagnostics}
    for sites in facts.sites():
        span = _span(document, sites)
        if span is None:
            continue
        if span in wrong or any(call.model.outputs is None for call in sites):
            crossing.cleared.discard(span)
        else:
            crossing.cleared.add(span)


def _span(document: Document, sites: tuple[CompileCall, ...]) -> Span | None:
    node = sites[0].loss.node
    return document.span(node) if node is not None else None
