"""Calls of Keras 2 on Keras 3 (KER305 and KER401 to KER403): what is found, and what only looks like it."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import keras

net = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
net.compile({optimizer}, "mse")
"""
BEST = "keras.callbacks.ModelCheckpoint"


def said(body: str, keras: str = ">=3", optimizer: str = "keras.optimizers.Adam(0.1)") -> list[str]:
    found = check_source(HEAD.format(optimizer=optimizer) + body, keras=keras)
    return [one.code for one in found if one.code[:4] in ("KER3", "KER4")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("net.optimizer.lr = 0.5\nnet.fit(x, y)\n", "KER305"),
        ("rule = net.optimizer\nrule.lr = 0.5\nnet.fit(x, y)\n", "KER305"),
        ("print(net.optimizer.lr)\n", "KER402"),
        ("net.optimizer.lr *= 0.5\n", "KER402"),
        ("net.fit_generator(batches, 10)\n", "KER402"),
        ("net.predict_generator(batches, steps=10)\n", "KER402"),
        ("net.predict_classes(x)\n", "KER402"),
        ("net.fit(x, y, workers=4, use_multiprocessing=True)\n", "KER401"),
        ("net.evaluate(x, y, max_queue_size=4)\n", "KER401"),
        ("other = keras.optimizers.RMSprop(decay=1e-6)\n", "KER401"),
        ('net.save("net")\n', "KER403"),
        ('net.save(filepath="net.tf", overwrite=True)\n', "KER403"),
        ('net.save("net", save_format="h5")\n', "KER403"),
        ('net.save_weights("weights.h5")\n', "KER403"),
        (f'best = {BEST}("a/net")\n', "KER403"),
        (f'best = {BEST}("a/net.h5", save_weights_only=True)\n', "KER403"),
        (f'best = {BEST}("a/{{epoch:02d}}.hdf5", save_best_only=True)\n', "KER403"),
    ],
)
def test_what_keras_3_refuses_or_ignores(body: str, code: str) -> None:
    assert said(body) == [code]
    assert said(body, keras="<3") == []


@pytest.mark.parametrize(
    ("body", "optimizer"),
    [
        # The program serves both, or handles the error.
        ("if hasattr(net.optimizer, 'lr'):\n    net.optimizer.lr = 0.5\nnet.fit(x, y)\n", "'adam'"),
        ("net.optimizer.lr = 0.5\nnet.optimizer.learning_rate = 0.5\nnet.fit(x, y)\n", "'adam'"),
        # The rate is not used any more, or `lr` is a note of the program's own.
        ("net.fit(x, y)\nnet.optimizer.lr = 0.5\n", "'adam'"),
        ("net.optimizer.lr = 0.5\nnet.fit(x, y)\nprint(getattr(net.optimizer, 'lr', None))\n", "'adam'"),
        ("try:\n    rate = net.optimizer.lr\nexcept AttributeError:\n    rate = None\n", "'adam'"),
        ("try:\n    net.fit_generator(batches)\nexcept AttributeError:\n    net.fit(batches)\n", "'adam'"),
        ("import contextlib\nwith contextlib.suppress(ValueError):\n    net.save('net')\n", "'adam'"),
        ("if keras.__version__ < '3':\n    net.fit(x, y, workers=4)\nelse:\n    net.fit(x, y)\n", "'adam'"),
        ("OLD = keras.__version__.startswith('2')\nif OLD:\n    net.save('net')\n", "'adam'"),
        # Another object has the name.
        ("net.lr = 0.5\nprint(net.lr)\n", "'adam'"),
        ("class Rule:\n    lr = 0.1\n\nrule = Rule()\nrule.lr = 0.5\nnet.fit(x, y)\n", "'adam'"),
        ("net.optimizer.lr = 0.5\nnet.fit(x, y)\n", "make_optimizer()"),
        ("net.optimizer.lr = 0.5\nnet.fit(x, y)\n", "keras.optimizers.legacy.Adam()"),
        ("class Own(keras.optimizers.SGD):\n    lr = 0.1\n\nown = Own(0.1)\nown.lr = 0.5\nnet.fit(x, y)\n", "'adam'"),
        (
            "class Net(keras.Model):\n    def fit_generator(self, data):\n        pass\n\nNet().fit_generator(x)\n",
            "'adam'",
        ),
        ("class Net(keras.Model):\n    def save(self, path):\n        pass\n\nNet().save('net')\n", "'adam'"),
        # Keras 2 beside Keras 3.
        ("import tf_keras\ntf_keras.optimizers.Adam(lr=0.1)\n", "'adam'"),
        ("import tf_keras\ntf_keras.callbacks.ModelCheckpoint('net')\n", "'adam'"),
        # Paths and values that are right.
        ("net.save('net', zipped=False)\n", "'adam'"),
        ("net.save('net.h5', save_format='tf')\n", "'adam'"),
        ("net.save(folder + '/net')\n", "'adam'"),
        ("net.save_weights('a.weights.h5')\n", "'adam'"),
        ("net.load_weights('a.h5')\n", "'adam'"),
        ("net.export('net')\n", "'adam'"),
        (f"{BEST}('a.weights.h5', save_weights_only=True)\n", "'adam'"),
        (f"{BEST}('a.h5', save_weights_only=flag)\n", "'adam'"),
        ("keras.optimizers.SGD(0.1, decay=0.0)\n", "'adam'"),
        ("keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=9, decay_rate=0.5)\n", "'adam'"),
    ],
)
def test_what_looks_like_it_and_is_right(body: str, optimizer: str) -> None:
    assert said(body, optimizer=optimizer) == []


def test_a_callback_sets_the_rate_of_the_model_that_it_is_given() -> None:
    body = """\
class Slower(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.optimizer.lr = 0.1 / (epoch + 1)


net.fit(x, y, callbacks=[Slower()])
"""
    assert said(body) == ["KER305"]


def test_the_fix_is_not_safe_where_any_attribute_may_be_read() -> None:
    body = "net.optimizer.lr = 0.5\nnet.fit(x, y)\n"
    for end, level in (("", "safe"), ("print(vars(net.optimizer))\n", "unsafe")):
        (found,) = check_source(HEAD.format(optimizer="keras.optimizers.Adam(0.1)") + body + end, keras="3.15.1")
        assert [fix.applicability.value for fix in found.fixes] == [level]


def test_h5_of_a_whole_model_is_refused_up_to_3_7_0() -> None:
    body = f"{BEST}('a.h5')\n"
    assert said(body, keras="3.7.0") == ["KER403"]
    assert said(body, keras="3.8.0") == []
