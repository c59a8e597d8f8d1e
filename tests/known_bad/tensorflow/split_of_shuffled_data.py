"""A shuffled tf.data.Dataset that take and skip split: how many elements are in both parts in three epochs."""

import keras
import numpy as np
import tensorflow as tf

x = np.arange(100, dtype="float32")[:, None]


def seen_in_both(**options):
    trained, validated = set(), set()

    def noted(into):
        def note(x, y):
            tf.py_function(lambda value: into.update(value.numpy().ravel().tolist()), [x], [])
            return x, y

        return note

    data = tf.data.Dataset.from_tensor_slices((x, x)).shuffle(100, seed=1, **options)
    training, validation = data.take(80).map(noted(trained)), data.skip(80).map(noted(validated))
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(training.batch(16), epochs=3, validation_data=validation.batch(16), verbose=0)
    return len(trained & validated)


seen, meant = seen_in_both(), seen_in_both(reshuffle_each_iteration=False)
