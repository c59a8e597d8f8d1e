"""Run by the interpreter of a Keras release: safe_compile and loss_routing in the ways that people train models.

``safe_compile_uses.py KERAS_FOLDER SOURCE_FOLDER REPORT USE ...`` writes a JSON object: by file with the name of a
function below, None or what failed.
"""

from __future__ import annotations

import json
import pickle
import random
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = sys.argv[1:3]

import keras  # noqa: E402
import numpy as np  # noqa: E402

from keraslint.runtime import AmbiguousRouting, assert_loss_routing, loss_routing, safe_compile  # noqa: E402

RELEASE = tuple(map(int, str(keras.__version__).split(".")))
NAMES = ("small", "big")
LOSSES = {"small": "mse", "big": "mae"}
X = np.ones((8, 3), "float32")
Y = {"small": np.full((8, 2), 3.0, "float32"), "big": np.full((8, 5), 7.0, "float32")}
SAMPLE_WEIGHT = {"small": np.full((8,), 2.0, "float32"), "big": np.full((8,), 4.0, "float32")}
RIGHT = 2 * 9.0 + 3 * 7.0  # the outputs are 0: the weighted mse of small and mae of big


def build(outputs: str = "list") -> Any:
    """A model whose outputs are 0."""
    inputs = keras.Input((3,))
    heads = [keras.layers.Dense(size, name=name, kernel_initializer="zeros") for name, size in zip(NAMES, (2, 5))]
    tensors = [head(inputs) for head in heads]
    return keras.Model(inputs, tensors if outputs == "list" else dict(zip(NAMES, tensors)))


def compiled(optimizer: Any = "sgd", **more: Any) -> Any:
    """The model, with weights and metrics by name."""
    model = build()
    weights = {"small": 2.0, "big": 3.0}
    safe_compile(model, optimizer, LOSSES, weights, {"big": ["mae"]}, weighted_metrics={"small": "mse"}, **more)
    return model


def near(value: Any, wanted: float) -> None:
    """Fails where a number is not as it should be."""
    assert abs(float(value) - wanted) < 1e-3, (float(value), wanted)


def whole_logs(logs: dict[str, Any]) -> None:
    """Fails where the logs of a first batch are not right."""
    near(logs["loss"], RIGHT)
    near(logs["big_mae"], 7.0)
    near(logs["small_mse"], 9.0)


def use_fit_and_evaluate_by_names() -> None:
    model = compiled()
    history = model.fit(X, Y, batch_size=8, validation_data=(X, Y), verbose=0).history
    near(history["loss"][0], RIGHT)
    assert history["val_loss"][0] < RIGHT
    whole_logs(compiled().evaluate(X, Y, verbose=0, return_dict=True))


def use_targets_in_output_order() -> None:
    whole_logs(compiled().evaluate(X, [Y[name] for name in NAMES], verbose=0, return_dict=True))


def use_single_batches() -> None:
    whole_logs(compiled().train_on_batch(X, Y, return_dict=True))
    whole_logs(compiled().test_on_batch(X, Y, return_dict=True))


def use_values_in_the_order_of_plain_keras() -> None:
    weights = {"small": 2.0, "big": 3.0}
    turned = {name: weights[name] for name in reversed(NAMES)}
    plain: dict[str, list[tuple[Any, Any]]] = {
        "list": [(["mse", "mae"], [2.0, 3.0])],
        "dict": [(LOSSES, weights), (dict(reversed(LOSSES.items())), turned)],
    }
    targets = {"list": [Y[name] for name in NAMES], "dict": Y}
    for outputs, arguments in plain.items():
        for loss, loss_weights in arguments:
            model, safe = build(outputs), build(outputs)
            model.compile("sgd", loss, loss_weights)
            safe_compile(safe, "sgd", loss if outputs == "dict" else LOSSES, turned)
            assert model.evaluate(X, targets[outputs], verbose=0) == safe.evaluate(X, Y, verbose=0), (outputs, loss)


