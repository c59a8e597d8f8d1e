"""The losses are read by name out of the file of the saved model: a tuple there would end the program."""

import json
import zipfile

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("sgd", loss={"small": "mse", "big": "mae"})  # expect[3.5.0, 3.6.0]: KER101 without fix
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.zeros((8, 3))], verbose=0)
model.save("saved.keras")
with zipfile.ZipFile("saved.keras") as archive:
    settings = json.loads(archive.read("config.json"))
assert settings["compile_config"]["loss"]["small"] == "mse"
