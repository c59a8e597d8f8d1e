"""The ``tuple`` fix: losses, weights and targets in output order, where that is right on every Keras 3 release."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Token, TrainingCall
from keraslint.analysis.sorted_names import sorts_output_names
from keraslint.behaviour.structure import ABSENT, Leaf, Named, Outputs, Positional, Structure, Unseen
from keraslint.diagnostic import Applicability, Edit, Fix, Span
from keraslint.document import Document
from keraslint.fixes.held import held
from keraslint.fixes.listed_names import sees_variables
from keraslint.fixes.origin import display_of
from keraslint.fixes.other_callers import fits_other_callers, has_same_outputs, training_fits_other_callers
from keraslint.fixes.pairs import from_pairs
from keraslint.fixes.plain import has_active_keys, is_made_at_once, may_move, may_stay, values_of
from keraslint.limits import poll
from keraslint.syntax import is_dotted_name
from keraslint.words import listed

STYLE = "tuple"

_TITLES = {
    "loss": "losses",
    "loss_weights": "loss weights",
    "y": "targets",
    "sample_weight": "sample weights",
}
# The first word of the name of a variable for each.
_VARIABLES = {"loss": "losses", "loss_weights": "weights", "y": "targets", "sample_weight": "sample_weights"}


class _NoFixError(Exception):
    """The rewrite would be wrong or is not possible in this source."""


@dataclass(slots=True)
class _Draft:
    """The edits so far, the arguments they rewrite or leave unchanged, and the reasons to doubt them.

    at_origin: dicts that come from elsewhere are rewritten where they are displayed, not at the call. origins: these,
    True for each that is passed to the function around the call.
    """

    at_origin: bool = False
    origins: dict[str, bool] = field(default_factory=dict)
    edits: dict[Edit, None] = field(default_factory=dict)
    rewritten: dict[str, None] = field(default_factory=dict)
    left: set[Span] = field(default_factory=set)
    binds: bool = False  # a new variable is bound
    doubts: dict[str, None] = field(default_factory=dict)

    def doubt(self, reason: str) -> None:
        """Record a reason why the fix may change the behaviour of correct code."""
        self.doubts[reason] = None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A display as the text of a tuple; ``kept``: its values stand in the same order."""

    text: str
    kept: bool


def tuple_fix(document: Document, facts: ModuleFacts, contexts: tuple[CompileCall, ...]) -> Fix | None:
    """The fix for a compile call, given all contexts in which it runs; None where no rewrite is right.

    The conditions are those under which no program that is right on a Keras 3 release becomes wrong on it: flat
    list or tuple outputs with distinct labels, a loss for each of them, weights and dict targets rewritten with
    the loss. It is safe only where a training call is in view and everything that reaches it is seen.
    """
    at_call = _tuple_fix(document, facts, contexts, _Draft())
    if len(contexts) > 1 or (at_call is not None and at_call.applicability is Applicability.SAFE):
        return at_call
    at_origin = _tuple_fix(document, facts, contexts, _Draft(at_origin=True))
    return at_origin if at_origin is not None and at_origin.applicability is Applicability.SAFE else at_call


def _tuple_fix(document: Document, facts: ModuleFacts, contexts: tuple[CompileCall, ...], draft: _Draft) -> Fix | None:
    replaced = (one for one in facts.replaced() if one.call is contexts[0].call)  # what it does must not raise either
    every = (*contexts, *(replace(one, trainings=contexts[0].trainings) for one in replaced))
    try:
        outputs = _common_outputs(every)
        for context in every:
            poll()
            _fix_compile(document, facts.path, context, outputs.labels, draft)
            _fix_trainings(document, facts, context, outputs, draft)
    except _NoFixError:
        return None
    if (draft.binds or draft.origins) and sees_variables(document.tree):
        draft.doubt("the program lists its variables, or reads one by a text")
    if not draft.doubts and sorts_output_names(ast.walk(document.tree)):
        draft.doubt("the program sorts the names of outputs: it may mean the order of Keras 3.5 and 3.6")
    if not draft.doubts and not _fits(facts, contexts, draft):
        draft.doubt("other code may call the function around it with other arguments")
    edits = sorted(draft.edits, key=lambda edit: edit.span)
    overlap = any(after.span.start < before.span.end for before, after in pairwise(edits))
    if not edits or overlap or not draft.left.isdisjoint(edit.span for edit in edits):
        return None  # contexts that need different texts in one place
    applicability = Applicability.UNSAFE if draft.doubts else Applicability.SAFE
    titles = [_TITLES[name] for name in _TITLES if name in draft.rewritten]
    message = f"Pass the {listed(titles)} in output order"
    if draft.doubts:
        message += f" (unsafe: {next(iter(draft.doubts))})"
    return Fix(STYLE, applicability, message, tuple(edits))


