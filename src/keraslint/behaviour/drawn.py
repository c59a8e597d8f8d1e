"""What a call gives for the outputs of its model, and what it means: all that a picture of any release needs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from packaging.version import Version

from keraslint.behaviour.intent import intended
from keraslint.behaviour.metrics_and_logs import called_values, metric_targets
from keraslint.behaviour.releases import GROUP_STARTS, MEASURED, group_start
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import (
    Delivery,
    Leaf,
    Named,
    Outputs,
    Positional,
    Raises,
    Routed,
    Structure,
    Unseen,
    parts,
)
from keraslint.picture import Arrow, Item, Panel

Arguments = tuple[Structure, Structure, Structure, Structure]
"""Losses, loss weights, targets and sample weights."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part of a call, as it is given and as it is meant. The tokens of its leaves can be sent to other processes.

    part: a key of ``picture.PART_NOTES``.
    """

    part: str
    outputs: Outputs
    given: Arguments
    meant: Arguments


@dataclass(frozen=True, slots=True)
class Text:
    """The token of a loss, weight or target whose value is not known: a number for what is alike, and its text."""

    number: int
    text: str

    def __str__(self) -> str:
        return self.text


def drawn(part: str, outputs: Outputs, given: Arguments, meant: Arguments, label: Callable[[Hashable], str]) -> Drawn:
    """The arguments with plain tokens: numbers stay, of all others only what is equal and what ``label`` calls it."""
    numbers: dict[Hashable, int] = {}

    def plain(structure: Structure) -> Structure:
        if isinstance(structure, Leaf):
            token = structure.token
            if isinstance(token, (int, float)):
                return structure
            return replace(structure, token=Text(numbers.setdefault(token, len(numbers)), label(token)))
        if isinstance(structure, Positional):
            return replace(structure, items=tuple(map(plain, structure.items)))
        if isinstance(structure, Named):
            values = map(plain, parts(structure))
            return replace(structure, entries=tuple(zip(structure.keys, values, strict=True)))
        return structure

    return Drawn(part, outputs, _each(plain, given), _each(plain, meant))


def _each(change: Callable[[Structure], Structure], arguments: Arguments) -> Arguments:
    loss, weights, targets, sample_weights = arguments
    return change(loss), change(weights), change(targets), change(sample_weights)


def panels(drawn: Drawn, title: Callable[[Sequence[Version]], str]) -> list[Panel]:
    """What each measured release does, those that do the same in one panel; what is wrong comes first.

    ``title`` says the releases in words. Releases of which nothing is known are left out.
    """
    releases: dict[Panel, list[Version]] = {}
    for release, panel in by_release(drawn).items():
        releases.setdefault(panel, []).append(release)
    ordered = sorted(releases, key=lambda panel: (panel.is_right, bool(panel.error)))
    return [replace(panel, title=title(releases[panel])) for panel in ordered]


def by_release(drawn: Drawn) -> dict[Version, Panel]:
    """The panel of each measured release of which it is known what it does; without a title."""
    if drawn.part in _OTHERWISE:
        found = {release: _OTHERWISE[drawn.part](drawn, release) for release in MEASURED}
    else:
        known = {start: _routed(drawn, start) for start in GROUP_STARTS}
        found = {release: known.get(group_start(release) or release) for release in MEASURED}
    return {release: panel for release, panel in found.items() if panel is not None}


def _called(drawn: Drawn, release: Version) -> Panel | None:
    """What a called model puts under each key of its outputs."""
    labels = drawn.outputs.labels
    held = called_values(release, drawn.outputs)
    items = tuple(Item(f'"{key}"', key) for key in labels)
    arrows = [Arrow(n, labels.index(held[key]), held[key] == key) for n, key in enumerate(labels)]
    return Panel("", "key", items, labels, tuple(arrows))


def _metrics(drawn: Drawn, release: Version) -> Panel | None:
    """The targets that the metrics of each output get."""
    y, labels = drawn.given[2], drawn.outputs.labels
    if not isinstance(y, Named) or set(y.keys) != set(labels):
        return None
    targets = metric_targets(release, drawn.outputs, y)
    meant = {key: getattr(value, "token", None) for key, value in y.entries}
    return _joined(drawn.part, [(name, meant[name]) for name in labels], [(name, targets[name]) for name in labels])


def _routed(drawn: Drawn, release: Version) -> Panel | None:
    """The losses, weights, targets or sample weights that reach each output."""
    meant, got = intended(drawn.outputs, *drawn.meant), route(release, drawn.outputs, *drawn.given)
    if not isinstance(meant, Routed):
        return None
    if isinstance(got, Raises):
        return Panel("", drawn.part, (), drawn.outputs.labels, (), "stops with an error")
    if not isinstance(got, Routed):
        return None
    value = _VALUES[drawn.part]
    named, delivered = ([(one.output, value(one)) for one in side.deliveries] for side in (meant, got))
    return _joined(drawn.part, named, delivered)


def _joined(part: str, meant: Sequence[tuple[str, Hashable]], got: Sequence[tuple[str, Hashable]]) -> Panel | None:
    """The panel of what is meant for each output and of what it gets; None where neither is seen."""
    known = [(output, value) for output, value in meant if value is not None and not isinstance(value, Unseen)]
    if not known:
        return None
    items = [(Item(str(value), output), value) for output, value in known]
    arrows = [
        Arrow(number, place, item.meant == output)
        for place, (output, delivered) in enumerate(got)
        for number, (item, value) in enumerate(items)
        if delivered == value and (item.meant == output or [one for _, one in items].count(value) == 1)
    ]
    return Panel("", part, tuple(item for item, _ in items), tuple(output for output, _ in meant), tuple(arrows))


_VALUES: dict[str, Callable[[Delivery], Hashable]] = {
    "loss": lambda one: one.losses[0] if one.losses else None,
    "weight": lambda one: one.weight,
    "target": lambda one: one.target,
    "sample weight": lambda one: one.sample_weight,
}

_OTHERWISE: dict[str, Callable[[Drawn, Version], Panel | None]] = {"metric": _metrics, "key": _called}
"""How the parts are drawn that ``route`` says nothing of."""
