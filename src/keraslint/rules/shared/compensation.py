"""Programs that undo on some releases what these do wrong: a course of their own there, with the same result."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, ModuleFacts
from keraslint.behaviour.intent import intended
from keraslint.behaviour.releases import groups
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import NotKnown, Outputs, Routed, Routing
from keraslint.rules.shared.misrouting import data_of, routed_outputs


def is_compensated(call: CompileCall, release: Version, facts: ModuleFacts) -> bool:
    """True if the program does on a release, on purpose, what it does rightly on others.

    As with losses that change places for 3.5.0 and 3.6.0 alone, so that each is applied to the output that it is
    applied to elsewhere. Only a call whose run depends on the installed version can be so.
    """
    outputs = routed_outputs(call)
    if call.run.releases is None or outputs is None:
        return False
    got = _delivered(call, outputs, release)
    if got == _named(call, outputs):
        return False  # it does nothing wrong there
    others = (one for one in facts.compiles if one.run.number != call.run.number and one.model.outputs == outputs)
    return any(got == right for other in others for right in _right(other, outputs))


def _right(call: CompileCall, outputs: Outputs) -> Iterator[tuple[Routing, ...]]:
    """What a call delivers on the releases of its run that deliver what it names, once for each group of them."""
    for group in groups(sorted(call.run.releases or ())):
        if (got := _delivered(call, outputs, group[0])) == _named(call, outputs):
            yield got


def _named(call: CompileCall, outputs: Outputs) -> tuple[Routed | NotKnown, ...]:
    """What a call names for each pair of its targets and sample weights."""
    arguments = call.loss.structure, call.loss_weights.structure
    return tuple(intended(outputs, *arguments, *data) for data in data_of(call))


def _delivered(call: CompileCall, outputs: Outputs, release: Version) -> tuple[Routing, ...]:
    """What a release delivers for each pair of targets and sample weights of a call."""
    arguments = call.loss.structure, call.loss_weights.structure
    return tuple(route(release, outputs, *arguments, *data) for data in data_of(call))
