"""Class with a base outside of the program (argparse.Namespace, same for pydantic BaseModel, attrs, SimpleNamesp."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
import argparse


class Config(argparse.Namespace):
    order = ("z", "a")


c = Config(order=("a", "z"))
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
