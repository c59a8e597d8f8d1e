"""Names of outputs that a program sets count at compile; where they are not known, the outputs are not."""

from __future__ import annotations

import pytest

from keraslint.analysis import analyze
from keraslint.document import Document

MODEL = """\
import sys
import keras
inputs = keras.Input((4,))
first = keras.layers.Dense(1, name="first")(inputs)
second = keras.layers.Dense(3, name="second")(inputs)
model = keras.Model(inputs, {outputs})
{change}
model.compile(loss={{"a": "mse", "z": "mae"}})
"""


def _names(change: str, outputs: str = "[first, second]") -> tuple[str | None, ...] | None:
    facts = analyze(Document("train.py", MODEL.format(change=change, outputs=outputs)))
    (compiled,) = facts.compiles
    return None if compiled.model.outputs is None else compiled.model.outputs.names


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("", ("first", "second")),
        ('model.output_names = ["z", "a"]', ("z", "a")),
        ('model.output_names = ("z", "a")', ("z", "a")),
        ('model.output_names[1] = "a"', ("first", "a")),
        ("model.output_names.reverse()", ("second", "first")),
        ("print(model.output_names)", ("first", "second")),
        ('model.output_names = ["z"]', None),
        ('model.output_names = ["z", "z"]', None),
        ('model.output_names = sys.argv[:1] + ["z"]', None),
        ("model.output_names = sys.argv", None),
    ],
)
def test_names_that_are_set(change: str, names: tuple[str, ...] | None) -> None:
    assert _names(change) == names


def test_names_of_dict_outputs_are_not_known_once_they_are_set() -> None:
    assert _names('model.output_names = ["z", "a"]', '{"a": first, "z": second}') is None
