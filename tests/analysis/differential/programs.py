"""Whole programs, at random or out of given choices."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .forms.building import AROUND, BREAKS, CAUGHT, COMPILES, LOSSES, OUTPUTS, WEIGHTS
from .forms.control import WRAPS, WRAPS_ON_STATE
from .forms.imports import IMPORTS
from .forms.iterators import CONSUMERS, PRODUCERS
from .forms.operators import OPERATORS
from .forms.replacing import REPLACED, SETTERS, STORES
from .forms.running import CALLABLES, RESULTS, TRIGGERS
from .forms.state import ALIASES, CHANGE, HOLDERS, NEW_DICTS, NEW_LISTS, RENAME, REORDER
from .writer import Table, Writer, every

TABLES = (
    HOLDERS,
    REORDER,
    RENAME,
    CHANGE,
    NEW_LISTS,
    NEW_DICTS,
    STORES,
    SETTERS,
    REPLACED,
    ALIASES,
    CALLABLES,
    TRIGGERS,
    OPERATORS,
    PRODUCERS,
    CONSUMERS,
    IMPORTS,
    WRAPS,
    WRAPS_ON_STATE,
    BREAKS,
    CAUGHT,
    OUTPUTS,
    COMPILES,
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
    " heapq importlib importlib.util itertools json logging math operator os outside pathlib pickle re settings signal"
    " sys threading timeit types typing unittest.mock weakref"
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
    """The program of a seed, of allowed forms; of the wanted ones, too, where there is a place for them.

    Forms that Python does not allow within each other, such as a star import in a function, are chosen anew.
    """
    for attempt in itertools.count():
        program = _write(Writer(random.Random(seed + attempt * 1_000_000_007), allowed=allowed, wanted=wanted))
        if all(map(_is_python, program.files.values())):
            return program
    raise AssertionError


def _is_python(text: str) -> bool:
    try:
        compile(text, "main.py", "exec")
    except SyntaxError:
        return False
    return True


def replay(choices: Mapping[str, int]) -> Program:
    """The program that these choices make."""
    return _write(Writer(random.Random(0), choices))


@dataclass(frozen=True)
class _State:
    """A list of names, a dict of losses or a list of outputs, by how it is read and how it is changed."""

    kind: str
    read: str
    changed: str

    @property
    def in_module(self) -> bool:
        """True if other modules can reach it."""
        return self.changed.startswith("settings.")


@dataclass(frozen=True)
class _States:
    names: _State
    losses: _State


def _write(w: Writer) -> Program:
    top: list[str] = []
    states = _States(_held(w, top, "names", _LISTS), _held(w, top, "losses", _DICTS))
    names, losses = states.names, states.losses
    body = _pieces(w, "before", 3, [names, names, losses], states)
    body.append("inputs = keras.Input((3,))")
    out = w.fresh("out")
    body.append(w.fill(w.choose(OUTPUTS), X=names.read, out=out))
    is_list = not re.search(rf"{out} = (tuple|{{|collections)", body[-1])
    outputs = _State("outputs", out, out) if is_list else names
    body += _pieces(w, "between", 1, [outputs, names, losses], states)
    body.append(f"model = keras.Model(inputs, {out})")
    body += _pieces(w, "after", 1, [losses, losses, names], states)
    loss = w.fill(w.choose(LOSSES), D=losses.read, X=names.read)
    weights = w.fill(w.choose(WEIGHTS), D=losses.read, X=names.read)
    body.append(w.fill(w.choose(COMPILES), M="model", L=loss, W=weights))
    compiled = len(body) - 1
    body += _pieces(w, "compiled", 1, [losses], states)
    body.append("model.fit(x, y)")
    with w.part("whole"):
        around = w.choose(AROUND)
    replaced = w.choose(REPLACED)
    body[compiled] = _attempted(w, body[compiled])
    main = w.fill(around, body="\n".join(body))
    text = "\n".join([*top, *([replaced] if replaced else []), "x = y = None", main, ""])
    files = {"main.py": _imports(text) + text}
    files.update({name: _imports(module) + module for name, module in w.files.items()})
    return Program(files, tuple(w.forms), w.choices)


def _attempted(w: Writer, compiles: str) -> str:
    """The statements that compile the model; or, after it is compiled otherwise, these behind something that raises."""
    with w.part("attempt"):
        if not w.chance("is one", 0.1):
            return compiles
        body = w.fill(w.choose(BREAKS)) + "\n" + compiles
        return 'model.compile("sgd", loss=["mse"])\n' + w.fill(w.choose(CAUGHT), body=body)


def _held(w: Writer, top: list[str], stem: str, values: tuple[str, ...]) -> _State:
    """A list or dict at the top of the program; it may be read by another way than it is changed by."""
    with w.part(stem):
        value = values[w.number("value", len(values))]
        filled = w.fill(w.choose(HOLDERS), value=value, N=w.fresh(stem.upper()))
        read, _, lines = filled.partition("\n")
        if lines.startswith("#settings "):
            module, _, lines = lines.removeprefix("#settings ").partition("\nfrom ")
            w.files["settings.py"] = w.files.get("settings.py", "") + module + "\n"
            lines = lines and f"from {lines}"
        top += [lines] if lines else []
        which = w.number("other name", 8)
        if which not in (1, 2):
            return _State(stem, read, read)
        other = w.fresh("other")
        top.append(w.fill(w.choose(ALIASES), X=read, alias=other))
    return _State(stem, read, other) if which == 1 else _State(stem, other, read)


def _pieces(w: Writer, place: str, most: int, of: list[_State], states: _States) -> list[str]:
    found = []
    for number in range(most):
        with w.part(f"{place} {number}"):
            if w.chance("is there", 0.5 if place == "before" else 0.25):
                found.append(_piece(w, of[w.number("of", len(of))], states))
    return found


def _piece(w: Writer, state: _State, states: _States) -> str:
    block = _effects(w, state)
    if state.in_module and w.has(IMPORTS) and w.chance("in a module", 0.4):
        module = w.fresh("step")
        w.files[f"{module}.py"] = block + f"\n{module}_value = 1\n"
        block = w.fill(w.choose(IMPORTS), m=module, m_value=f"{module}_value")
    for number in range(1 + w.chance("two", 0.15)):
        with w.part(f"run {number}"):
            block = _run(w, block)
    with w.part("around"):
        if w.chance("depends", 0.2):
            block = w.fill(w.choose(WRAPS_ON_STATE), body=block, X=states.names.read, D=states.losses.read)
        block = w.fill(w.choose(WRAPS), body=block)
        if w.chance("twice", 0.15):
            block = w.fill(w.choose(WRAPS), body=block)
    return block


def _effects(w: Writer, state: _State) -> str:
    """One effect, or two with something between or after them that may raise."""
    with w.part("effect"):
        block = _effect(w, state)
    if not w.chance("broken off", 0.15):
        return block
    block += "\n" + w.fill(w.choose(BREAKS))
    if w.chance("second", 0.5):
        with w.part("second effect"):
            block += "\n" + _effect(w, state)
    return w.fill(w.choose(CAUGHT), body=block)


def _effect(w: Writer, state: _State) -> str:
    read, lines = state.changed, []
    if w.chance("counts layers", 0.05):
        return "keras.layers.Dense(1)"
    fresh = {"new": w.fresh("n"), "other": w.fresh("n"), "one": "efghijklm"[w.number("letter", 9)]}
    fresh["loss"] = _NEW_LOSSES[w.number("new loss", len(_NEW_LOSSES))]
    if state.kind != "outputs" and w.chance("set", 0.15) and not read.endswith(")"):
        return _set(w, read, w.fill(w.choose(NEW_LISTS if state.kind == "names" else NEW_DICTS), X=read, **fresh))
    if w.chance("reached otherwise", 0.3):
        alias = w.fresh("alias")
        lines.append(w.fill(w.choose(ALIASES), X=read, alias=alias))
        read = alias
    table = {"names": RENAME, "losses": CHANGE, "outputs": REORDER}[state.kind]
    if state.kind == "names" and w.chance("order only", 0.5):
        table = REORDER
    lines.append(w.fill(w.choose(table), X=read, **fresh))
    return "\n".join(lines)


def _set(w: Writer, target: str, value: str) -> str:
    """Statements that give a variable, item or attribute another value, in any scope."""
    if target.isidentifier():
        return w.fill(w.choose(STORES), X=target, V=value)
    if target.endswith(".it"):
        return w.fill(w.choose(SETTERS), X=target, V=value, O=target.removesuffix(".it"))
    return f"{target} = {value}"


def _run(w: Writer, block: str) -> str:
    """The block as it is, or in something that Python calls."""
    if not w.chance("in a function", 0.7):
        return block
    function = w.fresh("f")
    result = w.choose(RESULTS)
    defined = w.fill(w.choose(CALLABLES), effect=block, result=result, f=function)
    if w.chance("drained", 0.2):
        iterator = w.fresh("it")
        return "\n".join(
            [
                defined,
                w.fill(w.choose(PRODUCERS), f=function, it=iterator),
                w.fill(w.choose(CONSUMERS), it=iterator),
            ]
        )
    table: Table = OPERATORS if w.has(OPERATORS) and w.chance("operator", 0.2) else TRIGGERS
    return defined + "\n" + w.fill(w.choose(table), f=function)


def _imports(text: str) -> str:
    """The import statements that a module needs."""
    named = [name for name in ("keras", *_MODULES) if f"{name}." in text]
    used = [name for name in named if re.search(rf"(?<![\w.\"]){re.escape(name)}\.", text)]
    return "".join(f"import {name}\n" for name in used)
