"""How findings are put into words: releases, where they are admitted, and who gets what."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, Token
from keraslint.behaviour.metrics_and_logs import logs_losses
from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.structure import Named, Outputs, Unseen
from keraslint.diagnostic import Evidence, Severity
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.misrouting import Mismatch, goes_right
from keraslint.words import listed


def severity(keras: KerasReleases, affected: Sequence[Version]) -> Severity:
    """Error where every Keras that the project admits goes wrong, warning where it may get another."""
    certain = keras.versioned and not keras.admits_others and set(keras.versions) <= set(affected)
    return Severity.ERROR if certain else Severity.WARNING


def releases(versions: Sequence[Version]) -> str:
    """Releases in words: "3.5.0", "3.5.0 and 3.6.0", "3.5.0 to 3.15.1".

    >>> releases([Version("3.5.0"), Version("3.6.0")])
    '3.5.0 and 3.6.0'
    """
    runs: list[list[Version]] = []
    for version in sorted(versions):
        place = MEASURED.index(version)
        if runs and place and MEASURED[place - 1] == runs[-1][-1]:
            runs[-1].append(version)
        else:
            runs.append([version])
    words = [part for run in runs for part in _run(run)]
    return listed(words)


def _run(run: list[Version]) -> list[str]:
    return [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(version) for version in run]


def sentence(keras: KerasReleases, affected: Sequence[Version], does: str, do: str, details: str, advice: str) -> str:
    """The whole message: which releases do what to whom, why we think so, and what to do.

    ``does`` and ``do`` are the verb phrase for one release and for several: "sends each loss to another output".
    """
    words, where = releases(affected), evidence(keras.evidence)
    verb = does if len(affected) == 1 else do
    if keras.strength == "none":
        lacking = f"no Keras is installed ({where})" if where else "no Keras pin found"
        return f"{lacking}: Keras {words} {verb}: {details}; {advice}"
    if keras.strength == "bare":
        return f"no Keras version is given ({where}): Keras {words} {verb}: {details}; {advice}"
    if severity(keras, affected) is Severity.ERROR:
        return f"Keras {words} ({where}) {verb}: {details}; {advice}"
    fresh = f"; a fresh install takes {keras.newest}" if keras.newest is not None and not keras.beyond else ""
    admitted = _admitted(keras)
    return f"{admitted} ({where}) admits {words}, which {verb}: {details}{fresh}; {advice}"


def _admitted(keras: KerasReleases) -> str:
    parts = [part if part[:1].isalpha() else f"keras{part}" for part in keras.admitted.split(" or ")]
    return " or ".join(parts)


def evidence(lines: Sequence[Evidence]) -> str:
    """Where it says so: "requirements.txt:2", at most three of them."""
    shown = [f"{line.filename}:{line.row}" if line.row else line.filename for line in lines]
    unique = list(dict.fromkeys(shown))
    return ", ".join(unique[:3]) + (", …" if len(unique) > 3 else "")


def advise(what: str, cure: Version | None, call: CompileCall | None) -> str:
    """What to do: what to write, and from which release on it is right, where there is one.

    ``cure`` is the first release without what was found. No release is named from which on the call would go wrong in
    another way, and so get another finding: then it is the first one without that, too.
    """
    bound = cure if cure is None or call is None else _first_right(cure, call)
    upgrade = f"use keras>={_shortest(bound)}" if bound is not None else ""
    return " or ".join(part for part in (what, upgrade) if part)


def _first_right(cure: Version, call: CompileCall) -> Version | None:
    later = [release for release in MEASURED if release >= cure]
    bad = [release for release in later if not goes_right(release, call) or _lacks_a_log(release, call)]
    return next((release for release in later if not bad or release > bad[-1]), None)


def _lacks_a_log(release: Version, call: CompileCall) -> bool:
    """Whether a callback watches the loss of an output that this release does not log."""
    labels = call.model.outputs.labels if call.model.outputs is not None else ()
    watched = {monitor.name.removeprefix("val_") for training in call.trainings for monitor in training.monitors}
    return not logs_losses(release) and not watched.isdisjoint(f"{label}_loss" for label in labels)


def _shortest(release: Version) -> str:
    return str(release) if release.micro else f"{release.major}.{release.minor}"


def in_tuple_or_dict(outputs: Outputs, what: str) -> str:
    """The advice where a dict of ``what`` goes astray: a tuple for listed outputs, a plain dict for those in a dict."""
    if outputs.container == "odict":
        return "use a plain dict for the outputs, and for what goes to them"
    return f"pass {what} in output order" if outputs.container in ("list", "tuple") else f"pass {_as_dict(what)}"


def _as_dict(what: str) -> str:
    return what.replace("a tuple", "a plain dict").replace("tuples", "plain dicts")


def without_none(call: CompileCall, where: str = "") -> str:
    """The advice where None stands among the losses; ``where``: what the losses have to stand in."""
    outputs, weight = call.model.outputs, "of loss weight 0.0 where none is meant"
    if outputs is not None and not outputs.keys and isinstance(call.loss.structure, Named):
        return f"pass a tuple in output order with a loss for each output, {weight}"
    return f"give each output a loss{where and f' {where}'}, {weight}"


def who_trains_what(mismatches: Sequence[Mismatch]) -> str:
    """Each wrong pair: "'loss_big' trains 'output_small'", and the weight that moved along; of equal losses only it."""
    names = [_names(mismatch) for mismatch in mismatches]
    return ", ".join(
        _pair(mismatch, unique=names.count(name) == 1) for mismatch, name in zip(mismatches, names, strict=True)
    )


def _names(mismatch: Mismatch) -> str:
    return " and ".join(_label(token) for token in mismatch.delivered.losses)


def _pair(mismatch: Mismatch, *, unique: bool) -> str:
    want, have = mismatch.named, mismatch.delivered
    if want.losses == have.losses:
        return f"'{mismatch.output}' gets loss weight {number(have.weight)} instead of {number(want.weight)}"
    if not have.losses:
        return f"nothing trains '{mismatch.output}'"
    name = _names(mismatch)
    own = mismatch.source is None or (unique and not name.startswith("lambda"))
    what = quoted(name) if own else f"the loss of '{mismatch.source}'"
    moved = have.weight != want.weight and not isinstance(have.weight, Unseen)
    return f"{what}{f' with weight {number(have.weight)}' if moved else ''} trains '{mismatch.output}'"


def _label(token: object) -> str:
    return token.label if isinstance(token, Token) else str(token)


def number(weight: object) -> str:
    """A loss weight in words."""
    if isinstance(weight, Token):
        return weight.label
    return "an unseen one" if isinstance(weight, Unseen) else str(weight)


def quoted(label: str) -> str:
    """A label in quotes; in back quotes where it is an expression that has quotes of its own."""
    return f"`{label}`" if "'" in label or '"' in label else f"'{label}'"
