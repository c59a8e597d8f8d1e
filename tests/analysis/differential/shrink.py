"""The smallest program that still shows a disagreement: first by simpler choices, then by fewer statements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from .programs import TABLES, Program, replay

_ALIKE = frozenset(table.topic for table in TABLES if table.plain is None)

Shows = Callable[[Mapping[str, str]], bool]
"""True if a program, given by its files, shows the disagreement."""


def simplest(program: Program, shows: Shows) -> Program:
    """The program with as many of its choices as possible at their plainest."""
    choices = dict(program.choices)
    best = program
    again = True
    while again:
        again = False
        for place in sorted((place for place, number in choices.items() if number), key=lambda place: place.count("/")):
            if choices.get(place):
                if place.rstrip("'").rpartition("/")[2] in _ALIKE:
                    continue  # the first of its forms is not plainer than the others
                simpler = replay({**choices, place: 0})
                if shows(simpler.files):
                    best, choices, again = simpler, dict(simpler.choices), True
    return best


def shortest(files: Mapping[str, str], shows: Shows) -> dict[str, str]:
    """The files with as few statements as possible."""
    best = dict(files)
    again = True
    while again:
        again = False
        for name in list(best):
            for text in _shorter(best[name]):
                candidate = {**best, name: text}
                if shows(candidate):
                    best, again = candidate, True
                    break
    return best


def _shorter(text: str) -> Iterator[str]:
    """The program without one of its statements, or with the body of one in its place."""
    count = sum(len(block) for node in ast.walk(ast.parse(text)) for block in _blocks(node))
    for number in range(count):
        for inner in (None, 0, 1, 2, 3):
            tree = ast.parse(text)
            if _edit(tree, number, inner):
                yield ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    fields = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
    return [field for field in fields if isinstance(field, list) and field and isinstance(field[0], ast.stmt)]


def _edit(tree: ast.Module, number: int, inner: int | None) -> bool:
    """Take out the statement of this number, or put one of its blocks in its place; False if there is none."""
    for node in ast.walk(tree):
        for block in _blocks(node):
            if number >= len(block):
                number -= len(block)
                continue
            statement = block[number]
            if inner is None:
                if isinstance(statement, ast.Pass):
                    return False
                block[number : number + 1] = [] if len(block) > 1 else [ast.Pass()]
                return True
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return False
            found = _blocks(statement)
            if inner >= len(found):
                return False
            block[number : number + 1] = found[inner]
            return True
    return False
