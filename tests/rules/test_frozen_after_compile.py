"""A model that is trained although it was frozen for a combined one (KER307)."""

from __future__ import annotations

import pytest

from keraslint import check_source

GAN = """\
import keras


class Gan:
    def __init__(self, rate=0.001):
        self.judge = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
        self.judge.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
        self.maker = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        {freeze}
        noise = keras.Input((3,))
        self.both = keras.Model(noise, self.judge(self.maker(noise)))
        self.both.compile(keras.optimizers.Adam(rate), "binary_crossentropy")

    def train(self, x, y, z):
        {before}
        for step in range(1000):
            {judge}
            self.both.train_on_batch(z, y)


Gan().train(x, y, z)
"""
WRONG = {"freeze": "self.judge.trainable = False", "before": "pass", "judge": "self.judge.train_on_batch(x, y)"}


def said(parts: dict[str, str], keras: str = ">=3") -> list[str]:
    found = check_source(GAN.format(**parts), keras=keras)
    return [one.code for one in found if one.code.startswith("KER3")]


def test_a_discriminator_that_never_learns() -> None:
    assert said(WRONG) == ["KER307"]
    assert said(WRONG | {"judge": "self.judge.fit(x, y)"}) == ["KER307"]
    assert said(WRONG, keras="<3") == []


@pytest.mark.parametrize(
    "parts",
    [
        {"freeze": "pass"},
        {"freeze": "self.judge.trainable = rate < 0.1"},
        {"freeze": "self.judge.trainable = False\n        self.judge.trainable = True"},
        {"freeze": "self.judge.trainable = False\n        self.judge.compile('adam', 'binary_crossentropy')"},
        {"freeze": "self.judge.fit(x, y)\n        self.judge.trainable = False"},
        {"freeze": "self.judge.layers[0].trainable = False"},
        {"freeze": "prepare(self.judge)\n        self.judge.trainable = False\n        unfreeze(self.judge)"},
        {"before": "self.judge.trainable = True"},
        {"before": "self.judge.compile('adam', 'binary_crossentropy')"},
        {"judge": "self.judge.trainable = True\n            self.judge.train_on_batch(x, y)"},
        {"judge": "self.judge.evaluate(x, y)"},
        {"judge": "own_step(self.judge, x, y)"},
    ],
)
def test_a_discriminator_that_learns_or_is_not_trained(parts: dict[str, str]) -> None:
    assert said(WRONG | parts) == []


def test_a_model_that_is_frozen_for_no_other_one() -> None:
    body = """\
import keras

net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
net.compile("adam", "mse")
net.trainable = False
net.fit(x, y)
"""
    assert [one.code for one in check_source(body, keras=">=3")] == []
