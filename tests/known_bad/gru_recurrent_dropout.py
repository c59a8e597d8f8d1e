"""GRU(recurrent_dropout=0.5), one step in which the update gate keeps a state of ones: the state after it."""

import keras
import numpy as np

cell = keras.layers.GRUCell(4, recurrent_dropout=0.5, seed=1, recurrent_initializer="zeros", bias_initializer="zeros")
cell.build((1, 1))
cell.set_weights([np.zeros((1, 12)), np.zeros((4, 12)), np.array([[50.0] * 4 + [0.0] * 8, [0.0] * 12])])
state = cell(np.zeros((1, 1), "float32"), [np.ones((1, 4), "float32")], training=True)[0]
seen = [round(float(one), 2) for one in np.asarray(state)[0]]
meant = [1.0, 1.0, 1.0, 1.0]
