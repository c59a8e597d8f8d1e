"""KER316: training and validation data are parts of one dataset, which is shuffled anew for each of them."""

from __future__ import annotations

import ast

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.diagnostic import Fix
from keraslint.document import Document
from keraslint.fixes.one_argument import runs_once, with_keyword
from keraslint.rules.base import Example
from keraslint.rules.shared.wrong_uses import WrongUse, one_edit
from keraslint.rules.templates import UseRule
from keraslint.syntax import called_name

_PROGRAM = """\
import keras
import tensorflow as tf

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000)
training, validation = data.take(800).batch(32), data.skip(800).batch(32)
model.fit(training, epochs=10, validation_data=validation)
"""
_KEPT = "reshuffle_each_iteration=False"
_FOLDER = _PROGRAM.replace(
    "tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000)", 'keras.utils.image_dataset_from_directory("images")'
)
# By the name of what shuffles: the entry, what is shuffled, and what to write instead.
_WORDS = {
    "list_files": ("split_of_shuffled_files", "list_files shuffles", f"pass shuffle=False, then shuffle with {_KEPT}"),
    "from_directory": (
        "split_of_shuffled_folder",
        "Keras shuffles the folder",
        "split by validation_split, subset and seed",
    ),
}


class SplitOfShuffledData(UseRule):
    """**What it does.** Finds a `tf.data.Dataset` that is shuffled and then split by `take` and `skip` into training
    and validation data. `image_dataset_from_directory` and its like, and `list_files`, shuffle by themselves. Also
    finds two subsets of a folder (`subset="training"` and `"validation"`) that have another `seed` or `shuffle`.

    **Why is this bad?** `shuffle` draws a new order each time that the dataset is iterated over: for the training data,
    for the validation data, and again in each epoch. What `take` leaves out of one order is not what `skip` leaves out
    of another one, so the model is validated on elements that it was trained on, and the figures look too good. Nothing
    says so.

    It fires only where the dataset, both parts and the training call are seen, both parts end at the same number, and
    nothing between keeps the order (`cache` before the split, `reshuffle_each_iteration=False`).

    **Use instead.** `shuffle(..., reshuffle_each_iteration=False)`; shuffle the training data again after the split,
    if each epoch is to have an order of its own. For a folder the arguments `validation_split`, `subset` and `seed`.

    **Fix safety.** The fix passes `reshuffle_each_iteration=False`. It is unsafe: each epoch then has the same order.
    There is none for folders and files, and none inside a function, which may shuffle again each time it is called.
    """

    code = "KER316"
    name = "split-of-shuffled-data"
    summary = "validation data overlaps with training data, as each is taken from another order of one dataset"
    triggers = frozenset({Trigger.SPLIT_DATA})
    measured = (
        "known-bad: split_of_shuffled_data",
        "known-bad: split_of_shuffled_folder",
        "known-bad: split_of_shuffled_files",
        "known-bad: subsets_of_different_orders",
    )
    examples = (
        Example(
            "take and skip after shuffle",
            _PROGRAM,
            keras="3.15.1",
            finds=True,
            fixed=_PROGRAM.replace("(1000)", f"(1000, {_KEPT})"),
        ),
        Example("The order is kept", _PROGRAM.replace("(1000)", f"(1000, {_KEPT})"), keras="3.15.1", finds=False),
        Example("A folder of images, shuffled by Keras", _FOLDER, keras="3.15.1", finds=True),
        Example(
            "A folder that is not shuffled",
            _FOLDER.replace('("images")', '("images", shuffle=False)'),
            keras="3.15.1",
            finds=False,
        ),
        Example(
            "Shuffled after the split",
            _PROGRAM.replace(".shuffle(1000)", "").replace("take(800)", "take(800).shuffle(800)"),
            keras="3.15.1",
            finds=False,
        ),
    )

    def find_use(self, document: Document, _facts: ModuleFacts, use: KerasUse) -> WrongUse | None:
        """A training call with two such parts, reported where the data is shuffled if that is in the same file."""
        if use.how != "split" or not isinstance(use.node, ast.Call):
            return None
        what = "the model on elements that it trains on"
        if dict(use.known).get(0) == "subset":
            why, instead = "the subsets are taken from different orders of the folder", "pass the same seed and shuffle"
            return WrongUse("subsets_of_different_orders", use.node, "validate", what, why, instead)
        by = use.path.rpartition(".")[2]
        key = "from_directory" if by.endswith("from_directory") else by
        entry, shuffles, instead = _WORDS.get(
            key, ("split_of_shuffled_data", "the dataset is shuffled", f"pass {_KEPT}")
        )
        what, why = (
            "the model on elements that it trains on",
            f"{shuffles} anew for take and for skip",
        )
        return WrongUse(entry, use.node, "validate", what, why, instead, self._fix(document, use.node))

    def _fix(self, document: Document, shuffling: ast.Call) -> tuple[Fix, ...]:
        if called_name(shuffling) != "shuffle" or not runs_once(document, shuffling):
            return ()
        edit = with_keyword(document, shuffling, "reshuffle_each_iteration", "False", before=2)
        return one_edit(f"Pass {_KEPT}", edit, unsafe="each epoch then has the same order")
