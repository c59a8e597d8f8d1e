"""Models that a tuner of keras-tuner builds and trains: what is passed to its search() is passed on to fit().

What Keras does with these was measured on Keras 3.6.0 and 3.15.1 with keras-tuner 1.4.8.
"""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import keras
import keras_tuner as kt

"""
BUILDER = """\
def build(hp):
    page = keras.Input((8,))
    body = page
    for _ in range(hp.Int("depth", 1, 3)):
        body = keras.layers.Dense(hp.Choice("width", [8, 16]))(body)
    tone = keras.layers.Dense(1, name="tone")(body)
    length = keras.layers.Dense(1, name="length")(body)
    model = keras.Model(page, [tone, length])
    model.compile("sgd", loss="mse")
    return model

"""
HYPERMODEL = """\
class Orchard(kt.HyperModel):
    def __init__(self, width):
        super().__init__()
        self.width = width

    def build(self, hp):
        leaf = keras.Input((self.width,))
        ripe = keras.layers.Dense(1, name="tone")(leaf)
        acid = keras.layers.Dense(1, name="length")(leaf)
        plant = keras.Model(leaf, [ripe, acid])
        plant.compile("adam", loss="mse")
        return plant

"""
OWN_FIT = """\
    def fit(self, hp, model, x, y, **more):
        if hp.Boolean("scaled"):
            x = x / 2.0
        return model.fit(x, y, epochs=hp.Int("epochs", 1, 2), **more)

"""
OWN_TUNER = """\
class Own(kt.RandomSearch):
    def run_trial(self, trial, *args, **kwargs):
        kwargs["batch_size"] = trial.hyperparameters.Int("batch", 2, 4)
        return super().run_trial(trial, *args, **kwargs)

