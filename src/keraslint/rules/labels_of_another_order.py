"""KER317: predictions are compared with labels that were read from the same data in another order."""

from __future__ import annotations

import ast

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.document import Document
from keraslint.rules.base import Example
from keraslint.rules.shared.paired_labels import compared_with_labels
from keraslint.rules.shared.wrong_uses import WrongUse
from keraslint.rules.templates import UseRule

_PROGRAM = """\
import keras
import numpy as np
from sklearn.metrics import accuracy_score

model = keras.Sequential([keras.Input((64, 64, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
data = keras.utils.image_dataset_from_directory("images", image_size=(64, 64))
model.fit(data)
"""
_BESIDE = """\
predicted = np.argmax(model.predict(data), axis=1)
labels = np.concatenate([y for x, y in data])
print(accuracy_score(labels, predicted))
"""
_GENERATOR = """\
import numpy as np
from sklearn.metrics import confusion_matrix
from tensorflow import keras
from tensorflow.keras.preprocessing.image import ImageDataGenerator

model = keras.Sequential([keras.Input((64, 64, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")])
model.compile("adam", "categorical_crossentropy")
images = ImageDataGenerator(rescale=1 / 255).flow_from_directory("images", target_size=(64, 64))
model.fit(images)
"""
_CLASSES = """\
predicted = model.predict(images).argmax(axis=1)
print(confusion_matrix(images.classes, predicted))
"""
_TOGETHER = """\
labels, predicted = [], []
for x, y in data:
    labels.extend(y)
    predicted.extend(np.argmax(model.predict(x), axis=1))
print(accuracy_score(labels, predicted))
"""


class LabelsOfAnotherOrder(UseRule):
    """**What it does.** Finds predictions for a shuffled `tf.data.Dataset` that are compared with labels which the
    program reads from the dataset by itself. `image_dataset_from_directory` and its like shuffle unless they are told
    not to. So does `flow_from_directory` of an `ImageDataGenerator`, whose `classes` are compared with predictions.

    **Why is this bad?** The dataset draws a new order each time that it is iterated over: one for `predict`, and
    another one for the labels. Each prediction is compared with the label of another element, so that a model that is
    always right seems to guess. Nothing says so, and `evaluate` gives the true figures.

    It fires only where the dataset is seen to be shuffled, and where labels and predictions come, in the same block, to
    a comparison, a subtraction, `zip`, or a function such as `confusion_matrix`.

    **Use instead.** Labels and predictions of each batch in one loop, or `shuffle=False` for data that is not trained
    on.

    **Fix safety.** There is no fix.
    """

    code = "KER317"
    name = "labels-of-another-order"
    summary = "predictions for shuffled data are compared with labels in another order"
    triggers = frozenset({Trigger.PREDICTED_DATA})
    measured = ("known-bad: labels_of_another_order", "known-bad: classes_of_another_order")
    examples = (
        Example("Labels that are read besides", _PROGRAM + _BESIDE, keras="3.15.1", finds=True),
        Example("The classes of a generator", _GENERATOR + _CLASSES, keras="3.15.1", finds=True),
        Example("Both in one loop", _PROGRAM + _TOGETHER, keras="3.15.1", finds=False),
        Example(
            "A folder that is not shuffled",
            _PROGRAM.replace('images", ', 'images", shuffle=False, ') + _BESIDE,
            keras="3.15.1",
            finds=False,
        ),
    )

    def find_use(self, document: Document, _facts: ModuleFacts, use: KerasUse) -> WrongUse | None:
        """The comparison of what is predicted for shuffled data with labels that are read from it."""
        if use.how != "predicted" or not isinstance(use.node, ast.Call):
            return None
        by_name = dict(use.known).get(0) == "classes"
        compared = compared_with_labels(document.tree, use.node, by_name=by_name)
        if compared is None or (by_name and _sets_shuffle(document)):
            return None
        what = "in another order than that of the labels"
        if by_name:
            why, instead = "the images are shuffled, and their classes are not", "read them with shuffle=False"
            return WrongUse("classes_of_another_order", compared, "predict", what, why, instead)
        why = "the data is shuffled anew for predict and for the labels"
        instead = "read both in one loop over the batches"
        return WrongUse("labels_of_another_order", compared, "predict", what, why, instead)


def _sets_shuffle(document: Document) -> bool:
    """Return True if a program sets an attribute ``shuffle`` of anything."""
    attributes = (node for node in ast.walk(document.tree) if isinstance(node, ast.Attribute))
    return any(node.attr == "shuffle" and isinstance(node.ctx, ast.Store) for node in attributes)
