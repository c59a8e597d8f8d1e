"""Own steps of training: those that compute the loss as Keras does are routed as Keras routes."""

from __future__ import annotations

import pytest

from keraslint import check_source

PROGRAM = """\
import keras

class Own(keras.Model):
    def train_step(self, data):
        {body}

inputs = keras.Input((4,))
model = Own(inputs, [keras.layers.Dense(1, name="b")(inputs), keras.layers.Dense(1, name="a")(inputs)])
model.compile(loss={{"b": "mse", "a": "mae"}})
model.fit(x, [first, second])
"""
LOSS = "self.compute_loss(x=x, y=y, y_pred=pred)"


@pytest.mark.parametrize(
    ("body", "as_keras"),
    [
        ("return super().train_step(data)", True),
        ("logs = super().train_step(data); logs['more'] = 1; return logs", True),
        (f"x, y = data; pred = self(x, training=True); loss = {LOSS}; loss.backward()", True),
        ("x, y = data; p = self(x); return self.compute_loss(x, y, p)", True),
        (
            "x, y, w = keras.utils.unpack_x_y_sample_weight(data); p = self(x)"
            "; return self.compute_loss(x, y, p, sample_weight=w)",
            True,
        ),
        ("x, y, w = data; p = self(x); return self.compute_loss(x, y, p)", False),
        ("x, y = data; data = (x, y[::-1]); return super().train_step(data)", False),
        ("x, y = data; y = y[::-1]; pred = self(x); return " + LOSS, False),
        ("x, y = data; pred = self(x)[::-1]; return " + LOSS, False),
        ("y, x = data; pred = self(x); return " + LOSS, False),
        ("x, y = data; y[0] = y[1]; pred = self(x); return " + LOSS, False),
        ("x, y = data; pred = self(x); return my_loss(y, pred)", False),
    ],
)
def test_only_a_step_that_leaves_the_loss_to_keras_is_judged(body: str, as_keras: bool) -> None:
    said = [one.code for one in check_source(PROGRAM.format(body=body), "a.py", "3.6.0")]
    assert said == (["KER101"] if as_keras else [])


@pytest.mark.parametrize(("change", "as_keras"), [("steps = 1", True), ("y = y[::-1]", False)])
def test_only_a_loss_that_hands_on_what_it_is_given_is_judged(change: str, as_keras: bool) -> None:
    head = "def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **more):"
    loss = f"{change}; return 2 * super().compute_loss(x, y, y_pred, sample_weight, **more)"
    text = PROGRAM.format(body=loss).replace("def train_step(self, data):", head)
    assert [one.code for one in check_source(text, "a.py", "3.6.0")] == (["KER101"] if as_keras else [])


@pytest.mark.parametrize(
    ("body", "as_keras"),
    [
        ("return super().{name}(*args, **more)", True),
        ("print(1); return super().{name}(*args, **more)", True),
        ("more['y'] = 1; return super().{name}(*args, **more)", False),
        ("return super().{name}(*args[::-1], **more)", False),
        ("return super().{name}(*args)", False),
        ("return super().{name}(1, *args, **more)", False),
    ],
)
@pytest.mark.parametrize("name", ["compute_loss", "train_step", "test_step"])
def test_a_method_that_passes_on_all_that_it_is_given_is_judged(body: str, as_keras: bool, name: str) -> None:
    text = PROGRAM.format(body=body.format(name=name)).replace("train_step(self, data)", f"{name}(self, *args, **more)")
    assert [one.code for one in check_source(text, "a.py", "3.6.0")] == (["KER101"] if as_keras else [])
