"""Functions that keep their results give the same object again, or make one anew where a path did not call them."""

from __future__ import annotations

import pytest

from keraslint.analysis import analyze
from keraslint.document import Document

HEAD = """\
import functools, keras, outside

@functools.lru_cache
def names():
    return ["b", "a"]

"""
MODEL = """
inputs = keras.Input((4,))
model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in names()])
model.compile("sgd", loss={"a": "mse", "b": "mae"})
"""
PERHAPS = {
    "raised before": (
        "try:\n    if outside.flag():\n        raise ValueError\n    names().reverse()\nexcept ValueError:\n    pass\n"
    ),
    "a branch": "if outside.flag():\n    names().reverse()\n",
    "two branches of three": (
        "if outside.flag():\n    names().reverse()\nelif outside.other():\n    names()\nelse:\n    names().reverse()\n"
    ),
}


def order(before: str) -> tuple[str | None, ...] | None:
    (call,) = analyze(Document("main.py", HEAD + before + MODEL)).compiles
    return call.model.outputs and call.model.outputs.names


@pytest.mark.parametrize("before", PERHAPS.values(), ids=PERHAPS)
def test_a_list_that_only_some_paths_changed(before: str) -> None:
    assert order(before) is None


def test_a_list_that_each_path_changed() -> None:
    assert order("names().reverse()\n") == ("a", "b")
    assert order("if outside.flag():\n    names().reverse()\nelse:\n    names().reverse()\n") in (("a", "b"), None)
