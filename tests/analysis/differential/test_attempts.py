"""Compile calls in blocks that something may end early, while another call is in force: what is said, and what runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from keraslint import check_source

from .check import check
from .comparison import describe
from .forms.building import BREAKS, CAUGHT
from .run import Runner
from .writer import indent

pytestmark = pytest.mark.slow

PROGRAM = """\
import asyncio, contextlib, enum, itertools, os, threading, types, warnings
from dataclasses import dataclass
import keras
x = y = None
inputs = keras.Input((3,))
model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in ("b", "a")])
%s
model.fit(x, y)
"""
BY_PLACE = 'model.compile("sgd", loss=["mse", "mae"])'
BY_NAME = 'model.compile("sgd", loss={"b": "mse", "a": "mae"})'

RAISES = {
    "key": '{"a": 1}["b"]',
    "key of the environment": 'os.environ["NO_SUCH_VARIABLE"]',
    "key of an enum": 'enum.Enum("E", "A")["B"]',
    "value of an enum": "class E(enum.Enum):\n    A = 1\nE(2)",
    "index": "(1, 2)[2]",
    "index of a text": '"ab"[2]',
    "index that is set": "[1][1] = 2",
    "item of a tuple": "(1,)[0] = 2",
    "item of a frozen dict": 'types.MappingProxyType({})["a"] = 1',
    "missing key that is deleted": 'del {}["a"]',
    "division": "1 // 0",
    "remainder": "1 % 0",
    "float": 'float("one")',
    "addition": '"a" + 1',
    "addition of types": "int + int",
    "comparison": '"a" < 1',
    "name": "no_such_name",
    "attribute of None": "thing = None\nthing.rate",
    "attribute of a text": '"a".no_such()',
    "attribute of an own class": "class C: pass\nC().no_such",
    "setting a slot": "class C:\n    __slots__ = ()\nC().a = 1",
    "setting a property": "class C:\n    @property\n    def p(self): return 1\nC().p = 2",
    "frozen dataclass": "@dataclass(frozen=True)\nclass C:\n    a: int\nC(1).a = 2",
    "missing argument": "def f(a): pass\nf()",
    "unexpected argument": "def f(a): pass\nf(1, b=2)",
    "missing argument of a class": "class C:\n    def __init__(self, a): pass\nC()",
    "missing field": "@dataclass\nclass C:\n    a: int\nC()",
    "calling a number": "(lambda: 1)()()",
    "fewer values": "a, b = (1,)",
    "more values": "a, b = 1, 2, 3",
    "values of a number": "a, b = 1",
    "loop over a number": "for i in 1: pass",
    "remove": "[1].remove(2)",
    "index of a value": "[1].index(2)",
    "index in a text": '"a".index("b")',
    "pop": "[].pop()",
    "pop of a dict": '{}.pop("a")',
    "pop of a set": "set().pop()",
    "empty iterator": "next(iter(()))",
    "empty generator": "next(i for i in [])",
    "largest of none": "max([])",
    "strict zip": "dict(zip([1, 2], [1], strict=True))",
    "missing file": 'open("no/such/file")',
    "missing module": "import no_such_module",
    "missing name of a module": "from os import no_such_name",
    "warning": 'warnings.simplefilter("error")\nwarnings.warn("x")',
    "format": '"%d" % "a"',
    "format of an f-string": "f\"{'a':d}\"",
    "assert": 'assert isinstance(1, str), "no text"',
    "raise": 'raise RuntimeError("no")',
    "raise in a loop": "for i in [1]:\n    raise RuntimeError",
    "raise in a method": "class C:\n    def go(self): raise RuntimeError\nC().go()",
    "exit of a program": "raise SystemExit",
    "in a comprehension": "[1 / i for i in [0]]",
    "sorting": 'sorted([1, "a"])',
    "unhashable": "{[]: 1}",
    "text of bytes": 'b"\\xff".decode()',
    "None": "len(None)",
}
"""Statements that raise, by what they do."""

SUCCEEDS = {
    "nothing": "pass",
    "values": "a, b = 1, 2\nc = [a, b][1]\nd = {'a': 1}['a']",
    "numbers": 'n = int("3") + 1',
    "text": 's = "a-b".split("-")[0]',
    "function": "def f(n): return n + 1\nf(1)",
    "class": "class C:\n    def __init__(self, a): self.a = a\nC(1).a",
    "import": "import json",
    "optimizer": "rate = 0.1",
    "print": 'print("compiles")',
    "loop": "for i in range(3): pass",
}

WITHOUT_END = ("except", "base exception", "suppress", "else", "two handlers", "own context", "context manager")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as started:
        yield started


def caught(form: str, body: str) -> dict[str, str]:
    """The files of a program that compiles by place, and then by name in this block behind these statements."""
    block = CAUGHT.forms[form].replace("$body", indent(f"{body}\n{BY_NAME}").strip())
    if "        $body" in CAUGHT.forms[form]:
        block = CAUGHT.forms[form].replace("$body", indent(indent(f"{body}\n{BY_NAME}")).strip())
    block = block.replace("$", "one_")
    text = PROGRAM % f"{BY_PLACE}\n{block}"
    return {"main.py": "import outside\n" + text if "outside." in text else text}


@pytest.mark.parametrize("broken", [*BREAKS.forms, *RAISES])
def test_a_call_that_never_runs_is_not_said_to_be_in_force(broken: str, runner: Runner) -> None:
    body = RAISES.get(broken) or BREAKS.forms[broken].replace("$", "two_")
    for form in CAUGHT.forms:
        files = caught(form, body)
        assert [describe(files["main.py"], one) for one in check(files, runner)] == []
        if not body.startswith(("pass", "outside", "if")):
            ran = {record["place"][1] for report in runner.run(files) for record in report["records"]}
            assert len(ran) == 1, "it does not raise"
            said = [one.code for one in check_source(files["main.py"], "main.py", "3.6.0")]
            assert "KER101" not in said, files["main.py"]


@pytest.mark.parametrize("form", WITHOUT_END)
@pytest.mark.parametrize("before", SUCCEEDS)
def test_nothing_is_lost_where_all_is_fine(form: str, before: str) -> None:
    files = caught(form, SUCCEEDS[before])
    assert [one.code for one in check_source(files["main.py"], "main.py", "3.6.0")] == ["KER101"]
