"""Methods of layers, models and other objects of the program that Keras calls by itself, such as ``get_config``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.analysis.core.effects import may_run
from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Scope, SetObject
from keraslint.analysis.core.values import Api, Function, Ref, Value
from keraslint.analysis.keras.names import is_keras

_HOOKS = frozenset(
    "get_config from_config get_build_config build_from_config get_compile_config compile_from_config add_weight build"
    " add_loss compute_output_shape compute_output_spec compute_mask count_params save_own_variables load_own_variables"
    " save_assets load_assets predict_step make_predict_function make_train_function make_test_function summary"
    " get_metrics_result reset_metrics quantize __setattr__ __repr__ __str__ stateless_call symbolic_call".split()
)


def keras_may_call(m: InterpreterCore, instance: Ref, cls: Ref) -> None:
    """Carry out that Keras may call methods of an object of a class of the program that derives from one of Keras.

    Left out are those that have nothing to change but the object itself, and ``call``, which is followed where it is
    called.
    """
    if any(isinstance(base, Api) and is_keras(base) for base in ancestors(m, cls)):
        may_run(m, [m.method_of(found, instance) for found in _hooks(m, cls) if _reaches_outside(m, found)])


def _hooks(m: InterpreterCore, cls: Ref) -> Iterator[Function]:
    for thing in map(m.look, ancestors(m, cls)):
        for name, found in thing.attributes.items() if isinstance(thing, ClassObject) else ():
            if name in _HOOKS and isinstance(found, Function):
                yield found


def _reaches_outside(m: InterpreterCore, function: Function) -> bool:
    """True if a function names a function or an object of the program that it could change."""
    names = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    number: int | None = function.scope
    while number is not None:
        scope = m.look(Ref(number))
        if not isinstance(scope, Scope):
            return True
        if any(_may_change(m, scope.variables[name]) for name in names & scope.variables.keys()):
            return True
        number = scope.parent
    return False


def _may_change(m: InterpreterCore, value: Value) -> bool:
    thing = m.look(value)
    of_program = isinstance(thing, Instance) and thing.part is None
    return of_program or isinstance(value, Function) or isinstance(thing, (ListObject, DictObject, SetObject))
