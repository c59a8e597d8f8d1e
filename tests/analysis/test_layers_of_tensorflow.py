"""Layers of the program whose ``call`` returns what a function of TensorFlow or of keras.backend returns."""

from __future__ import annotations

import pytest

from keraslint import check_source

PROGRAM = """\
import keras
import tensorflow as tf
from tensorflow.keras import backend as K

class Own(keras.layers.Layer):
    def call(self, inputs, mask=None):
        {body}

page = keras.Input((20,))
model = keras.Model(page, [Own(name="b")([page, page]), keras.layers.Dense(6, name="a")(page)])
model.compile(loss={{"b": "mse", "a": "mae"}})
"""


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("first, _ = tf.split(inputs, 2, axis=-1); return first", True),
        ("return tf.unstack(inputs[0])[1]", True),
        ("scores, lengths = inputs; return K.one_hot(K.argmax(scores), 5)", True),
        ("a, b = inputs; return a - b", True),
        ("a, b = inputs; return K.concatenate([a, b])", True),
        ("return tf.random.normal((4, 1))", True),
        ("return tf.split(inputs, 2, axis=-1)", False),
        ("return K.rnn(inputs)", False),
        ("return self.made(inputs)", False),
    ],
)
def test_the_output_has_the_name_of_the_layer_if_it_is_one_tensor(body: str, known: bool) -> None:
    text = PROGRAM.format(body=body)
    assert [one.code for one in check_source(text, "a.py", "3.6.0")] == ["KER101" if known else "KER102"]
