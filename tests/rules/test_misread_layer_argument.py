from __future__ import annotations

import pytest

from keraslint import Diagnostic, check_source

START = """\
import keras
from keras import layers

"""


def found(layer: str, keras: str = "3.6.0", *select: str) -> list[Diagnostic]:
    body = f'model = keras.Sequential([keras.Input((4, 3)), {layer}])\nmodel.compile("adam", "mse")\n'
    every = check_source(f"{START}{body}", keras=keras, select=select or None)
    return [one for one in every if one.code == "KER304"]


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("layers.GRU(8, recurrent_dropout=0.2)", "drops parts of the state that GRU(recurrent_dropout=…) is to keep"),
        ("layers.Bidirectional(layers.GRU(8, recurrent_dropout=0.2))", "drops parts of the state"),
        ("layers.RNN(layers.GRUCell(8, recurrent_dropout=0.2))", "GRUCell(recurrent_dropout=…)"),
    ],
)
def test_what_is_found(layer: str, said: str) -> None:
    (diagnostic,) = found(layer)
    assert said in diagnostic.message
    assert diagnostic.message.endswith("; use dropout alone, or keras>=3.8")
    assert found(layer, "3.8.0") == []


@pytest.mark.parametrize(
    "layer",
    [
        "layers.GRU(8)",
        "layers.GRU(8, dropout=0.2)",
        "layers.GRU(8, recurrent_dropout=0.0)",
        "layers.GRU(8, recurrent_dropout=0)",
        "layers.GRU(8, recurrent_dropout=None)",
        "layers.GRU(8, recurrent_dropout=rate)",
        "layers.GRU(8, **settings)",
        "layers.LSTM(8, recurrent_dropout=0.2)",
        "layers.SimpleRNN(8, recurrent_dropout=0.2)",
        "GRU(8, recurrent_dropout=0.2)",
        "other.layers.GRU(8, recurrent_dropout=0.2)",
        "layers.Dense(8, activity_regularizer='l2')",
        "layers.Conv2DTranspose(8, 3, strides=2, output_padding=1)",
    ],
)
def test_what_looks_wrong_and_is_right_or_not_certain(layer: str) -> None:
    assert found(layer) == []


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("layers.Dense(8, activity_regularizer='l2')", "scales activity_regularizer of Dense by the size"),
        ("layers.Dense(8, activity_regularizer=keras.regularizers.L1(0.1))", "use keras>=3.14"),
        ("layers.Conv2DTranspose(8, 3, strides=2, output_padding=(1, 1))", "forgets output_padding of Conv2DTranspose"),
    ],
)
def test_what_the_rule_finds_where_it_is_selected_by_its_code(layer: str, said: str) -> None:
    (diagnostic,) = found(layer, "3.6.0", "KER304")
    assert said in diagnostic.message
    assert found(layer, "3.15.1", "KER304") == []


def test_an_argument_that_depends_on_the_release_counts_on_those_that_get_it() -> None:
    body = "rate = 0.5 if keras.__version__ >= '3.7' else 0.0\nlayer = layers.GRU(8, recurrent_dropout=rate)\n"
    rest = 'model = keras.Sequential([keras.Input((4, 3)), layer])\nmodel.compile("adam", "mse")\n'
    assert check_source(START + body + rest, keras="3.6.0") == []
    assert [one.code for one in check_source(START + body + rest, keras="3.7.0")] == ["KER304"]


def test_keras_2_is_left_alone() -> None:
    text = (
        "from tf_keras import layers, Sequential\n"
        'Sequential([layers.GRU(8, recurrent_dropout=0.2)]).compile("adam", "mse")\n'
    )
    assert check_source(text, keras="3.6.0", select=["KER3"]) == []
