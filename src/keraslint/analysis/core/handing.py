"""Values that leave the view: the models in them may be compiled or trained where it is not seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keraslint.analysis.core.forgetting import parts_of, reached
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.recorder import UNSEEN
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import ApiResult, Bound, Ref, Unknown, Value, options
from keraslint.analysis.facts import TRAINING_METHODS


def handed_out(m: InterpreterCore, value: Value, depth: int = 3) -> None:
    """Record that a value, with the models in it, is passed to code that is not in view."""
    for option in options(value):
        part = m.part(option)
        if isinstance(part, ModelPart):
            trained = part.trained or part.in_turns
            if not trained and not m.control.recording_suspended:
                m.seen.mark_escape(part.compiles)
            if not part.escaped and not trained:
                m.set_part(option, replace(part, escaped=True))
        elif isinstance(option, Bound):
            if option.name == "compile" and isinstance(option.receiver, Ref):
                m.seen.note_later([option.receiver.number], len(m.seen.trainings), UNSEEN)
            if option.name in TRAINING_METHODS and isinstance(option.receiver, Ref):
                m.seen.loss_callers.add(option.receiver.number)
        elif isinstance(option, ApiResult):
            m.seen.touched.add(option)
        elif depth and not isinstance(option, Unknown):
            for item in parts_of(m, option):
                handed_out(m, item, depth - 1)


def has_own_object(m: InterpreterCore, values: Iterable[Value]) -> bool:
    """True if an object of a class of the program, other than a layer or model, is among these values or in them."""
    things = map(m.look, reached(m, values))
    return any(isinstance(thing, Instance) and thing.part is None and isinstance(thing.cls, Ref) for thing in things)
