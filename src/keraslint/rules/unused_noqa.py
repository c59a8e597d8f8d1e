"""KER002: a ``# noqa`` comment names a rule of keraslint that finds nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic
from keraslint.rules.base import Example, Rule

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""


class UnusedNoqa(Rule):
    """**What it does.** Finds a code of keraslint in a `# noqa: …` comment where the comment silences nothing of that
    rule, and codes of this kind that name no rule.

    **Why is this bad?** It says that something is wrong where nothing is, and would hide a finding to come.

    Codes of other linters and a `# noqa` without codes are left alone, and so are the codes of rules that are off for
    the file, codes of rules about dependency files, and a file whose models come from callers in other files: there it
    can't be known whether the comment is of use. Nothing is said in a file with `# keraslint: ignore-file` or where the
    comment names KER002 itself.

    Which findings there are depends on the Keras releases that the project admits: after `keras>=3.7` a comment
    for KER101 is of no use any more.

    **Fix safety.** The fix is safe: it takes out the code, or the whole comment where no code is left. Other codes and
    other words in the comment stay as they are.
    """

    code = "KER002"
    name = "unused-noqa"
    summary = "a noqa comment names a rule that finds nothing there"
    opt_in = True
    examples = (
        Example(
            "The losses are a tuple by now",
            f'{_MODEL}\nmodel.compile("adam", loss=("mse", "mae"))  # noqa: KER101\n',
            keras="3.5.0",
            finds=True,
            fixed=f'{_MODEL}\nmodel.compile("adam", loss=("mse", "mae"))\n',
        ),
        Example(
            "Beside the code of another linter",
            "import keras  # noqa: F401, KER101 - for its side effects\n",
            keras=None,
            finds=True,
            fixed="import keras  # noqa: F401 - for its side effects\n",
        ),
        Example(
            "A comment that is of use",
            f'{_MODEL}\nmodel.compile("adam", loss={{"small": "mse", "big": "mae"}})  # noqa: KER101\n',
            keras="3.5.0",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:  # noqa: ARG002
        """Nothing: it is about what the other rules find, which the engine knows."""
        return iter(())
