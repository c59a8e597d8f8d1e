"""One array of targets for three outputs, as Keras 2 takes it: until 3.6.0 only the first is trained, later ones raise."""

import keras
import numpy as np

inputs = keras.Input((4,))
hidden, exits = inputs, []
for number in (3, 2, 1):
    hidden = keras.layers.Dense(4)(hidden)
    exits.append(keras.layers.Dense(2, activation="softmax", name=f"exit{number}")(hidden))
model = keras.Model(inputs, exits)
model.compile("sgd", loss="categorical_crossentropy")  # expect[3.4.1, 3.5.0, 3.6.0]: KER110 without fix
y = np.eye(2)[np.arange(8) % 2]
model.fit(np.ones((8, 4)), y, verbose=0)