def _fits(facts: ModuleFacts, contexts: tuple[CompileCall, ...], draft: _Draft) -> bool:
    """Return True if the edits are right however the function around the call is called.

    A display that its caller passes belongs to this call alone; any other one must always meet the same outputs.
    """
    if not draft.origins or draft.origins.keys() != draft.rewritten.keys():
        return fits_other_callers(facts, contexts)
    return all(draft.origins.values()) or has_same_outputs(facts, contexts)


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


def _fix_compile(document: Document, path: str, call: CompileCall, names: tuple[str, ...], draft: _Draft) -> None:
    if call.reads_loss:
        raise _NoFixError  # model.loss["name"] needs the dict
    _doubt_model(call, draft)
    if call.module != path:
        draft.doubt("the model is compiled in another file")
        if any(isinstance(part.structure, (Named, Unseen)) for part in (call.loss, call.loss_weights)):
            raise _NoFixError  # what is wrong there is not fixed here
        return
    loss, weights = call.loss, call.loss_weights
    weighted = isinstance(weights.structure, Named)
    if isinstance(weights.structure, Unseen):
        raise _NoFixError  # it may be a dict, which a tuple of losses would misroute
    if isinstance(loss.structure, Named):
        _check_losses(loss.structure, names, draft)
        _rewrite(document, "loss", call.call, loss, names, draft)
    elif isinstance(loss.structure, Leaf) and weighted:
        _repeat(document, loss, len(names), draft)
    elif isinstance(loss.structure, Leaf) or (
        isinstance(loss.structure, Positional) and len(loss.structure.items) == len(names)
    ):
        _leave(document, loss, draft)
    else:
        raise _NoFixError
    if weighted:
        _rewrite_weights(document, call.call, weights, names, draft)
    else:
        _leave(document, weights, draft)


def _doubt_model(call: CompileCall, draft: _Draft) -> None:
    if not call.trainings:
        draft.doubt("the source shows no training call on the model")
    if call.escapes:
        draft.doubt("the model is passed to code that is not seen before it is trained")
    if call.computes:
        draft.doubt("the program has losses computed in a way that is not followed")
    if call.model.kind != "functional" and not _lists_its_outputs(call):
        draft.doubt("the model is not a plain Functional model")


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
        if not (isinstance(one.token, Token) and (one.token.movable or one.token.single)):
            draft.doubt("a loss is an expression that may depend on when it is evaluated, or be None")


def _repeat(document: Document, loss: Argument, count: int, draft: _Draft) -> None:
    """One function for all outputs: weights in a tuple need the losses in one too (Keras 3.7.0 and later)."""
    if not isinstance(loss.node, (ast.Name, ast.Constant)):
        raise _NoFixError  # an expression would be evaluated several times
    span = document.span(loss.node)
    _add(draft, "loss", Edit(span, "(" + ", ".join([document.slice(span)] * count) + ")"))


def _rewrite_weights(
    document: Document, call: ast.Call, weights: Argument, names: tuple[str, ...], draft: _Draft
) -> None:
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
    _rewrite(document, "loss_weights", call, weights, names, draft, change, missing)


def _as_float(text: str) -> str:
    return f"{text}.0" if re.fullmatch(r"-?[1-9][0-9_]*|-?0", text) else f"float({text})"


def _fix_trainings(document: Document, facts: ModuleFacts, call: CompileCall, outputs: Outputs, draft: _Draft) -> None:
    for training in call.trainings:
        data = training.data
        if training.module != facts.path:
            if any(training.dicts):
                raise _NoFixError  # what is wrong there is not fixed here
            if any(isinstance(argument.structure, Unseen) for argument in data):
                draft.doubt("what the model is trained on can't be seen")
            continue
        if any(isinstance(argument.structure, Named) for argument in data):
            _check_sharing(facts, training, outputs)
        for title, argument in zip(("y", "sample_weight") * 2, data, strict=True):
            if not training_fits_other_callers(document, facts, call, training, argument):
                draft.doubt("other code may call the function that trains the model with other arguments")
            _rewrite_data(document, title, training.call, argument, outputs.labels, draft)


