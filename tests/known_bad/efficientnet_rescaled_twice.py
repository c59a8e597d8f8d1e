"""Rescaling before EfficientNet, which scales its images itself: the largest value of an image behind that."""

import keras
import numpy as np

images = np.linspace(0, 255, 2 * 32 * 32 * 3).reshape((2, 32, 32, 3))
network = keras.applications.EfficientNetB0(input_shape=(32, 32, 3), include_top=False, weights=None)
first = next(layer for layer in network.layers if isinstance(layer, keras.layers.Rescaling))
scale = keras.Model(network.input, first.output)


def reaches(images):
    return round(float(np.asarray(scale.predict(images, verbose=0)).max()), 4)


seen, meant = reaches(images / 255), reaches(images)
