"""A ClassVar takes none of a dataclass's positional arguments."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
from dataclasses import dataclass
from typing import ClassVar


@dataclass
class C:
    n: ClassVar[int] = 3
    first: str = "z"
    second: str = "a"
c = C("a", "z")
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in (c.first, c.second)])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
