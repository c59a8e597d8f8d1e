"""Projects of several files: what is found in one by its callers in the others is what real Keras does with them."""

from __future__ import annotations

import pytest

from keraslint import check_repository

from .observation import told_on_each
from .releases import RELEASES

pytestmark = pytest.mark.real_keras

RUNNER = """\
import json
import runpy
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, sys.argv[1])
sys.argv = ["main.py"]

import keras
from keras.src.losses.loss import Loss

called = Loss.__call__


def noted(self, y_true, y_pred, sample_weight=None):
    seen.add((self.fn.__name__, y_pred.shape[-1]))
    return called(self, y_true, y_pred, sample_weight)


Loss.__call__ = noted
told, path, before = {}, list(sys.path), set(sys.modules)
for name, files in PROJECTS.items():
    seen = set()
    with tempfile.TemporaryDirectory() as folder:
        for place, text in files.items():
            Path(folder, place).parent.mkdir(exist_ok=True)
            Path(folder, place).write_text(text)
        sys.path[:] = [folder, *path]
        runpy.run_path(str(Path(folder, "main.py")), run_name="__main__")
    for module in set(sys.modules) - before:
        if (getattr(sys.modules[module], "__file__", None) or "").startswith(folder):
            del sys.modules[module]
    told[name] = sorted(seen)
print(json.dumps(told))
"""

DATA = """\
import numpy as np

x, wide, slim = np.zeros((8, 4)), np.full((8, 3), 3.0), np.full((8, 1), 1.0)
"""

TEMPLATE = """\
class Experiment:
    def network(self):
        raise NotImplementedError

    def losses(self):
        raise NotImplementedError

    def run(self, x, y):
        self.model = self.network()
        self.model.compile(optimizer="sgd", loss=self.losses())  # here
        return self.model.fit(x, y, verbose=0)
"""
WEATHER = """\
import keras
from data import slim, wide, x
from base import Experiment


class Weather(Experiment):
    def network(self):
        sky = keras.Input((4,))
        wind = keras.layers.Dense(3, name="wind")(sky)
        rain = keras.layers.Dense(1, name="rain")(sky)
        return keras.Model(sky, OUTPUTS)

    def losses(self):
        return {"wind": "mse", "rain": "mae"}


Weather().run(x, TARGETS)
"""
WRONG_WEATHER = WEATHER.replace("OUTPUTS", "[wind, rain]").replace("TARGETS", "[wide, slim]")
RIGHT_WEATHER = WEATHER.replace("OUTPUTS", "[rain, wind]").replace("TARGETS", "[slim, wide]")

ABSTRACT = """\
from abc import ABC, abstractmethod

import keras


class BaseModel(ABC):
    def __init__(self, config):
        self.config = config
        self.model = self.build()

    @abstractmethod
    def build(self): ...

    @property
    @abstractmethod
    def loss(self): ...

    def fit(self, x, y):
        optimizer = keras.optimizers.SGD(self.config["rate"])
        self.model.compile(optimizer=optimizer, loss=self.loss)  # here
        self.model.fit(x, y, epochs=self.config["epochs"], verbose=0)
"""
SOIL = """\
import keras
from base import BaseModel
from data import slim, wide, x


class Soil(BaseModel):
    def build(self):
        sample = keras.Input((4,))
        inner = keras.layers.Dense(5)(sample)
        zone, age = keras.layers.Dense(3, name="zone"), keras.layers.Dense(1, name="age")
        return keras.Model(sample, [zone(inner), age(inner)])

    @property
    def loss(self):
        return {"zone": "mse", "age": "mae"}


if __name__ == "__main__":
    Soil({"rate": 0.1, "epochs": 1}).fit(x, [wide, slim])
"""

SETTINGS = """\
class Trainer:
    losses = None

    def __init__(self, model, optimizer="sgd"):
        self.model, self.optimizer = model, optimizer

    def setup(self):
        self.model.compile(self.optimizer, loss=self.losses)  # here

    def train(self, x, y):
        self.setup()
        return self.model.fit(x, y, verbose=0)
"""
HEADS = """\
from .trainer import Trainer


class House(Trainer):
    losses = {"price": "mse", "area": "mae"}
"""
HOUSE = """\
import keras
from data import slim, wide, x
from lib.heads import House

KINDS = {"house": House}
plan = keras.Input((4,))
model = keras.Model(plan, [keras.layers.Dense(3, name="price")(plan), keras.layers.Dense(1, name="area")(plan)])
KINDS["house"](model).train(x, [wide, slim])
"""

OPTIONS = """\
def compile_and_fit(model, x, y, epochs=1, **options):
    model.compile(**options)  # here
    return model.fit(x, y, epochs=epochs, verbose=0)
"""
QUEUE = """\
import keras
import helpers
from data import slim, wide, x

calls = keras.Input((4,))
model = keras.Model(calls, [keras.layers.Dense(3, name="wait")(calls), keras.layers.Dense(1, name="drop")(calls)])
helpers.compile_and_fit(model, x, [wide, slim], optimizer="sgd", loss={"wait": "mse", "drop": "mae"})
"""

