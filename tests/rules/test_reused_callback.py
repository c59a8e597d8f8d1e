from __future__ import annotations

import pytest

from keraslint import Diagnostic, check_source

MODEL = """\
import copy
import keras


def make():
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model


stop = keras.callbacks.EarlyStopping('loss', patience=3)
first, second = make(), make()
"""
FIT = ".fit(x, y, epochs=9, callbacks=[stop])\n"
OWN = ".fit(x, y, epochs=9, callbacks=[keras.callbacks.EarlyStopping('loss', patience=3)])\n"


def found(body: str, keras: str = "3.6.0") -> list[Diagnostic]:
    return check_source(MODEL + body, keras=keras, select=["KER302"])


@pytest.mark.parametrize(
    ("body", "row"),
    [
        (f"first{FIT}second{FIT}", 14),
        (f"for train, test in folds.split(x):\n    make(){FIT}", 14),
        (f"for fold in range(3):\n    make(){FIT}", 14),
        (f"def run():\n    make(){FIT}\nrun()\nrun()\n", 14),
        (f"def run(folds):\n    for fold in folds:\n        make(){FIT}", 15),
        (f"together = [stop]\nfor fold in folds:\n    make(){FIT.replace('[stop]', 'together')}", 15),
        (f"first{FIT}if deep:\n    second{FIT}", 15),
        (f"for fold in folds:\n    model = make()\n    model{FIT}    model.load_weights('best.weights.h5')\n", 15),
        (f"for fold in folds:\n    model = make()\n    model.optimizer.learning_rate.assign(0.1)\n    model{FIT}", 16),
    ],
)
def test_what_is_found(body: str, row: int) -> None:
    (diagnostic,) = found(body)
    assert diagnostic.span.start.row == row
    assert "keeps the state of an EarlyStopping that trained another model before" in diagnostic.message
    assert diagnostic.message.endswith("; make a new EarlyStopping for each training or use keras>=3.15")
    assert found(body, "3.10.0") == []
    assert found(body, "3.14.1")


@pytest.mark.parametrize(
    "body",
    [
        f"first{OWN}second{OWN}",
        f"first{FIT}first{FIT}",
        f"for fold in folds:\n    first{FIT}",
        f"if deep:\n    first{FIT}else:\n    second{FIT}",
        f"for fold in folds:\n    stop = keras.callbacks.EarlyStopping('loss', patience=3)\n    make(){FIT}",
        f"for fold in folds:\n    make(){FIT}    break\n",
        f"for fold in folds:\n    make(){FIT.replace('epochs=9', 'epochs=3')}",
        f"for fold in folds:\n    make(){FIT.replace('epochs=9', 'epochs=args.epochs')}",
        f"first{FIT}second.fit(x, y, callbacks=[stop])\n",
        f"first{FIT}stop = keras.callbacks.EarlyStopping('loss', patience=3)\nsecond{FIT}",
        f"def run():\n    stop = keras.callbacks.EarlyStopping('loss', patience=3)\n    make(){FIT}\nrun()\nrun()\n",
        f"for fold in folds:\n    make(){FIT.replace('[stop]', '[copy.deepcopy(stop)]')}",
        f"first{FIT}stop.best = float('inf')\nsecond{FIT}",
        f"first{FIT}vars(stop).update(best=None)\nsecond{FIT}",
        f"first{FIT}state = vars(stop)\nstate['best'] = None\nsecond{FIT}",
        f"first{FIT}keras.callbacks.EarlyStopping.__init__(stop, 'loss', patience=3)\nsecond{FIT}",
        f"first{FIT}object.__setattr__(stop, 'best', None)\nsecond{FIT}",
        f"first{FIT}for name in names:\n    setattr(stop, name, None)\nsecond{FIT}",
        f"first{FIT}second.set_weights(first.get_weights())\nsecond{FIT}",
        f"first{FIT}second.load_weights('best.weights.h5')\nsecond{FIT}",
        f"first{FIT}for a, b in zip(first.layers, second.layers):\n    b.set_weights(a.get_weights())\nsecond{FIT}",
        f"first{FIT}for a, b in zip(first.weights, second.weights):\n    b.assign(a)\nsecond{FIT}",
        f"first{FIT}whole = keras.Sequential([keras.Input((8,)), *first.layers])\nwhole.compile('sgd')\nwhole{FIT}",
        f"first{FIT}again = keras.Model(first.input, first.output)\nagain.compile('sgd', 'mse')\nagain{FIT}",
        f"first{FIT}restore(second)\nsecond{FIT}",
        f"first{FIT}stop.on_train_begin()\nsecond{FIT}",
        f"for fold in folds:\n    if fold:\n        stop = keras.callbacks.EarlyStopping()\n    make(){FIT}",
        f"stop = keras.callbacks.CSVLogger('log.csv')\nfirst{FIT}second{FIT}",
        f"first{FIT}second.fit(x, y, epochs=9)\n",
        f"first{FIT}second.evaluate(x, y, callbacks=[stop])\n",
        f"stop = keras.callbacks.ModelCheckpoint('best.keras', save_best_only=True)\nfirst{FIT}second{FIT}",
    ],
)
def test_what_looks_wrong_and_is_right(body: str) -> None:
    assert found(body) == []


def test_a_plateau_is_kept_on_its_own_releases() -> None:
    body = f"stop = keras.callbacks.ReduceLROnPlateau('loss', patience=2)\nfirst{FIT}second{FIT}"
    (diagnostic,) = found(body, "3.14.1")
    assert "the state of a ReduceLROnPlateau" in diagnostic.message
    assert found(body, "3.6.0") == found(body, "3.15.1") == []