def use_sample_weights_by_name() -> None:
    logs = compiled().evaluate(X, Y, sample_weight=SAMPLE_WEIGHT, verbose=0, return_dict=True)
    near(logs["loss"], 2 * 2 * 9.0 + 4 * 3 * 7.0)
    history = compiled().fit(X, Y, sample_weight=SAMPLE_WEIGHT, batch_size=8, verbose=0).history
    near(history["loss"][0], 2 * 2 * 9.0 + 4 * 3 * 7.0)


def use_generators_and_datasets() -> None:
    def batches() -> Iterator[Any]:
        while True:
            yield X, Y

    near(compiled().fit(batches(), steps_per_epoch=1, verbose=0).history["loss"][0], RIGHT)

    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 1

        def __getitem__(self, _: int) -> Any:
            return X, Y, SAMPLE_WEIGHT

    near(compiled().fit(Batches(), verbose=0).history["loss"][0], 2 * 2 * 9.0 + 4 * 3 * 7.0)


def use_the_whole_signature() -> None:
    for options in ({"jit_compile": True}, {"run_eagerly": True}, {"steps_per_execution": 2}):
        near(compiled(**options).evaluate(X, Y, verbose=0, return_dict=True)["loss"], RIGHT)
    model = build()
    safe_compile(model, "sgd", LOSSES, None, None, None, True, 1, False)
    assert model.run_eagerly and not model.jit_compile


def use_a_compile_of_its_own() -> None:
    class Tempered(keras.Model):
        def compile(
            self, optimizer: Any, metrics: Any, loss: Any, scale: int = 1, more: int = 2, **options: Any
        ) -> None:
            super().compile(optimizer, loss=loss, metrics=metrics, **options)
            self.settings = (scale, more)

    inputs = keras.Input((3,))
    heads = [keras.layers.Dense(size, name=name, kernel_initializer="zeros") for name, size in zip(NAMES, (2, 5))]
    model = Tempered(inputs, [head(inputs) for head in heads])
    safe_compile(model, "sgd", LOSSES, {"small": 2.0, "big": 3.0}, {"big": "mae"}, more=4)
    assert model.settings == (1, 4)
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    near(logs["loss"], RIGHT)
    near(logs["big_mae"], 7.0)


def use_compile_again() -> None:
    model = compiled()
    model.evaluate(X, Y, verbose=0)
    safe_compile(model, "sgd", {"small": "mae", "big": "mse"})
    near(model.evaluate(X, Y, verbose=0, return_dict=True)["loss"], 3.0 + 49.0)
    model.compile("sgd", ["mse", "mae"])  # a plain compile leaves nothing of the safe one
    near(model.evaluate(X, [Y["small"], Y["big"]], verbose=0, return_dict=True)["loss"], 9.0 + 7.0)


def use_compile_again_without_all() -> None:
    keeps = RELEASE >= (3, 6)  # what is left out is kept from the compile before
    model = compiled()
    safe_compile(model, "sgd")
    near(model.evaluate(X, Y, verbose=0, return_dict=True)["loss"], RIGHT if keeps else 0.0)
    model = build()
    model.compile("sgd", LOSSES, metrics={"big": "mae"})
    led_right = RELEASE != (3, 6, 0) and RELEASE != (3, 14, 0)  # the first in its losses, the other in its metrics
    for what, arguments in (("loss and metrics", {}), ("metrics", {"loss": LOSSES})):
        try:
            safe_compile(model, "sgd", **arguments)
        except AmbiguousRouting as error:
            assert not led_right and "of an earlier model.compile: give" in str(error), (what, str(error))
        else:
            assert led_right, what
    safe_compile(model, "sgd", LOSSES, metrics={"big": "mae"})
    near(model.evaluate(X, Y, verbose=0, return_dict=True)["big_mae"], 7.0)


