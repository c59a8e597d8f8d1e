"""The Keras that is installed with a TensorFlow: the bounds in the metadata of TensorFlow's wheels."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keraslint.behaviour.tensorflow_bounds import keras_bounds
from keraslint.pins.deciding_versions import chosen_from
from keraslint.pins.specifier_sets import disjoint, unite

_KERAS_2 = SpecifierSet("<3")
# TensorFlow before 2.16 is always installed with Keras 2.
_BEFORE_KERAS_3 = SpecifierSet("<2.16.0.dev0")
# The last release that this distribution had with code in it.
_ENDS = {"tensorflow-gpu": SpecifierSet("<2.13.0.dev0")}


def keras_of(distribution: str, alternatives: Sequence[SpecifierSet]) -> tuple[SpecifierSet, ...]:
    """The Keras versions installed with the TensorFlow versions in ``alternatives``; empty if none is known.

    ``distribution`` is the canonical name of TensorFlow or of one of its sister packages.
    """
    if distribution in _ENDS:
        alternatives = tuple(item & _ENDS[distribution] for item in alternatives)
    keras_2 = [] if disjoint(alternatives, (_BEFORE_KERAS_3,)) else [_KERAS_2]
    return unite(keras_2 + [keras_bounds()[version] for version in _admitted(alternatives)])


def _admitted(alternatives: Sequence[SpecifierSet]) -> list[Version]:
    """The measured TensorFlow releases allowed, or those nearest to an allowed one that is not listed."""
    listed = tuple(keras_bounds())
    found = sorted({version for item in alternatives for version in chosen_from(listed, item)})
    if found:
        return found
    newest = max(version for version in listed if not version.is_prerelease)
    if not disjoint(alternatives, (SpecifierSet(f">{newest},<1!0.dev0"),)):
        return [newest]
    series = {version: SpecifierSet(f"=={version.major}.{version.minor}.*") for version in listed}
    return [version for version in listed if not disjoint(alternatives, (series[version],))]
