"""KER105: a key of loss, loss_weights or metrics names no output of the model."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.version import Version

from keraslint.behaviour.structure import Named, Outputs
from keraslint.diagnostic import Diagnostic
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.refusal import known_names, quoted, refusing, surveyed
from keraslint.rules.shared.wording import sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
age = keras.layers.Dense(1, name="age")(inputs)
sex = keras.layers.Dense(2, name="sex")(inputs)
model = keras.Model(inputs, [age, sex])
"""


class UnknownOutputName(Rule):
    """**What it does.** Finds a key in a dict of `loss`, `loss_weights` or `metrics` that names no output of the
    model.

    **Why is this bad?** A loss or metric with such a key raises on every measured Keras 3 release, but only when
    training starts. Among loss weights it may also pass in silence: Keras 3.5.0 and 3.6.0 hand the weights out in
    the alphabetical order of the keys, and from 3.7.0 on a weight too many is dropped.

    **Use instead.** The names of the layers that make the outputs, or the keys of a dict of outputs.

    **Fix safety.** There is no fix: only the author knows which output was meant.
    """

    code = "KER105"
    name = "unknown-output-name"
    summary = "a key of loss, loss_weights or metrics names no output"
    measured = (
        "list loss=typo y=list",
        "list loss=dict y=list loss_weights=typo",
        "list loss=dict y=list loss_weights=extra",
        "list loss=tuple y=list metrics=typo",
    )
    examples = (
        Example(
            "A name that no layer has",
            _MODEL
            + """
model.compile("adam", loss={"age": "mse", "gender": "binary_crossentropy"})
""",
            keras="3.15.1",
            finds=True,
        ),
        Example(
            "The names of the layers",
            _MODEL
            + """
model.compile("adam", loss={"age": "mse", "sex": "binary_crossentropy"})
""",
            keras="3.15.1",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The arguments with a key that names nothing."""
        for contexts in facts.sites():
            for title in ("loss", "loss_weights", "metrics", "weighted_metrics"):
                for call in contexts:
                    argument: Argument = getattr(call, title)
                    found = _find(call, title, argument, keras)
                    if found is not None:
                        unknown, releases, outputs = found
                        message = _message(title, unknown, releases, outputs, keras)
                        level = severity(keras, releases)
                        yield self.diagnostic(document, call, argument, message, level, keras)
                        break


def _find(
    call: CompileCall, title: str, argument: Argument, keras: KerasReleases
) -> tuple[list[str], tuple[Version, ...], Outputs] | None:
    outputs = surveyed(call)
    if outputs is None or not isinstance(argument.structure, Named) or None in outputs.names:
        return None
    names = frozenset(outputs.labels) if title == "loss" else known_names(outputs)
    unknown = [key for key in argument.structure.keys if key not in names]
    if not unknown:
        return None
    if title == "loss":
        releases = refusing(outputs, argument.structure, keras)
    elif title == "loss_weights" and not isinstance(call.loss.structure, Named):
        return None  # beside other losses the weights are misrouted: that is another rule's finding
    else:
        releases = keras.versions if len(outputs.names) > 1 else ()
    return (unknown, releases, outputs) if releases else None


def _message(
    title: str, unknown: list[str], releases: tuple[Version, ...], outputs: Outputs, keras: KerasReleases
) -> str:
    one = len(unknown) == 1
    silent = "gives {} to no output" if title == "loss_weights" else "raises for {}"
    what = silent.format(f"the {title} key{'' if one else 's'} {quoted(unknown)}")
    several = what.replace("gives", "give", 1) if title == "loss_weights" else what.replace("raises", "raise", 1)
    names = list(dict.fromkeys(outputs.labels))
    near = difflib.get_close_matches(unknown[0], names, 1) if one else []
    advice = f"did you mean '{near[0]}'?" if near else "use the names of the outputs"
    return sentence(keras, releases, what, several, f"the outputs are {quoted(names)}", advice)
