"""Labels that are read from a shuffled dataset beside predict: the accuracy of a model that is always right."""

import keras
import numpy as np
import tensorflow as tf

x = np.repeat([[0.0], [1.0]], 100, axis=0).astype("float32")
labels = x[:, 0].astype("int64")
data = tf.data.Dataset.from_tensor_slices((x, labels)).shuffle(200, seed=1).batch(20)

model = keras.Sequential([keras.Input((1,)), keras.layers.Activation("linear")])
model.compile("sgd", "mse")

predicted = (model.predict(data, verbose=0)[:, 0] > 0.5).astype(int)
read = np.concatenate([y.numpy() for _, y in data])
seen = round(float((predicted == read).mean()), 2)

pairs = [(model.predict_on_batch(batch)[:, 0] > 0.5, y.numpy()) for batch, y in data]
meant = float(np.mean([(one == other).mean() for one, other in pairs]))
