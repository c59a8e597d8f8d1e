"""Programs that look like mistakes in training and are right, each as real Keras showed or its source says."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import keras
from keras import layers

"""
STEPS = """\
entry = keras.Input((6, 8))
"""
FIT = 'net.compile("adam", {loss}, metrics=["accuracy"])\nnet.fit(x, y)\n'
CROSSENTROPY = "sparse_categorical_crossentropy"


def said(body: str, keras: str) -> list[str]:
    return [one.code for one in check_source(HEAD + body, keras=keras) if one.code[:4] in ("KER3", "KER1")]


@pytest.mark.parametrize("release", ["3.4.1", "3.6.0", "3.15.1"])
@pytest.mark.parametrize(
    "body",
    [
        # Layers that are added, or taken away, after the model was compiled.
        "net = keras.Sequential([keras.Input((8,)), layers.Dense(3)])\n"
        f'net.compile("adam", "{CROSSENTROPY}")\nnet.add(layers.Softmax())\nnet.fit(x, y)\n',
        "net = keras.Sequential([keras.Input((8,)), layers.Dense(3, 'softmax'), layers.Softmax()])\n"
        f'net.compile("adam", "{CROSSENTROPY}")\nnet.pop()\nnet.fit(x, y)\n',
        # The classes stand on another axis than the units.
        STEPS
        + "net = keras.Model(entry, layers.Softmax(axis=1)(layers.Dense(1)(entry)))\n"
        + FIT.format(loss="keras.losses.CategoricalCrossentropy(axis=1)"),
        STEPS
        + "net = keras.Model(entry, layers.Dense(1)(entry))\n"
        + FIT.format(loss="keras.losses.CategoricalFocalCrossentropy(from_logits=True, axis=-2)"),
        # Weights that may keep probabilities: a layer on classes, from fine to coarse ones.
        "net = keras.Sequential([keras.Input((8,)), layers.Dense(9, 'softmax'), layers.Dense(3, use_bias=False)])\n"
        + FIT.format(loss=f'"{CROSSENTROPY}"'),
        "entry = keras.Input((8,))\nfine = layers.Dense(9, activation='softmax')(entry)\n"
        "net = keras.Model(entry, layers.Dense(3)(layers.concatenate([fine, entry])))\n"
        + FIT.format(loss=f'"{CROSSENTROPY}"'),
        # The images' channels stand in front.
        "keras.config.set_image_data_format('channels_first')\nentry = keras.Input((3, 8, 8))\n"
        "net = keras.Model(entry, layers.Conv2D(1, 3, activation='softmax')(entry))\n" + FIT.format(loss='"mse"'),
        # A layer that is changed before it is built.
        "last = layers.Dense(1, activation='softmax')\nlast.units = 4\n"
        "net = keras.Sequential([keras.Input((8,)), last])\n" + FIT.format(loss='"mse"'),
    ],
)
def test_a_head_that_fits_its_loss(body: str, release: str) -> None:
    assert said(body, release) == []


MODEL = """\
entry = keras.Input((8,))
net = keras.Model(entry, [layers.Dense(1, name="tone")(entry), layers.Dense(1, name="length")(entry)])
net.compile("adam", ["mse", "mse"], metrics={"tone": ["mae", keras.metrics.AUC(name="auc")]})
"""
OWN = """\
class Net(keras.Model):
    {method}

entry = keras.Input((8,))
net = Net(entry, [layers.Dense(1, name="tone")(entry), layers.Dense(1, name="length")(entry)])
net.compile("adam", ["mse", "mse"], metrics={{"tone": ["mae"]}})
net.fit(x, [y, y], validation_data=(x, [y, y]), callbacks=[keras.callbacks.EarlyStopping("val_mae", mode="min")])
"""
BEST = 'best = keras.callbacks.ModelCheckpoint("a.keras", monitor="{log}", save_best_only=True)\n'
TRAIN = "net.fit(x, [y, y], epochs=9, validation_data=(x, [y, y]), callbacks=[best])\n"


