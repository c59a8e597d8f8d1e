from __future__ import annotations

import pytest

from keraslint import Diagnostic, check_source

MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
"""


def found(body: str, keras: str = "3.6.0") -> list[Diagnostic]:
    return check_source(MODEL + body, keras=keras, select=["KER303"])


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        ("model.fit(data, steps_per_epoch=len(data), epochs=5)\n", "model.fit(data, epochs=5)\n"),
        ("model.fit(data, epochs=5, steps_per_epoch=len(data))\n", "model.fit(data, epochs=5)\n"),
        ("model.fit(x=self.data, epochs=3, steps_per_epoch=len(self.data))\n", "model.fit(x=self.data, epochs=3)\n"),
        ("n = 20\nmodel.fit(data, steps_per_epoch=len(data), epochs=n)\n", "n = 20\nmodel.fit(data, epochs=n)\n"),
        (
            "model.fit(data, validation_data=other, validation_steps=len(other), epochs=2)\n",
            "model.fit(data, validation_data=other, epochs=2)\n",
        ),
        (
            "model.fit(x, y, validation_data=other, validation_steps=len(other), epochs=4)\n",
            "model.fit(x, y, validation_data=other, epochs=4)\n",
        ),
    ],
)
def test_what_is_found_and_fixed(body: str, fixed: str) -> None:
    (diagnostic,) = found(body)
    what, name = ("validation", "validation_steps") if "validation_steps" in body else ("epochs", "steps_per_epoch")
    assert f" skips {what}: every second " in diagnostic.message
    assert diagnostic.message.endswith(f"; leave out {name} or use keras>=3.7")
    (edit,) = diagnostic.fixes[0].edits
    lines = (MODEL + body).splitlines(keepends=True)
    row, start, end = edit.span.start.row - 1, edit.span.start.column - 1, edit.span.end.column - 1
    lines[row] = lines[row][:start] + edit.content + lines[row][end:]
    assert "".join(lines) == MODEL + fixed
    assert diagnostic.fixes[0].applicability.value == "safe"
    assert found(body, "3.7.0") == []


@pytest.mark.parametrize(
    "body",
    [
        "model.fit(data, steps_per_epoch=len(data))\n",
        "model.fit(data, steps_per_epoch=len(data), epochs=1)\n",
        "model.fit(data, steps_per_epoch=len(data), epochs=2)\n",
        "model.fit(data, steps_per_epoch=len(data), epochs=args.epochs)\n",
        "model.fit(data, steps_per_epoch=len(data) // 2, epochs=5)\n",
        "model.fit(data, steps_per_epoch=100, epochs=5)\n",
        "model.fit(x, y, steps_per_epoch=len(x), epochs=5)\n",
        "model.fit(data, steps_per_epoch=len(other), epochs=5)\n",
        "model.fit(data.repeat(), steps_per_epoch=len(data), epochs=5)\n",
        "model.fit(make(), steps_per_epoch=len(make()), epochs=5)\n",
        "model.fit(data, validation_data=other, validation_steps=len(data), epochs=5)\n",
        "model.fit(data, validation_data=other, validation_steps=len(other), epochs=1)\n",
        "model.evaluate(data, steps=len(data))\n",
        "model.fit(data, steps_per_epoch=length(data), epochs=5)\n",
        "estimator.fit(data, steps_per_epoch=len(data), epochs=5)\n",
        "model.fit(data, **{'steps_per_epoch': len(data)}, epochs=5)\n",
    ],
)
def test_what_looks_wrong_and_is_right(body: str) -> None:
    assert found(body) == []


def test_an_unsafe_fix_where_data_without_an_end_may_come_and_none_behind_a_comment() -> None:
    (inside,) = found("def train(data):\n    model.fit(data, steps_per_epoch=len(data), epochs=5)\n")
    assert inside.fixes[0].applicability.value == "unsafe"
    (commented,) = found("model.fit(\n    data,  # all of it\n    steps_per_epoch=len(data),\n    epochs=5,\n)\n")
    assert commented.fixes == ()
    (first,) = found("model.fit(steps_per_epoch=len(data), x=data, epochs=5)\n")
    assert first.fixes == ()
