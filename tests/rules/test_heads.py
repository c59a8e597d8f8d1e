"""The rules about the last layers of a model and its loss."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEADS = ["KER311", "KER312", "KER313", "KER314", "KER315"]
START = """\
import keras
from keras import layers

inputs = keras.Input((8,))
"""


def codes(model: str, loss: str, more: str = "") -> list[str]:
    text = f'{START}model = {model}\n{more}model.compile("adam", {loss})\n'
    return [one.code for one in check_source(text, keras="3.15.1", select=HEADS)]


def ended(*layers: str) -> str:
    return f"keras.Sequential([keras.Input((8,)), {', '.join(layers)}])"


LOGITS = "keras.losses.CategoricalCrossentropy(from_logits=True)"


@pytest.mark.parametrize(
    ("model", "loss", "code"),
    [
        (ended('layers.Dense(1, activation="softmax")'), '"binary_crossentropy"', "KER311"),
        (ended('layers.Dense(1, "softmax")'), '"mse"', "KER311"),
        (ended("layers.Dense(1)", 'layers.Activation("softmax")'), '"categorical_crossentropy"', "KER311"),
        (ended('layers.Conv2D(1, 3, activation="softmax")'), '"binary_crossentropy"', "KER311"),
        (
            "keras.Model(inputs, keras.activations.softmax(layers.Dense(units=1)(inputs)))",
            "keras.losses.BinaryCrossentropy()",
            "KER311",
        ),
        (ended("layers.Dense(1)"), '"categorical_crossentropy"', "KER312"),
        (ended('layers.Dense(1, activation="sigmoid")'), "keras.losses.CategoricalCrossentropy()", "KER312"),
        (ended('layers.Dense(1, activation="sigmoid")'), '"sparse_categorical_crossentropy"', "KER312"),
        (ended("layers.Dense(1)"), LOGITS, "KER312"),
        (ended('layers.Dense(4, activation="softmax")'), LOGITS, "KER313"),
        (ended("layers.Dense(4)", "layers.Softmax()"), LOGITS, "KER313"),
        (
            ended('layers.Dense(1, activation="sigmoid")'),
            "keras.losses.BinaryCrossentropy(from_logits=True)",
            "KER313",
        ),
        (ended("layers.Dense(4)"), '"categorical_crossentropy"', "KER314"),
        (ended('layers.Dense(4, activation="linear")'), '"sparse_categorical_crossentropy"', "KER314"),
        (ended("layers.Dense(4, activation=None)", "layers.Dropout(0.1)"), '"categorical_crossentropy"', "KER314"),
        (ended('layers.Dense(4, activation="relu")'), "keras.losses.SparseCategoricalCrossentropy()", "KER314"),
        ("keras.Model(inputs, layers.Dense(4)(inputs))", "keras.losses.categorical_crossentropy", "KER314"),
        (ended('layers.Dense(4, activation="softmax")', "layers.Softmax()"), '"categorical_crossentropy"', "KER315"),
        (
            ended('keras.Sequential([layers.Dense(4, activation="softmax")])', 'layers.Activation("softmax")'),
            '"sparse_categorical_crossentropy"',
            "KER315",
        ),
    ],
)
def test_what_is_found(model: str, loss: str, code: str) -> None:
    assert codes(model, loss) == [code]


SOFTMAX = 'layers.Dense(4, activation="softmax")'
RIGHT = [
    (ended('layers.Dense(1, activation="sigmoid")'), '"binary_crossentropy"'),
    (ended("layers.Dense(1)"), "keras.losses.BinaryCrossentropy(from_logits=True)"),
    (ended("layers.Dense(1)"), '"mse"'),
    (ended("layers.Dense(1)"), '"binary_crossentropy"'),
    (ended("layers.Dense(1)"), '"hinge"'),
    (ended("layers.Dense(1)"), "lambda y, p: keras.losses.categorical_crossentropy(y, p)"),
    (ended("layers.Dense(1)"), "own_loss"),
    (ended("layers.Dense(units)"), '"categorical_crossentropy"'),
    (ended("layers.Dense(units, activation='softmax')"), '"binary_crossentropy"'),
    (ended("layers.Dense(1)", "layers.Reshape((1,))"), '"categorical_crossentropy"'),
    (ended("layers.Dense(1)", "layers.Flatten()"), '"categorical_crossentropy"'),
    (ended(SOFTMAX), '"categorical_crossentropy"'),
    (ended(SOFTMAX), '"binary_crossentropy"'),
    (ended(SOFTMAX), '"mse"'),
    (ended(SOFTMAX), "keras.losses.CategoricalCrossentropy(from_logits=False)"),
    (ended(SOFTMAX), "keras.losses.CategoricalCrossentropy(from_logits=logits)"),
    (ended(SOFTMAX), "keras.losses.CategoricalCrossentropy(label_smoothing=0.1)"),
    (ended(SOFTMAX), "keras.losses.CategoricalCrossentropy(**settings)"),
    (ended('layers.Dense(4, activation="sigmoid")'), '"categorical_crossentropy"'),
    (ended('layers.Dense(4, activation="sigmoid")'), '"binary_crossentropy"'),
    (ended("layers.Dense(4)"), LOGITS),
    (ended("layers.Dense(4)"), '"mse"'),
    (ended("layers.Dense(4)", "layers.Softmax()"), '"categorical_crossentropy"'),
    (ended("layers.Dense(4)", "layers.Lambda(own)"), '"categorical_crossentropy"'),
    (ended("layers.Dense(4)", "Own()"), '"categorical_crossentropy"'),
    (ended("layers.Dense(4, activation=own)"), '"categorical_crossentropy"'),
    (ended('layers.Dense(4, activation="exponential")'), '"categorical_crossentropy"'),
    (ended("layers.Dense(4, **settings)"), '"categorical_crossentropy"'),
    (ended(SOFTMAX, "layers.Softmax(axis=1)"), '"categorical_crossentropy"'),
    (ended('layers.Conv2D(1, 1, activation="softmax", data_format="channels_first")'), '"binary_crossentropy"'),
    ('own_model("softmax", 1)', '"categorical_crossentropy"'),
    ("keras.applications.ResNet50(weights=None)", '"categorical_crossentropy"'),
    (f"keras.Model(inputs, {SOFTMAX}(layers.Dense(4)(inputs)))", '"categorical_crossentropy"'),
    (f"keras.Model(inputs, layers.Dense(4)({SOFTMAX}(inputs)))", LOGITS),
    (f"keras.Model(inputs, layers.Softmax()(layers.Dense(4)({SOFTMAX}(inputs))))", '"categorical_crossentropy"'),
    ('keras.Model(inputs, layers.Dense(4)(layers.Dense(1, activation="softmax")(inputs)))', LOGITS),
]


@pytest.mark.parametrize(("model", "loss"), RIGHT)
def test_what_looks_wrong_and_is_right(model: str, loss: str) -> None:
    assert codes(model, loss) == []


@pytest.mark.parametrize(
    "more",
    [
        'model.layers[-1].activation = keras.activations.get("softmax")\n',
        'model.add(layers.Activation("softmax"))\n',
        "model.add(layers.Lambda(own))\n",
        "model.pop()\n",
        'model = keras.Sequential([model, layers.Dense(4, activation="softmax")])\n',
        "for layer in more:\n    model.add(layer)\n",
        'if soft:\n    model.add(layers.Activation("softmax"))\nelse:\n    model.add(layers.Activation("sigmoid"))\n',
        "model = wrapped(model)\n",
        "model.add(layers.Softmax())\n",
        "model.compute_loss = own\n",
        "class Own(keras.Sequential):\n    def train_step(self, data):\n        return {}\nmodel = Own(model.layers)\n",
        'model = keras.Model(inputs, layers.Activation("softmax")(model(inputs)))\n',
    ],
)
def test_what_is_added_later_counts(more: str) -> None:
    assert codes(ended("layers.Dense(4)"), '"categorical_crossentropy"', more) == []


def test_each_of_several_outputs_has_its_own_loss() -> None:
    model = 'keras.Model(inputs, [layers.Dense(4, name="a")(inputs), layers.Dense(1, name="b")(inputs)])'
    text = f'{START}model = {model}\nmodel.compile("adam", {{"a": "categorical_crossentropy", "b": "mse"}})\n'
    (found,) = check_source(text, keras="3.15.1", select=HEADS)
    assert found.code == "KER314"
    assert "the values of 'a' for probabilities" in found.message
    assert codes(model, f'{{"a": {LOGITS}, "b": "mse"}}') == codes(model, f'[{LOGITS}, "mse"]') == []


@pytest.mark.parametrize(
    ("setting", "count"),
    [
        ('os.environ["KERAS_BACKEND"] = "jax"\n', 1),
        ("os.environ.setdefault('KERAS_BACKEND', 'torch')\n", 1),
        ('os.environ["KERAS_BACKEND"] = "tensorflow"\n', 0),
        ("", 0),
    ],
)
def test_probabilities_as_logits_are_certain_where_tensorflow_does_not_mend_them(setting: str, count: int) -> None:
    model = f'model = {ended(SOFTMAX)}\nmodel.compile("adam", {LOGITS})\n'
    assert len(check_source(f"import os\n{setting}{START}{model}", keras="3.15.1")) == count


BEHIND_UNSEEN_CODE = "x = load()\nx = x.reshape(shape)\nhidden = layers.Dense(8)(inputs)\n"


@pytest.mark.parametrize(
    ("outputs", "loss", "code"),
    [
        ('layers.Dense(1, activation="softmax")(hidden)', '"binary_crossentropy"', "KER311"),
        ("layers.Dense(4)(hidden)", "keras.losses.CategoricalCrossentropy()", "KER314"),
        ('layers.Dense(4, activation="softmax")(hidden)', LOGITS, "KER313"),
        ('layers.Dense(4, activation="softmax")(hidden)', '"categorical_crossentropy"', None),
        ("layers.Dense(1)(hidden)", '"mse"', None),
        ("layers.Dense(4)(hidden)", "own_loss", None),
        ("load()", '"categorical_crossentropy"', None),
        ("wrap(layers.Dense(4)(hidden))", '"categorical_crossentropy"', None),
        ("layers.Dense(4)(layers.Softmax()(layers.Dense(4)(hidden)))", '"categorical_crossentropy"', None),
        ("[layers.Dense(4)(hidden), layers.Dense(4)(hidden)]", '"categorical_crossentropy"', None),
    ],
)
def test_the_name_of_a_single_output_need_not_be_known(outputs: str, loss: str, code: str | None) -> None:
    text = f'{START}{BEHIND_UNSEEN_CODE}model = keras.Model(inputs, {outputs})\nmodel.compile("adam", {loss})\n'
    found = [one.code for one in check_source(text, keras="3.15.1", select=HEADS)]
    assert found == ([] if code is None else [code])
