"""fit(data, steps_per_epoch=len(data)) for four epochs: the number of batches in each."""

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        return np.zeros((2, 2)), np.zeros((2, 1))


class Count(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        seen.append(0)

    def on_train_batch_end(self, batch, logs=None):
        seen[-1] += 1


seen = []
data = Batches()
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(data, steps_per_epoch=len(data), epochs=4, callbacks=[Count()], verbose=0)
meant = [5, 5, 5, 5]
