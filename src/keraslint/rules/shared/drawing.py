"""What the picture of a finding is drawn from: the arguments of a call, as they are given and as they are meant."""

from __future__ import annotations

from collections.abc import Hashable

from keraslint.analysis.facts import Argument, CompileCall, Token
from keraslint.behaviour.drawn import Drawn, drawn
from keraslint.behaviour.structure import ABSENT, Outputs, Structure, Unseen
from keraslint.rules.shared.listed_for_dict import meant_argument


def drawn_call(part: str, call: CompileCall) -> Drawn | None:
    """A part of a compile call and of the first training call in view; None where the outputs are not known."""
    outputs = call.model.outputs
    if outputs is None:
        return None
    training = call.trainings[0] if call.trainings else None
    y, sample_weight = (training.y, training.sample_weight) if training else (Argument(Unseen()), Argument())
    if not y.given:
        y = Argument(Unseen())
    arguments = (call.loss, call.loss_weights, y, sample_weight)
    loss, weights, targets, samples = (argument.structure for argument in arguments)
    meant = tuple(_meant(argument, outputs) for argument in arguments)
    return drawn(part, outputs, (loss, weights, targets, samples), (meant[0], meant[1], meant[2], meant[3]), _label)


def drawn_outputs(outputs: Outputs) -> Drawn:
    """The outputs of a model that is called."""
    nothing = (ABSENT, ABSENT, ABSENT, ABSENT)
    return Drawn("key", outputs, nothing, nothing)


def _meant(argument: Argument, outputs: Outputs) -> Structure:
    """The argument as it is meant: for outputs in a dict the entries of a list go by their names, or their order."""
    named = meant_argument(argument, outputs.labels, strict=True) if outputs.keys else None
    return argument.structure if named is None else named.structure


def _label(token: Hashable) -> str:
    return token.label if isinstance(token, Token) else str(token)
