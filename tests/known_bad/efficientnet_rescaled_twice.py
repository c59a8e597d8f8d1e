"""Rescaling before EfficientNet, which scales its images itself: the largest value of an image behind that."""

import keras
import numpy as np

images = np.linspace(0, 255, 2 * 32 * 32 * 3).reshape((2, 32, 32, 3))


def reaches(images):
    found = {}
    for kind in (keras.applications.EfficientNetB0, keras.applications.EfficientNetV2B0):
        network = kind(input_shape=(32, 32, 3), include_top=False, weights=None)
        first = next(layer for layer in network.layers if isinstance(layer, keras.layers.Rescaling))
        scaled = keras.Model(network.input, first.output).predict(images, verbose=0)
        found[kind.__name__] = round(float(np.asarray(scaled).max()), 4)
    return found


seen, meant = reaches(images / 255), reaches(images)
