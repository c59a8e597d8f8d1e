"""Entries of a list, for outputs in a dict: the output that each is meant for, and where Keras gives it to another.

``strict``: the entries are also taken to be meant in the order of the outputs, not only by their own names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from keraslint.analysis.facts import Argument, CompileCall
from keraslint.behaviour.structure import Named, Positional, has_none
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.misrouting import (
    ONLY_WEIGHTS,
    Mismatch,
    Misrouting,
    Predicate,
    any_pair,
    find_misrouting,
    is_dropped,
    losses_differ,
)

_OTHERWISE = frozenset("not non no un other others without except from to against versus vs minus rest swapped".split())
"""Words that may turn the name of an output next to them into its opposite."""


def meant_by_names(argument: Argument, keys: Sequence[str]) -> Named | None:
    """The entries of a list or tuple under the keys that their own names say, as in ``[loss_small, loss_big]``.

    None where there is any doubt: each entry is a name, an attribute or an item by a text; without the name of an
    output, all of them read alike; and each output is named once, by a word of two letters at least.
    """
    node, structure = argument.node, argument.structure
    if not isinstance(node, (ast.List, ast.Tuple)) or not isinstance(structure, Positional):
        return None
    texts = [_text(item) for item in node.elts]
    if len(texts) != len(keys) or len(structure.items) != len(keys) or "" in texts:
        return None
    order = next((found for words in (keys, _stems(keys)) if (found := _order(texts, words)) is not None), None)
    if order is None:
        return None
    return in_order(structure, [keys[index] for index in order])


def named_output(node: ast.expr, keys: Sequence[str]) -> int | None:
    """The place of the one output after which an expression is named; None where there is none, or any doubt."""
    text = _snake(_text(node))
    for words in (keys, _stems(keys)):
        if not any(len(re.findall("[a-z]", word)) < 2 for word in words) and (found := _found(text, words)) is not None:
            return found[0]
    return None


def meant_argument(argument: Argument, keys: Sequence[str], *, strict: bool) -> Argument | None:
    """The entries of a list under the keys of the outputs that they are meant for; None where that is not known."""
    structure = argument.structure
    if not isinstance(structure, Positional):
        return None
    meant = meant_by_names(argument, keys)
    if meant is None and strict and len(structure.items) == len(keys):
        meant = in_order(structure, keys)
    return None if meant is None else replace(argument, structure=meant)


def in_order(structure: Positional, keys: Sequence[str]) -> Named:
    """The entries of a list or tuple under these keys."""
    return Named(tuple(zip(keys, structure.items, strict=True)))


def _text(node: ast.expr) -> str:
    """The name of an entry; empty if it is an expression that could change what its parts are called."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = _text(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        owner = _text(node.value)
        return f"{owner}[{node.slice.value}]" if owner else ""
    return ""


def _order(texts: Sequence[str], words: Sequence[str]) -> list[int] | None:
    """For each text the place of the one word in it; None where that is not certain."""
    if any(len(re.findall("[a-z]", word)) < 2 for word in words):
        return None
    order, frames = [], set[str]()
    for text in texts:
        found = _found(_snake(text), words)
        if found is None:
            return None
        place, frame = found
        order.append(place)
        frames.add(frame)
    if sorted(order) != list(range(len(words))) or len(frames) != 1:
        return None
    return None if _OTHERWISE & set(re.findall("[a-z]+", frames.pop())) else order


def _found(text: str, words: Sequence[str]) -> tuple[int, str] | None:
    """The place of the word that a text contains, and the text without it; the longest of those that overlap."""
    spans = [
        (match.start(), match.end(), place)
        for place, word in enumerate(words)
        for match in re.finditer(rf"(?<![a-z0-9]){re.escape(_snake(word))}(?![a-z0-9])", text)
    ]
    longest = [one for one in spans if not any(_within(one, other) for other in spans if other is not one)]
    if len(longest) != 1:
        return None
    start, end, place = longest[0]
    return place, f"{text[:start]}\0{text[end:]}"


def _within(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _snake(text: str) -> str:
    return re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


def _stems(keys: Sequence[str]) -> list[str]:
    """The keys without the words that all of them begin or end with: "small" and "big" of "out_small", "out_big"."""
    parts = [_snake(key).split("_") for key in keys]
    while all(len(words) > 1 for words in parts) and len({words[0] for words in parts}) == 1:
        parts = [words[1:] for words in parts]
    while all(len(words) > 1 for words in parts) and len({words[-1] for words in parts}) == 1:
        parts = [words[:-1] for words in parts]
    return ["_".join(words) for words in parts]


def find_misplaced(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    """The misrouting of a list of weights given with a dict of losses, if it is certain which output each is for."""
    outputs, loss = call.model.outputs, call.loss.structure
    if outputs is None or outputs.container not in ("dict", "odict") or not isinstance(loss, Named):
        return None
    trained = trained_keys(call)
    meant = meant_argument(call.loss_weights, trained, strict=loss.keys == trained)
    return None if meant is None else find_misrouting(call, keras, ONLY_WEIGHTS, replace(call, loss_weights=meant))


def trained_keys(call: CompileCall) -> tuple[str, ...]:
    """The keys of the outputs that a dict of losses names; all of them if the losses are not a dict."""
    keys, loss = call.model.outputs.keys if call.model.outputs is not None else (), call.loss.structure
    return tuple(key for key in keys if key in loss.keys) if isinstance(loss, Named) else keys


_LOSSES_DIFFER = Predicate(any_pair(losses_differ))


def find_losses(call: CompileCall, keras: KerasReleases, *, strict: bool) -> Misrouting | None:
    """The misrouting of a list of losses, if there is one."""
    meant = meant_argument(call.loss, _keys(call), strict=strict)
    return None if meant is None else find_misrouting(call, keras, _LOSSES_DIFFER, replace(call, loss=meant))


def find_weights(call: CompileCall, keras: KerasReleases, *, strict: bool) -> Misrouting | None:
    """The misrouting of a list of loss weights, except where ``find_misplaced`` finds it."""
    meant = meant_argument(call.loss_weights, trained_keys(call), strict=strict)
    if meant is None or find_misplaced(call, keras) is not None:
        return None
    return find_misrouting(call, keras, ONLY_WEIGHTS, replace(call, loss_weights=meant))


def find_targets(call: CompileCall, y: Argument, keras: KerasReleases, *, strict: bool) -> Misrouting | None:
    """The misrouting of a list of targets, if the model is trained on it alone."""
    meant = meant_argument(y, _keys(call), strict=strict) or meant_argument(y, trained_keys(call), strict=strict)
    if meant is None:
        return None
    (training,) = call.trainings
    is_wrong = any_pair(lambda pair: target_is_wrong(call, pair))
    predicate = Predicate(is_wrong, count_targets=True, count_untrained=True)
    return find_misrouting(call, keras, predicate, replace(call, trainings=(replace(training, y=meant),)))


def target_is_wrong(call: CompileCall, pair: Mismatch) -> bool:
    """Return True if an output is trained on another target, or on none although no loss of the call is None."""
    trained = pair.named.losses and pair.delivered.losses  # else it is the loss that is wrong
    other = bool(trained) and pair.named.target != pair.delivered.target
    return other or (is_dropped(pair) and not has_none(call.loss.structure))


def _keys(call: CompileCall) -> tuple[str, ...]:
    return call.model.outputs.keys if call.model.outputs is not None else ()
