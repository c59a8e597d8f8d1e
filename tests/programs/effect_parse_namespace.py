"""Parser.parse_args(namespace=cfg) sets attributes of an own instance; escape/forget does nothing for instances'."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
import argparse


class Config:
    order = ["z", "a"]


c = Config()
p = argparse.ArgumentParser()
p.add_argument("--order", nargs="*", default=["z", "a"])
p.parse_args(["--order", "a", "z"], namespace=c)
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
