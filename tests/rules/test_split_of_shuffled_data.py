"""Training and validation data that are taken from different orders of one dataset (KER316)."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import keras
import tensorflow as tf

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((x, y))
other = tf.data.Dataset.from_tensor_slices((x_val, y_val))

"""
KEPT = "reshuffle_each_iteration=False"
FIT = "model.fit(train, epochs=5, validation_data=val)\n"


def found(body: str, keras: str = ">=3") -> list[str]:
    return [one.code for one in check_source(HEAD + body, keras=keras) if one.code == "KER316"]


@pytest.mark.parametrize(
    "body",
    [
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, seed=1)\nval = data.take(n).batch(8)\ntrain = data.skip(n).cache().batch(8)\n" + FIT,
        "data = data.shuffle(100, reshuffle_each_iteration=True).batch(8)\n"
        "n = len(data) // 5\nval = data.take(n)\ntrain = data.skip(n).shuffle(9).repeat().prefetch(2)\n" + FIT,
        "data = data.shuffle(100).map(lambda x, y: (x / 255, y))\ntrain, rest = data.take(80), data.skip(80)\n"
        "val, test = rest.take(10), rest.skip(10)\n" + FIT,
        "data = data.shuffle(100)\ntrain, rest = data.take(80), data.skip(80)\n"
        "val, train = rest.take(10), rest.skip(10)\n" + FIT,
        "def split(data, n, size):\n    data = data.shuffle(size, seed=12)\n    return data.take(n), data.skip(n)\n\n"
        "train, val = split(data, 80, 100)\n" + FIT,
        "data = data.shuffle(100)\nfor rate in (0.1, 0.01):\n    train, val = data.take(80), data.skip(80)\n    " + FIT,
        "data = data.shuffle(100)\nmodel.fit(x=data.take(count=80), validation_data=data.skip(count=80))\n",
    ],
)
def test_parts_of_different_orders(body: str) -> None:
    assert found(body) == ["KER316"]
    assert found(body, keras="<3") == []


@pytest.mark.parametrize(
    "body",
    [
        "data = data.shuffle(100, reshuffle_each_iteration=False)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, None, False)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, reshuffle_each_iteration=again)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, **options)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(1)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100).cache()\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100).snapshot(path)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "train, val = data.take(80).shuffle(80), data.skip(80)\n" + FIT,
        "train, val = data.shuffle(100).take(80), other.shuffle(100).skip(80)\n" + FIT,
        "def shuffled(data):\n    return data.shuffle(100)\n\n"
        "train, val = shuffled(data).take(80), shuffled(other).skip(80)\n" + FIT,
        "def shuffled():\n    return data.shuffle(100, seed=1)\n\n"
        "train, val = shuffled().take(80), shuffled().skip(80)\n"
        "model.fit(train, validation_data=val)\n",
        "data = data.shuffle(100)\ntrain, val = data.take(80), other.take(20)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.take(20)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data, data.take(20)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.skip(60)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.skip(80)\nmodel.fit(train, epochs=5)\n",
        "data = data.shuffle(100)\ntrain, val = keras.utils.split_dataset(data, 0.8)\n" + FIT,
        "data = unseen(data.shuffle(100))\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.apply(own).shuffle(100) if fast else data\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
    ],
)
def test_parts_that_may_be_of_one_order(body: str) -> None:
    assert found(body) == []


def test_in_a_function_there_is_no_fix() -> None:
    split = "def split():\n    parts = data.shuffle(100)\n    return parts.take(80), parts.skip(80)\n\n"
    program = HEAD + split + "train, val = split()\n" + FIT
    (one,) = [one for one in check_source(program, keras="3.15.1") if one.code == "KER316"]
    assert one.fixes == ()


READ = "keras.utils.image_dataset_from_directory"
SPLIT = "train, val = data.take(8), data.skip(8)\n"


@pytest.mark.parametrize(
    ("body", "instead"),
    [
        (f'data = {READ}("images")\n{SPLIT}{FIT}', "subset and seed"),
        (f'data = tf.keras.utils.image_dataset_from_directory("images", seed=1)\n{SPLIT}{FIT}', "subset and seed"),
        (f'data = keras.utils.text_dataset_from_directory("texts", shuffle=True)\n{SPLIT}{FIT}', "subset and seed"),
        (f'data = keras.utils.audio_dataset_from_directory("words", "inferred")\n{SPLIT}{FIT}', "subset and seed"),
        (
            f'data = {READ}("images", subset="training", validation_split=0.2, seed=1)\n'
            f"train, val = data.skip(8).map(scaled), data.take(8).prefetch(2)\n{FIT}",
            "subset and seed",
        ),
        (
            "def parts(data, share):\n    n = int(len(data) * share)\n    return data.take(n), data.skip(n)\n\n"
            f'train, val = parts({READ}("images", image_size=(9, 9)), 0.8)\n{FIT}',
            "subset and seed",
        ),
        (f'data = tf.data.Dataset.list_files("*.txt").map(read)\n{SPLIT}{FIT}', KEPT),
        (f'data = tf.data.Dataset.list_files("*.txt", None, 7)\n{SPLIT}{FIT}', KEPT),
        (f'data = tf.data.Dataset.list_files("*.txt", shuffle=True)\n{SPLIT}{FIT}', KEPT),
    ],
)
def test_parts_of_files_that_are_shuffled_by_themselves(body: str, instead: str) -> None:
    (one,) = [one for one in check_source(HEAD + body, keras=">=3") if one.code == "KER316"]
    assert one.message.endswith(instead)
    assert one.fixes == ()


