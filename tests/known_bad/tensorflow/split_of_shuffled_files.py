"""The files that list_files gives, split by take and skip: how many of them are in both parts."""

import tempfile
from pathlib import Path

import keras
import tensorflow as tf

folder = Path(tempfile.mkdtemp())
for number in range(100):
    (folder / f"{number}.txt").write_text(str(number))


def in_both(files):
    trained, validated = set(), set()

    def noted(into):
        def note(path):
            value = tf.strings.to_number(tf.io.read_file(path))
            tf.py_function(lambda one: into.add(float(one)), [value], [])
            return value[None], value[None]

        return note

    training, validation = files.take(80).map(noted(trained)), files.skip(80).map(noted(validated))
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(training.batch(16), epochs=3, validation_data=validation.batch(16), verbose=0)
    return len(trained & validated)


seen = in_both(tf.data.Dataset.list_files(f"{folder}/*.txt", seed=1))
kept = tf.data.Dataset.list_files(f"{folder}/*.txt", shuffle=False).shuffle(100, reshuffle_each_iteration=False)
meant = in_both(kept)
