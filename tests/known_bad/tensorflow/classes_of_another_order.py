"""The classes of a folder that ImageDataGenerator reads, beside predict: the accuracy of a model that is always right.

The number of the file stands for its image, so that no package for images is needed.
"""

import tempfile
from pathlib import Path

import keras
import numpy as np
from keras.src.legacy.preprocessing.image import DirectoryIterator, ImageDataGenerator

folder = Path(tempfile.mkdtemp())
for number in range(200):
    place = folder / f"class{number // 100}" / f"{number:03}.png"
    place.parent.mkdir(exist_ok=True)
    place.touch()


class Files(DirectoryIterator):
    def _get_batches_of_transformed_samples(self, index_array):
        numbers = [float(Path(self.filepaths[index]).stem) for index in index_array]
        return np.array(numbers)[:, None], self.classes[index_array]


model = keras.Sequential([keras.Input((1,)), keras.layers.Activation("linear")])
model.compile("sgd", "mse")


def accuracy(**options):
    files = Files(folder, ImageDataGenerator(), seed=1, class_mode="sparse", **options)
    predicted = model.predict(files, verbose=0)[:, 0] >= 100
    return round(float((predicted == files.classes).mean()), 2)


seen, meant = accuracy(), accuracy(shuffle=False)
