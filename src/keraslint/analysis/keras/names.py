"""Keras' own names: one form for every way to import them, and the names that Keras generates for layers."""

from __future__ import annotations

import re

from keraslint.analysis.core.values import Api

_PREFIXES = (
    ("tensorflow.python.keras", True),
    ("tensorflow.compat.v1.keras", True),
    ("tensorflow._api.v2.keras", False),
    ("tensorflow.compat.v2.keras", False),
    ("tensorflow.keras", False),
    ("keras._tf_keras.keras", False),
    ("keras.api", False),
    ("keras.src", False),
    ("tf_keras", True),
    ("keras_core", True),
)
_SAME = {
    "keras.models.Model": "keras.Model",
    "keras.models.Functional": "keras.Model",
    "keras.models.Sequential": "keras.Sequential",
    "keras.layers.Input": "keras.Input",
    "keras.layers.Layer": "keras.Layer",
    "keras.layers.InputLayer": "keras.InputLayer",
    "keras.engine.Model": "keras.Model",
    "keras.engine.Layer": "keras.Layer",
}
# Aliases of layers, with the classes after which Keras names them: the same from 3.4.1 to 3.15.1.
_LAYERS = {
    **{f"{short}Pool{d}D": f"{long}Pooling{d}D" for d in "123" for short, long in (("Max", "Max"), ("Avg", "Average"))},
    **{f"GlobalMaxPool{d}D": f"GlobalMaxPooling{d}D" for d in "123"},
    **{f"GlobalAvgPool{d}D": f"GlobalAveragePooling{d}D" for d in "123"},
    **{f"Convolution{d}D": f"Conv{d}D" for d in "123"},
    **{f"Convolution{d}DTranspose": f"Conv{d}DTranspose" for d in "123"},
    **{f"SeparableConvolution{d}D": f"SeparableConv{d}D" for d in "12"},
    "GroupQueryAttention": "GroupedQueryAttention",
}
_DEEP = re.compile(
    r"^keras\.(layers|models|losses|metrics|optimizers|callbacks|applications|engine|ops)\.(?:\w+\.)*(\w+)$"
)


def keras_api(path: str, *, legacy: bool = False) -> Api:
    """The value for a dotted name: Keras' names in one form, all others unchanged.

    >>> keras_api("tensorflow.keras.layers.Dense")
    Api(path='keras.layers.Dense', legacy=False)
    """
    for prefix, old in _PREFIXES:
        if path == prefix or path.startswith(prefix + "."):
            path, legacy = "keras" + path[len(prefix) :], legacy or old
            break
    legacy |= path.startswith("keras.optimizers.legacy.")
    deep = _DEEP.match(path)
    if deep and deep.group(2)[:1].isupper():
        path = f"keras.{deep.group(1)}.{deep.group(2)}"
    package, _, name = path.rpartition(".")
    if package == "keras.layers":
        path = f"{package}.{_LAYERS.get(name, name)}"
    return Api(_SAME.get(path, path), legacy)


def is_keras(api: Api) -> bool:
    """True if a name is Keras' own."""
    return api.path == "keras" or api.path.startswith("keras.")


def snake_case(name: str) -> str:
    """The prefix of auto-generated names for a class, as in Keras 3.0.0 to 3.15.1.

    >>> [snake_case(name) for name in ("Conv2D", "ReLU", "GlobalAveragePooling2D")]
    ['conv2d', 're_lu', 'global_average_pooling2d']
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def loss_name(name: str) -> str:
    """One name for a loss however it is spelled: "mse", ``mean_squared_error`` and ``MeanSquaredError`` are one."""
    plain = name if name.islower() or "_" in name else snake_case(name)
    return _LOSSES.get(plain.lower(), plain.lower())


# Spelled out in Keras' own losses/__init__.py, 3.0.0 to 3.15.1.
_LOSSES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "kldivergence": "kl_divergence",
    "logcosh": "log_cosh",
    "cosine_proximity": "cosine_similarity",
}


def may_lack(api: Api) -> bool:
    """True for a name of Keras that some release of Keras 3 may lack; modules to which few were added are left out."""
    package, _, name = api.path.rpartition(".")
    return package in _GROWING or (package in _ALWAYS and name not in _ALWAYS[package])


def is_optimizer(name: str) -> bool:
    """True for a text by which each release of Keras 3 knows an optimizer."""
    return name.lower() in {one.lower() for one in _OPTIMIZERS if one[0].isupper()}


_GROWING = frozenset(f"keras.{name}" for name in "backend config distribution export ops random saving utils".split())

# Measured on 3.0.0 to 3.15.1: what keras.optimizers has on all of them.
_OPTIMIZERS = frozenset(
    "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lion Nadam Optimizer RMSprop SGD deserialize get schedules"
    " serialize".split()
)

# Measured on 3.4.1 and 3.15.1: what the modules of losses and activations have on both.
_ALWAYS: dict[str, frozenset[str]] = {
    "keras.optimizers": _OPTIMIZERS,
    "keras.losses": frozenset(
        (
            "BinaryCrossentropy BinaryFocalCrossentropy CTC CategoricalCrossentropy CategoricalFocalCrossentropy"
            " CategoricalHinge CosineSimilarity Dice Hinge Huber KLDivergence LogCosh Loss MeanAbsoluteError"
            " MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson"
            " SparseCategoricalCrossentropy SquaredHinge Tversky binary_crossentropy binary_focal_crossentropy"
            " categorical_crossentropy categorical_focal_crossentropy categorical_hinge cosine_similarity ctc"
            " deserialize dice get hinge huber kl_divergence log_cosh mean_absolute_error"
            " mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error poisson serialize"
            " sparse_categorical_crossentropy squared_hinge tversky"
        ).split()
    ),
    "keras.activations": frozenset(
        (
            "deserialize elu exponential gelu get hard_sigmoid hard_silu hard_swish leaky_relu linear log_softmax"
            " mish relu relu6 selu serialize sigmoid silu softmax softplus softsign swish tanh"
        ).split()
    ),
}
