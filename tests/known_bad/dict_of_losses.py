"""A dict of losses for outputs in a list whose names are not sorted: which of the losses trains each output."""

import keras
import numpy as np

trained = {}


def loss_for(name):
    def loss(y_true, y_pred):
        trained[{1: "small", 3: "big"}[y_pred.shape[-1]]] = name
        return keras.ops.mean(y_pred, axis=-1)

    return loss


inputs = keras.Input((2,))
outputs = [keras.layers.Dense(1, name="small")(inputs), keras.layers.Dense(3, name="big")(inputs)]
model = keras.Model(inputs, outputs)
model.compile("sgd", loss={"small": loss_for("small"), "big": loss_for("big")})
model.fit(np.zeros((4, 2)), [np.zeros((4, 1)), np.zeros((4, 3))], verbose=0)
seen = dict(sorted(trained.items()))
meant = {"big": "big", "small": "small"}
