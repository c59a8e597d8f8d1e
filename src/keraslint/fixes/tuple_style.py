"""The ``tuple`` fix: losses, weights and targets in output order, where that is right on every Keras 3 release."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Token, TrainingCall
from keraslint.behaviour.structure import ABSENT, Absent, Leaf, Named, Outputs, Positional, Structure, Unseen
from keraslint.diagnostic import Applicability, Edit, Fix, Span
from keraslint.document import Document
from keraslint.limits import poll
from keraslint.syntax import called_name, is_dotted_name, pair_values
from keraslint.words import listed

STYLE = "tuple"

_TITLES = {
    "loss": "losses",
    "loss_weights": "loss weights",
    "y": "targets",
    "sample_weight": "sample weights",
}


class _NoFixError(Exception):
    """The rewrite would be wrong or is not possible in this source."""


@dataclass(slots=True)
class _Draft:
    """The edits so far, the arguments they rewrite or leave unchanged, and the reasons to doubt them."""

    edits: dict[Edit, None] = field(default_factory=dict)
    rewritten: dict[str, None] = field(default_factory=dict)
    left: set[Span] = field(default_factory=set)
    doubts: dict[str, None] = field(default_factory=dict)

    def doubt(self, reason: str) -> None:
        """Record a reason why the fix may change the behaviour of correct code."""
        self.doubts[reason] = None


def tuple_fix(document: Document, facts: ModuleFacts, contexts: tuple[CompileCall, ...]) -> Fix | None:
    """The fix for a compile call, given all contexts in which it runs; None where no rewrite is right.

    The conditions are those under which no program that is right on a Keras 3 release becomes wrong on it: flat
    list or tuple outputs with distinct labels, a loss for each of them, weights and dict targets rewritten with
    the loss. It is safe only where a training call is in view and everything that reaches it is seen.
    """
    draft = _Draft()
    try:
        outputs = _common_outputs(contexts)
        for context in contexts:
            poll()
            _fix_compile(document, context, outputs.labels, draft)
            _fix_trainings(document, facts, context, outputs, draft)
    except _NoFixError:
        return None
    if not draft.doubts and not fits_other_callers(facts, contexts):
        draft.doubt("what it builds on depends on how the function around it is called")
    edits = sorted(draft.edits, key=lambda edit: edit.span)
    overlap = any(after.span.start < before.span.end for before, after in pairwise(edits))
    if (
        not edits or overlap or any(edit.span in draft.left for edit in edits)
    ):  # contexts that need different texts in one place
        return None
    applicability = Applicability.UNSAFE if draft.doubts else Applicability.SAFE
    titles = [_TITLES[name] for name in _TITLES if name in draft.rewritten]
    message = f"Pass the {listed(titles)} in output order"
    if draft.doubts:
        message += f" (unsafe: {next(iter(draft.doubts))})"
    return Fix(STYLE, applicability, message, tuple(edits))


def _common_outputs(contexts: tuple[CompileCall, ...]) -> Outputs:
    found = {context.model.outputs for context in contexts}
    outputs = found.pop()
    if found or outputs is None or outputs.container not in ("list", "tuple"):
        raise _NoFixError
    if len(outputs.names) < 2 or None in outputs.names:
        raise _NoFixError
    if any(context.model.overrides for context in contexts):
        raise _NoFixError
    return outputs


def _fix_compile(document: Document, call: CompileCall, names: tuple[str, ...], draft: _Draft) -> None:
    if call.reads_loss:
        raise _NoFixError  # model.loss["name"] needs the dict
    if not call.trainings:
        draft.doubt("no training call on the model is in view")
    if call.escapes:
        draft.doubt("the model is handed to code that is not in view before it is trained")
    if call.computes:
        draft.doubt("the program has losses computed in a way that is not followed")
    if call.model.kind != "functional" and not _lists_its_outputs(call):
        draft.doubt("the model is not a plain Functional model")
    loss, weights = call.loss, call.loss_weights
    weighted = isinstance(weights.structure, Named)
    if isinstance(weights.structure, Unseen):
        raise _NoFixError  # it may be a dict, which a tuple of losses would misroute
    if isinstance(loss.structure, Named):
        _check_losses(loss.structure, names, draft)
        _rewrite(document, "loss", loss, names, draft)
    elif isinstance(loss.structure, Leaf) and weighted:
        _repeat(document, loss, len(names), draft)
    elif isinstance(loss.structure, Leaf) or (
        isinstance(loss.structure, Positional) and len(loss.structure.items) == len(names)
    ):
        _leave(document, loss, draft)
    else:
        raise _NoFixError
    if weighted:
        _rewrite_weights(document, weights, names, draft)
    else:
        _leave(document, weights, draft)


def _lists_its_outputs(call: CompileCall) -> bool:
    """True for a model of a class of the program whose ``call`` returns a list of outputs, all in view."""
    outputs = call.model.outputs
    return call.model.kind == "subclass" and outputs is not None and outputs.container in ("list", "tuple")


def _check_losses(loss: Named, names: tuple[str, ...], draft: _Draft) -> None:
    if set(loss.keys) != set(names) or len(loss.keys) != len(names):
        raise _NoFixError
    for _, value in loss.entries:
        one = value.items[0] if isinstance(value, Positional) and len(value.items) == 1 else value
        if not isinstance(one, Leaf):
            raise _NoFixError
        if not (isinstance(one.token, Token) and one.token.movable):
            draft.doubt("a loss is an expression that may depend on when it is evaluated, or be None")


def _repeat(document: Document, loss: Argument, count: int, draft: _Draft) -> None:
    """One function for all outputs: weights in a tuple need the losses in one too (Keras 3.7.0 and later)."""
    if not isinstance(loss.node, (ast.Name, ast.Constant)):
        raise _NoFixError  # an expression would be evaluated several times
    span = document.span(loss.node)
    _add(draft, "loss", Edit(span, "(" + ", ".join([document.slice(span)] * count) + ")"))


def _rewrite_weights(document: Document, weights: Argument, names: tuple[str, ...], draft: _Draft) -> None:
    assert isinstance(weights.structure, Named)
    if not set(weights.structure.keys) <= set(names):
        raise _NoFixError
    values = dict(weights.structure.entries)
    change: dict[str, Callable[[str], str]] = {}
    for name, value in values.items():
        if not isinstance(value, Leaf):
            raise _NoFixError
        if isinstance(value.token, int):
            change[name] = _as_float  # Keras before 3.5.0 refuses integers
        elif not isinstance(value.token, float):
            draft.doubt("a value is an expression that may depend on when it is evaluated")
    missing = {name: "1.0" for name in names if name not in values}
    _rewrite(document, "loss_weights", weights, names, draft, change, missing)


def _as_float(text: str) -> str:
    return f"{text}.0" if re.fullmatch(r"-?[1-9][0-9_]*|-?0", text) else f"float({text})"


def _fix_trainings(document: Document, facts: ModuleFacts, call: CompileCall, outputs: Outputs, draft: _Draft) -> None:
    for training in call.trainings:
        data = training.data
        if any(isinstance(argument.structure, Named) for argument in data):
            _check_sharing(facts, training, outputs)
        for title, argument in zip(("y", "sample_weight") * 2, data, strict=True):
            _rewrite_data(document, title, argument, outputs.labels, draft)


def _check_sharing(facts: ModuleFacts, training: TrainingCall, outputs: Outputs) -> None:
    """Raise _NoFixError if a dict at a training call also reaches a model for which a tuple may be wrong.

    That is a call in another file, a model that is not known or has other outputs or a training step of its
    own, or a run of the call that is given no dict there.
    """
    if training.module != facts.path or (training.call.lineno, training.call.col_offset) in facts.shared_trainings:
        raise _NoFixError
    for given, overrides, dicts in facts.trained_by(training.call):
        if given is None or given.container not in ("list", "tuple") or overrides:
            raise _NoFixError
        if given.names != outputs.names or dicts != training.dicts:
            raise _NoFixError


def _rewrite_data(document: Document, title: str, data: Argument, names: tuple[str, ...], draft: _Draft) -> None:
    structure = data.structure
    if isinstance(structure, Named):
        if set(structure.keys) != set(names) or not all(isinstance(value, Leaf) for _, value in structure.entries):
            raise _NoFixError
        _rewrite(document, title, data, names, draft)
        return
    if isinstance(structure, Unseen):
        draft.doubt("what the model is trained on can't be seen")
    _leave(document, data, draft)


def _leave(document: Document, argument: Argument, draft: _Draft) -> None:
    if argument.node is not None:
        draft.left.add(document.span(argument.node))


def _rewrite(
    document: Document,
    title: str,
    argument: Argument,
    names: tuple[str, ...],
    draft: _Draft,
    change: dict[str, Callable[[str], str]] | None = None,
    missing: dict[str, str] | None = None,
) -> None:
    """Write a dict argument as a tuple at the call: a display in place, a variable item by item."""
    node, change, missing = argument.node, change or {}, missing or {}
    if node is None or argument.is_produced_by_node:
        raise _NoFixError
    span = document.span(node)
    source = document.slice(span)
    if isinstance(node, (ast.Dict, ast.Call)):
        content = _display(source, node, argument, names, change, missing)
        if not all(_plain(value) for value in _values(node)):
            draft.doubt("a value is an expression that may depend on when it is evaluated")
    elif is_dotted_name(node) and "#" not in source and not argument.optional:
        path = re.sub(r"\\?\s+", "", source)
        items = [_item(path, name, argument.structure, change, missing) for name in names]
        content = "(" + ", ".join(items) + ")"
    else:
        raise _NoFixError
    if content is None:
        raise _NoFixError
    _add(draft, title, Edit(span, content))


def _display(
    source: str,
    node: ast.Dict | ast.Call,
    argument: Argument,
    names: tuple[str, ...],
    change: dict[str, Callable[[str], str]],
    missing: dict[str, str],
) -> str | None:
    values = list(_values(node))
    places = {id(value): place for place, value in enumerate(values)}
    by_name = {name: places.get(id(value)) for name, value in argument.entries if value is not None}
    if not by_name or len(by_name) != len(values) or None in by_name.values():
        return None  # keys given twice, unpacked dicts, or a call that is not a display
    order: list[int] = []
    appended: dict[int, str] = {}
    for name in names:
        place = by_name.get(name)
        if place is None:
            place = len(values) + len(appended)
            appended[place] = missing[name]
        order.append(place)
    changes = {place: change[name] for name, place in by_name.items() if name in change and place is not None}
    if isinstance(node, ast.Call) and node.args:
        return None if node.keywords or appended else _from_pairs(source, order, changes)
    from keraslint.fixes.display import tuple_text  # imports LibCST, which takes time

    return tuple_text(source, order, changes, appended)


def _values(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        yield from node.values
    elif isinstance(node, ast.Call):
        if len(node.args) == 1:
            yield from (value for value in pair_values(node.args[0]) or () if value is not None)
        yield from (keyword.value for keyword in node.keywords)


def _from_pairs(source: str, order: list[int], change: dict[int, Callable[[str], str]]) -> str | None:
    """``OrderedDict([("a", x), …])`` as a tuple; only where no comment stands in it."""
    if "#" in source:
        return None
    whole = Document("", f"({source})")
    statement = whole.tree.body[0]
    assert isinstance(statement, ast.Expr)
    texts = [whole.slice(whole.span(_unwrapped(value))) for value in _values(statement.value)]
    return "(" + ", ".join(change.get(place, str)(texts[place]) for place in order) + ")"


def _unwrapped(node: ast.expr) -> ast.expr:
    """The item of a list or tuple with one item, which Keras treats alike; any other node unchanged."""
    if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1 and not isinstance(node.elts[0], ast.Starred):
        return node.elts[0]
    return node


def _item(
    source: str,
    name: str,
    structure: Structure,
    change: dict[str, Callable[[str], str]],
    missing: dict[str, str],
) -> str:
    if name in missing:
        return missing[name]
    text = f'{source}["{name}"]' if '"' not in name and "\\" not in name else f"{source}[{name!r}]"
    value = dict(structure.entries)[name] if isinstance(structure, Named) else ABSENT
    if isinstance(value, Positional) and len(value.items) == 1:
        text += "[0]"
    return change[name](text) if name in change else text


def _plain(node: ast.expr) -> bool:
    """Return True if an expression has the same value whenever it is evaluated."""
    if isinstance(node, (ast.Name, ast.Constant)):
        return True
    if isinstance(node, ast.Lambda):
        return all(_plain(default) for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None)
    if isinstance(node, ast.Attribute):
        return _plain(node.value)
    if isinstance(node, ast.UnaryOp):
        return _plain(node.operand)
    if isinstance(node, ast.BinOp):
        return all(isinstance(part, ast.Constant) for part in (node.left, node.right))
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(_plain(item) for item in node.elts)
    if not isinstance(node, ast.Call) or not is_dotted_name(node.func):
        return False
    # An instance of a class.
    return called_name(node)[:1].isupper() and all(map(_plain, (*node.args, *(item.value for item in node.keywords))))


def _add(draft: _Draft, title: str, edit: Edit) -> None:
    draft.edits[edit] = None
    draft.rewritten[title] = None


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
