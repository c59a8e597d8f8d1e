"""The ways to call Keras that are known to go wrong, each with its program and what was measured of it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from packaging.version import Version

from keraslint.behaviour.known_bad_data import OF_DATA
from keraslint.behaviour.known_bad_entry import KnownBad

KNOWN_BAD: tuple[KnownBad, ...] = (
    KnownBad(
        "dict_of_losses",
        "a dict of losses, for outputs in a list whose names are not sorted",
        "the loss that trains each output",
        "a tuple of losses in output order",
        (20015, 20346, 20596),
    ),
    KnownBad(
        "checkpoint_mode",
        "`ModelCheckpoint(monitor=…, save_best_only=True)` without a `mode`, for AUC, Precision, Recall and other"
        " metrics to maximise",
        "the epochs that are saved while AUC rises",
        '`mode="max"`',
        (21118, 21275),
    ),
    KnownBad(
        "plateau_mode",
        "`ReduceLROnPlateau(monitor=…)` without a `mode`, for AUC, Precision, Recall and other metrics to maximise",
        "the learning rate after three epochs in which AUC rises",
        '`mode="max"`',
        (21118, 21275),
    ),
    KnownBad(
        "numpy_without_inf",
        "`ModelCheckpoint(save_best_only=True)` and `ReduceLROnPlateau` with NumPy 2",
        "whether they can be made",
        "`numpy<2`, or a newer Keras",
    ),
    KnownBad(
        "early_stopping_reused",
        "one `EarlyStopping` object for the training of two models",
        "the epochs of each of two models that improve in all six",
        "an `EarlyStopping` of its own for each training",
        (20521, 20533, 22967),
    ),
    KnownBad(
        "plateau_reused",
        "one `ReduceLROnPlateau` object for the training of two models",
        "the learning rate of each of two models that improve in every epoch",
        "a `ReduceLROnPlateau` of its own for each training",
        (22967,),
    ),
    KnownBad(
        "checkpoint_reused",
        "one `ModelCheckpoint(save_best_only=True)` object for the training of two models",
        "how often each of two models that improve in all three epochs is saved",
        "a `ModelCheckpoint` of its own for each training",
    ),
    KnownBad(
        "steps_of_whole_dataset",
        "`fit(data, steps_per_epoch=len(data))` for several epochs",
        "the batches of each of four epochs",
        "leave `steps_per_epoch` out",
        (20344, 20390, 20394, 20396),
    ),
    KnownBad(
        "validation_steps_of_whole_dataset",
        "`fit(…, validation_data=data, validation_steps=len(data))` for several epochs",
        "the epochs of four that have a `val_loss`",
        "leave `validation_steps` out",
        (20396,),
    ),
    KnownBad(
        "gru_recurrent_dropout",
        "`GRU(recurrent_dropout=…)`",
        "the state of ones after a step whose update gate keeps it",
        "a newer Keras, or `dropout` alone",
        (20276, 20656),
    ),
    KnownBad(
        "activity_regularizer",
        "`activity_regularizer` of a layer",
        "the loss that it adds for a batch of 8 and one of 64, which is to be the mean over the batch",
        "divide the factor by the size of the batch, or a newer Keras",
        (22021,),
    ),
    KnownBad(
        "nested_sublayers",
        "a layer with sublayers in a list of lists or a dict of lists, whose weights are saved and loaded",
        "whether it computes the same after loading",
        "flat lists of layers",
        (20598, 22362),
    ),
    KnownBad(
        "train_on_batch",
        "`train_on_batch` and `test_on_batch`, for the loss of one batch",
        "what they return for batches with a loss of 0, 1 and 100",
        "`reset_metrics()` before each call",
        (22617,),
    ),
    KnownBad(
        "masked_metrics",
        "metrics of a model with `mask_zero=True` or `Masking`",
        "the mean absolute error, which is 1 without the padding",
        "metrics that leave out the padding by themselves, or a newer Keras",
        (21569,),
    ),
    KnownBad(
        "output_padding_after_load",
        "`Conv2DTranspose(output_padding=…)`, saved and loaded",
        "the height of its output after loading",
        "leave `output_padding` out, and crop or pad after it",
        (23014,),
    ),
    KnownBad(
        "huber_delta_after_load",
        "`Huber(delta=…)` with another value than 1, saved and loaded with the model",
        "the loss after loading",
        "compile again after loading",
        (23286,),
    ),
    KnownBad(
        "h5_loss_alias",
        'a model compiled with the loss "mse", "mae", "mape" or "msle", saved as `.h5`',
        "whether it can be loaded",
        'the whole name, "mean_squared_error", or the format `.keras`',
    ),
    KnownBad(
        "seed_twice",
        "`keras.utils.set_random_seed` a second time, to draw the same numbers again",
        "whether they are the same",
        "a `SeedGenerator` of its own for each draw",
        (21874,),
    ),
    KnownBad(
        "unbuilt_weights",
        "`save_weights` of a subclassed model that was never called",
        "what is done",
        "call the model once before",
        (20530,),
    ),
    KnownBad(
        "checkpoint_h5",
        '`ModelCheckpoint("best.h5")`',
        "whether it saves",
        "a path that ends in `.keras`",
        (20561,),
    ),
    KnownBad(
        "optimizer_lr",
        "`model.optimizer.lr = …`",
        "the learning rate after it is set to 0.5",
        "`model.optimizer.learning_rate = …`",
    ),
    KnownBad(
        "optimizer_of_two_models",
        "one optimizer object for two models that are both trained",
        "what the first step changes of the weight of the second model",
        "an optimizer of its own for each model",
    ),
    KnownBad(
        "frozen_after_compile",
        "`trainable = False` after `compile`, for a combined model, before the model itself is trained",
        "whether its own training changes its weights",
        "one model with a `train_step` of its own that trains both",
    ),
    KnownBad(
        "backend_after_import",
        '`os.environ["KERAS_BACKEND"] = …` after `import keras`',
        "the backend that runs",
        "set it before Keras is imported",
    ),
    KnownBad(
        "rescaled_twice",
        "`Rescaling` before MobileNetV3, which scales its images itself",
        "the range of what reaches its first convolution",
        "pass the images as they are, from 0 to 255",
    ),
    KnownBad(
        "efficientnet_rescaled_twice",
        "`Rescaling` before EfficientNet or EfficientNetV2, which scales its images itself",
        "the largest value of an image behind its own scaling",
        "pass the images as they are, from 0 to 255",
    ),
    *OF_DATA,
    KnownBad(
        "softmax_of_one_unit",
        "softmax on a layer of one unit",
        "the accuracy, where sigmoid is right",
        '`activation="sigmoid"`, or a unit for each class',
    ),
    KnownBad(
        "categorical_loss_of_one_unit",
        "`categorical_crossentropy` on a layer of one unit",
        "the accuracy, where `binary_crossentropy` is right",
        "`binary_crossentropy`, or a unit for each class",
    ),
    KnownBad(
        "sparse_loss_of_one_unit",
        "`sparse_categorical_crossentropy` on a layer of one unit",
        "the accuracy, where `binary_crossentropy` is right",
        "`binary_crossentropy`, or a unit for each class",
    ),
    KnownBad(
        "softmax_as_logits",
        "softmax before a crossentropy with `from_logits=True`",
        "the loss that training reaches",
        "`from_logits=False`, or no activation",
    ),
    KnownBad(
        "sigmoid_as_logits",
        "sigmoid before a binary crossentropy with `from_logits=True`",
        "the loss that training reaches",
        "`from_logits=False`, or no activation",
    ),
    KnownBad(
        "softmax_twice",
        "softmax on the result of softmax, before a crossentropy",
        "the loss that training reaches",
        "softmax once",
    ),
    KnownBad(
        "logits_as_probabilities",
        "no activation before a categorical crossentropy of probabilities",
        "the accuracy that training reaches",
        "`from_logits=True`, or softmax",
    ),
    KnownBad(
        "relu_as_probabilities",
        "relu before a categorical crossentropy of probabilities",
        "the accuracy that training reaches",
        "softmax",
    ),
    KnownBad(
        "optimizer_lr_argument",
        "the argument `lr` of an optimizer",
        "the learning rate",
        "`learning_rate`",
    ),
    KnownBad(
        "optimizer_decay_argument",
        "the argument `decay` of an optimizer",
        "the weight after two steps, of which the second is to be half as long",
        "`learning_rate=keras.optimizers.schedules.InverseTimeDecay(…)`",
    ),
    KnownBad(
        "optimizer_lr_read",
        "`optimizer.lr`, read",
        "the learning rate",
        "`optimizer.learning_rate`",
    ),
    KnownBad(
        "fit_generator",
        "`fit_generator`, `evaluate_generator` and `predict_generator` of a model",
        "whether it trains",
        "`fit`, `evaluate` and `predict`, which take generators, too",
    ),
    KnownBad(
        "predict_classes",
        "`predict_classes` and `predict_proba` of a model",
        "the classes",
        "`predict`, and `argmax` for the classes",
    ),
    KnownBad(
        "workers_of_fit",
        "`workers`, `use_multiprocessing` and `max_queue_size` of `fit`, `evaluate` and `predict`",
        "whether it trains",
        "leave it out, or pass it to the `PyDataset`",
    ),
    KnownBad(
        "save_without_ending",
        "`model.save` to a path without an ending",
        "whether it saves",
        "a path that ends in `.keras`",
    ),
    KnownBad(
        "weights_without_ending",
        "`save_weights` to a path that does not end in `.weights.h5`",
        "whether it saves",
        "a path that ends in `.weights.h5`",
    ),
    KnownBad(
        "checkpoint_of_weights",
        "`ModelCheckpoint(save_weights_only=True)` with a path that does not end in `.weights.h5`",
        "whether it saves",
        "a path that ends in `.weights.h5`",
    ),
    KnownBad(
        "checkpoint_without_ending",
        "`ModelCheckpoint` with a path without an ending",
        "whether it saves",
        "a path that ends in `.keras`",
    ),
)
"""All of them, the silent misrouting of losses first."""


@cache
def known_bad_call(name: str) -> KnownBad:
    """The entry of that name. Raises KeyError."""
    return {entry.name: entry for entry in KNOWN_BAD}[name]


def known_to_be_wrong(releases: Collection[Version]) -> tuple[KnownBad, ...]:
    """The entries that go wrong on one of these measured releases."""
    return tuple(entry for entry in KNOWN_BAD if not set(releases).isdisjoint(entry.releases()))