def use_the_legacy_format() -> None:
    whole = {"small": keras.losses.MeanSquaredError(), "big": keras.losses.MeanAbsoluteError()}
    for outputs in ("list", "dict"):
        for losses in (whole, {"big": keras.losses.MeanAbsoluteError()}):
            model = build(outputs)
            safe_compile(model, "adam", losses)
            with tempfile.TemporaryDirectory() as folder:
                model.save(str(Path(folder, "model.h5")))
                loaded = keras.models.load_model(str(Path(folder, "model.h5")))
            kept = loaded._compile_loss is not None
            right = not (3, 5) <= RELEASE < (3, 7) and not (RELEASE == (3, 7, 0) and outputs == "dict")
            assert kept == (right and losses is whole), (outputs, kept)
            safe_compile(loaded, "adam", losses)
            near(loaded.evaluate(X, Y, verbose=0, return_dict=True)["loss"], 16.0 if len(losses) == 2 else 7.0)


def use_save_and_load() -> None:
    model = compiled()
    model.fit(X, Y, verbose=0)
    before = model.predict(X, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        model.save(str(Path(folder, "model.keras")))
        loaded = keras.models.load_model(str(Path(folder, "model.keras")))
    copied = pickle.loads(pickle.dumps(model))
    for again in (loaded, copied):
        assert all(np.allclose(one, other) for one, other in zip(before, again.predict(X, verbose=0)))
        if (3, 5) <= RELEASE < (3, 7):
            assert not again.compiled  # plain Keras would send the losses elsewhere
        safe_compile(again, "sgd", LOSSES)
        assert_loss_routing(again, LOSSES, y=Y)


def use_partial_losses() -> None:
    for outputs in ("list", "dict"):
        for targets in (Y, {"big": Y["big"]}):
            model = build(outputs)
            safe_compile(model, "sgd", {"big": "mae"}, metrics={"big": "mse"})
            logs = model.evaluate(X, targets, verbose=0, return_dict=True)
            near(logs["loss"], 7.0)
            near(logs["big_mse"], 49.0)


def use_a_dict_for_each_output() -> None:
    wholes = ([{"big": "mae"}, {"small": "mse"}], ({"small": "mse"}, {"big": "mae"}))
    for outputs in ("list", "dict"):
        for losses in wholes:
            model = build(outputs)
            safe_compile(model, "sgd", losses)
            near(model.evaluate(X, Y, verbose=0, return_dict=True)["loss"], 9.0 + 7.0)
        model = build(outputs)
        safe_compile(model, "sgd", [None, {"big": "mae"}])
        near(model.evaluate(X, Y, verbose=0, return_dict=True)["loss"], 7.0)


def use_what_has_no_certain_meaning() -> None:
    ambiguous = (
        ("dict", {"loss": ["mse", "mae"]}, "give a dict with the keys 'big', 'small'"),
        ("list", {"loss": {"small": "mse", "bog": "mae"}}, "'bog', which is not an output of the model"),
        ("list", {"loss": LOSSES, "loss_weights": {"bog": 1.0}}, "'bog', which is not an output of the model"),
        ("list", {"loss": LOSSES, "metrics": {"bog": "mse"}}, "'bog', which is not an output of the model"),
        ("list", {"loss": ["mse", "mae", "mse"]}, "3 entries for 2 outputs"),
        ("list", {"loss": ["mse"]}, "1 entry for 2 outputs"),
        ("list", {"loss": [{"small": "mse"}, {"bog": "mae"}]}, "'bog', which is not an output of the model"),
        ("dict", {"loss": [{"small": "mse"}, {"small": "mae"}]}, "give a dict with the keys 'big', 'small'"),
    )
    for outputs, arguments, wanted in ambiguous:
        try:
            safe_compile(build(outputs), "sgd", **arguments)
        except AmbiguousRouting as error:
            assert wanted in str(error), str(error)
        else:
            raise AssertionError(arguments)
    model = build()
    safe_compile(model, "sgd", LOSSES)
    try:
        model.test_on_batch(X, {"small": Y["small"]})
    except AmbiguousRouting as error:
        assert "no target for 'big'" in str(error)
    else:
        raise AssertionError("a missing target")


def use_models_that_name_alike_or_nest() -> None:
    inputs = keras.Input((3,))
    inner = keras.Model(inputs, [keras.layers.Dense(2)(inputs), keras.layers.Dense(5)(inputs)], name="inner")
    alike = keras.Model(inputs, inner(inputs))
    nested = keras.Model(inputs, {"a": [keras.layers.Dense(2)(inputs)], "b": keras.layers.Dense(5)(inputs)})
    for model, wanted in ((alike, "named alike"), (nested, "nested")):
        try:
            safe_compile(model, "sgd", {"a": "mse", "b": "mae"})
        except AmbiguousRouting as error:
            assert wanted in str(error), str(error)
        else:
            raise AssertionError(wanted)


def use_places_in_a_dict_where_they_are_certain() -> None:
    model = build("dict")
    safe_compile(model, "sgd", ["mse", "mse"], (2.0, 2.0), [["mae"], ["mae"]])
    logs = model.evaluate(X, [Y["big"], Y["small"]], verbose=0, return_dict=True)  # their shapes tell which is which
    near(logs["loss"], 2 * 49.0 + 2 * 9.0)
    near(logs["big_mae"], 7.0)
    near(logs["small_mae"], 3.0)
    inputs = keras.Input((3,))
    of_one_shape = keras.Model(inputs, {name: keras.layers.Dense(2)(inputs) for name in NAMES})
    uncertain = (
        (build("dict"), [Y["small"], Y["big"]]),
        (build("dict"), [Y["big"], Y["big"]]),
        (build("dict"), [Y["big"]]),
        (of_one_shape, [Y["small"], Y["small"]]),
    )
    for model, targets in uncertain:
        safe_compile(model, "sgd", "mse")
        try:
            model.evaluate(X, targets, verbose=0)
        except AmbiguousRouting as error:
            assert "give a dict with the keys 'big', 'small'" in str(error), str(error)
        else:
            raise AssertionError(targets)


def use_loss_weights_that_are_no_python_floats() -> None:
    for kind in (int, np.float32, np.float64, np.int64):
        for weights in ({"small": kind(2), "big": kind(3)}, [kind(2), kind(3)]):
            for losses in (LOSSES, ["mse", "mae"]):
                model = build()
                safe_compile(model, "sgd", losses, weights)
                near(model.evaluate(X, Y, verbose=0, return_dict=True)["loss"], RIGHT)
    odd: tuple[dict[str, Any], ...] = ({"small": keras.Variable(2.0), "big": 3}, {"small": [2.0], "big": 3.0})
    for weights in odd:
        model = build()
        try:
            safe_compile(model, "sgd", LOSSES, weights, run_eagerly=True)
        except AmbiguousRouting as error:
            assert "give a float" in str(error) and (RELEASE < (3, 7) or isinstance(weights["small"], list))
        else:
            near(model.evaluate(X, Y, verbose=0, return_dict=True)["loss"], RIGHT)
            weights["small"].assign(0.0)
            near(model.evaluate(X, Y, verbose=0, return_dict=True)["loss"], 3 * 7.0)


def use_subclassed_models() -> None:
    class Heads(keras.Model):
        def __init__(self, kind: str) -> None:
            super().__init__()
            self.kind = kind
            self.heads = [keras.layers.Dense(size, kernel_initializer="zeros") for size in (2, 5)]

        def call(self, x: Any) -> Any:
            found = [head(x) for head in self.heads]
            return dict(zip(NAMES, found)) if self.kind == "dict" else found

    model = Heads("dict")
    safe_compile(model, "sgd", LOSSES, {"small": 2.0, "big": 3.0})
    near(model.fit(X, Y, batch_size=8, verbose=0).history["loss"][0], RIGHT)
    assert_loss_routing(model, LOSSES)
    model = Heads("list")
    safe_compile(model, "sgd", ["mse", "mae"])
    assert bool(model.get_compile_config()) == (RELEASE >= (3, 7))  # a dict of targets is led astray before
    for losses in (LOSSES, [{name: loss} for name, loss in LOSSES.items()]):
        model = Heads("list")
        safe_compile(model, "sgd", losses)
        try:
            model.fit(X, list(Y.values()), verbose=0)
        except Exception as error:
            assert "loss is a dict" in str(error) and "return a dict of outputs" in str(error), str(error)
        else:
            raise AssertionError("names for outputs without names")


def use_a_model_with_one_output() -> None:
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(2, name="only", kernel_initializer="zeros")(inputs))
    safe_compile(model, "sgd", "mse", metrics=["mae"])
    near(model.evaluate(X, Y["small"], verbose=0, return_dict=True)["loss"], 9.0)


