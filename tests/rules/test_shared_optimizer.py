"""One optimizer for the training of several models (KER306)."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import copy

import keras
from keras import layers

def make():
    return keras.Sequential([keras.Input((8,)), layers.Dense(4, activation="relu"), layers.Dense(1)])

def small():
    entry = keras.Input((8,))
    return keras.Model(entry, layers.Dense(1)(entry))

def train(net, rule):
    net.compile(optimizer=rule, loss="mse")
    net.fit(x, y)

rule = keras.optimizers.Adam(0.001)
"""


def said(body: str, keras: str = ">=3") -> list[str]:
    return [one.code for one in check_source(HEAD + body, keras=keras) if one.code.startswith("KER3")]


@pytest.mark.parametrize(
    "body",
    [
        "train(make(), rule)\ntrain(make(), rule)\n",
        "train(small(), rule)\ntrain(make(), rule)\n",
        "for fold in folds:\n    train(small(), rule)\n",
        "for inner, outer in folds.split(x):\n    net = make()\n    net.compile(rule, 'mse')\n    net.fit(x, y)\n",
        "first, second = small(), make()\nfirst.compile(rule, 'mse')\nlast = layers.Dense(2)\n"
        "third = keras.Sequential([keras.Input((8,)), last])\nthird.compile(rule, 'mse')\n"
        "first.fit(x, y)\nthird.fit(x, y)\n",
        "base = small()\ntrain(base, rule)\nwhole = keras.Sequential([base, layers.Dense(3)])\ntrain(whole, rule)\n",
        "net = make()\ntrain(net, rule)\nother = make()\nother.compile(net.optimizer, 'mse')\nother.fit(x, y)\n",
    ],
)
def test_an_optimizer_that_was_built_for_another_model(body: str) -> None:
    assert said(body) == ["KER306"]
    assert said(body, keras="<3") == []


@pytest.mark.parametrize(
    "body",
    [
        # The same model, or the same weights.
        "net = make()\ntrain(net, rule)\ntrain(net, rule)\n",
        "net = make()\ntrain(net, rule)\ntrain(keras.Sequential([net]), rule)\n",
        "entry = keras.Input((8,))\nmiddle = layers.Dense(4)(entry)\n"
        "whole = keras.Model(entry, layers.Dense(1)(middle))\n"
        "train(whole, rule)\ntrain(keras.Model(entry, middle), rule)\n",
        "net = make()\ntrain(net, rule)\nflat = keras.Sequential([net, layers.Flatten()])\ntrain(flat, rule)\n",
        # One of both trains nothing with it.
        "train(make(), rule)\nmake().compile(rule, 'mse')\n",
        "first = make()\nfirst.compile(rule, 'mse')\nfirst.evaluate(x, y)\ntrain(make(), rule)\n",
        "train(make(), rule)\nsecond = make()\nsecond.compile(rule, 'mse')\nsecond.evaluate(x, y)\n",
        "first = make()\nfirst.compile(rule, 'mse')\nfirst.trainable = False\nfirst.fit(x, y)\ntrain(make(), rule)\n",
        "net = make()\ntrain(net, rule)\nhead = layers.Dense(3, trainable=False)\n"
        "train(keras.Sequential([net, head]), rule)\n",
        "net = make()\ntrain(net, rule)\nhead = layers.Dense(3)\nhead.trainable = False\n"
        "train(keras.Sequential([net, head]), rule)\n",
        # An optimizer of its own, however it is made.
        "train(make(), 'adam')\ntrain(make(), 'adam')\n",
        "for fold in folds:\n    rule = keras.optimizers.Adam(0.001)\n    train(small(), rule)\n",
        "for fold in folds:\n    train(small(), keras.optimizers.Adam.from_config(rule.get_config()))\n",
        "for fold in folds:\n    train(small(), copy.deepcopy(rule))\n",
        "rules = [keras.optimizers.Adam(), keras.optimizers.Adam()]\nfor one in rules:\n    train(small(), one)\n",
        "new = lambda: keras.optimizers.Adam()\ntrain(make(), new())\ntrain(make(), new())\n",
        "train(make(), rule)\nopt = rule\nnet = make()\nopt.build(net.trainable_variables)\ntrain(net, opt)\n",
        # Nothing is known of the optimizer or of the model.
        "train(make(), given)\ntrain(make(), given)\n",
        "train(load(), rule)\ntrain(load(), rule)\n",
    ],
)
def test_an_optimizer_that_fits_its_model(body: str) -> None:
    assert said(body) == []


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("keras.optimizers.SGD(0.1)", []),
        ("keras.optimizers.SGD(learning_rate=0.1)", []),
        ("keras.optimizers.SGD(0.1, momentum=0.9)", ["KER306"]),
        ("keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 9))", ["KER306"]),
        ("keras.optimizers.Adam(0.1)", ["KER306"]),
    ],
)
def test_plain_sgd_has_no_state_on_jax(rule: str, codes: list[str]) -> None:
    body = HEAD.replace("keras.optimizers.Adam(0.001)", rule) + "train(make(), rule)\ntrain(make(), rule)\n"
    on_jax = f'import os\nos.environ["KERAS_BACKEND"] = "jax"\n{body}'
    assert [one.code for one in check_source(on_jax, keras="3.15.1", select=["KER306"])] == codes
    assert [one.code for one in check_source(body, keras="3.15.1", select=["KER306"])] == ["KER306"]
