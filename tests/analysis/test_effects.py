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
import asyncio, atexit, collections, contextlib, contextvars, copy, functools, json, operator, os, re, threading
import timeit, types, typing, warnings, weakref
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
            yield row[1], "\n".join(part.strip()[1:-1] for part in row[2].split("<br>"))


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