@pytest.mark.parametrize(
    "body",
    [
        f'data = {READ}("images", shuffle=False)\n{SPLIT}',
        f'data = {READ}("images", shuffle=shuffling)\n{SPLIT}',
        f'data = {READ}("images", **options)\n{SPLIT}',
        f'data = {READ}("images", "inferred", "int", None, "rgb", 8, (9, 9), False)\n{SPLIT}',
        f'data = {READ}("images", format="grain")\n{SPLIT}',
        f'data = {READ}("images").cache()\n{SPLIT}',
        f'data = {READ}("images", batch_size=None)\ndata = tf.data.Dataset.from_tensors(list(data))\n{SPLIT}',
        f'train, val = {READ}("images", subset="both", validation_split=0.2, seed=1)\n'
        "train, val = train.take(8), val.skip(8)\n",
        f'train, val = keras.utils.split_dataset({READ}("images"), 0.8)\ntrain, val = train.take(8), val.skip(8)\n',
        f'train, val = {READ}("images").take(8), {READ}("others").skip(8)\n',
        f"def read(folder):\n    return {READ}(folder)\n\n"
        'train, val = read("images").take(8), read("others").skip(8)\n',
        f"def read(part):\n    return {READ}('images', subset=part, validation_split=0.2, seed=1)\n\n"
        'train, val = read("training").take(8), read("validation").skip(8)\n',
        f'def read():\n    return {READ}("images", seed=1)\n\ntrain, val = read().take(8), read().skip(8)\n',
        f'data = {READ}("images")\ntrain, val = data.take(8), data.take(4)\n',
        f'data = {READ}("images")\ntrain, val = other, data.skip(8)\n',
        f'rest = {READ}("images")\nval, test = rest.take(8), rest.skip(8)\ntrain = data\n',
        f'data = tf.data.Dataset.list_files("*.txt", shuffle=False)\n{SPLIT}',
        f'data = tf.data.Dataset.list_files("*.txt", False)\n{SPLIT}',
        f'data = tf.data.Dataset.list_files("*.txt", shuffle=shuffling)\n{SPLIT}',
        f'data = tf.data.Dataset.list_files("*.txt", shuffle=False).shuffle(9, {KEPT})\n{SPLIT}',
        f'data = tf.data.Dataset.list_files("*.txt").interleave(read, 4)\n{SPLIT}',
        f"data = keras.utils.timeseries_dataset_from_array(x, y, 5)\n{SPLIT}",
    ],
)
def test_parts_of_files_that_have_nothing_in_common(body: str) -> None:
    assert found(body + FIT) == []


SUBSETS = f"""\
train = {READ}("images", validation_split=0.2, subset="training", seed=1)
val = {READ}("images", validation_split=0.2, subset="validation", seed=1)
"""


def changed(*changes: tuple[str, str], text: str = SUBSETS) -> str:
    """The text with the first place of each change in it changed."""
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


OTHER = ('"validation", seed=1', '"validation", seed=2')
SORTED = ('"validation", seed=1', '"validation", seed=1, shuffle=False')


@pytest.mark.parametrize(
    "body",
    [
        changed(OTHER) + FIT,
        changed(SORTED) + FIT,
        changed(('"training", seed=1', '"training", seed=1, shuffle=False')) + FIT,
        changed(OTHER) + "train, val = train.cache().shuffle(9).prefetch(2), val.cache().prefetch(2)\n" + FIT,
        changed(OTHER) + "train = train.map(lambda x, y: (flipped(x), y))\n" + FIT,
        changed(OTHER, ('"training", seed=1', '"training", seed=1, batch_size=9, image_size=(9, 9)')) + FIT,
        "def read(part, seed):\n"
        f"    return {READ}(folder, validation_split=0.2, subset=part, seed=seed)\n\n"
        'train, val = read("training", 1), read("validation", 2)\n' + FIT,
        changed(OTHER) + "model.fit(val, validation_data=train)\n",
    ],
)
def test_subsets_of_different_orders(body: str) -> None:
    (one,) = [one for one in check_source(HEAD + body, keras=">=3") if one.code == "KER316"]
    assert one.message.endswith("different orders of the folder; pass the same seed and shuffle")
    assert one.fixes == ()


@pytest.mark.parametrize(
    "body",
    [
        SUBSETS,
        changed(("seed=1", "seed=seed"), ("seed=1", "seed=seed")),
        changed(("seed=1", "seed=seed")),
        changed(("seed=1", "**more")),
        changed(("seed=1", "shuffle=False"), ("seed=1", "shuffle=False")),
        changed(('"training", seed=1', '"training", seed=2, shuffle=False'), SORTED),
        changed(SORTED, ("shuffle=False", "shuffle=shuffled")),
        changed(OTHER, ('"images"', '"others"')),
        changed(OTHER, ("0.2", "0.3")),
        changed(OTHER, ("seed=1", 'seed=1, class_names=["a", "b"]')),
        changed(OTHER, ('"training"', '"validation"')),
        changed(OTHER, ('subset="training"', 'subset="both"')) + "train, _ = train\n",
        changed(OTHER, ("validation_split=0.2, ", ""), ('subset="training", ', "")),
        changed(OTHER) + "val = val.take(2)\n",
        changed(OTHER) + "train = train.filter(unlike)\n",
        changed(OTHER) + "val = other\n",
        changed(OTHER) + "train, val = unseen(train), val\n",
    ],
)
def test_subsets_of_one_order_or_in_doubt(body: str) -> None:
    assert found(body + FIT) == []