@pytest.mark.parametrize("release", ["3.4.1", "3.6.0", "3.15.1"])
@pytest.mark.parametrize(
    "body",
    [
        # Logs that the program makes itself.
        OWN.format(method="@property\n    def metrics(self):\n        return [*super().metrics, extra]\n"),
        OWN.format(method="def get_metrics_result(self):\n        return {'mae': 1.0}\n"),
        OWN.format(method="def evaluate(self, *args, **more):\n        return {'mae': 1.0}\n"),
        MODEL + "net.extra = keras.metrics.Mean(name='mae')\n" + BEST.format(log="val_mae") + TRAIN,
        MODEL + "net.get_metrics_result = results\n" + BEST.format(log="val_mae") + TRAIN,
        # Callbacks that are changed after they were made.
        MODEL + BEST.format(log="val_mae") + 'best.monitor = "val_tone_mae"\n' + TRAIN,
        MODEL + BEST.format(log="val_tone_auc") + "best.monitor_op = greater\n" + TRAIN,
        MODEL + BEST.format(log="val_tone_auc") + 'setattr(best, "monitor_op", greater)\n' + TRAIN,
    ],
)
def test_a_callback_that_watches_what_is_logged(body: str, release: str) -> None:
    assert said(body, release) == []


FOLDS = """\
def make():
    net = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
    net.compile("adam", "mse")
    return net


stop = keras.callbacks.EarlyStopping({arguments})
make().fit(x, y, {first}callbacks=[stop])
{between}make().fit(x, y, {second}callbacks=[stop])
"""


@pytest.mark.parametrize(
    ("arguments", "first", "between", "second"),
    [
        ('"loss", start_from_epoch=20', "epochs=9, ", "", "epochs=9, "),
        ('"loss"', "epochs=9, ", "", "initial_epoch=8, epochs=9, "),
        ("", "epochs=9, ", "", "epochs=9, validation_split=0.2, "),
        ('"loss"', "epochs=9, ", 'setattr(stop, "best", None)\n', "epochs=9, "),
        ('"loss"', "epochs=9, ", "stop.__init__()\n", "epochs=9, "),
        ('"loss"', "epochs=9, ", "stop.patience = 100\n", "epochs=9, "),
    ],
)
def test_a_callback_that_stops_no_second_model(arguments: str, first: str, between: str, second: str) -> None:
    assert "KER302" not in said(FOLDS.format(arguments=arguments, first=first, between=between, second=second), "3.6.0")


@pytest.mark.parametrize(
    ("attribute", "more"),
    [("num_batches = None\n    ", ""), ("", "validation_freq=9, "), ("", "initial_epoch=8, ")],
)
def test_steps_that_leave_out_no_epoch(attribute: str, more: str) -> None:
    data = f"class Pages(keras.utils.PyDataset):\n    {attribute}def __len__(self):\n        return 4\n\n"
    net = 'net = keras.Sequential([keras.Input((8,)), layers.Dense(1)])\nnet.compile("adam", "mse")\npages = Pages()\n'
    fit = f"net.fit(pages, steps_per_epoch=len(pages), {more}epochs=9)\n"
    assert said(data + net + fit, "3.6.0") == []
    assert said(data.replace(attribute, "") + net + fit.replace(more, ""), "3.6.0") == ["KER303"]


LOGITS = """\
net = keras.Sequential([keras.Input((8,)), layers.Dense(3)])
loss = keras.losses.SparseCategoricalCrossentropy()
{change}
net.compile("adam", loss)
net.fit(x, y)
"""
CHANGED = [
    'loss._fn_kwargs["from_logits"] = True',
    'loss._fn_kwargs = {"from_logits": True}',
    'vars(loss)["_fn_kwargs"] = {"from_logits": True}',
    'loss.__dict__.update(_fn_kwargs={"from_logits": True})',
    'setattr(loss, "_fn_kwargs", {"from_logits": True})',
    'settings = loss._fn_kwargs\nsettings["from_logits"] = True',
    "loss.fn = own",
    "for name, value in settings:\n    setattr(loss, name, value)",
    "use_logits(loss)",
    'def use_logits(one):\n    one._fn_kwargs["from_logits"] = True\n\nuse_logits(loss)',
]


@pytest.mark.parametrize("change", CHANGED)
def test_a_loss_that_is_changed_after_it_was_made(change: str) -> None:
    assert said(LOGITS.format(change=change), "3.15.1") == []


@pytest.mark.parametrize(
    "change", ["", 'loss.name = "main"', 'other = keras.losses.Huber()\nother._fn_kwargs["delta"] = 2.0']
)
def test_a_loss_that_is_not_changed(change: str) -> None:
    assert said(LOGITS.format(change=change), "3.15.1") == ["KER314"]


def test_a_loss_that_is_changed_through_the_model() -> None:
    later = LOGITS.format(change="").replace("net.fit", 'net.loss._fn_kwargs["from_logits"] = True\nnet.fit')
    assert said(later, "3.15.1") == []
