"""The Keras that is installed with a TensorFlow: the bounds in the metadata of TensorFlow's wheels."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keraslint.behaviour.tensorflow_bounds import keras_bounds
from keraslint.pins.specifier_sets import as_range, disjoint, unite

_KERAS_2 = SpecifierSet("<3")
# TensorFlow before 2.16 is always installed with Keras 2.
_BEFORE_KERAS_3 = SpecifierSet("<2.16.0.dev0")
# The last release that this distribution had with code in it.
_ENDS = {"tensorflow-gpu": SpecifierSet("<2.13.0.dev0")}


class TensorflowTable:
    """The measured bounds."""

    @property
    def bounds(self) -> dict[Version, SpecifierSet]:
        """The Keras versions that each TensorFlow release from 2.16 on requires, ascending."""
        return keras_bounds()

    def keras_of(self, distribution: str, alternatives: Sequence[SpecifierSet]) -> tuple[SpecifierSet, ...]:
        """The Keras versions installed with the TensorFlow versions in ``alternatives``; empty if none is known.

        ``distribution`` is the canonical name of TensorFlow or of one of its sister packages.
        """
        if distribution in _ENDS:
            alternatives = tuple(item & _ENDS[distribution] for item in alternatives)
        bounds = [self.bounds[version] for version in self._admitted(alternatives)]
        if not disjoint(alternatives, (_BEFORE_KERAS_3,)):
            bounds.insert(0, _KERAS_2)
        return unite(bounds)

    def _admitted(self, alternatives: Sequence[SpecifierSet]) -> list[Version]:
        """The measured TensorFlow releases admitted, or those nearest to an admitted one that is not listed."""
        listed = tuple(self.bounds)
        found = sorted({version for item in alternatives for version in item.filter(listed)})
        if found:
            return found
        newest = max(version for version in listed if not version.is_prerelease)
        if not disjoint(alternatives, (SpecifierSet(f">{newest},<1!0.dev0"),)):
            return [newest]
        admitted = as_range(alternatives)
        return [
            version
            for version in listed
            if not admitted.is_disjoint(SpecifierSet(f"=={version.major}.{version.minor}.*").to_range())
        ]
