"""A compile call in a function that others may call with other arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Token, TrainingCall
from keraslint.analysis.parametrised import depends_on_arguments
from keraslint.behaviour.structure import Absent, Leaf, Named, Structure
from keraslint.document import Document


def fits_other_callers(facts: ModuleFacts, contexts: tuple[CompileCall, ...]) -> bool:
    """Return True if a fix of a compile call does not depend on the arguments of the function around it.

    That are the outputs, and every dict that the fix writes as a tuple: true of a call in no function with
    parameters, else if it is so where nothing of the arguments is known.
    """
    call = contexts[0].call
    if (call.lineno, call.col_offset) not in facts.calls_in_parametrised_functions():
        return True
    others = [other for other in facts.calls_with_unknown_arguments() if other.call is call]
    return bool(others) and all(_fits(context, other) for context in contexts for other in others)


def training_fits_other_callers(
    document: Document, facts: ModuleFacts, compiled: CompileCall, training: TrainingCall, argument: Argument
) -> bool:
    """Return True if a dict at a training call, but not its values, is there however the function around is called."""
    node = argument.node
    if node is None or isinstance(node, ast.Dict) or not isinstance(argument.structure, Named):
        return True
    if not depends_on_arguments(document.tree, node, compiled.call if compiled.module == facts.path else None):
        return True
    every = (one for other in facts.calls_with_unknown_arguments() for one in other.trainings)
    others = [one for one in every if one.call is training.call]
    place = training.data.index(argument)
    return bool(others) and all(_like(argument.structure, one.data[place].structure) for one in others)


def has_same_outputs(facts: ModuleFacts, contexts: tuple[CompileCall, ...]) -> bool:
    """Return True if a compile call has the same outputs wherever it runs with arguments that are not known."""
    others = [other for other in facts.calls_with_unknown_arguments() if other.call is contexts[0].call]
    return all(other.model.outputs == contexts[0].model.outputs and not other.model.overrides for other in others)


def _fits(context: CompileCall, other: CompileCall) -> bool:
    if other.model.outputs != context.model.outputs or other.model.overrides:
        return False
    return all(_like(mine.structure, theirs.structure) for mine, theirs in _pairs(context, other))


def _pairs(context: CompileCall, other: CompileCall) -> Iterator[tuple[Argument, Argument]]:
    yield context.loss, other.loss
    yield context.loss_weights, other.loss_weights
    for mine in context.trainings:
        for theirs in other.trainings:
            if mine.call is theirs.call:
                pairs = zip(mine.data, theirs.data, strict=True)
                yield from (pair for pair in pairs if isinstance(pair[0].structure, Named))  # others go with the losses


def _like(mine: Structure, theirs: Structure) -> bool:
    """Return True if both are dicts with the same keys and movable values, or equal."""
    if isinstance(mine, Named):
        if not isinstance(theirs, Named) or set(mine.keys) != set(theirs.keys) or mine.ordered != theirs.ordered:
            return False
        known = dict(theirs.entries)
        return all(_settled(known[key]) or not _settled(value) for key, value in mine.entries)
    return mine == theirs if isinstance(mine, Absent) else type(mine) is type(theirs)


def _settled(value: Structure) -> bool:
    return not (isinstance(value, Leaf) and isinstance(value.token, Token)) or value.token.movable
