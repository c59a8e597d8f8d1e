"""KER403: a model or its weights are saved to a path that Keras 3 refuses."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Mapping

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.document import Document
from keraslint.rules.base import Example
from keraslint.rules.shared.wrong_uses import WrongUse
from keraslint.rules.templates import UseRule
from keraslint.words import listed

_WEIGHTS = (".weights.h5",)
_ELSEWHERE = ("hf://", "kaggle://")
# Arguments of newer releases with which other paths are right.
_OTHERWISE = frozenset({"zipped", "max_shard_size"})

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, epochs=100)
"""
_SAVE = 'model.save("trained")\n'
_WEIGHTS_TO = 'model.save_weights("trained.h5")\n'


class RefusedPath(UseRule):
    """**What it does.** Finds `model.save`, `model.save_weights` and `ModelCheckpoint` with a path of another ending
    than Keras 3 takes.

    **Why is this bad?** Keras 3 raises a ValueError instead of saving. `save` and `save_weights` mostly stand at the
    end of a program: the training is lost. `save_weights` takes `.weights.h5` alone, `save` takes `.keras` and `.h5`,
    and so does `ModelCheckpoint`, from 3.8.0 on.

    It fires only where the whole path is seen. It is silent in a block whose exceptions are handled, and in a program
    that asks for the version.

    **Use instead.** A path that ends in `.weights.h5` for weights, and in `.keras` for models. `model.export` writes
    the folder that TensorFlow serves.

    **Fix safety.** There is no fix: other code may read the file by its name.
    """

    code = "KER403"
    name = "refused-path"
    summary = "a model or its weights are saved to a path that Keras 3 refuses"
    triggers = frozenset({Trigger.OLD_CALL})
    measured = (
        "known-bad: save_without_ending",
        "known-bad: weights_without_ending",
        "known-bad: checkpoint_without_ending",
        "known-bad: checkpoint_of_weights",
        "known-bad: checkpoint_h5",
    )
    examples = (
        Example("A folder", _MODEL + _SAVE, keras="3.15.1", finds=True),
        Example("Weights as .h5", _MODEL + _WEIGHTS_TO, keras="3.15.1", finds=True),
        Example("The native format", _MODEL + _SAVE.replace("trained", "trained.keras"), keras="3.15.1", finds=False),
        Example("A model as .h5", _MODEL + _SAVE.replace("trained", "trained.h5"), keras="3.15.1", finds=False),
    )

    def find_use(self, _document: Document, _facts: ModuleFacts, use: KerasUse) -> WrongUse | None:
        """A path with another ending."""
        call, known = use.node, dict(use.known)
        if use.how != "call" or not isinstance(call, ast.Call):
            return None
        given = {keyword.arg for keyword in call.keywords}
        path = known.get("filepath", known.get(0))
        if not isinstance(path, str) or not given.isdisjoint({*_OTHERWISE, None}) or path.startswith(_ELSEWHERE):
            return None
        wanted = _wanted(use.path, known, call)
        if wanted is None or path.endswith(wanted[1]):
            return None
        entry, endings = wanted
        if use.path.endswith("ModelCheckpoint") and endings != _WEIGHTS and path.endswith(".h5"):
            entry = "checkpoint_h5"
        at = next((one.value for one in call.keywords if one.arg == "filepath"), call.args[0] if call.args else call)
        ending = listed(known_bad_call(entry).cure.split()[-1:])
        what = f"a ValueError for the path '{path}'"
        return WrongUse(entry, at, "raise", what, "nothing is saved", f"write a path that ends in {ending}")


def _wanted(path: str, known: Mapping[int | str, Hashable], call: ast.Call) -> tuple[str, tuple[str, ...]] | None:
    """The entry for a call that saves, and the endings that it takes on every release; None for other calls."""
    if path == "keras.Model.save":
        return "save_without_ending", (".keras", ".h5", ".hdf5")
    if path == "keras.Model.save_weights":
        return "weights_without_ending", _WEIGHTS
    if path != "keras.callbacks.ModelCheckpoint":
        return None
    weights = known.get("save_weights_only", known.get(4))
    given = len(call.args) > 4 or any(keyword.arg == "save_weights_only" for keyword in call.keywords)
    if given and not isinstance(weights, bool):
        return None
    return ("checkpoint_of_weights", _WEIGHTS) if weights else ("checkpoint_without_ending", (".keras",))
