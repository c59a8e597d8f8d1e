"""One entry of what is known to go wrong: a way to call Keras, and what was measured of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from packaging.version import Version

from keraslint.behaviour.measured.shown import Outcome, backends, load
from keraslint.behaviour.releases import MEASURED


@dataclass(frozen=True, slots=True)
class KnownBad:
    """A way to call Keras that goes wrong.

    name: that of the program in ``tests/known_bad`` that shows it. pattern: the call, in words. shows: what the program
    looks at. cure: what to write instead. issues: the numbers of the issues and pull requests of keras-team/keras.
    backend: on which the mistake is possible; that of TensorFlow was measured on fewer releases.
    """

    name: str
    pattern: str
    shows: str
    cure: str
    issues: tuple[int, ...] = ()
    backend: Literal["jax", "tensorflow"] = "jax"

    def on(self, release: Version) -> Outcome:
        """Return what a measured release does with it on this backend."""
        return _outcomes(self.name, self.backend)[release]

    def elsewhere(self) -> dict[str, dict[Version, Outcome]]:
        """The outcomes that differ with another backend in more than a number, by its name and release."""
        found = {}
        for table in (load(backend) for backend in backends() if backend != self.backend):
            outcomes = table.outcomes(self.name) if self.name in table.programs else {}
            other = {release: one for release, one in outcomes.items() if one.kind != self.on(release).kind}
            found.update({table.on: other} if other else {})
        return found

    def releases(self) -> tuple[Version, ...]:
        """The measured releases on which it goes wrong, ascending."""
        return _bad_releases(self.name, self.backend)

    def cured(self) -> Version | None:
        """The first release from which on it is right; None if the newest one is not."""
        last = self.releases()[-1]
        return next((one for one in MEASURED if one > last), None)


@cache
def _outcomes(name: str, backend: str) -> dict[Version, Outcome]:
    """The outcome of a program on every release: that of the last one on which it ran, or else of the first."""
    table = load(backend)
    (_, first), *_ = table.programs[name]
    return {release: table.outcome(name, release) or first for release in MEASURED}


@cache
def _bad_releases(name: str, backend: str) -> tuple[Version, ...]:
    outcomes = _outcomes(name, backend)
    return tuple(release for release in MEASURED if outcomes[release].kind != "right")
