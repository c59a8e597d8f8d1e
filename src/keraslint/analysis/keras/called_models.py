"""Models that are called on real data, and the outputs that a program reads from the results."""

from __future__ import annotations

import ast

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import Fresh, Parameter
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import DictObject, Entry, Instance
from keraslint.analysis.core.values import Api, ApiResult, Array, Origin, Pipeline, Ref, Unknown, Value
from keraslint.analysis.facts import OutputRead
from keraslint.analysis.keras.tensors import is_symbolic

_MAKERS = ("numpy.", "tensorflow.", "jax.", "torch.", "keras.random.", "keras.datasets.")


def note_result(m: InterpreterCore, model: Value, part: ModelPart, args: Arguments, result: Value) -> None:
    """Remember the result of calling a Functional model with an OrderedDict of outputs on real data."""
    if isinstance(result, Ref) and args.positional and is_data(m, args.positional[0]):
        _remember(m, model, part, result)


def batch_values(m: InterpreterCore, model: Value, part: ModelPart) -> Value | None:
    """The result of ``predict_on_batch`` on such a model; None on any other."""
    entries = m.mapping(part.structure) if part.kind == "functional" else None
    if part.outputs is None or part.outputs.container != "odict" or entries is None:
        return None
    thing = m.look(part.structure)
    ordered = isinstance(thing, DictObject) and thing.ordered
    result = m.new_dict({key: Entry(m.unknown("what a model predicts")) for key in entries}, ordered=ordered)
    _remember(m, model, part, result)
    return result


def _remember(m: InterpreterCore, model: Value, part: ModelPart, result: Ref) -> None:
    thing = m.look(model)
    plain = isinstance(thing, Instance) and isinstance(thing.cls, Api) and part.kind == "functional" and not part.legacy
    if plain and part.outputs is not None and part.outputs.container == "odict" and not m.control.recording_suspended:
        m.seen.called[result.number] = (part.outputs, _values(m, result))


def note_read(m: InterpreterCore, value: Value, index: Value, node: ast.Subscript) -> None:
    """Record that an output is read by its key from the result of calling a model."""
    called = m.seen.called.get(value.number) if isinstance(value, Ref) else None
    key = m.text(index)
    if called is None or key is None or m.control.recording_suspended:
        return
    outputs, given = called
    if key in given and _values(m, value).get(key) == given[key]:  # else the program has replaced it
        m.seen.add_read(OutputRead(outputs, key, node, m.module))


def _values(m: InterpreterCore, mapping: Value) -> dict[str, Value]:
    return {key: entry.value for key, entry in (m.mapping(mapping) or {}).items() if isinstance(key, str)}


def is_data(m: InterpreterCore, value: Value) -> bool:
    """True if a value is surely not a symbolic tensor: a library that knows none made it from such data."""
    if is_symbolic(m, value) or not isinstance(value, (ApiResult, Array, Pipeline, Unknown)):
        return False
    return _is_made(value) and not _is_doubtful(value)


def _is_made(part: object) -> bool:
    """True if an origin contains a value that such a library made."""
    if isinstance(part, (Api, ApiResult)):
        return part.path.startswith(_MAKERS)
    if isinstance(part, Unknown):
        return _is_made(part.origin)
    return isinstance(part, (Array, Pipeline)) or any(map(_is_made, _parts(part)))


def _is_doubtful(part: object) -> bool:
    """True if an origin contains a parameter or a value of which nothing is known."""
    if isinstance(part, Unknown):
        return part.origin is None or _is_doubtful(part.origin)
    return isinstance(part, (Parameter, Fresh)) or any(map(_is_doubtful, _parts(part)))


def _parts(part: object) -> tuple[object, ...]:
    return part.parts() if isinstance(part, Origin) else part if isinstance(part, tuple) else ()
