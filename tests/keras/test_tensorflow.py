"""Pipelines of the real tf.data, on TensorFlow 2.18 with Keras 3.6.0: which target reaches which output.

Every target of "z" is 1 and every one of "a" is 2; each output's loss notes what it is called with.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from keraslint import check_source

from ..cache import environment
from . import records

pytestmark = pytest.mark.real_keras

KERAS, TENSORFLOW = "3.6.0", "2.18"
REQUIREMENTS = (  # the smaller one where there is a wheel of it
    f"tensorflow-cpu=={TENSORFLOW}.*; sys_platform == 'linux' and platform_machine == 'x86_64'",
    f"tensorflow=={TENSORFLOW}.*; sys_platform != 'linux' or platform_machine != 'x86_64'",
    f"keras=={KERAS}",
)

HEAD = """\
import collections
import keras
import numpy as np
import tensorflow as tf

Data = tf.data.Dataset
spec = tf.TensorSpec((1,), tf.float32)
n = 4
x, z, a = np.ones((n, 3), "float32"), np.ones((n, 1), "float32"), np.full((n, 1), 2.0, "float32")
ones, twos = [1.0], [2.0]
three = tf.TensorSpec((3,), tf.float32)

def named(x, z, a):
    return x, {"z": z, "a": a}

def listed(x, z, a):
    return [x, [z, a]]

def weighted(x, z, a):
    return x, {"z": z, "a": a}, None

def named_pairs():
    for _ in range(n):
        yield [1.0, 1.0, 1.0], {"z": ones, "a": twos}

class Source:
    def __init__(self, count):
        self.count = count

    def __call__(self):
        for _ in range(self.count):
            yield [1.0, 1.0, 1.0], (ones, twos)

def each_named(data):
    return data.map(named)

heard = {}

def hears(name):
    def loss(y, prediction):
        heard.setdefault(name, []).append(float(keras.ops.mean(y)))
        return keras.ops.mean(prediction)
    return loss

inputs = keras.Input((3,))
model = keras.Model(inputs, [keras.layers.Dense(1, name="z")(inputs), keras.layers.Dense(1, name="a")(inputs)])
model.compile("sgd", loss=[hears("z"), hears("a")], run_eagerly=True)
"""
THREE = "Data.from_tensor_slices((x, z, a))"
FORMS = (
    'Data.from_tensor_slices((x, {"z": z, "a": a}))',
    'Data.from_tensors((x, {"z": z, "a": a})).unbatch()',
    "Data.from_tensor_slices((x, collections.OrderedDict(z=z, a=a)))",
    "Data.from_tensor_slices((x, (z, a)))",
    'Data.from_tensor_slices({"x": x, "z": z, "a": a}).map(lambda row: (row["x"], {"z": row["z"], "a": row["a"]}))',
    f"{THREE}.map(named)",
    f"{THREE}.map(listed)",
    f"{THREE}.map(weighted)",
    f"{THREE}.map(lambda x, z, a: [x, (z, a)])",
    f'{THREE}.map(lambda x, z, a: [x, {{"z": z, "a": a}}])',
    f"{THREE}.apply(each_named)",
    f"{THREE}.enumerate().map(lambda number, row: named(*row)).take_while(lambda x, y: True)",
    f"{THREE}.map(named).map(lambda x, y: (x, (y['z'], y['a'])))",
    f"{THREE}.map(named).concatenate({THREE}.map(named))",
    f"Data.range(2).interleave(lambda number: {THREE}.map(named))",
    f"Data.sample_from_datasets([{THREE}.map(named), {THREE}.map(named)])",
    f"keras.utils.split_dataset({THREE}.map(named), left_size=0.5)[0]",
    'Data.zip((Data.from_tensor_slices(x), {"z": Data.from_tensor_slices(z), "a": Data.from_tensor_slices(a)}))',
    "Data.zip(Data.from_tensor_slices(x), Data.zip((Data.from_tensor_slices(z), Data.from_tensor_slices(a))))",
    'Data.from_generator(named_pairs, output_signature=(three, {"z": spec, "a": spec}))',
    "Data.from_generator(named_pairs, (tf.float32, {'z': tf.float32, 'a': tf.float32}), ((3,), {'z': 1, 'a': 1}))",
    "Data.from_generator(Source(n), output_signature=(three, (spec, spec)))",
)


def program(form: str) -> str:
    return f"{HEAD}data = {form}\nmodel.fit(data.batch(2), epochs=1, verbose=0)\n"


RUNNER = """\
import json, sys
told = []
for text in json.load(sys.stdin):
    names = {"__name__": "__main__"}
    try:
        exec(text, names)
        told.append({name: sorted(set(values)) for name, values in names["heard"].items()})
    except Exception as error:
        told.append(type(error).__name__)
print("TOLD" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, object]:
    """By form, what the loss of each output was called with, or the error: recorded, or seen on TensorFlow."""
    texts = json.dumps([program(form) for form in FORMS])
    key = records.key("\0".join([RUNNER, texts, *REQUIREMENTS]))
    release = f"{KERAS}-tensorflow-{TENSORFLOW}"
    found = records.answers("tensorflow", release, {key: texts}, lambda all_texts: [seen(one) for one in all_texts])
    return dict(zip(FORMS, found[key], strict=True))


def seen(texts: str) -> Any:
    """What TensorFlow does with the programs, all of them in one process."""
    python = environment("tensorflow", *REQUIREMENTS)
    known = {**os.environ, "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": ""}
    known.pop("PYTHONPATH", None)
    done = subprocess.run(
        [str(python), "-c", RUNNER], input=texts, capture_output=True, text=True, check=False, env=known
    )
    (line,) = [row for row in done.stdout.splitlines() if row.startswith("TOLD")] or [done.stderr]
    return json.loads(line.removeprefix("TOLD"))


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_the_targets_go_where_the_linter_says(told: dict[str, object], form: str) -> None:
    said = [one.code for one in check_source(program(form), keras=KERAS)]
    exchanged = told[form] == {"z": [2.0], "a": [1.0]}
    assert said == (["KER103"] if exchanged else []), told[form]
