"""KER107: a list or tuple for outputs in a dict, which Keras matches to the sorted keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.analysis.facts import Argument, CompileCall, Token, TrainingCall
from keraslint.behaviour.structure import Named, Outputs, Positional, Structure
from keraslint.diagnostic import Diagnostic
from keraslint.rules.base import Example, Rule
from keraslint.rules.misplaced_loss_weights import ONLY_WEIGHTS, find_misplaced, weights_in_words
from keraslint.rules.shared.meant_order import in_order, meant_by_names
from keraslint.rules.shared.misrouting import Mismatch, Misrouting, Question, find_misrouting, has_none
from keraslint.rules.shared.wording import (
    advise,
    in_tuple_or_dict,
    quoted,
    sentence,
    severity,
    who_trains_what,
    without_none,
)

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
"""
_COMPILED = 'model.compile("adam", loss={"small": "mse", "big": "mae"})\n'


class PositionalOnDictOutputs(Rule):
    """**What it does.** Finds a list or tuple of losses, loss weights or targets for a model whose outputs are a dict,
    where Keras gives its entries to other outputs than they are meant for.

    **Why is this bad?** Every Keras 3 release takes the outputs of a dict in the alphabetical order of their keys. A
    list in the order in which the outputs are declared then reaches other outputs, and nothing fails.

    By default it fires only where the entries' own names say what they are meant for, as in `[loss_small, loss_big]` or
    `[y["small"], y["big"]]`: not where only the order of the declaration speaks against it, since the author may know
    how Keras sorts. Selected by its code it fires there, too.

    **Use instead.** A dict with the keys of the outputs.

    **Fix safety.** There is no fix: elsewhere in the program the same values may be listed in the same order.
    """

    code = "KER107"
    name = "positional-on-dict-outputs"
    summary = "an entry of a list, for outputs in a dict, reaches another output than it is meant for"
    partly = True
    measured = (
        "dict loss=tuple y=dict",
        "dict loss=dict y=list",
        "dict loss=tuple y=dict loss_weights=list",
    )
    examples = (
        Example(
            "Targets whose names say where they belong",
            _MODEL + 'model.compile("adam", loss="mse")\nmodel.fit(x, [y_small, y_big])\n',
            keras="3.15.1",
            finds=True,
        ),
        Example(
            "Losses whose names say where they belong",
            _MODEL
            + 'model.compile("adam", loss=[losses.small, losses.big])\n'
            + 'model.fit(x, {"small": y_small, "big": y_big})\n',
            keras="3.6.0",
            finds=True,
        ),
        Example(
            "Sorted as Keras sorts",
            _MODEL + 'model.compile("adam", loss={"small": "mse", "big": "mae"})\nmodel.fit(x, [y_big, y_small])\n',
            keras="3.4.1",
            finds=False,
        ),
        Example(
            "A dict for each",
            _MODEL + _COMPILED + 'model.fit(x, {"small": y_small, "big": y_big})\n',
            keras="3.15.1",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The lists whose entries' names say that they are meant for other outputs."""
        yield from self._check(document, facts, keras, in_full=False)

    def check_in_full(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The same, and the lists that are right only for one who means the sorted keys."""
        yield from self._check(document, facts, keras, in_full=True)

    def _check(
        self, document: Document, facts: ModuleFacts, keras: KerasReleases, *, in_full: bool
    ) -> Iterator[Diagnostic]:
        seen: set[tuple[int, int]] = set()
        for contexts in facts.sites():
            calls = [call for call in contexts if call.model.outputs and call.model.outputs.keys]
            for call in calls:
                diagnostic = self._of_compile(document, call, keras, in_full=in_full)
                if diagnostic is not None:
                    yield diagnostic
                    break
            for call in calls:
                for training, data in _lists(call, facts.path):
                    assert data.node is not None
                    place = (data.node.lineno, data.node.col_offset)
                    found = None if place in seen else _of_targets(call, training, data, keras, in_full=in_full)
                    if found is not None:
                        seen.add(place)
                        message, level = _message("targets", call, found, keras), severity(keras, found.releases)
                        yield self.diagnostic(document, call, data, message, level, keras, at=training.call)

    def _of_compile(
        self, document: Document, call: CompileCall, keras: KerasReleases, *, in_full: bool
    ) -> Diagnostic | None:
        for title, argument, found in (
            ("losses", call.loss, _of_losses(call, keras, in_full=in_full)),
            ("loss weights", call.loss_weights, _of_weights(call, keras, in_full=in_full)),
        ):
            if found is not None:
                message, level = _message(title, call, found, keras), severity(keras, found.releases)
                return self.diagnostic(document, call, argument, message, level, keras)
        return None


def _lists(call: CompileCall, path: str) -> Iterator[tuple[TrainingCall, Argument]]:
    """The lists of targets in this file that reach the losses of a compile call."""
    for training in call.trainings:
        if training.module == path:
            for data in (training.y, training.validation_y):
                if isinstance(data.structure, Positional) and data.node is not None and not data.within:
                    yield training, data


def _meant(outputs: Outputs | None, keys: Sequence[str], argument: Argument, *, in_full: bool) -> Named | None:
    """What a list says of these outputs: by the names of its entries, else in full by the order of the outputs."""
    structure = argument.structure
    if outputs is None or not isinstance(structure, Positional):
        return None
    meant = meant_by_names(argument, keys)
    if meant is None and in_full and len(structure.items) == len(keys):
        return in_order(structure, keys)
    return meant


def _trained(call: CompileCall) -> tuple[str, ...]:
    """The keys of the outputs that a dict of losses names; all of them where the losses are no dict."""
    outputs, loss = call.model.outputs, call.loss.structure
    keys = outputs.keys if outputs is not None else ()
    return tuple(key for key in keys if key in loss.keys) if isinstance(loss, Named) else keys


def _of_losses(call: CompileCall, keras: KerasReleases, *, in_full: bool) -> Misrouting | None:
    outputs = call.model.outputs
    meant = _meant(outputs, outputs.keys if outputs is not None else (), call.loss, in_full=in_full)
    if meant is None:
        return None
    question = Question(lambda wrong, _: any(pair.named.losses != pair.delivered.losses for pair in wrong))
    return find_misrouting(call, keras, question, replace(call, loss=_as(call.loss, meant)))


def _of_weights(call: CompileCall, keras: KerasReleases, *, in_full: bool) -> Misrouting | None:
    meant = _meant(call.model.outputs, _trained(call), call.loss_weights, in_full=in_full)
    if meant is None or find_misplaced(call, keras) is not None:
        return None
    return find_misrouting(call, keras, ONLY_WEIGHTS, replace(call, loss_weights=_as(call.loss_weights, meant)))


def _of_targets(
    call: CompileCall, training: TrainingCall, data: Argument, keras: KerasReleases, *, in_full: bool
) -> Misrouting | None:
    outputs = call.model.outputs
    keys = outputs.keys if outputs is not None else ()
    meant = _meant(outputs, keys, data, in_full=in_full) or _meant(outputs, _trained(call), data, in_full=in_full)
    if meant is None:
        return None
    alone = training.only(data)
    asks = _has_other_target if has_none(call.loss.structure) else _goes_without
    question = Question(lambda wrong, _: any(map(asks, wrong)), targets=True, idle=True)
    return find_misrouting(
        replace(call, trainings=(alone,)),
        keras,
        question,
        replace(call, trainings=(replace(alone, y=_as(data, meant)),)),
    )


def _as(argument: Argument, structure: Structure) -> Argument:
    return replace(argument, structure=structure)


def _has_other_target(pair: Mismatch) -> bool:
    trained = pair.named.losses and pair.delivered.losses  # else it is the loss that goes astray
    return bool(trained) and pair.named.target != pair.delivered.target


def _goes_without(pair: Mismatch) -> bool:
    """Whether an output has another target, or lost its loss for want of targets."""
    lost = pair.named.losses and not pair.delivered.losses
    return _has_other_target(pair) or (bool(lost) and pair.named.target is not None)


def _message(title: str, call: CompileCall, found: Misrouting, keras: KerasReleases) -> str:
    instead = in_tuple_or_dict(found.outputs, "a tuple")
    if title == "losses":
        details = who_trains_what([pair for pair in found.mismatches if pair.named.losses != pair.delivered.losses])
        instead = without_none(call, "in a dict") if has_none(call.loss.structure) else instead
    elif title == "loss weights":
        details = weights_in_words(found)
    else:
        asks = _has_other_target if has_none(call.loss.structure) else _goes_without
        details = ", ".join(_target_in_words(pair) for pair in found.mismatches if asks(pair))
    what, advice = f"a list of {title} to the outputs by their sorted keys", advise(instead, found.cure, call)
    return sentence(keras, found.releases, f"gives {what}", f"give {what}", details, advice)


def _target_in_words(pair: Mismatch) -> str:
    if not pair.delivered.losses:
        return f"nothing trains '{pair.output}'"
    target = pair.delivered.target
    return f"'{pair.output}' is trained on {quoted(target.label) if isinstance(target, Token) else 'another target'}"
