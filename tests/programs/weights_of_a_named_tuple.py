"""Loss weights are the fields of a named tuple, beside a list of losses: on no release from 3.5.0 on in output order."""

from typing import NamedTuple

import keras
import numpy as np

x = np.zeros((8, 4), "float32")
wide, slim = np.full((8, 3), 3.0, "float32"), np.full((8, 1), 1.0, "float32")


class Weights(NamedTuple):
    level: float = 2.0
    delay: float = 7.0

    def doubled(self):
        return self._replace(level=2 * self.level)


gauge = keras.Input((4,))
level, delay = keras.layers.Dense(3, name="level")(gauge), keras.layers.Dense(1, name="delay")(gauge)
model = keras.Model(gauge, [level, delay])
model.compile("sgd", loss=["mse", "mse"], loss_weights=Weights().doubled()._asdict())  # expect[3.5.0+]: KER104 without fix
model.fit(x, [wide, slim], verbose=0)
