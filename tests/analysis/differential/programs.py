"""Whole programs, at random or out of given choices."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .forms.building import AROUND, LOSSES, OUTPUTS, WEIGHTS
from .forms.control import WRAPS
from .forms.operators import OPERATORS
from .forms.running import CALLABLES, RESULTS, TRIGGERS
from .forms.state import ALIASES, CHANGE, HOLDERS, RENAME, REORDER
from .writer import Table, Writer, every

TABLES = (
    HOLDERS,
    REORDER,
    RENAME,
    CHANGE,
    ALIASES,
    CALLABLES,
    TRIGGERS,
    OPERATORS,
    WRAPS,
    OUTPUTS,
    LOSSES,
    WEIGHTS,
    AROUND,
)

FORMS = tuple(
    f"{table.topic}: {name}"
    for table in TABLES
    for number, name in enumerate(table.forms)
    if number or table.plain is None
)
"""Each form that a program may have."""

_LISTS = ('["b", "a"]', '["b", "a", "c"]', '["c", "b", "a", "d"]', '["a", "b"]')
_DICTS = (
    '{"b": "mse", "a": "mae"}',
    '{"b": "mse", "a": "mae", "c": "bce"}',
    '{"a": "mse", "b": "mae", "c": "bce", "d": "mape"}',
)
_NEW_LOSSES = ("msle", "kld", "poisson", "hinge")

_MODULES = (
    "abc asyncio atexit bisect collections concurrent.futures contextlib contextvars copy dataclasses enum functools"
    " itertools logging math operator os outside pathlib pickle re signal sys threading timeit types typing"
    " unittest.mock weakref"
).split()


@dataclass(frozen=True)
class Program:
    """The files of a program, the first of which is main.py; its forms, and the choices that made it."""

    files: Mapping[str, str]
    forms: tuple[str, ...]
    choices: Mapping[str, int]

    @property
    def text(self) -> str:
        """All files, one after the other."""
        return joined(self.files)


def joined(files: Mapping[str, str]) -> str:
    """All files, one after the other."""
    if len(files) == 1:
        return files["main.py"]
    return "\n".join(f"# {name}\n{text}" for name, text in files.items())


def generate(seed: int, allowed: Callable[[str], bool] = every, wanted: frozenset[str] = frozenset()) -> Program:
    """The program of a seed, of allowed forms; of the wanted ones, too, where there is a place for them."""
    return _write(Writer(random.Random(seed), allowed=allowed, wanted=wanted))


def replay(choices: Mapping[str, int]) -> Program:
    """The program that these choices make."""
    return _write(Writer(random.Random(0), choices))


@dataclass(frozen=True)
class _State:
    """A list of names, a dict of losses, or a list of outputs (whose items are not texts)."""

    kind: str
    read: str


def _write(w: Writer) -> Program:
    top: list[str] = []
    names = _held(w, top, "names", _LISTS)
    losses = _held(w, top, "losses", _DICTS)
    body = _pieces(w, "before", 3, [names, names, losses])
    body.append("inputs = keras.Input((3,))")
    out = w.fresh("out")
    body.append(w.fill(w.choose(OUTPUTS), X=names.read, out=out))
    is_list = f"{out} = tuple" not in body[-1] and f"{out} = {{" not in body[-1] and "OrderedDict" not in body[-1]
    body += _pieces(w, "between", 1, [_State("outputs", out) if is_list else names, names, losses])
    body.append(f"model = keras.Model(inputs, {out})")
    body += _pieces(w, "after", 1, [losses, losses, names])
    loss = w.fill(w.choose(LOSSES), D=losses.read, X=names.read)
    weights = w.fill(w.choose(WEIGHTS), D=losses.read, X=names.read)
    body.append(f'model.compile("sgd", loss={loss}{weights})')
    body += _pieces(w, "compiled", 1, [losses])
    body.append("model.fit(x, y)")
    main = w.fill(w.choose(AROUND), body="\n".join(body))
    text = "\n".join([*top, "x = y = None", main, ""])
    files = {"main.py": _imports(text, w.files) + text}
    for name, module in w.files.items():
        files[name] = _imports(module, {}) + module
    return Program(files, tuple(w.forms), w.choices)


def _held(w: Writer, top: list[str], stem: str, values: tuple[str, ...]) -> _State:
    with w.part(stem):
        value = values[w.number("value", len(values))]
        filled = w.fill(w.choose(HOLDERS), value=value, N=w.fresh(stem.upper()))
    read, _, lines = filled.partition("\n")
    top.append(lines)
    return _State(stem, read)


def _pieces(w: Writer, place: str, most: int, states: list[_State]) -> list[str]:
    found = []
    for number in range(most):
        with w.part(f"{place} {number}"):
            if w.chance("is there", 0.5 if place == "before" else 0.25):
                found.append(_piece(w, states[w.number("of", len(states))]))
    return found


def _piece(w: Writer, state: _State) -> str:
    block = _effect(w, state)
    for number in range(1 + w.chance("two", 0.15)):
        with w.part(f"run {number}"):
            block = _run(w, block)
    with w.part("around"):
        block = w.fill(w.choose(WRAPS), body=block)
        if w.chance("twice", 0.15):
            block = w.fill(w.choose(WRAPS), body=block)
    return block


def _effect(w: Writer, state: _State) -> str:
    read, lines = state.read, []
    if w.chance("reached otherwise", 0.35):
        alias = w.fresh("alias")
        lines.append(w.fill(w.choose(ALIASES), X=read, alias=alias))
        read = alias
    if w.chance("counts layers", 0.04):
        return "keras.layers.Dense(1)"
    table = {"names": RENAME, "losses": CHANGE, "outputs": REORDER}[state.kind]
    if state.kind == "names" and w.chance("order only", 0.5):
        table = REORDER
    new, other = w.fresh("n"), w.fresh("n")
    loss = _NEW_LOSSES[w.number("new loss", len(_NEW_LOSSES))]
    one = "efghijklm"[w.number("letter", 9)]
    lines.append(w.fill(w.choose(table), X=read, new=new, other=other, one=one, loss=loss))
    return "\n".join(lines)


def _run(w: Writer, block: str) -> str:
    """The block as it is, or in something that Python calls."""
    if not w.chance("in a function", 0.7):
        return block
    function = w.fresh("f")
    result = w.choose(RESULTS)
    defined = w.fill(w.choose(CALLABLES), effect=block, result=result, f=function)
    table: Table = OPERATORS if w.has(OPERATORS) and w.chance("operator", 0.2) else TRIGGERS
    return defined + "\n" + w.fill(w.choose(table), f=function)


def _imports(text: str, files: Mapping[str, str]) -> str:
    own = [name.removesuffix(".py") for name in files]
    wanted = [name for name in (*_MODULES, *own) if re.search(rf"(?<![\w.\"]){re.escape(name)}\.", text)]
    return "".join(f"import {name}\n" for name in (["keras"] if "keras." in text else []) + wanted)
