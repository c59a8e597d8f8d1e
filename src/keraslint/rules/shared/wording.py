"""The words of messages: releases, where they are allowed, what each output gets, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, Token
from keraslint.behaviour.metrics_and_logs import logs_losses, trains_compiled_parts
from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.structure import Leaf, Named, Outputs, Unseen
from keraslint.diagnostic import Evidence, Severity
from keraslint.pins.keras_releases import KerasReleases, Skipped
from keraslint.rules.shared.misrouting import Mismatch, weight_differs
from keraslint.rules.shared.surely_right import goes_right, goes_wrong
from keraslint.words import listed


def severity(keras: KerasReleases, affected: Sequence[Version]) -> Severity:
    """Error if every Keras that the project allows is affected, warning if the project may get another."""
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
    return listed(part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)))


def sentence(keras: KerasReleases, affected: Sequence[Version], verb: str, what: str, details: str, advice: str) -> str:
    """The whole message: the releases, what they do to which outputs, the evidence, and the advice.

    ``verb``: plural, for several releases: "send", "raise" or "may send"; ``what``: what they send.
    """
    said = _sentence(keras, affected, verb, what, details, advice)
    return f"{said}; not read: {unread(keras)}" if keras.unread and keras.strength != "none" else said


def _sentence(
    keras: KerasReleases, affected: Sequence[Version], verb: str, what: str, details: str, advice: str
) -> str:
    words, where = releases(affected), evidence(keras.evidence)
    if verb == "raise" and what.startswith("for "):  # what it raises is said where a program may expect it
        verb = "stop"
        what = f"with an error {what}"
    verb = verb if len(affected) > 1 or verb.startswith("may ") else f"{verb}s"
    does = f"{verb} {what}"
    if keras.strength == "none":
        found = f"no Keras pin could be read ({unread(keras)})" if keras.unread else "no Keras pin found"
        lacking = f"no Keras is installed ({where})" if where else found
        return f"{lacking}: Keras {words} {does}: {details}; {advice}"
    if keras.strength == "bare":
        return f"no Keras version is given ({where}): Keras {words} {does}: {details}; {advice}"
    brought = f"{keras.brought_by} ({where}) brings " if keras.brought_by else ""
    if severity(keras, affected) is Severity.ERROR:
        if brought:
            return f"{brought}Keras {words}, which {does}: {details}; {advice}"
        return f"Keras {words} ({where}) {does}: {details}; {advice}"
    fresh = f"; a fresh install takes {keras.newest}" if keras.newest is not None and not keras.beyond else ""
    parts = (part if part[:1].isalpha() else f"keras{part}" for part in keras.admitted.split(" or "))
    asked = f"{brought}{' or '.join(parts)} and so" if brought else f"{' or '.join(parts)} ({where})"
    return f"{asked} allows {words}, which {does}: {details}{fresh}; {advice}"


def evidence(lines: Sequence[Evidence]) -> str:
    """The places of the evidence, such as "requirements.txt:2", at most three of them."""
    shown = [f"{line.filename}:{line.row}" if line.row else line.filename for line in lines]
    return _first_three(list(dict.fromkeys(shown)))


def unread(keras: KerasReleases) -> str:
    """The lines and files that may give a version and could not be read, at most three of them, with the reason."""
    return _first_three([_unread(item) for item in keras.unread])


def _unread(item: Skipped) -> str:
    said = f"`{item.text[:60]}`" if item.text else item.reason
    meant = f", did you mean `{item.meant}`?" if item.meant else ""
    return f"{item.filename}{f':{item.row}' if item.row else ''} {said}{meant}"


def _first_three(texts: Sequence[str]) -> str:
    return ", ".join(texts[:3]) + (", …" if len(texts) > 3 else "")


def in_tuple_or_dict(outputs: Outputs, what: str) -> str:
    """The advice about a misrouted dict of ``what``: a tuple for listed outputs, a plain dict for those in a dict."""
    if outputs.container == "odict":
        return "use a plain dict for the outputs, and for what goes to them"
    if outputs.container in ("list", "tuple"):
        return f"pass {what} in output order"
    return "pass " + what.replace("a tuple", "a plain dict").replace("tuples", "plain dicts")


def in_tuples_or_dicts(call: CompileCall, outputs: Outputs) -> str:
    """The advice about a misrouted dict of losses: for listed outputs each other dict of the call changes, too."""
    if outputs.container not in ("list", "tuple"):
        return in_tuple_or_dict(outputs, "a tuple")
    parts = ["losses"] + ["loss weights"] * isinstance(call.loss_weights.structure, Named)
    parts += ["targets"] * any(isinstance(one.y.structure, Named) for one in call.trainings)
    parts += ["sample weights"] * any(isinstance(one.sample_weight.structure, Named) for one in call.trainings)
    advice = in_tuple_or_dict(outputs, f"{listed(parts)} as tuples" if len(parts) > 1 else "a tuple")
    one = any(isinstance(data.structure, Leaf) for training in call.trainings for data in training.targets)
    return f"{advice} and a target for each output" if one else advice


def without_none(call: CompileCall, where: str = "") -> str:
    """The advice about a None among the losses; ``where``: the container that the losses must be in."""
    outputs, weight = call.model.outputs, "with loss weight 0.0 where you want none"
    if outputs is not None and not outputs.keys and isinstance(call.loss.structure, Named):
        return f"pass a tuple in output order with a loss for each output, {weight}"
    return f"give each output a loss{where and f' {where}'}, {weight}"


def who_trains_what(mismatches: Sequence[Mismatch]) -> str:
    """Each wrong pair: "'loss_big' trains 'output_small'", with a weight that moved, of equal losses only that."""
    losses = [_losses(mismatch) for mismatch in mismatches]
    return ", ".join(
        _pair(mismatch, unique=losses.count(words) == 1) for mismatch, words in zip(mismatches, losses, strict=True)
    )


def _losses(mismatch: Mismatch) -> str:
    return " and ".join(_label(token) for token in mismatch.delivered.losses)


def _pair(mismatch: Mismatch, *, unique: bool) -> str:
    want, have = mismatch.named, mismatch.delivered
    if want.losses == have.losses:
        return f"'{mismatch.output}' gets loss weight {number(have.weight)} instead of {number(want.weight)}"
    if not have.losses:
        return f"nothing trains '{mismatch.output}'"
    name = _losses(mismatch)
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


def weights_in_words(mismatches: Sequence[Mismatch]) -> str:
    """Each wrong weight: "'small' gets 0.2 instead of 1.0"."""
    return ", ".join(
        f"'{pair.output}' gets {number(pair.delivered.weight)} instead of {number(pair.named.weight)}"
        for pair in mismatches
        if weight_differs(pair)
    )


def under_key(token: Hashable, argument: Argument, what: str, nothing: str) -> str:
    """The entry of a dict argument that has this token, by its key: ``what`` "of 'small'"; ``nothing`` if none has."""
    entries = argument.structure.entries if isinstance(argument.structure, Named) else ()
    return next((f"{what} of '{key}'" for key, value in entries if value == Leaf(token)), nothing)


def names(labels: Iterable[str]) -> str:
    """Names of outputs in words: "'a'", "'a' and 'b'"."""
    return listed(f"'{label}'" for label in labels)


_MOST_LEFT_OUT = 2


def advise(what: str, cure: Version | None, call: CompileCall | None) -> str:
    """The advice of a message: what to write, and the releases on which the call is right, if any.

    ``cure`` is the first release without what was found. The releases in the advice take the whole call as it is meant:
    on another one the call could get another finding.
    """
    bad = [] if cure is None or call is None else _bad_from(cure, call)
    upgrade = "" if cure is None else _upgrade(cure, bad)
    advice = _either(what, upgrade)
    return f"{advice} ({releases(bad)} {_why_bad(bad, call)})" if bad and call is not None and upgrade else advice


def _either(what: str, upgrade: str) -> str:
    """Both as one piece of advice, of which either will do."""
    if not (what and upgrade):
        return what or upgrade
    if what.startswith("use "):
        return f"{what}, or {upgrade.removeprefix('use ')}"
    return f"{what}, or {upgrade}" if re.search(r", | or ", what) else f"{what} or {upgrade}"


def _upgrade(cure: Version, bad: Sequence[Version]) -> str:
    """The releases from ``cure`` on but for the bad ones, as a pin; "" where there are none.

    One or two bad ones among the others are left out, of more only what comes after them is advised.
    """
    first = next((release for release in MEASURED if release >= cure and release not in bad), None)
    between = [release for release in bad if first is not None and release > first]
    if len(between) > _MOST_LEFT_OUT or MEASURED[-1] in bad:
        first, between = next((release for release in MEASURED if release > bad[-1]), None), []
    if first is None:
        return ""
    lowest = str(first) if first.micro else f"{first.major}.{first.minor}"
    return ",".join([f"use keras>={lowest}", *(f"!={release}" for release in between)])


def _bad_from(cure: Version, call: CompileCall) -> list[Version]:
    """The releases from ``cure`` on that do something else wrong with the call."""
    later = (release for release in MEASURED if release >= cure)
    return [
        release
        for release in later
        if not goes_right(release, call) or _lacks_a_log(release, call) or _refuses_within(release, call)
    ]


def _why_bad(bad: Sequence[Version], call: CompileCall) -> str:
    verb = "" if len(bad) > 1 else "s"
    if all(_refuses_within(release, call) for release in bad):
        return f"stop{verb} with an error where a model with metrics is a part of another one"
    if all(_lacks_a_log(release, call) for release in bad):
        return f"lack{verb} a log that a callback watches"
    wrong = {goes_wrong(release, call) for release in bad}
    if wrong == {"metric targets"}:
        return f"give{verb} metrics the targets of other outputs"
    if wrong == {"metric keys"}:
        return f"refuse{verb} a key of the metrics"
    if wrong == {"moved"}:
        return f"send{verb} another part of this call to other outputs"
    return f"refuse{verb} this call" if wrong == {"refused"} else f"take{verb} another part of this call otherwise"


def _refuses_within(release: Version, call: CompileCall) -> bool:
    """Return True if the model, compiled with metrics, is a part of another one, and this release refuses that."""
    metrics = call.metrics.given or call.weighted_metrics.given
    return call.within and metrics and not trains_compiled_parts(release)


def _lacks_a_log(release: Version, call: CompileCall) -> bool:
    """Return True if a callback watches the loss of an output that this release does not log."""
    labels = call.model.outputs.addresses if call.model.outputs is not None else ()
    watched = {monitor.name.removeprefix("val_") for training in call.trainings for monitor in training.monitors}
    return not logs_losses(release) and not watched.isdisjoint(f"{label}_loss" for label in labels)