"""
NAMED = '{"tone": a, "length": b}'


def found(text: str, release: str = "3.6.0") -> list[str]:
    lines = (HEAD + text).splitlines()
    said = check_source(HEAD + text, keras=release)
    return [f"{one.code}: {lines[one.span.start.row - 1].strip()}" for one in said]


@pytest.mark.parametrize("search", [f"tuner.search(x, {NAMED}, epochs=3)", f"tuner.search(y={NAMED}, x=x)"])
@pytest.mark.parametrize(
    "made",
    [
        BUILDER + 'tuner = kt.RandomSearch(build, objective="val_loss", max_trials=3)',
        BUILDER + 'tuner = kt.tuners.Hyperband(hypermodel=build, objective="val_loss")',
        BUILDER + "tuner = kt.Tuner(kt.oracles.RandomSearchOracle(), build)",
        BUILDER.replace("(hp)", "(hp, more)") + "tuner = kt.GridSearch(lambda hp: build(hp, 3))",
        HYPERMODEL + "tuner = kt.BayesianOptimization(Orchard(4), 'loss')",
    ],
)
def test_targets_that_are_searched_with_reach_the_model(made: str, search: str) -> None:
    assert found(f"{made}\n{search}\n") == [f"KER103: {search}"]
    assert found(f"{made}\n{search}\n", "3.15.1") == []
    assert found(f"{made}\ntuner.search(x, [a, b], validation_data=(x, (a, b)))\n") == []


def test_a_tuner_of_the_program_runs_its_own_trials() -> None:
    said = found(f"{HYPERMODEL}{OWN_TUNER}tuner = Own(hypermodel=Orchard(4))\ntuner.search(x, {NAMED})\n")
    assert said == ["KER103: return super().run_trial(trial, *args, **kwargs)"]


def test_a_fit_of_the_program_is_passed_them() -> None:
    said = found(f"{HYPERMODEL}{OWN_FIT}tuner = kt.RandomSearch(Orchard(4))\ntuner.search(x, {NAMED})\n")
    assert said == ['KER103: return model.fit(x, y, epochs=hp.Int("epochs", 1, 2), **more)']


def test_a_fit_of_the_program_may_call_that_of_its_base() -> None:
    own = "    def fit(self, hp, model, *args, **kwargs):\n        return super().fit(hp, model, *args, **kwargs)\n\n"
    said = found(f"{HYPERMODEL}{own}tuner = kt.RandomSearch(Orchard(4))\ntuner.search(x, {NAMED})\n")
    assert said == ["KER103: return super().fit(hp, model, *args, **kwargs)"]


@pytest.mark.parametrize(
    "model",
    ["tuner.get_best_models()[0]", "tuner.hypermodel.build(tuner.get_best_hyperparameters()[0])"],
)
def test_the_best_model_is_one_of_those_that_are_built(model: str) -> None:
    searched = f"{BUILDER}tuner = kt.RandomSearch(build)\ntuner.search(x, [a, b])\n"
    assert found(f"{searched}best = {model}\nbest.evaluate(x, {NAMED})\n") == [f"KER103: best.evaluate(x, {NAMED})"]
    assert found(f"{searched}best = {model}\nbest.evaluate(x, [a, b])\n") == []


def test_a_builder_is_called_with_hyperparameters_of_its_own() -> None:
    assert found(f"{BUILDER}build(kt.HyperParameters()).fit(x, {NAMED})\n") == [
        f"KER103: build(kt.HyperParameters()).fit(x, {NAMED})"
    ]


def test_keras_numbers_the_layers_of_each_trial_from_the_beginning() -> None:
    text = BUILDER.replace(', name="tone"', "").replace(', name="length"', "").replace("    body = page\n", "")
    text = text.replace("(body)", "(page)").replace("hp.Int", "int").replace('"depth", 1, 3', "2")
    said = check_source(
        HEAD
        + "keras.layers.Dense(3)\n"
        + text.replace('"mse"', '{"dense_2": "mse", "dense_3": "mae"}').replace("[tone, length]", "[length, tone]")
        + "tuner = kt.RandomSearch(build)\ntuner.search(x, [a, b])\n",
        keras="3.6.0",
    )
    assert [(one.code, one.outputs) for one in said] == [("KER101", ("dense_3", "dense_2"))]


def test_a_tuner_that_compiles_again_is_not_followed() -> None:
    assert found(f"{BUILDER}tuner = kt.RandomSearch(build, loss=loss)\ntuner.search(x, {NAMED})\n") == []


def test_a_builder_that_nothing_searches_with_is_looked_into() -> None:
    text = BUILDER.replace('"mse"', '{"tone": "mse", "length": "mae"}')
    said = check_source(f"{HEAD}{text}tuner = kt.RandomSearch(build)\n", keras="3.6.0")
    assert [one.code for one in said] == ["KER101"]


WITH_METRICS = BUILDER.replace('loss="mse"', 'loss=["mse", "mse"], metrics={"tone": ["mae"]}')


@pytest.mark.parametrize(
    ("objective", "missing"),
    [
        ('"val_mae"', True),
        ('"val_accuracy"', True),
        ('kt.Objective("val_length_mae", direction="min")', True),
        ('["val_loss", "val_mae"]', True),
        ('"val_loss"', False),
        ('kt.Objective(name="val_tone_mae", direction="min")', False),
        ("chosen", False),
    ],
)
@pytest.mark.parametrize("release", ["3.4.1", "3.15.1"])
def test_an_objective_that_is_not_logged_is_said(objective: str, missing: bool, release: str) -> None:
    """keras-tuner 1.4.8 then raises KeyError after the first epoch, or ValueError where there are several."""
    made = f"tuner = kt.RandomSearch(build, objective={objective}, max_trials=3)"
    search = "tuner.search(x, [a, b], validation_data=(x, [a, b]), callbacks=[keras.callbacks.TerminateOnNaN()])"
    assert found(f"{WITH_METRICS}{made}\n{search}\n", release) == ([f"KER112: {made}"] if missing else [])


def test_an_objective_is_not_judged_where_the_program_may_log_it() -> None:
    made = "tuner = kt.RandomSearch(build, 'val_mae')\n"
    assert found(f"{WITH_METRICS}{made}tuner.search(x, [a, b], callbacks=callbacks)\n") == []
    own = "class Own(kt.RandomSearch):\n    def run_trial(self, *args):\n        return super().run_trial(*args) or 1\n"
    assert found(f"{WITH_METRICS}{own}tuner = Own(build, 'val_mae')\ntuner.search(x, [a, b])\n") == []
