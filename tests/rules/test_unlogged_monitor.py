from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER112"

COMPILE = 'model.compile("adam", ["mse", "mae"])\n'
STOP = 'stop = keras.callbacks.EarlyStopping(monitor="val_small_loss", mode="min")\n'
BEST = 'stop = keras.callbacks.ModelCheckpoint("best.keras", "small_loss", save_best_only=True)\n'
FIT = "model.fit(x, [p, q], validation_data=(x, [p, q]), callbacks=[stop])\n"
ADVICE = "watch 'val_loss' or a metric"


@pytest.mark.parametrize(
    ("body", "requirement", "message"),
    [
        (
            COMPILE + STOP + FIT,
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) logs no 'val_small_loss': EarlyStopping never stops; "
            f"{ADVICE}, or use keras>=3.5",
        ),
        (
            COMPILE + STOP + FIT,
            "keras>=3.4",
            "keras>=3.4 (requirements.txt:1) allows 3.4.0 and 3.4.1, which log no 'val_small_loss': "
            f"EarlyStopping never stops; a fresh install takes 3.15.1; {ADVICE}, or use keras>=3.5",
        ),
        (
            COMPILE + STOP.replace("small", "smal") + FIT,
            "keras>=3",
            "Keras 3.0.0 to 3.15.1 (requirements.txt:1) log no 'val_smal_loss': EarlyStopping never stops, since "
            "the outputs are 'small' and 'big'; did you mean the loss of 'small'?",
        ),
        (
            'single = keras.Model(inputs, small)\nsingle.compile("adam", "mse")\n'
            + STOP
            + "single.fit(x, p, callbacks=stop)\nsingle.fit(x, p, callbacks=[stop])\n",
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) logs no 'val_small_loss': EarlyStopping never stops, since the "
            f"model has one output; {ADVICE}",
        ),
        (
            COMPILE + 'model.fit(x, [p, q], callbacks=[keras.callbacks.ReduceLROnPlateau("x_loss", mode="min")])\n',
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) logs no 'x_loss': ReduceLROnPlateau never lowers the learning "
            f"rate, since the outputs are 'small' and 'big'; {ADVICE}",
        ),
        (
            COMPILE + BEST + FIT,
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) logs no 'small_loss': ModelCheckpoint saves nothing; "
            f"{ADVICE}, or use keras>=3.5 with mode='min'",
        ),
        (
            COMPILE + 'stop = keras.callbacks.ReduceLROnPlateau(monitor="big_loss")\n' + FIT,
            "keras>=3",
            "keras>=3 (requirements.txt:1) allows 3.0.0 to 3.4.1, which log no 'big_loss': ReduceLROnPlateau "
            f"never lowers the learning rate; a fresh install takes 3.15.1; {ADVICE}, or use keras>=3.5 with "
            "mode='min'",
        ),
        (
            COMPILE.replace('"mae"', "None") + STOP.replace("small", "big") + FIT,
            "keras>=3",
            "keras>=3 (requirements.txt:1) allows 3.0.0 to 3.4.1, which log no 'val_big_loss': EarlyStopping "
            f"never stops; a fresh install takes 3.15.1; {ADVICE}",
        ),
    ],
)
def test_what_is_not_logged(check: Check, body: str, requirement: str, message: str) -> None:
    (diagnostic,) = check(CODE, body, requirement)
    assert diagnostic.message == message


