"""An InitVar is handed to __post_init__."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
from dataclasses import InitVar, dataclass, field


@dataclass
class C:
    flip: InitVar[bool] = False
    order: list = field(default_factory=list)
    n: int = field(default=3, init=False)
    last: str = "a"
    def __post_init__(self, flip):
        self.order = ["a", "z"] if flip else ["z", "a"]
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in C(True).order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
