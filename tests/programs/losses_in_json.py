"""Heads and losses go through JSON: as a text in the program, and as a copy of a dict."""

import json
from collections import OrderedDict

import keras
import numpy as np

x = np.zeros((8, 4), "float32")
wide, slim = np.full((8, 3), 3.0, "float32"), np.full((8, 1), 1.0, "float32")

CONFIG = json.loads("""
{
  "heads": [
    {"name": "torque", "units": 3, "loss": "mse"},
    {"name": "noise", "units": 1, "loss": "mae"}
  ],
  "rate": 0.01
}
""")
DEFAULTS = {"torque": "mse", "noise": "mae"}


def build(names):
    widths = {"torque": 3, "noise": 1}
    shaft = keras.Input((4,))
    return keras.Model(shaft, [keras.layers.Dense(widths[name], name=name)(shaft) for name in names])


model = build([head["name"] for head in CONFIG["heads"]])
losses = {head["name"]: head["loss"] for head in CONFIG["heads"]}
model.compile(keras.optimizers.SGD(CONFIG["rate"]), loss=losses)  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [wide, slim], verbose=0)

copied = json.loads(json.dumps(DEFAULTS))
model = build(copied)
model.compile("sgd", loss=copied)  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [wide, slim], verbose=0)

in_order = json.loads(json.dumps(DEFAULTS, sort_keys=True, indent=2))
model = build(in_order)
model.compile("sgd", loss=in_order)
model.fit(x, [slim, wide], verbose=0)

ordered = json.loads(json.dumps(DEFAULTS), object_pairs_hook=OrderedDict)
model = build(ordered)
model.compile("sgd", loss=ordered)
model.fit(x, [wide, slim], verbose=0)

changed = json.loads(json.dumps(DEFAULTS))
changed["torque"] = "mae"
model = build(DEFAULTS)
model.compile("sgd", loss={name: changed[name] for name in DEFAULTS})
model.fit(x, [wide, slim], verbose=0)
