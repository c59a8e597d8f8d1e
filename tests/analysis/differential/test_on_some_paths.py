"""What only some paths through a program do, and what runs later or again: what CPython does, and what is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .check import check
from .comparison import describe
from .run import Runner

PROGRAM = """\
import asyncio, contextlib, functools, itertools, sys, threading, typing
import keras
import outside
NAMES = ["b", "a"]
LOSSES = {"b": "mse", "a": "mae"}
x = y = None
%s
inputs = keras.Input((3,))
model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in %s])
%s
"""
COMPILE = 'model.compile("sgd", loss=LOSSES)'
MADE_UP = "class Own:\n    def __getattr__(self, name):\n        return NAMES\nown = Own()\n"
OF_CLASS = "class Own:\n    names = NAMES\nown = Own()\n"
KEPT = "class Own:\n    @functools.cached_property\n    def names(self):\n        return ['b', 'a']\nown = Own()\n"
DEEP = "def deep(n):\n    if n == 0:\n        names().append('c')\n        return\n    deep(n - 1)\n\ndeep(20)"
CACHED = "@functools.lru_cache\ndef names():\n    return ['b', 'a']\n\n"
LEFT = "def left():\n    try:\n        yield 1\n        yield 2\n    finally:\n        NAMES.reverse()\n\n"
UNSORTED = "sorted = lambda items: list(items)"

BUILT = {
    "an attribute that a branch sets over that of the class": (
        f"{OF_CLASS}if outside.flag():\n    own.names = ['a', 'b', 'c']",
        "own.names",
    ),
    "an attribute that a branch sets over __getattr__": (
        f"{MADE_UP}if outside.flag():\n    own.names = ['a', 'b', 'c']",
        "own.names",
    ),
    "a property that one path has read": (
        f"{KEPT}try:\n    if outside.flag():\n        raise ValueError\n    own.names.append('c')\n"
        "except ValueError:\n    pass",
        "own.names",
    ),
    "an attribute that __setattr__ sets": (f"{MADE_UP}own.__setattr__('names', ['a', 'b'])", "own.names"),
    "an attribute of a class that may be set": (
        f"{MADE_UP}def turn(*args):\n    type(own).names = own.names[::-1]\n\nlist(itertools.groupby([1], turn))",
        "own.names",
    ),
    "a field of a named tuple that its class replaces": (
        "class Own(typing.NamedTuple):\n    names: list\nown = Own(NAMES)\ntype(own).names = NAMES[::-1]",
        "own.names",
    ),
    "a list that a generator extends in deep calls": (
        DEEP.replace("names().append('c')", "NAMES.extend(name for name in ['c', 'd'])"),
        "NAMES",
    ),
    "what a generator yields in deep calls": (
        "def deep(n):\n    if n:\n        yield from deep(n - 1)\n    else:\n        yield 'c'\n\nNAMES[:] = deep(20)",
        "NAMES",
    ),
    "what a generator passes on": ("def passed():\n    yield from outside.given(['b', 'a'])\n", "list(passed())"),
    "a generator that another one reads": (f"{LEFT}it = (one for one in left())\nnext(it)\nit = None", "NAMES"),
    "a generator that a function passes on": (
        f"{LEFT}def passed():\n    yield from left()\nit = passed()\nnext(it)\nit = None",
        "NAMES",
    ),
    "a generator that map reads": (f"{LEFT}it = map(str, left())\nnext(it)\nit = None", "NAMES"),
    "a property that a generator reads that is left": (
        f"{KEPT}def left():\n    yield 1\n    own.names.append('c')\n\n1 in left()",
        "own.names",
    ),
    "a list that its own extension changes": ("NAMES.extend(NAMES.reverse() or 'c' for _ in [1])", "NAMES"),
    "a built-in function of sys.modules": (f"sys.modules['builtins'].{UNSORTED}", "sorted(NAMES)"),
    "a built-in function of a module that sys.modules gets": (
        f"sys.modules.get('builtins').{UNSORTED}",
        "sorted(NAMES)",
    ),
    "a built-in function of any module": (
        f"sys.modules[outside.given('builtins')].{UNSORTED}",
        "sorted(NAMES)",
    ),
    "a built-in function in the names of a module": (
        "vars(sys.modules['builtins'])['sorted'] = lambda items: list(items)",
        "sorted(NAMES)",
    ),
    "a cached function that deep calls call first": (f"{CACHED}{DEEP}", "names()"),
    "a cached function that is evaluated elsewhere": (
        f"{CACHED}def act():\n    names().append('c')\n\neval('it()', {{'it': act}})",
        "names()",
    ),
    "a cached function of each turn": (
        "for turn in range(2):\n    @functools.lru_cache\n    def add():\n        NAMES.append(f'c{turn}')\n    add()",
        "NAMES",
    ),
    "a decorator with an argument of its own": (
        "def act(one, two):\n    NAMES.reverse()\n\n@functools.partial(act, 1)\ndef step():\n    pass",
        "NAMES",
    ),
    "a decorator that keeps functions": (
        "steps = []\n@steps.append\ndef step():\n    NAMES.reverse()\n\nfor one in steps:\n    one()",
        "NAMES",
    ),
    "iterators": ("reading = iter(('b', 'a'))\nfirst = next(reading)\nNAMES = [next(reading), first]", "NAMES"),
    "an iterator of a list that is changed": (
        "reading = iter(NAMES)\nNAMES.reverse()",
        "[next(reading), next(reading)]",
    ),
    "an iterator of two names": ("one = two = iter(NAMES)\nnext(two)", "[next(one), 'c']"),
    "an iterator that a branch reads": (
        "reading = iter(['c', 'b', 'a', 'd'])\nif outside.flag():\n    next(reading)",
        "[next(reading), next(reading)]",
    ),
    "an iterator that a function reads": (
        "reading = iter(['c', 'b', 'a', 'd'])\ndef skip(*args):\n    next(reading)\n\noutside.call(skip)",
        "[next(reading), next(reading)]",
    ),
    "an iterator that a loop reads": (
        "reading = iter(['c', 'b', 'a', 'd'])\nwhile len(NAMES) < 3:\n    NAMES.append(next(reading))",
        "NAMES",
    ),
    "a generator that is read in part": (
        "def act():\n    NAMES.reverse()\n\n1 in ((act(), n)[1] for n in [1, 2])",
        "NAMES",
    ),
    "an iterator that ends": ("reading = iter(['b'])\nNAMES = [next(reading, 'z'), next(reading, 'a')]", "NAMES"),
}
TRAINED = {
    "compiled by a coroutine": (
        f"async def act():\n    {COMPILE}\n\nasync def all():\n    await asyncio.gather(act())\n\nasyncio.run(all())\n"
    ),
    "compiled by a thread": f"def act():\n    {COMPILE}\n\none = threading.Thread(target=act)\none.start()\n",
    "a text that runs among names of its own": f"{COMPILE}\nexec('it[\"b\"] = \"kld\"', {{'it': LOSSES}})\n",
    "a text that is not known": f"{COMPILE}\nexec(outside.given('LOSSES.pop(\"b\")'))\n",
    "a statement in a text": f"{COMPILE}\nexec('s = 0', globals())\n",
    "compiled in a context": "with contextlib.nullcontext(model) as same:\n    same.compile('sgd', loss=LOSSES)\n",
}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as started:
        yield started


@pytest.mark.parametrize("name", BUILT)
def test_names_are_what_they_are_or_not_known(name: str, runner: Runner) -> None:
    before, names = BUILT[name]
    text = PROGRAM % (before, names, COMPILE)
    assert [describe(text, one) for one in check({"main.py": text}, runner)] == []


@pytest.mark.parametrize("name", TRAINED)
def test_losses_are_what_they_are_when_training_begins(name: str, runner: Runner) -> None:
    text = PROGRAM % ("", "NAMES", TRAINED[name] + "LOSSES['a'] = 'msle'\nmodel.fit(x, y)")
    assert [describe(text, one) for one in check({"main.py": text}, runner)] == []


def test_a_module_that_is_taken_out_runs_again(runner: Runner) -> None:
    step = "import settings\nsettings.NAMES.append('c')\n"
    outs = ("sys.modules.pop('step')", "del sys.modules['step']", "import importlib\nimportlib.reload(step)")
    for out in outs:
        before = f"import settings, step\n{out}\nimport step"
        files = {
            "main.py": PROGRAM % (before, "settings.NAMES", COMPILE),
            "settings.py": "NAMES = ['b', 'a']\n",
            "step.py": step,
        }
        assert check(files, runner) == []


def test_a_function_that_a_library_may_call_is_looked_into_in_each_scope(runner: Runner) -> None:
    text = (
        "import asyncio\nimport keras\nNAMES = ['b', 'a']\n\ndef main():\n    NAMES.append('c')\n"
        "    inputs = keras.Input((3,))\n"
        "    model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in NAMES])\n"
        "    async def act():\n        model.compile('sgd', loss={'b': 'mse', 'a': 'mae'})\n"
        "    async def both():\n        await asyncio.gather(act(), return_exceptions=True)\n"
        "    asyncio.run(both())\n\nmain()\nmain()\n"
    )
    assert [describe(text, one) for one in check({"main.py": text}, runner)] == []
