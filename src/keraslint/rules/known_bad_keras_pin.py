"""KER201: a dependency file asks for a Keras that sends named losses to the wrong outputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from keraslint.behaviour.known_bad import known_bad
from keraslint.diagnostic import Diagnostic, Evidence, KerasClaim, Severity
from keraslint.pins.specifier_sets import as_text
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.wording import releases

if TYPE_CHECKING:
    from packaging.version import Version

    from keraslint.document import Document
    from keraslint.pins.admitting_lines import Admitting
    from keraslint.rules.shared.pin_advice import Advised, Surroundings


class KnownBadKerasPin(Rule):
    """**What it does.** Finds the line of a dependency file that pins or locks a Keras release which trains outputs
    with each other's losses, in the dependency files among the checked paths: requirements and constraints files,
    `pyproject.toml`, `setup.cfg`, `setup.py`, `Pipfile`, conda and Pixi files, lock files, Dockerfiles, GitHub
    workflows, the header of a script (PEP 723), and install commands in notebooks. A line that allows nothing but such
    releases (`~=3.5.0`) is an error. A range that allows others, too, is reported in two cases: the newest release
    that it allows is one of them and a fresh install of the project takes such a one (`>=3.4,<3.7`), or the same run
    found MISROUTINGS and named that line (`>=3.4`).

    A file is reported where it is itself checked, by its name or below a folder: a checked `.py` file does not bring
    its project's files along.

    **Why is this bad?** Keras 3.5.0 and 3.6.0 send each loss of a dict to another output when the outputs' names are
    not sorted, and nothing says so: the program trains. Which releases these are is measured. A pin is reported even
    if no call of the project is wrong today, as pip-audit reports a release whether or not its fault is reached: the
    next dict of losses that somebody writes goes wrong. To keep the release, write `# noqa: KER201` on its line.

    **Use instead.** The next release, 3.7.0, or a newer one. It refuses some calls that older releases take, such as
    a dict of losses that leaves out an output.

    **Fix safety.** The fix, of the style `upgrade`, is always unsafe: another Keras may run the program differently.
    `--fix --unsafe-fixes --fix-style upgrade` applies it. It is the smallest edit in the notation of the file:
    `==3.5.0` becomes `==3.7.0`, `>=3.4` becomes `>=3.4,!=3.5.*,!=3.6.*`, and `>=3.4,<3.7`, by which an installer takes
    3.6.0, becomes `>=3.4,<3.8,!=3.5.*,!=3.6.*`, by which it takes 3.7.0 and nothing older than before. The file is read
    again after the edit, and stays as it was where the line still allows a bad release or anything else in it changed.
    Lock files and other files that a tool writes are never edited: the message names the command that makes them anew.
    Nor is a line changed where the TensorFlow of the project allows none of the releases that are right.
    """

    code = "KER201"
    name = "known-bad-keras-pin"
    summary = "a dependency file pins or locks a Keras that misroutes losses"
    measured = ("list loss=dict y=list",)
    examples = (
        Example(
            "A pin in a requirements file",
            "numpy>=1.26\nkeras==3.5.0\n",
            keras=None,
            finds=True,
            fixed="numpy>=1.26\nkeras==3.7.0\n",
            path="requirements.txt",
            style="upgrade",
        ),
        Example(
            "Poetry's notation",
            '[tool.poetry.dependencies]\npython = "^3.11"\nkeras = "~3.6"\n',
            keras=None,
            finds=True,
            fixed='[tool.poetry.dependencies]\npython = "^3.11"\nkeras = "~3.7"\n',
            path="pyproject.toml",
            style="upgrade",
        ),
        Example(
            "A range, and no call that it breaks", "keras>=3.4\n", keras=None, finds=False, path="requirements.txt"
        ),
    )

    @classmethod
    def explanation(cls) -> str:
        """The documentation with the codes of the rules about calls that Keras trains as nobody meant."""
        codes = sorted(code for code, rule in Rule.declared.items() if rule.misroutes_silently)
        return super().explanation().replace("MISROUTINGS", _either(codes))

    def check_dependencies(self, document: Document, surroundings: Surroundings) -> Iterable[Diagnostic]:
        """One finding for each line that pins, locks or allows known bad releases. Reads nothing but its arguments."""
        from keraslint.pins.admitting_lines import admitting
        from keraslint.pins.decode import plain
        from keraslint.pins.registry import read_document
        from keraslint.rules.shared.pin_advice import advise

        text = plain(document.text)
        for source, read in read_document(document):
            for line in admitting(read, known_bad()):
                # The known bad release that a fresh install takes, where the line by itself leads to one, too.
                newest = surroundings.newest() if line.chooses_it else None
                taken = newest if newest in known_bad() else None
                if line.only or line.condition.row in surroundings.callers or taken:
                    advice = advise(document.path, text, source, read, line, surroundings)
                    yield self._finding(document.path, line, advice, surroundings, taken)

    def _finding(
        self, path: str, line: Admitting, advice: Advised, surroundings: Surroundings, taken: Version | None
    ) -> Diagnostic:
        condition, span = line.condition, advice.span
        callers = () if line.only else surroundings.callers.get(condition.row, ())
        verb = "can send" if not callers else "sends" if len(line.versions) == 1 else "send"
        text = condition.text.removeprefix("- ")
        named = ("keras" in text or "tensorflow" in text) and len(text) <= _LONGEST and "`" not in text
        subject = f"`{text}`" if named else path.replace("\\", "/").rpartition("/")[2]
        allows = "installs" if line.only else "allows"
        also = f" ({', '.join(callers)} found)" if callers else ""
        fresh = f"; a fresh install takes {taken}" if taken is not None else ""
        what = f"Keras {releases(line.versions)}, which {verb} the losses of a dict to other outputs"
        return Diagnostic(
            self.code,
            self.name,
            Severity.ERROR if line.only else Severity.WARNING,
            f"{subject} {allows} {what}{also}{fresh}; {advice.instead}",
            path,
            span,
            noqa_rows=tuple(dict.fromkeys((condition.row, *range(span.start.row, span.end.row + 1)))),
            keras=KerasClaim(
                as_text(condition.alternatives), line.only, (Evidence(path, condition.row, condition.text),)
            ),
            fixes=() if advice.fix is None else (advice.fix,),
        )


_LONGEST = 60
"""A line that is longer is not repeated in the message."""


def _either(codes: list[str]) -> str:
    """Codes in words, those that follow each other as a range: "KER001 to KER003 or KER005"."""
    runs: list[list[str]] = []
    for code in codes:
        follows = runs and int(code[3:]) == int(runs[-1][-1][3:]) + 1
        runs[-1].append(code) if follows else runs.append([code])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 2 else " or ".join(run) for run in runs]
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
