"""KER106: a dict of losses leaves out an output, which newer releases refuse."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.releases import first_after
from keraslint.behaviour.structure import Named
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.misrouting import checkable_outputs, releases_that_raise
from keraslint.rules.shared.wording import names
from keraslint.rules.templates import CallRule, Finding, fixes_by_name

_PROGRAM = example_model({"main": 1, "aux": 2}) + '\nmodel.compile("adam", loss={"main": "mse"})\n'


class IncompleteLoss(CallRule):
    """**What it does.** Finds a dict of losses that leaves out an output of a model with list or tuple outputs, or has
    one key for several outputs.

    **Why is this bad?** Until Keras 3.4.1 an output without a loss was simply not trained. Keras 3.5.0 and every
    later release up to 3.15.1 raises, and only when training starts.

    The outputs of a model that is called as a layer all have its name, and so have those of a layer that is called
    twice. One loss under such a name trains all of them, but Keras 3.5.0 and 3.6.0 raise.

    **Use instead.** A second model without that output for training, or a loss for it with a weight of `0.0`.

    **Fix safety.** No fix by default: a tuple with `None` for the output is misrouted or refused by several releases.
    The style `safe-compile` has one, which trains the named outputs alone.
    """

    code = "KER106"
    name = "incomplete-loss"
    summary = "a dict of losses leaves out an output"
    triggers = frozenset({Trigger.SEVERAL_LOSSES})
    measured = ("list loss=first y=list", "list-shared loss=by-layer y=list")
    examples = (
        Example("No loss for one of two outputs", _PROGRAM, keras="3.7.0", finds=True),
        Example("The same on an older release", _PROGRAM, keras="3.4.1", finds=False),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A dict of losses that an allowed release refuses because a loss is missing."""
        outputs, loss = checkable_outputs(call), call.loss.structure
        if outputs is None or outputs.container not in ("list", "tuple") or not isinstance(loss, Named):
            return None
        missing = [name for name in outputs.addresses if name not in loss.keys]
        if not loss.keys or not set(loss.keys) <= set(outputs.addresses) or not (missing or outputs.shares_names):
            return None
        releases = releases_that_raise(outputs, loss, keras)
        if not releases:
            return None
        details = f"the outputs are {names(outputs.addresses)}"
        if not missing:
            twice = {name: None for name in outputs.addresses if outputs.addresses.count(name) > 1}
            what, cure = f"for one loss for all outputs under the name {names(twice)}", first_after(releases)
            return Finding(call.loss, releases, "raise", what, details, "pass a tuple in output order", cure)
        what = f"for a dict of losses without {names(missing)}"
        return Finding(call.loss, releases, "raise", what, details, "give every output a loss", fixes=fixes_by_name)
