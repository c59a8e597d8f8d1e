"""Environments: the pairs of a Keras release and a TensorFlow that can be installed with it, as bits of a number."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache

from packaging.version import Version

from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.tensorflow_bounds import keras_bounds

EVERY = -1
"""The bits of all environments."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """The assumptions of one run of the interpreter.

    environments: the bits of those in which this run is what the program does. answers: the answers to conditions
    on the version that can't be evaluated. blind: no version is known, since the program has too many cases.
    """

    environments: int = EVERY
    answers: tuple[tuple[Hashable, bool], ...] = ()
    blind: bool = False


@cache
def _environments() -> tuple[tuple[Version, Version], ...]:
    """Each measured Keras release with each TensorFlow that allows it."""
    final = {tensorflow: bound for tensorflow, bound in keras_bounds().items() if not tensorflow.is_prerelease}
    return tuple((keras, other) for keras in MEASURED for other, bound in final.items() if bound.contains(keras))


def releases_of(environments: int) -> tuple[Version, ...]:
    """The Keras releases of these environments, ascending."""
    if environments == EVERY:
        return MEASURED
    return tuple(dict.fromkeys(keras for bit, (keras, _) in enumerate(_environments()) if environments >> bit & 1))


def keras_version(keras: Version, _tensorflow: Version) -> str:
    """The version of Keras in an environment."""
    return str(keras)


def tensorflow_version(_keras: Version, tensorflow: Version) -> str:
    """The version of TensorFlow in an environment."""
    return str(tensorflow)


@cache
def texts_by_environment(version: Callable[[Version, Version], str]) -> dict[str, int]:
    """The texts of a version, each with the bits of the environments that have it."""
    found: dict[str, int] = {}
    for bit, environment in enumerate(_environments()):
        text = version(*environment)
        found[text] = found.get(text, 0) | 1 << bit
    return found
