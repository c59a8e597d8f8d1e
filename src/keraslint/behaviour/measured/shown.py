"""The measured table of the programs that show what is wrong with Keras releases, read from ``known_bad.json``.

``tools/measure_keras`` writes that file, by running each program of ``tests/known_bad`` on each release. Only
``load()`` reads it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from packaging.version import Version

Kind = Literal["right", "silent", "warns", "raises"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program saw on a release, and what is meant; or the error that it raised. warns: Keras warned."""

    seen: str = ""
    meant: str = ""
    error: str = ""
    warns: bool = False

    @staticmethod
    def of(data: Mapping[str, Any]) -> Outcome:
        """The outcome that the worker of ``tools/measure_keras`` wrote."""
        if "raises" in data:
            return Outcome(error=data["raises"])
        return Outcome(_shown(data["seen"]), _shown(data["meant"]), warns=data.get("warns", False))

    @property
    def kind(self) -> Kind:
        """Right, or how it is wrong: silently, with a warning, or with an error."""
        if self.error:
            return "raises"
        if self.seen == self.meant:
            return "right"
        return "warns" if self.warns else "silent"

    def __str__(self) -> str:
        if self.error:
            return f"raises {self.error}"
        return "right" if self.kind == "right" else f"{_quoted(self.seen)} instead of {_quoted(self.meant)}"


@dataclass(frozen=True)
class KnownBadTable:
    """The outcomes of the programs with one backend. releases: ascending. on: the backend with its version."""

    measured: str
    on: str
    releases: tuple[Version, ...]
    programs: Mapping[str, Sequence[tuple[int, Outcome]]]

    def outcome(self, program: str, release: Version | str) -> Outcome | None:
        """The outcome of a program on a release, or on the last one before it; None before the first."""
        place = bisect_right(self.releases, Version(str(release))) - 1
        spans = self.programs[program]
        return next((outcome for start, outcome in reversed(spans) if start <= place), None) if place >= 0 else None

    def outcomes(self, program: str) -> dict[Version, Outcome]:
        """The outcome of a program on each measured release."""
        found = ((release, self.outcome(program, release)) for release in self.releases)
        return {release: outcome for release, outcome in found if outcome is not None}


@cache
def load(backend: str = "jax") -> KnownBadTable:
    """The shipped table of a backend. Raises KeyError for one that was not measured."""
    data = _data()[backend]
    programs = {
        name: [(start, Outcome.of(outcome)) for start, outcome in spans] for name, spans in data["programs"].items()
    }
    return KnownBadTable(data["measured"], data["on"], tuple(map(Version, data["releases"])), programs)


def backends() -> tuple[str, ...]:
    """The backends with which the programs were measured."""
    return tuple(_data())


@cache
def _data() -> Any:
    text = resources.files("keraslint.behaviour.measured").joinpath("known_bad.json").read_text(encoding="utf-8")
    return json.loads(text)


def _shown(value: Any) -> str:
    """A value in words: "6 and 2", "True", "2: 1, 3: 4"."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _quoted(value: str) -> str:
    """A value in a sentence: in back quotes where it holds what also separates the parts of a sentence."""
    return f"`{value}`" if ", " in value or ": " in value else value
