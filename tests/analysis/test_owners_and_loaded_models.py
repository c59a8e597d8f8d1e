"""Models that are made elsewhere: layers taken from them by name, their owners, targets zipped with names."""

from __future__ import annotations

from keraslint import check_source

LOADED = """\
import keras
old = keras.models.load_model("stage.keras")
model = keras.Model(old.input, [keras.layers.Dense(1, name="z")(old.get_layer("shared").output), {head}])
model.compile(loss={{"z": "mse", "a": "mae"}})
"""
OWNER = """\
import keras

class Desk:
    def take(self, pupil):
        self.model = pupil.build()

    def compile(self, **options):
        self.model.compile(**options)

class Pupil:
    def __init__(self, desk{default}):
        self.desk = desk
        self.desk.take(self)

    def build(self):
        page = keras.Input((20,))
        return keras.Model(page, [keras.layers.Dense(1, name="z")(page), keras.layers.Dense(1, name="a")(page)])

    def learn(self):
        self.desk.compile(optimizer="adam", loss={{"z": "mse", "a": "mae"}})
"""
ZIPPED = """\
import json
import keras
page = keras.Input((20,))
model = keras.Model(page, [keras.layers.Dense(1, name="z")(page), keras.layers.Dense(1, name="a")(page)])
model.compile(loss="mse")
model.fit(x, dict(zip({names}, json.load(open("y.json")))))
"""


def codes(text: str) -> list[str]:
    return [one.code for one in check_source(text, "a.py", "3.6.0")]


def test_a_layer_of_a_loaded_model_that_is_found_by_its_name_gives_its_output_that_name() -> None:
    assert codes(LOADED.format(head='old.get_layer("a").output')) == ["KER101"]
    assert codes(LOADED.format(head="old.get_layer(index=3).output")) == ["KER102"]


def test_an_owner_that_is_given_by_default_holds_the_model() -> None:
    assert codes(OWNER.format(default="=Desk()")) == ["KER101"]
    assert codes(OWNER.format(default="")) == ["KER102"]


def test_names_that_are_zipped_with_unknown_targets_are_keys() -> None:
    assert codes(ZIPPED.format(names='("z", "a")')) == ["KER103"]
    assert codes(ZIPPED.format(names='("a", "z")[::-1]')) == ["KER103"]
    assert codes(ZIPPED.format(names="json.load(open('n.json'))")) == []


def test_a_set_that_is_sorted_by_a_key_has_an_order_only_where_the_key_tells_all_items_apart() -> None:
    text = "import keras\npage = keras.Input((20,))\nnames = {{'b', 'a'}}\nmodel = keras.Model(page, [{outputs}])\n"
    text += "model.compile(loss={{'a': 'mse', 'b': 'mae'}})\n"
    layer = "keras.layers.Dense(1, name=n)(page) for n in "
    assert codes(text.format(outputs=layer + "sorted(names)")) == []
    assert codes(text.format(outputs=layer + "sorted(names, reverse=True)")) == ["KER101"]
    assert codes(text.format(outputs=layer + "sorted(names, key=len)")) == ["KER102"]