def use_arguments_stay_as_they_were() -> None:
    losses, metrics = {"small": ["mse"], "big": "mae"}, {"small": "mse", "big": ["mae"]}
    model = build()
    safe_compile(model, "sgd", losses, metrics=metrics)
    model.evaluate(X, Y, verbose=0)
    assert losses == {"small": ["mse"], "big": "mae"} and metrics == {"small": "mse", "big": ["mae"]}


def random_state() -> list[Any]:
    """The random numbers that come next, of Python, NumPy and Keras."""
    from keras.src.random.seed_generator import global_seed_generator

    keras_state = keras.ops.convert_to_numpy(global_seed_generator().state.value)
    return [random.getstate(), str(np.random.get_state()), keras_state.tolist()]


def use_routing_changes_nothing() -> None:
    inputs = keras.Input((3,))
    inner = keras.layers.Dropout(0.5)(keras.layers.BatchNormalization()(inputs))
    model = keras.Model(inputs, [keras.layers.Dense(size, name=name)(inner) for name, size in zip(NAMES, (2, 5))])
    weights = {"small": 2.0, "big": 3.0}
    safe_compile(model, "adam", LOSSES, weights, {"big": ["mae"]}, weighted_metrics={"small": "mse"})
    model.fit(X, Y, verbose=0)
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    before = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
    random_before = random_state()
    metrics, compiled_loss = [id(metric) for metric in model.metrics], model._compile_loss
    table = str(loss_routing(model, y=Y))
    assert all(np.array_equal(old, keras.ops.convert_to_numpy(new)) for old, new in zip(before, variables))
    assert random_before == random_state()
    assert metrics == [id(metric) for metric in model.metrics] and compiled_loss is model._compile_loss
    assert table.splitlines()[0] == f"Keras {keras.__version__}"
    assert [line.split() for line in table.splitlines()[2:]] == [
        ["small", "mse", "2", "small", "-", "mse"],
        ["big", "mae", "3", "big", "mae", "-"],
    ], table


