"""KER107: a list or tuple for outputs in a dict, which Keras matches to the sorted keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Token
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Positional, has_none
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.crossed_names import crosses_names
from keraslint.rules.shared.listed_for_dict import find_losses, find_targets, find_weights, target_is_wrong
from keraslint.rules.shared.misrouting import Mismatch, Misrouting, losses_differ
from keraslint.rules.shared.wording import in_tuple_or_dict, quoted, weights_in_words, who_trains_what, without_none
from keraslint.rules.templates import Contexts, DataRule, Finding

_MODEL = example_model({"small": 1, "big": 64}, outputs='{"small": small, "big": big}')
_FIT = 'model.fit(x, {"small": y_small, "big": y_big})\n'
_LISTED = 'model.compile("adam", loss=[losses.small, losses.big])\n'
_COMPILED = 'model.compile("adam", loss={"small": "mse", "big": "mae"})\n'


class PositionalOnDictOutputs(DataRule):
    """**What it does.** Finds a list or tuple of losses, loss weights or targets for a model whose outputs are a dict,
    where Keras gives its entries to other outputs than they are meant for.

    **Why is this bad?** Every Keras 3 release takes the outputs of a dict in the alphabetical order of their keys. A
    list in the order in which the outputs are declared then reaches other outputs, and nothing fails.

    By default it fires only where the entries' own names say what they are meant for, as in `[loss_small, loss_big]` or
    `[y["small"], y["big"]]`: not where only the order of the declaration is against it, since the author may know
    how Keras sorts. Selected by its code it fires there, too.

    **Use instead.** A dict with the keys of the outputs.

    **Fix safety.** There is no fix: elsewhere in the program the same values may be listed in the same order.
    """

    code = "KER107"
    name = "positional-on-dict-outputs"
    summary = "an entry of a list, for outputs in a dict, reaches another output than it is meant for"
    draws = "target"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING})
    certain_by_default = True
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
        Example("Losses whose names say where they belong", _MODEL + _LISTED + _FIT, keras="3.6.0", finds=True),
        Example(
            "Sorted as Keras sorts", _MODEL + _COMPILED + "model.fit(x, [y_big, y_small])\n", keras="3.4.1", finds=False
        ),
        Example("A dict for each", _MODEL + _COMPILED + _FIT, keras="3.15.1", finds=False),
    )

    shape = Positional

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings; none in a program whose names do not say what is meant, as it exchanges them itself."""
        if self._strict or not crosses_names(document, facts):
            yield from super().check_calls(document, facts, keras)

    def check_calls_strictly(
        self, document: Document, facts: ModuleFacts, keras: KerasReleases
    ) -> Iterable[Diagnostic]:
        """The findings, and the lists that are right only for one who means the sorted keys."""
        return type(self)(strict=True).check_calls(document, facts, keras)

    def contexts(self, contexts: Contexts, _facts: ModuleFacts, _keras: KerasReleases) -> Iterable[CompileCall]:
        """Those in which the outputs are a dict."""
        return [call for call in contexts if call.model.outputs and call.model.outputs.keys]

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A list of losses, or else of loss weights, whose entries an allowed release gives to other outputs."""
        if found := find_losses(call, keras, strict=self._strict):
            details = who_trains_what([pair for pair in found.mismatches if losses_differ(pair)])
            advice = without_none(call, "in a dict") if has_none(call.loss.structure) else None
            return _finding(call.loss, "losses", details, found, advice)
        if found := find_weights(call, keras, strict=self._strict):
            return _finding(call.loss_weights, "loss weights", weights_in_words(found.mismatches), found)
        return None

    def find_in_data(self, call: CompileCall, argument: Argument, keras: KerasReleases) -> Finding | None:
        """A list of targets whose entries an allowed release gives to other outputs."""
        found = None if argument.is_produced_by_node else find_targets(call, argument, keras, strict=self._strict)
        if found is None:
            return None
        details = ", ".join(_target_in_words(pair) for pair in found.mismatches if target_is_wrong(call, pair))
        return _finding(argument, "targets", details, found)


def _finding(argument: Argument, title: str, details: str, found: Misrouting, advice: str | None = None) -> Finding:
    what = f"a list of {title} to the outputs by their sorted keys"
    advice = advice or in_tuple_or_dict(found.outputs, "a tuple")
    return Finding(argument, found.releases, "give", what, details, advice, found.cure)


def _target_in_words(pair: Mismatch) -> str:
    if not pair.delivered.losses:
        return f"nothing trains '{pair.output}'"
    target = pair.delivered.target
    return f"'{pair.output}' is trained on {quoted(target.label) if isinstance(target, Token) else 'another target'}"
