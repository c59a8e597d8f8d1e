"""Programs that undo on some releases what these do wrong: they take a course of their own there."""

from __future__ import annotations

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, ModuleFacts
from keraslint.behaviour.intent import intended
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import NotKnown, Outputs, Routed
from keraslint.rules.shared.misrouting import data_of, routed_outputs


def is_compensated(call: CompileCall, release: Version, facts: ModuleFacts) -> bool:
    """True if the release delivers what the program names on other releases, though not what it names here.

    As with losses that change places for 3.5.0 and 3.6.0 alone, so that each is applied to the output that it is
    named for elsewhere. Only a call whose run depends on the installed version can be so.
    """
    outputs = routed_outputs(call)
    if len(facts.runs) == 1 or outputs is None:
        return False
    arguments = call.loss.structure, call.loss_weights.structure
    got = tuple(route(release, outputs, *arguments, *data) for data in data_of(call))
    if got == _named(call, outputs):
        return False  # it does nothing wrong there
    others = (one for one in facts.compiles if one.run.number != call.run.number and one.model.outputs == outputs)
    return any(got == _named(other, outputs) for other in others)


def _named(call: CompileCall, outputs: Outputs) -> tuple[Routed | NotKnown, ...]:
    """What a call names for each pair of its targets and sample weights."""
    arguments = call.loss.structure, call.loss_weights.structure
    return tuple(intended(outputs, *arguments, *data) for data in data_of(call))


def is_for_sorted_names(call: CompileCall, facts: ModuleFacts) -> bool:
    """Return True if a dict of losses is computed, and the program pairs the sorted names of outputs with something."""
    return facts.pairs_sorted_names and any(node is None for _, node in call.loss.entries)