def use_routing_tells_what_this_release_does() -> None:
    model = build()
    model.compile("sgd", loss=LOSSES, loss_weights={"small": 2.0, "big": 3.0}, metrics={"big": "mse"})
    swapped = (3, 5) <= RELEASE < (3, 7)
    routing = loss_routing(model)
    assert [(each.loss, each.weight) for each in routing.outputs] == [("mse", 2.0), ("mae", 3.0)][
        :: -1 if swapped else 1
    ]
    assert routing["big"].metrics == ("mse",)
    try:
        assert_loss_routing(model, {"small": {"loss": keras.losses.MeanSquaredError, "weight": 2}, "big": "mae"})
    except AssertionError as error:
        assert swapped and "small: expected loss MeanSquaredError, but mae reaches it" in str(error), str(error)
    else:
        assert not swapped
    by_name = loss_routing(model, y=Y)["big"].target
    apart = "small (loss), big (metrics)" if swapped else "big (loss), small (metrics)" if RELEASE == (3, 14, 0) else ""
    assert by_name == (apart or "big"), by_name


def use_routing_looks_at_the_targets_in_a_dict() -> None:
    model = build()
    model.compile("sgd", loss=("mse", "mae"))
    swapped = (3, 5) <= RELEASE < (3, 7)
    assert_loss_routing(model, LOSSES)
    assert_loss_routing(model, LOSSES, y=[Y["small"], Y["big"]])
    met = {"small": "big", "big": "small"} if swapped else {name: name for name in NAMES}
    assert {each.output: each.loss_target for each in loss_routing(model, y=Y).outputs} == met
    assert_loss_routing(model, {name: {"loss": LOSSES[name], "target": met[name]} for name in NAMES}, y=Y)
    for expected in ({"small": "mse"}, {"small": {"weight": 1.0}}):
        try:
            assert_loss_routing(model, expected, y=Y)
        except AssertionError as error:
            lines = str(error).splitlines()
            assert swapped and lines[0] == "small: its loss meets the target of big" and not lines[1], lines
        else:
            assert not swapped
    safe_compile(model, "sgd", LOSSES)
    assert_loss_routing(model, LOSSES, y=Y)


