"""advise(): what to write, and from which release on a call is right."""

from __future__ import annotations

from packaging.version import Version

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.metrics_and_logs import logs_losses
from keraslint.behaviour.releases import MEASURED
from keraslint.rules.shared.surely_right import goes_right


def advise(what: str, cure: Version | None, call: CompileCall | None) -> str:
    """The advice of a message: what to write, and the first release on which the call is right, if any.

    ``cure`` is the first release without what was found. The release in the advice takes the whole call as it is meant:
    on an earlier one the call could get another finding.
    """
    bound = cure if cure is None or call is None else _first_right(cure, call)
    upgrade = f"use keras>={_shortest(bound)}" if bound is not None else ""
    return " or ".join(part for part in (what, upgrade) if part)


def _first_right(cure: Version, call: CompileCall) -> Version | None:
    later = [release for release in MEASURED if release >= cure]
    bad = [release for release in later if not goes_right(release, call) or _lacks_a_log(release, call)]
    return next((release for release in later if not bad or release > bad[-1]), None)


def _lacks_a_log(release: Version, call: CompileCall) -> bool:
    """Return True if a callback watches the loss of an output that this release does not log."""
    labels = call.model.outputs.labels if call.model.outputs is not None else ()
    watched = {monitor.name.removeprefix("val_") for training in call.trainings for monitor in training.monitors}
    return not logs_losses(release) and not watched.isdisjoint(f"{label}_loss" for label in labels)


def _shortest(release: Version) -> str:
    return str(release) if release.micro else f"{release.major}.{release.minor}"