@pytest.mark.parametrize(
    ("body", "requirement"),
    [
        (COMPILE + STOP + FIT, "keras>=3.5"),
        (COMPILE + STOP.replace(', mode="min"', "") + FIT, "keras==3.4.1"),
        (COMPILE + STOP.replace("val_small_loss", "val_loss") + FIT, "keras==3.4.1"),
        (
            COMPILE.replace("])", '], metrics={"small": "mae"})') + STOP.replace("small_loss", "small_mae") + FIT,
            "keras==3.4.1",
        ),
        (
            COMPILE + STOP.replace("val_small_loss", "' + name + '").replace("\"'", '"').replace("'\"", '"') + FIT,
            "keras",
        ),
        (COMPILE + STOP + FIT.replace("[stop]", "[stop, own]"), "keras==3.4.1"),
        (COMPILE + STOP + FIT.replace("[stop]", "callbacks"), "keras==3.4.1"),
        (COMPILE + STOP + FIT.replace("[stop]", "[stop, keras.callbacks.LambdaCallback(f)]"), "keras==3.4.1"),
        (COMPILE.replace("])", '], metrics={"small": own_loss})') + STOP + FIT, "keras==3.4.1"),
        (COMPILE.replace('["mse", "mae"]', "losses") + STOP + FIT, "keras==3.4.1"),
        (COMPILE.replace('"mae"', "None") + STOP + FIT, "keras>=3.5"),
        (COMPILE + BEST.replace(", save_best_only=True", "") + FIT, "keras==3.4.1"),
        (COMPILE + BEST.replace("=True", "=best") + FIT, "keras==3.4.1"),
        (COMPILE + BEST.replace("small", "tiny") + FIT, "keras"),
        (COMPILE + BEST + FIT, "keras>=3.5"),
        (STOP + "loaded = keras.models.load_model(path)\nloaded.fit(x, y, callbacks=[stop])\n", "keras==3.4.1"),
    ],
)
def test_nothing_where_it_is_logged_or_in_doubt(check: Check, body: str, requirement: str) -> None:
    assert check(CODE, body, requirement) == []


def test_one_model_that_logs_it_is_enough(check: Check) -> None:
    other = 'other = keras.Model(inputs, [tiny, big])\nother.compile("adam", ["mse", "mae"])\n'
    train = f"for one in (model, other):\n    {FIT.replace('model', 'one')}"
    assert check(CODE, COMPILE + other + STOP + train, "keras==3.15.1") == []
    (found,) = check(CODE, COMPILE + other + STOP.replace("small", "none") + train, "keras==3.15.1")
    assert "'val_none_loss'" in found.message


METRICS = "keras.metrics."


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("'acc'", True),
        ("'huber_loss'", False),
        (METRICS + "BinaryAccuracy()", True),
        (METRICS + "BinaryAccuracy(name='acc')", True),
        (METRICS + "BinaryAccuracy('acc')", False),
        (METRICS + "BinaryAccuracy(name='loss')", False),
        (METRICS + "BinaryAccuracy(name='small_loss')", False),
        (METRICS + "BinaryAccuracy(name=name)", False),
        (METRICS + "BinaryAccuracy(**options)", False),
        (METRICS + "AUC(200, curve='PR', name='a_name_that_is_longer_than_a_label_may_be')", True),
        (METRICS + "MeanMetricWrapper(own_loss)", False),
        (METRICS + "mean_squared_error", True),
        (METRICS + "get('huber_loss')", False),
        ("keras.losses.Huber()", False),
    ],
)
def test_the_name_of_a_metric_is_read(check: Check, metric: str, told: bool) -> None:
    metrics = f'], metrics={{"big": [{metric}]}})'
    for where in ("", "weighted_"):
        found = check(
            CODE, COMPILE.replace("])", metrics.replace("metrics=", f"{where}metrics=")) + STOP + FIT, "keras<3.5"
        )
        assert [one.code for one in found] == [CODE] * told


def test_it_stands_at_the_name_of_the_log(check: Check) -> None:
    (diagnostic,) = check(CODE, COMPILE + STOP + FIT, "keras==3.4.1")
    assert diagnostic.span.start.column == STOP.index('"val') + 1
    assert check(CODE, COMPILE + STOP.rstrip() + "  # noqa: KER112\n" + FIT, "keras==3.4.1") == []


