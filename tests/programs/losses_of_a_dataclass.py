"""Heads and losses come from a dataclass: dataclasses.fields gives their order, dataclasses.asdict the losses."""

from dataclasses import InitVar, asdict, dataclass, field, fields

import keras
import numpy as np

x = np.zeros((8, 4), "float32")
wide, slim = np.full((8, 3), 3.0, "float32"), np.full((8, 1), 1.0, "float32")


@dataclass
class Harvest:
    weight: str = "mse"
    acidity: str = "mae"
    scale: InitVar[float] = 1.0


@dataclass
class Barn:
    title: str
    losses: Harvest = field(default_factory=Harvest)


@dataclass
class Heads:
    weight: int = field(default=3, metadata={"loss": "mse"})
    acidity: int = field(default=1, metadata={"loss": "mae"})


def build(names):
    widths = {"weight": 3, "acidity": 1}
    leaf = keras.Input((4,))
    return keras.Model(leaf, [keras.layers.Dense(widths[name], name=name)(leaf) for name in names])


model = build([each.name for each in fields(Harvest)])
model.compile("sgd", loss=asdict(Harvest()))  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [wide, slim], verbose=0)

model = build([each.name for each in fields(Heads())])
model.compile("sgd", loss={each.name: each.metadata["loss"] for each in fields(Heads)})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [wide, slim], verbose=0)

losses = asdict(Barn("south"))["losses"]
model = build(losses)
model.compile("sgd", loss=losses)  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [wide, slim], verbose=0)

model = build(sorted(each.name for each in fields(Harvest)))
model.compile("sgd", loss=asdict(Harvest()))
model.fit(x, [slim, wide], verbose=0)

swapped = asdict(Harvest(), dict_factory=lambda pairs: {name: "mse" for name, _ in pairs})
model = build([each.name for each in fields(Harvest)])
model.compile("sgd", loss=swapped)
model.fit(x, [wide, slim], verbose=0)

kept = Barn("north")
copied = asdict(kept)
copied["losses"]["weight"] = "mae"
model = build(["weight", "acidity"])
model.compile("sgd", loss={"weight": copied["losses"]["weight"], "acidity": kept.losses.acidity})
model.fit(x, [wide, slim], verbose=0)
