"""What is known to go wrong with datasets that are shuffled, measured with TensorFlow."""

from __future__ import annotations

from keraslint.behaviour.known_bad_entry import KnownBad

OF_DATA: tuple[KnownBad, ...] = (
    KnownBad(
        "split_of_shuffled_data",
        "`take` and `skip` of a `tf.data.Dataset` that is shuffled anew each time, for training and validation data",
        "how many elements are in both parts, of 100",
        "`shuffle(..., reshuffle_each_iteration=False)` before the split",
        backend="tensorflow",
    ),
    KnownBad(
        "split_of_shuffled_folder",
        "`take` and `skip` of what `image_dataset_from_directory` reads and shuffles, for training and validation data",
        "how many images are in both parts, of 100",
        "`validation_split=`, `subset=` and a `seed=` of the function itself",
        backend="tensorflow",
    ),
    KnownBad(
        "split_of_shuffled_files",
        "`take` and `skip` of what `tf.data.Dataset.list_files` shuffles, for training and validation data",
        "how many files are in both parts, of 100",
        "`list_files(..., shuffle=False)`, then `shuffle(..., reshuffle_each_iteration=False)`",
        backend="tensorflow",
    ),
    KnownBad(
        "subsets_of_different_orders",
        "`image_dataset_from_directory(subset=…)`, with another `seed` or `shuffle` for validation than for training",
        "how many of 20 images for validation are in both, with another seed and with `shuffle=False` for one subset",
        'the same `seed` and `shuffle` for both subsets, or `subset="both"`',
        backend="tensorflow",
    ),
    KnownBad(
        "labels_of_another_order",
        "`predict` of a `tf.data.Dataset` that is shuffled anew each time, and labels that are read from it besides",
        "the accuracy that both give together, of a model that is always right",
        "read labels and predictions in one loop over the batches, or do not shuffle",
        backend="tensorflow",
    ),
    KnownBad(
        "classes_of_another_order",
        "`predict` for what `ImageDataGenerator.flow_from_directory` reads and shuffles, and its `classes`",
        "the accuracy that both give together, of a model that is always right",
        "`flow_from_directory(..., shuffle=False)`",
        backend="tensorflow",
    ),
)
"""The ways to split, to read and to predict data that is in another order each time."""