def metered(metrics: str, monitor: str, mode: str = "max", callback: str = "EarlyStopping") -> str:
    best = ", filepath='best.keras', save_best_only=True" if callback == "ModelCheckpoint" else ""
    stop = f'stop = keras.callbacks.{callback}(monitor="{monitor}", mode="{mode}"{best})\n'
    return COMPILE.replace("])", f"], {metrics})") + stop + FIT


ACCURACY = 'metrics={"small": ["accuracy"], "big": "acc"}'
AS_LOGGED = "the metrics are logged as 'val_small_accuracy' and 'val_big_acc'"


@pytest.mark.parametrize(
    ("body", "requirement", "message"),
    [
        (
            metered(ACCURACY, "val_accuracy", "auto"),
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) logs no 'val_accuracy': EarlyStopping never stops, since "
            f"{AS_LOGGED}; watch 'val_small_accuracy' or 'val_big_acc'",
        ),
        (
            metered(ACCURACY, "val_big_accuracy", callback="ModelCheckpoint"),
            "keras>=3",
            "Keras 3.0.0 to 3.15.1 (requirements.txt:1) log no 'val_big_accuracy': ModelCheckpoint saves "
            f"nothing, or after each epoch, not only the best, since {AS_LOGGED}; did you mean 'val_big_acc'?",
        ),
        (
            metered(ACCURACY, "small_acc", "auto", "ReduceLROnPlateau"),
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) stops with an error for the monitor 'small_acc', which is "
            "not logged: the metrics "
            "are logged as 'small_accuracy' and 'big_acc'; did you mean 'small_accuracy'?",
        ),
        (
            metered('weighted_metrics=["mae", "mse"]', "val_mae", "min"),
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) logs no 'val_mae': EarlyStopping never stops, since the metrics "
            "are logged as 'val_small_mae' and 'val_big_mse'; did you mean 'val_small_mae'?",
        ),
        (
            COMPILE + STOP.replace("val_small_loss", "val_small_mae") + FIT,
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) logs no 'val_small_mae': EarlyStopping never stops, since the "
            "model is compiled without metrics; watch 'val_loss'",
        ),
        (
            COMPILE.replace("])", "], " + ACCURACY + ")")
            + 'stop = keras.callbacks.ModelCheckpoint("{epoch:02d}-{val_small_acc:.2f}.keras")\n'
            + FIT,
            "keras==3.6.0",
            "Keras 3.6.0 (requirements.txt:1) stops with an error for the field 'val_small_acc' of a path, "
            "which is not logged: "
            f"{AS_LOGGED}; did you mean 'val_small_accuracy'?",
        ),
        (
            "def dice_coef(a, b):\n    return a\n\n\n"
            + 'single = keras.Model(inputs, small)\nsingle.compile("adam", "mse", metrics=[dice_coef])\n'
            + 'stop = keras.callbacks.ModelCheckpoint(filepath="{epoch}-{val_dice:.2f}.keras")\n'
            + "single.fit(x, p, callbacks=[stop])\n",
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) stops with an error for the field 'val_dice' of a path, "
            "which is not logged: the "
            "metrics are logged as 'val_dice_coef'; did you mean 'val_dice_coef'?",
        ),
        (
            'single = keras.Model(inputs, small)\nsingle.compile("adam", "mse", metrics=[keras.metrics.AUC()])\n'
            + STOP.replace("small_loss", "acc").replace("min", "max")
            + "single.fit(x, p, callbacks=[stop])\n",
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) logs no 'val_acc': EarlyStopping never stops, since the metrics "
            "are logged as 'val_auc'; did you mean 'val_auc'?",
        ),
    ],
)
def test_metrics_that_are_not_logged(check: Check, body: str, requirement: str, message: str) -> None:
    (diagnostic,) = check(CODE, body, requirement)
    assert diagnostic.message == message


