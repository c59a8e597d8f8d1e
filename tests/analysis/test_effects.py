"""Code that runs where it is not written: each example of ``docs/effects.md``, run by Python and by the interpreter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .differential.check import check
from .differential.comparison import describe
from .differential.run import Runner

PAGE = Path(__file__).parents[2] / "docs" / "effects.md"
PROGRAM = """\
import asyncio, atexit, code, collections, cProfile, contextlib, contextvars, copy, functools, json, logging
import math, operator, os, pickle, re, runpy, threading, timeit, types, typing, warnings, weakref
from concurrent import futures
import keras
import outside

ORDER = ["b", "a"]


def act(*args, **more):
    ORDER.reverse()
    return True


def words(*args):
    act()
    return "x"


def number(*args):
    act()
    return 1


def same(*args):
    return args[0]


def things(*args):
    act()
    return iter([1])


try:
    %s
except KeyError:
    pass
inputs = keras.Input((3,))
model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in ORDER])
model.compile("sgd", loss={"b": "mse", "a": "mae"})
"""


def examples() -> Iterator[tuple[str, str]]:
    """The name and the code of each row with an example."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        row = re.fullmatch(r"\| (.+?) \| (`.+`) \|", line)
        if row:
            yield row[1], "\n".join(part.strip()[1:-1] for part in row[2].split("<br>")).replace("\\|", "|")


EXAMPLES = dict(examples())


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as started:
        yield started


def program(code: str) -> dict[str, str]:
    """The files of a program in which the code of an example runs before a model is made."""
    return {"main.py": PROGRAM % code.replace("\n", "\n    ")}


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 100


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_said_of_an_example_is_what_happens(name: str, runner: Runner) -> None:
    files = program(EXAMPLES[name])
    assert [describe(files["main.py"], one) for one in check(files, runner)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_compiles_its_model(name: str, runner: Runner) -> None:
    reports = runner.run(program(EXAMPLES[name]))
    assert reports
    assert all(report["records"] for report in reports), [report["end"] for report in reports]


def test_a_function_that_changes_nothing_outside_costs_no_knowledge(runner: Runner) -> None:
    text = program("outside.use(lambda: sorted(ORDER), lambda x: [x], len)")["main.py"]
    wrong = text.replace('ORDER = ["b", "a"]', 'ORDER = ["a", "b"]', 1)
    assert not check({"main.py": text}, runner)
    from keraslint import check_source

    assert [one.code for one in check_source(text, "main.py", "3.6.0")] == ["KER101"]
    assert not check_source(wrong, "main.py", "3.6.0")


MODEL = """\
import atexit, builtins, collections, contextlib, threading, weakref
import keras
x = y = None
inputs = keras.Input((3,))
outputs = [keras.layers.Dense(1, name=name)(inputs) for name in ("b", "a")]
model = keras.Model(inputs, outputs)
D = {"b": "mse", "a": "mae"}


def again(*args):
    model.compile("sgd", ["mse", "mae"])


class Again:
    pass


"""
AGAIN = {
    "a callback of a stack": "with contextlib.ExitStack() as s:\n    s.callback(again)\n    model.compile('sgd', D)",
    "a method that a stack calls": (
        "with contextlib.ExitStack() as s:\n    s.callback(model.compile, 'sgd', ['mse', 'mae'])\n"
        "    model.compile('sgd', D)"
    ),
    "a lambda that a stack calls": (
        "with contextlib.ExitStack() as s:\n    s.callback(lambda: model.compile('sgd', ['mse', 'mae']))\n"
        "    model.compile('sgd', D)"
    ),
    "leaving a block": "Again.__enter__ = Again.__exit__ = again\nwith Again():\n    model.compile('sgd', D)",
    "closing": "class C:\n    close = again\nwith contextlib.closing(C()):\n    model.compile('sgd', D)",
    "a context manager": (
        "@contextlib.contextmanager\ndef c():\n    yield\n    again()\nwith c():\n    model.compile('sgd', D)"
    ),
    "the end of an object": "class C:\n    __del__ = again\nc = C()\nmodel.compile('sgd', D)\ndel c",
    "a finalizer": "c = Again()\nweakref.finalize(c, again)\nmodel.compile('sgd', D)\ndel c",
    "a thread": "model.compile('sgd', D)\nt = threading.Thread(target=again)\nt.start()\nt.join()",
    "a thread without a function": (
        "model.compile('sgd', D)\nt = threading.Thread(target=model.compile, args=('sgd', ['mse', 'mae']))\n"
        "t.start()\nt.join()"
    ),
    "set_model": (
        "class C(keras.callbacks.Callback):\n    def set_model(self, model):\n        super().set_model(model)\n"
        "        again()\nmodel.compile('sgd', D)\nC().set_model(model)"
    ),
}
"""Ways in which the model is compiled by place after it was compiled by name, before it is trained."""


def codes(text: str) -> list[str]:
    from keraslint import check_source

    return [one.code for one in check_source(text, "main.py", "3.6.0")]


@pytest.mark.parametrize("form", AGAIN)
def test_a_call_that_may_be_replaced_where_it_is_not_seen_is_no_finding(form: str) -> None:
    assert "KER101" not in codes(MODEL + AGAIN[form] + "\nmodel.fit(x, y)\n")


@pytest.mark.parametrize("form", AGAIN)
def test_it_is_one_if_the_model_is_trained_before(form: str) -> None:
    assert "KER101" in codes(MODEL + "model.compile('sgd', D)\nmodel.fit(x, y)\n" + AGAIN[form].replace(", D)", ")"))


def test_a_function_that_summary_calls_may_change_the_outputs() -> None:
    text = MODEL + "%s\nother = keras.Model(inputs, outputs)\nother.compile('sgd', D)\n"
    assert "KER101" in codes(text % "model.summary()")
    assert "KER101" not in codes(text % "model.summary(print_fn=lambda *args, **more: outputs.reverse())")


@pytest.mark.parametrize(
    "code",
    [
        "builtins.dict = collections.OrderedDict",
        "__builtins__.sorted = list",
        "__builtins__['zip'] = map",
        "setattr(builtins, 'list', tuple)",
        "vars(builtins)['reversed'] = list",
        "builtins.__dict__.update(dict=collections.OrderedDict)",
    ],
)
def test_a_built_in_function_that_is_replaced_ends_the_check(code: str) -> None:
    assert codes(MODEL + f"{code}\nmodel.compile('sgd', D)\n") == ["KER003"]


def test_printing_otherwise_ends_nothing() -> None:
    assert codes(MODEL + "builtins.print = lambda *args: None\nmodel.compile('sgd', D)\nmodel.fit(x, y)\n") == [
        "KER101"
    ]
