"""Questions about the kind of an object: the answer is Python's own, or not known."""

from __future__ import annotations

import collections
import collections.abc
import enum
import typing
from typing import Any

import pytest

from keraslint.analysis import analyze
from keraslint.document import Document

HEAD = """\
import collections, collections.abc, enum, numbers, typing
import keras

class Plain: pass
class Derived(Plain): pass
class Named(dict): pass
class Abstract(collections.abc.Sized):
    def __len__(self): return 0
class Mode(enum.Enum):
    A = "a"
Pair = collections.namedtuple("Pair", "a b")
class Own:
    def __call__(self): pass

def function(): pass

table, empty, ordered, default = {"a": 1}, {}, collections.OrderedDict(a=1), collections.defaultdict(list)
listed, pair, text, number, real, truth, nothing = [1], ("a", 1), "x", 1, 1.5, True, None
"""

KNOWN = [
    "isinstance(table, dict)",
    "isinstance(table, (list, tuple))",
    "isinstance(table, (list, dict))",
    "isinstance(table, dict | list)",
    "isinstance(listed, dict | tuple | list)",
    "isinstance(ordered, dict)",
    "isinstance(ordered, collections.OrderedDict)",
    "isinstance(table, collections.OrderedDict)",
    "isinstance(default, collections.defaultdict)",
    "isinstance(default, dict)",
    "isinstance(table, collections.abc.Mapping)",
    "isinstance(listed, collections.abc.Mapping)",
    "isinstance(listed, collections.abc.Sequence)",
    "isinstance(text, collections.abc.Iterable)",
    "isinstance(number, collections.abc.Iterable)",
    "isinstance(table, typing.Mapping)",
    "isinstance(pair, tuple)",
    "isinstance(pair, list)",
    "isinstance(text, str)",
    "isinstance(number, numbers.Number)",
    "isinstance(truth, int)",
    "isinstance(real, int)",
    "isinstance(nothing, str)",
    "isinstance(function, dict)",
    "isinstance(Plain, (str, dict))",
    "isinstance(Plain(), Plain)",
    "isinstance(Derived(), Plain)",
    "isinstance(Plain(), Derived)",
    "isinstance(Plain(), dict)",
    "isinstance(Pair(1, 2), tuple)",
    "isinstance(table, Plain)",
    "issubclass(Derived, Plain)",
    "issubclass(type(table), dict)",
    "issubclass(type(table), (list, dict))",
    "type(table) is dict",
    "type(table) is list",
    "type(listed) == list",
    "type(table) in (list, dict)",
    "type(table) not in (list, dict)",
    "type(table).__name__ == 'dict'",
    "table.__class__ is dict",
    "type(Derived()) is Derived",
    "callable(function)",
    "callable(Plain)",
    "callable(text)",
    "callable(table)",
    "hasattr(table, 'items')",
    "hasattr(listed, 'items')",
    "hasattr(text, 'lower')",
]
PERHAPS = [
    "type(ordered) is dict",
    "isinstance(Named(), dict)",
    "isinstance(Named(), list)",
    "isinstance(Abstract(), collections.abc.Sized)",
    "isinstance(Plain(), collections.abc.Sized)",
    "isinstance(range(2), tuple)",
    "isinstance(range(2), collections.abc.Sequence)",
    "isinstance((1, 2), tuple)",
    "isinstance({1}, set)",
    "isinstance(Mode.A, str)",
    "isinstance(Mode.A, Mode)",
    "isinstance(Pair(1, 2), Pair)",
    "isinstance(zip([1]), tuple)",
    "isinstance(Own(), collections.abc.Callable)",
    "callable(Own())",
    "callable(Plain())",
    "hasattr(Plain(), 'items')",
    "type(range(2)) is tuple",
    "type(nothing) is type(None)",
]


def known(expression: str) -> bool | None:
    """The truth of an expression, as the analysis knows it; None where it does not."""
    program = f"""{HEAD}
inputs = keras.Input((4,))
names = ["yes", "no"] if {expression} else ["no", "yes"]
model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in names])
model.compile("sgd", loss={{"yes": "mse", "no": "mae"}})
"""
    (call,) = analyze(Document("main.py", program)).compiles
    return None if call.model.outputs is None else call.model.outputs.names == ("yes", "no")


def happens(expression: str) -> bool:
    """The truth of an expression in Python."""
    namespace: dict[str, Any] = {"collections": collections, "enum": enum, "typing": typing}
    exec(HEAD.replace("import keras\n", ""), namespace)
    return bool(eval(expression, namespace))


@pytest.mark.parametrize("expression", KNOWN)
def test_what_is_known_is_what_happens(expression: str) -> None:
    assert known(expression) is happens(expression)


@pytest.mark.parametrize("expression", PERHAPS)
def test_what_is_perhaps_known_is_what_happens(expression: str) -> None:
    assert known(expression) in (None, happens(expression))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("isinstance(keras.Model(keras.Input((4,)), keras.Input((4,))), keras.Model)", True),
        ("isinstance(keras.Model(keras.Input((4,)), keras.Input((4,))), keras.layers.Layer)", True),
        ("isinstance(keras.Model(keras.Input((4,)), keras.Input((4,))), (list, dict))", False),
        ("isinstance(keras.losses.MeanSquaredError(), (str, dict))", False),
        ("isinstance(keras.losses.mean_squared_error, str)", False),
        ("isinstance(keras.Input((4,)), (list, tuple))", False),
        ("isinstance(outside.given(), dict)", None),
        ("isinstance(table, outside.given())", None),
    ],
)
def test_objects_of_keras_are_no_data(expression: str, expected: bool | None) -> None:
    assert known(expression) is expected


COMPENSATED = """
def prepare(model, loss):
    if {test}:
        loss = [loss[name] for name in model.output_names]
    model.compile("sgd", loss=loss)


inputs = keras.Input((4,))
model = keras.Model(inputs, [keras.layers.Dense(1, name="b")(inputs), keras.layers.Dense(3, name="a")(inputs)])
prepare(model, {{"b": "mse", "a": "mae"}})
"""


@pytest.mark.parametrize(
    "test", ["isinstance(loss, dict)", "hasattr(loss, 'items')", "not isinstance(loss, (list, str))"]
)
def test_a_helper_that_makes_a_list_of_a_dict(test: str) -> None:
    calls = analyze(Document("main.py", HEAD + COMPENSATED.format(test=test))).compiles
    assert {type(call.loss.structure).__name__ for call in calls} == {"Positional"}
