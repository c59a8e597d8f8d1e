"""Rescaling before a network that scales its images itself: the range of what reaches its first convolution."""

import keras
import numpy as np

images = np.linspace(0, 255, 2 * 32 * 32 * 3).reshape((2, 32, 32, 3))


def reaches(images):
    network = keras.applications.MobileNetV3Small(input_shape=(32, 32, 3), include_top=False, weights=None)
    first = next(layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D))
    scaled = np.asarray(keras.Model(network.input, first.input).predict(images, verbose=0))
    return [round(float(scaled.min()), 2), round(float(scaled.max()), 2)]


seen, meant = reaches(images / 255), reaches(images)