@pytest.mark.parametrize(
    "body",
    [
        metered(ACCURACY, "val_small_accuracy"),
        metered(ACCURACY, "val_big_acc"),
        metered(ACCURACY, "val_perplexity"),  # a layer of the model may log it
        metered('metrics=[keras.metrics.AUC(), keras.metrics.AUC(name="area")]', "val_small_auc_7"),
        metered('metrics=[keras.metrics.AUC(), keras.metrics.AUC(name="area")]', "val_big_area"),
        metered('metrics={"small": "mae"}, weighted_metrics={"small": "mae"}', "val_small_weighted_mae"),
        metered('metrics={"small": ["mae", "mae"]}', "val_small_mae_1"),
        metered('metrics={"small": Own()}', "val_accuracy"),
        metered('metrics={"small": found}', "val_accuracy"),
        metered("**options", "val_accuracy"),
        "def nearBy(a, b):\n    return a\n" + metered('metrics={"small": nearBy}', "val_small_near_by"),
        COMPILE + 'stop = keras.callbacks.ModelCheckpoint("{epoch}-{val_loss:.2f}.keras")\n' + FIT,
        COMPILE + 'stop = keras.callbacks.ModelCheckpoint("{epoch}-{}.keras".format(3))\n' + FIT,
    ],
)
def test_metrics_that_are_logged_or_in_doubt(check: Check, body: str) -> None:
    assert check(CODE, body, "keras") == []


SINGLE = """\
net = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
net.compile("adam", "mse", metrics=[{metric}])
stop = keras.callbacks.EarlyStopping("{log}", mode="min")
net.fit(x, y, validation_data=(v, y), callbacks=[stop])
"""


@pytest.mark.parametrize("before", ["", "import elsewhere\nx = elsewhere.read()\n"])
@pytest.mark.parametrize("release", ["3.4.1", "3.6.0", "3.15.1"])
@pytest.mark.parametrize(
    ("metric", "log", "logged"),
    [
        ('"mae"', "val_mean_absolute_error", "val_mae"),
        ('"accuracy"', "val_acc", "val_accuracy"),
        ('"acc"', "val_accuracy", "val_acc"),
        ("keras.metrics.MeanAbsoluteError()", "val_mae_absolute_error", "val_mean_absolute_error"),
    ],
)
def test_a_single_output_whatever_it_is_called(
    check: Check, before: str, release: str, metric: str, log: str, logged: str
) -> None:
    (found,) = check(CODE, before + SINGLE.format(metric=metric, log=log), f"keras=={release}")
    assert found.message.endswith(f"the metrics are logged as '{logged}'; did you mean '{logged}'?")
    assert check(CODE, before + SINGLE.format(metric=metric, log=logged), f"keras=={release}") == []


@pytest.mark.parametrize(
    "change",
    [
        ('"mae"', '"mae", own'),
        ("callbacks=[stop]", "callbacks=[stop, Own()]"),
        ('"mse"', '{"a": "mse"}'),
        ("keras.Sequential(", "Sequential("),
    ],
)
def test_a_single_output_that_may_log_more(check: Check, change: tuple[str, str]) -> None:
    body = SINGLE.format(metric='"mae"', log="val_mean_absolute_error")
    assert change[0] in body
    assert check(CODE, "import elsewhere\nx = elsewhere.read()\n" + body.replace(*change), "keras==3.15.1") == []


ALONE = """\
net = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1, activation="sigmoid")])
net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
callback = keras.callbacks.{callback}
net.fit(x, y, epochs=9, callbacks=[callback])
"""
STOPPING = ALONE.format(callback="EarlyStopping(patience=3)")
NO_DATA = "since fit is given no validation data; pass validation_data, or watch "
OWN_NET = "class Net(keras.Model):\n    {method}\n\nentry = keras.Input((8,))\n"
MADE = "net = Net(entry, keras.layers.Dense(1)(entry))\n" + STOPPING.partition("\n")[2]


