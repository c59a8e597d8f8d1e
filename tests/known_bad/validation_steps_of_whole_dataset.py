"""fit(validation_data=data, validation_steps=len(data)) for four epochs: in how many of them val_loss is logged."""

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        return np.zeros((2, 2)), np.zeros((2, 1))


data = Batches()
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
history = model.fit(Batches(), validation_data=data, validation_steps=len(data), epochs=4, verbose=0).history
seen = len(history["val_loss"])
meant = 4
