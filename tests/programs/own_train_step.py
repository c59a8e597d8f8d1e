"""A subclass with its own train step, which here only reports the losses that it computes by name."""

import keras
import numpy as np


class Own(keras.Model):
    def train_step(self, state, data):
        x, (y_small, y_big) = data
        (small, big), _ = self.stateless_call(state[0], state[1], x)
        total = keras.ops.mean(keras.losses.get(self.loss["small"])(y_small, small))
        total += keras.ops.mean(keras.losses.get(self.loss["big"])(y_big, big))
        return {"loss": total}, state


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = Own(inputs=inputs, outputs=[small, big])
model.compile(optimizer="sgd", loss={"small": "mse", "big": "mae"})
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