def drawn(loss: Any, y: Any = None, outputs: str = "list") -> str:
    """What a notebook shows of a model that plain Keras compiled."""
    model = build(outputs)
    model.compile("sgd", loss)
    return loss_routing(model, y=y)._repr_html_()


def use_routing_is_drawn() -> None:
    flattens = (3, 5) <= RELEASE[:2] < (3, 7)
    swapped = "mae is applied to small, which is wrong; mse is applied to big, which is wrong."
    right = "mse is applied to small; mae is applied to big."
    by_name = drawn(dict(LOSSES))
    assert by_name.startswith("<svg ") and by_name.count('class="wrong"') == (2 if flattens else 0)
    assert f"Keras {keras.__version__}: {swapped if flattens else right}" in by_name
    assert "loss of small" in by_name and "<pre>Keras" in by_name
    assert f"Keras {keras.__version__}: {right}" in drawn(["mse", "mae"])
    for_all = drawn("mse")
    assert "mse is applied to small; mse is applied to big." in for_all and for_all.count('class="right"') == 2
    targets = drawn(["mse", "mae"], y=dict(Y))
    met = "big reaches small, which is wrong; small reaches big, which is wrong."
    assert (met in targets) is flattens, targets
    in_dict = drawn(["mse", "mae"], outputs="dict")  # which loss is meant for which output is not certain
    assert in_dict.count('class="open"') == 2 and "wrong" not in in_dict.partition("<style>")[0]


def use_routing_draws_losses_that_reach_nothing() -> None:
    if RELEASE < (3, 5):
        said = "mae is applied to small, which is wrong"
    else:
        said = "mae reaches no output" if RELEASE < (3, 7) else "mae is applied to big"
    assert f"<desc>Keras {keras.__version__}: {said}.</desc>" in drawn([None, "mae"])


def use_routing_says_what_it_does_not_know() -> None:
    model = compiled()
    mistakes = (
        ({"smell": "mse"}, "'smell' is not an output of the model: it has 'small', 'big'", KeyError),
        (
            {"big": {"lossx": "mae"}},
            "'lossx' can't be expected of an output ('big'): give some of loss, weight, ",
            ValueError,
        ),
    )
    for expected, said, kind in mistakes:
        try:
            assert_loss_routing(model, expected)
        except (KeyError, ValueError) as error:
            assert type(error) is kind and error.args[0].startswith(said), repr(error)
        else:
            raise AssertionError(said)


