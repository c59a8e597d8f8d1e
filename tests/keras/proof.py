"""Programs before and after their fixes on real Keras: the examples of the rules with data, and generated ones."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keraslint import check_source
from keraslint.document import Document
from keraslint.fixes.apply import apply_fixes
from keraslint.rules.registry import ALL_RULES

from .generator.programs import generate
from .observation import PROOF_RECORDER, Program, on_each, reports

RELEASES = ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.14.0", "3.15.1")
ADMITTED = ">=3.4.1"
STYLES = ("tuple", "safe-compile")

_SEEDED = "import keras as seeded\n\nseeded.utils.set_random_seed(7)\n"

Report = dict[str, Any]
"""The report of ``proof_recorder.py`` on a program on one release."""


@dataclass(frozen=True)
class Case:
    """A program, and by style what the fixes make of it in a project that allows every release under test."""

    name: str
    text: str
    fixed: dict[str, str]


@dataclass(frozen=True)
class Seen:
    """The reports on a program on one release, before its fixes and, by style, after them."""

    case: Case
    release: str
    before: Report
    after: dict[str, Report]


def cases(generated: int, seed: int) -> list[Case]:
    """The examples of all rules that can train, and so many generated programs."""
    examples = [
        (f"{rule.code}: {example.title}", text)
        for rule in ALL_RULES
        for example in rule.examples
        if example.path.endswith(".py") and (text := with_data(example.code)) is not None
    ]
    programs = [(f"program {number}", one.text) for number, one in enumerate(generate(generated, seed))]
    return [_case(name, _SEEDED + text) for name, text in [*examples, *programs]]


def with_data(code: str) -> str | None:
    """An example with arrays for the names that it leaves open; None where it trains nothing or needs something else.

    ``y_big`` and ``v_big`` are the targets of the layer ``big``, ``y`` those of one that is one wide, ``x`` and, where
    it stands beside validation targets, ``v`` the features, ``w`` and else ``v`` the weights of samples.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    shapes = {name: _shape(name, code) for name in sorted(_open_names(tree))}
    trains = any(isinstance(node, ast.Attribute) and node.attr == "fit" for node in ast.walk(tree))
    if not trains or None in shapes.values() or "load_model" in code:
        return None
    lines = [
        f"{name} = np.linspace(0.1, 0.{place}, 8 * {shape}).reshape(8, {shape})"
        for place, (name, shape) in enumerate(shapes.items(), start=2)
    ]
    return "\n".join(["import numpy as np", "", *lines, code])


def observe(every: Sequence[Case]) -> list[Seen]:
    """Run all programs on all releases."""
    programs = list(dict.fromkeys(program for case in every for program in _programs(case)))

    def run(release: str) -> dict[Program, Report]:
        return dict(zip(programs, reports(PROOF_RECORDER, release, programs), strict=True))

    seen = on_each(RELEASES, run)
    return [
        Seen(
            case,
            release,
            seen[release][_before(case)],
            {style: seen[release][_after(case, style)] for style in case.fixed},
        )
        for case in every
        for release in RELEASES
    ]


def _programs(case: Case) -> Iterator[Program]:
    yield _before(case)
    yield from (_after(case, style) for style in case.fixed)


def _before(case: Case) -> Program:
    return Program(case.text, ".py" if case.fixed else "_routes.py")


def _after(case: Case, style: str) -> Program:
    """safe_compile leads losses past what watches them: of its programs the values are seen."""
    return Program(case.fixed[style], "_values.py" if style == "safe-compile" else ".py")


def _case(name: str, text: str) -> Case:
    def found(changed: str) -> list[Any]:
        return check_source(changed, "program.py", ADMITTED)

    document = Document("program.py", text)
    fixed = {}
    for style in STYLES:
        result = apply_fixes(document, found(text), unsafe=True, style=style, recheck=found)
        if result.text != text:
            fixed[style] = result.text
    return Case(name, text, fixed)


def _open_names(tree: ast.Module) -> set[str]:
    used: set[str] = set()
    bound = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        else:
            bound |= set(_bound_by(node))
    return used - bound


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg


def _shape(name: str, code: str) -> int | None:
    """How wide an array of that name is in an example."""
    if name == "x" or (name == "v" and "validation_data=(v," in code):
        return 8
    if name in ("y", "v", "w"):
        return 1
    layer = re.search(rf"^{name[2:]} = keras\.layers\.Dense\((\d+)", code, re.MULTILINE)
    return int(layer[1]) if layer and name[:2] in ("y_", "v_") else None