@pytest.mark.parametrize(
    ("callback", "effect", "instead"),
    [
        ("EarlyStopping(patience=3)", "EarlyStopping never stops", "loss"),
        ('EarlyStopping("val_loss", restore_best_weights=True)', "EarlyStopping never stops", "loss"),
        ('EarlyStopping("val_accuracy", mode="max")', "EarlyStopping never stops", "accuracy"),
        ("ReduceLROnPlateau(patience=2)", "ReduceLROnPlateau never lowers the learning rate", "loss"),
        ('ModelCheckpoint("best.keras", save_best_only=True)', "ModelCheckpoint saves after each epoch, not ", "loss"),
    ],
)
def test_a_log_of_validation_data_that_is_not_given(check: Check, callback: str, effect: str, instead: str) -> None:
    (found,) = check(CODE, ALONE.format(callback=callback), "keras==3.15.1")
    assert f": {effect}" in found.message
    assert found.message.endswith(f"{NO_DATA}'{instead}'")


@pytest.mark.parametrize(
    "body",
    [
        STOPPING.replace("epochs=9", "epochs=9, validation_data=None"),
        STOPPING.replace("x, y", "batches()"),
        STOPPING.replace('"binary_crossentropy"', "own_loss").replace('["accuracy"]', "own_metrics"),
        OWN_NET.format(method="def summarize(self):\n        pass") + MADE,
        ALONE.format(callback='ModelCheckpoint("best-{val_loss:.2f}.keras")'),
        "import elsewhere\nx, y = elsewhere.read()\n" + STOPPING,
        "def train(net):\n    net.fit(x, y, callbacks=[callback])\n\n"
        + STOPPING.replace("net.fit(x, y, ", "again(")
        + "train(net)\n",
    ],
)
@pytest.mark.parametrize("release", ["3.4.1", "3.6.0", "3.15.1"])
def test_fit_without_validation_data(check: Check, body: str, release: str) -> None:
    (found,) = check(CODE, body, f"keras=={release}")
    assert "fit is given no validation data" in found.message


@pytest.mark.parametrize(
    "body",
    [
        STOPPING.replace("epochs=9", "validation_split=0.2"),
        STOPPING.replace("epochs=9", "validation_data=(v, w)"),
        STOPPING.replace("epochs=9", "validation_data=held_out"),
        STOPPING.replace("epochs=9", "validation_split=share"),
        STOPPING.replace("epochs=9", "**options"),
        STOPPING.replace("epochs=9, callbacks=[callback]", "32, 9, 1, [callback], 0.2"),
        STOPPING.replace("x, y, epochs=9", "*data"),
        STOPPING.replace("[callback]", "[callback, Own()]"),
        STOPPING.replace("[callback]", "[keras.callbacks.LambdaCallback(on_epoch_end=noted), callback]"),
        STOPPING.replace("keras.Sequential(", "Sequential("),
        STOPPING.replace("net.fit(", "train(net, "),
        ALONE.format(callback='EarlyStopping("loss")'),
        ALONE.format(callback='EarlyStopping("accuracy", mode="max")'),
        ALONE.format(callback="EarlyStopping(monitor)"),
        ALONE.format(callback='ModelCheckpoint("last.keras")'),
        ALONE.format(callback='ModelCheckpoint("best.keras", save_best_only=best)'),
        ALONE.format(callback='ModelCheckpoint("best-{loss:.2f}.keras")'),
        OWN_NET.format(method="def train_step(self, data):\n        return {'val_loss': 0.0}") + MADE,
        OWN_NET.format(method="def evaluate(self, *args):\n        return {'loss': 0.0}") + MADE,
        OWN_NET.format(
            method="def fit(self, *args, **more):\n        return super().fit(*args, **more, validation_split=0.1)"
        )
        + MADE,
        OWN_NET.format(method="def get_metrics_result(self):\n        return {'val_loss': 0.0}") + MADE,
        "if seen:\n    v = None\nelse:\n    v = (x, y)\n" + STOPPING.replace("epochs=9", "validation_data=v"),
    ],
)
def test_fit_with_validation_data_or_in_doubt(check: Check, body: str) -> None:
    assert check(CODE, body, "keras") == []