def use_routing_of_weights_beside_other_losses() -> None:
    """A tiny weight, one that float32 can't hold, and a regularizer that is larger than all of them."""

    class Logarithm(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            return keras.ops.log(x)

    inputs = keras.Input((3,))
    strict = keras.layers.Dense(9, kernel_regularizer=keras.regularizers.L2(1e5))(inputs)
    infinite = Logarithm(activity_regularizer="l2")(inputs)
    for inner in (inputs, strict, infinite):
        model = keras.Model(inputs, [keras.layers.Dense(size, name=name)(inner) for name, size in zip(NAMES, (2, 5))])
        safe_compile(model, "sgd", LOSSES, {"small": 1e-6, "big": 0.3})
        assert [each.weight for each in loss_routing(model).outputs] == [1e-6, 0.3], str(loss_routing(model))
        try:
            assert_loss_routing(model, {"small": {"weight": 5e-6}})
        except AssertionError as error:
            assert "small: expected weight 5e-06, but 1e-06 reaches it" in str(error), str(error)
        else:
            raise AssertionError("another weight")


def use_routing_of_a_fixed_batch() -> None:
    inputs = keras.Input(batch_shape=(4, 6, 3))
    inner = keras.layers.LSTM(4, stateful=True)(inputs)
    model = keras.Model(inputs, [keras.layers.Dense(size, name=name)(inner) for name, size in zip(NAMES, (2, 5))])
    safe_compile(model, "sgd", LOSSES)
    assert_loss_routing(model, LOSSES)


def use_routing_in_few_bits() -> None:
    keras.config.set_floatx("bfloat16")
    try:
        model = build()
        model.compile("sgd", ["mse", "mae"], metrics=["mse", "mae"])
        assert [each.target for each in assert_loss_routing(model, LOSSES).outputs] == ["0", "1"]
    finally:
        keras.config.set_floatx("float32")


def use_routing_with_random_layers() -> None:
    class Noisy(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            return x + random.random() + np.random.rand()

    inputs = keras.Input((3,))
    inner = keras.layers.GaussianNoise(0.5)(Noisy()(inputs))
    model = keras.Model(inputs, [keras.layers.Dense(size, name=name)(inner) for name, size in zip(NAMES, (2, 5))])
    safe_compile(model, "sgd", LOSSES)
    before = random_state()
    assert_loss_routing(model, LOSSES)
    assert before == random_state()


def use_expectations_of_one_class() -> None:
    """Losses that differ by their settings alone are told apart; equal ones are equal."""

    class Own(keras.losses.Loss):
        def __init__(self, factor: float) -> None:
            super().__init__()
            self.factor = factor

        def call(self, y_true: Any, y_pred: Any) -> Any:
            return self.factor * keras.ops.mean(y_pred - y_true, axis=-1)

    huber, logits = keras.losses.Huber, keras.losses.BinaryCrossentropy
    for make in (
        lambda: [huber(delta=1.0), huber(delta=5.0)],
        lambda: [logits(), logits(from_logits=True)],
        lambda: [Own(1.0), Own(2.0)],
    ):
        model = build()
        model.compile("sgd", make())
        assert_loss_routing(model, dict(zip(NAMES, make())))
        try:
            assert_loss_routing(model, dict(zip(NAMES, reversed(make()))))
        except AssertionError as error:
            assert "small: expected loss" in str(error) and "big: expected loss" in str(error), str(error)
        else:
            raise AssertionError(make())
    model = build()
    model.compile("sgd", ["mse", logits(from_logits=True)], metrics=[["acc", "mae"], []])
    mean = keras.losses.MeanSquaredError
    for loss in (
        "mse",
        ["mse"],
        "mean_squared_error",
        "MeanSquaredError",
        keras.losses.mean_squared_error,
        mean,
        mean(),
    ):
        assert_loss_routing(model, {"small": loss, "big": logits})
    assert_loss_routing(model, {"small": {"metrics": ["accuracy", "mae"], "weighted_metrics": None}})


def main() -> None:
    """Write the report."""
    told: dict[str, str | None] = {}
    for path in sys.argv[4:]:
        try:
            globals()[Path(path).read_text()]()
            told[path] = None
        except Exception:
            told[path] = traceback.format_exc()[-1500:]
    Path(sys.argv[3]).write_text(json.dumps({"keras": keras.__version__, "programs": told}))


if __name__ == "__main__":
    main()