CONFIG = """\
HEADS = [
    {"name": "score", "units": 3, "loss": "mse"},
    {"name": "rank", "units": 1, "loss": "mae"},
]
"""
NETWORKS = """\
import keras


def build(heads):
    page = keras.Input((4,))
    return keras.Model(page, [keras.layers.Dense(head["units"], name=head["name"])(page) for head in heads])
"""
ENGINE = """\
def fit(model, heads, x, y):
    losses = {head["name"]: head["loss"] for head in heads}
    model.compile("sgd", losses)  # here
    model.fit(x, y, verbose=0)
"""
SEARCH = """\
from config import HEADS
from data import slim, wide, x
from engine import fit
from networks import build

fit(build(HEADS), HEADS, x, [wide, slim])
"""
SORTED_SEARCH = """\
from config import HEADS
from data import slim, wide, x
from engine import fit
from networks import build

heads = sorted(HEADS, key=lambda head: head["name"])
fit(build(heads), heads, x, [slim, wide])
"""

TOGETHER = """\
import keras


def build(heads):
    row = keras.Input((4,))
    return keras.Model(row, [keras.layers.Dense(units, name=name)(row) for name, units, _ in heads])


def run(heads, x, y):
    model = build(heads)
    model.compile("sgd", loss={name: loss for name, _, loss in heads})  # here
    model.fit(x, y, verbose=0)
"""
TABLE = """\
from data import slim, wide, x
from library import run

run([("yield", 3, "mse"), ("moisture", 1, "mae")], x, [wide, slim])
"""
SORTED_TABLE = """\
from data import slim, wide, x
from library import run

run([("moisture", 1, "mae"), ("yield", 3, "mse")], x, [slim, wide])
"""

LEARNER = """\
import keras


class Learner:
    heads = {"out": (1, "mae")}

    def build(self):
        step = keras.Input((4,))
        inner = keras.layers.Dense(8)(step)
        return keras.Model(step, [keras.layers.Dense(self.heads[name][0], name=name)(inner) for name in self.heads])

    def train(self, x, y):
        model = self.build()
        model.compile("sgd", loss={name: loss for name, (_, loss) in self.heads.items()})  # here
        model.fit(x, y, verbose=0)
"""
GAIT = """\
from data import slim, wide, x
from learner import Learner


class Gait(Learner):
    heads = {"stride": (3, "mse"), "angle": (1, "mae")}


Learner().train(x, [slim])
Gait().train(x, [wide, slim])
"""

PROJECTS = {
    "a builder and a training function for what is passed in": {"main.py": TABLE, "library.py": TOGETHER},
    "the same, sorted": {"main.py": SORTED_TABLE, "library.py": TOGETHER},
    "a base class with one output of its own": {"main.py": GAIT, "learner.py": LEARNER},
    "methods of a subclass": {"main.py": WRONG_WEATHER, "base.py": TEMPLATE},
    "methods of a subclass, in the order of names": {"main.py": RIGHT_WEATHER, "base.py": TEMPLATE},
    "a property of a subclass": {"main.py": SOIL, "base.py": ABSTRACT},
    "an attribute of a subclass": {
        "main.py": HOUSE,
        "lib/__init__.py": "",
        "lib/heads.py": HEADS,
        "lib/trainer.py": SETTINGS,
    },
    "keywords that are passed on": {"main.py": QUEUE, "helpers.py": OPTIONS},
    "losses made of a parameter": {
        "main.py": SEARCH,
        "config.py": CONFIG,
        "engine.py": ENGINE,
        "networks.py": NETWORKS,
    },
    "losses made of a parameter, sorted": {
        "main.py": SORTED_SEARCH,
        "config.py": CONFIG,
        "engine.py": ENGINE,
        "networks.py": NETWORKS,
    },
}
FILES = {name: {**files, "data.py": DATA} for name, files in PROJECTS.items()}
MEANT = [["mean_absolute_error", 1], ["mean_squared_error", 3]]


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, list[list[object]]]]:
    """By release and project, the losses that were called, each with the width of what it was given."""
    return told_on_each(f"PROJECTS = {FILES!r}\n{RUNNER}")


def test_some_are_wrong(seen: dict[str, dict[str, list[list[object]]]]) -> None:
    assert {name for name in FILES if seen["3.6.0"][name] == MEANT} == {
        "methods of a subclass, in the order of names",
        "losses made of a parameter, sorted",
        "the same, sorted",
    }


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", FILES)
def test_what_is_found_was_seen(name: str, release: str, seen: dict[str, dict[str, list[list[object]]]]) -> None:
    files = FILES[name]
    here = {
        (place, row)
        for place, text in files.items()
        for row, line in enumerate(text.splitlines(), 1)
        if line.endswith("# here")
    }
    found = check_repository({place: text.encode() for place, text in files.items()}, keras=release, isolated=True)
    said = {(one.filename, one.span.start.row) for one in found if one.code == "KER101"}
    assert said == (here if seen[release][name] != MEANT else set())
    assert seen[release][name] != MEANT or not found