def _check_sharing(facts: ModuleFacts, training: TrainingCall, outputs: Outputs) -> None:
    """Raise _NoFixError if a dict at a training call also reaches a model for which a tuple may be wrong.

    That is a model that is not known or has other outputs or a training step of its own, or a run of the call that is
    given no dict there.
    """
    if (training.call.lineno, training.call.col_offset) in facts.shared_trainings:
        raise _NoFixError
    for given, overrides, dicts in facts.trained_by(training.call):
        if given is None or given.container not in ("list", "tuple") or overrides:
            raise _NoFixError
        if given.names != outputs.names or dicts != training.dicts:
            raise _NoFixError


def _rewrite_data(
    document: Document, title: str, call: ast.Call, data: Argument, names: tuple[str, ...], draft: _Draft
) -> None:
    structure = data.structure
    if isinstance(structure, Named):
        if set(structure.keys) != set(names) or not all(isinstance(value, Leaf) for _, value in structure.entries):
            raise _NoFixError
        _rewrite(document, title, call, data, names, draft)
        return
    if isinstance(structure, Leaf) and title == "y":
        raise _NoFixError  # no tuple of losses makes up for the targets that the other outputs lack
    if isinstance(structure, Unseen):
        draft.doubt("what the model is trained on can't be seen")
    _leave(document, data, draft)


def _leave(document: Document, argument: Argument, draft: _Draft) -> None:
    if argument.node is not None:
        draft.left.add(document.span(argument.node))


def _rewrite(
    document: Document,
    title: str,
    call: ast.Call,
    argument: Argument,
    names: tuple[str, ...],
    draft: _Draft,
    change: dict[str, Callable[[str], str]] | None = None,
    missing: dict[str, str] | None = None,
) -> None:
    """Write a dict argument as a tuple at the call: a display in place, a variable item by item.

    A dict that another expression makes is held in a variable. So is a display whose values may depend on the order in
    which they are evaluated, if that changes.
    """
    node, change, missing = argument.node, change or {}, missing or {}
    elsewhere = node is None or (is_dotted_name(node) and "#" not in document.slice(document.span(node)))
    if draft.at_origin and title in ("loss", "loss_weights") and elsewhere:
        draft.origins[title] = isinstance(node, ast.Name)
        node = display_of(document.tree, call, argument)
    if node is None or argument.is_produced_by_node:
        raise _NoFixError
    span = document.span(node)
    source = document.slice(span)
    shown = None
    if isinstance(node, (ast.Dict, ast.Call)) and not has_active_keys(node):
        shown = _display(source, node, argument, names, change, missing)
        if shown is not None and (may_move(node, argument, title) or (shown.kept and may_stay(node, argument))):
            _add(draft, title, Edit(span, shown.text))
            return
    elif is_dotted_name(node) and "#" not in source and not argument.optional:
        _add(draft, title, Edit(span, _items(re.sub(r"\\?\s+", "", source), argument, names, change, missing)))
        return
    variable = None
    if (may_stay(node, argument) if shown is not None else is_made_at_once(node)) and not argument.optional:
        variable = held(document, call, node, _VARIABLES[title])
    if variable is not None:
        name, binding = variable
        draft.edits[binding], draft.binds = None, True
        if isinstance(call.func, ast.Attribute) and not isinstance(call.func.value, ast.Name):
            draft.doubt("what stands before the call may run code")
        _add(draft, title, Edit(span, _items(name, argument, names, change, missing)))
    elif shown is not None:
        draft.doubt("a value is an expression that may depend on when it is evaluated")
        _add(draft, title, Edit(span, shown.text))
    else:
        raise _NoFixError


def _items(
    path: str,
    argument: Argument,
    names: tuple[str, ...],
    change: dict[str, Callable[[str], str]],
    missing: dict[str, str],
) -> str:
    return "(" + ", ".join(_item(path, name, argument.structure, change, missing) for name in names) + ")"


def _display(
    source: str,
    node: ast.Dict | ast.Call,
    argument: Argument,
    names: tuple[str, ...],
    change: dict[str, Callable[[str], str]],
    missing: dict[str, str],
) -> _Shown | None:
    values = list(values_of(node))
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
    kept = order[: len(values)] == list(range(len(values)))
    changes = {place: change[name] for name, place in by_name.items() if name in change and place is not None}
    if isinstance(node, ast.Call) and node.args:
        text = None if node.keywords or appended else from_pairs(source, order, changes)
        return None if text is None else _Shown(text, kept)
    try:
        from keraslint.fixes.display import tuple_text  # imports LibCST, which takes time
    except ImportError:  # LibCST is not there, as in a browser: a finding has no such fix
        return None
    text = tuple_text(source, order, changes, appended)
    return None if text is None else _Shown(text, kept)


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


def _add(draft: _Draft, title: str, edit: Edit) -> None:
    draft.edits[edit] = None
    draft.rewritten[title] = None
