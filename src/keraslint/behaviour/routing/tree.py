"""The rules by which releases flatten and pack nested arguments: dm-tree in 3.0, optree from 3.1.0 on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keraslint.behaviour.structure import Named, Positional, Structure, is_nested


class MismatchError(Exception):
    """There are not as many leaves as the structure has."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The rules of one group of releases for nested structures; a leaf is anything that is not a container.

    keeps_order: an OrderedDict is flattened in its own order (optree), not by sorted key (dm-tree, 3.0.x).
        The TensorFlow backend sorts an OrderedDict of targets on every release; that is not modelled.
    packs_sorted: an OrderedDict is packed by sorted key (up to 3.7.0).
    mixes_dicts: any dicts with the same keys have the same structure (dm-tree, and from 3.8.0 on); in between, a
        dict differs from an OrderedDict, and that from one in another order.
    mixes_lists: a list has the same structure as a tuple (3.0.x, whose fit turns lists into tuples).
    """

    keeps_order: bool
    packs_sorted: bool
    mixes_dicts: bool
    mixes_lists: bool = False

    def flatten(self, structure: Structure) -> tuple[Structure, ...]:
        """Return the leaves in the order in which this group flattens the structure."""
        if isinstance(structure, Positional):
            return tuple(leaf for item in structure.items for leaf in self.flatten(item))
        if isinstance(structure, Named):
            values = dict(structure.entries)
            return tuple(leaf for key in self._keys(structure) for leaf in self.flatten(values[key]))
        return (structure,)

    def pack(self, structure: Structure, leaves: Sequence[Structure]) -> Structure:
        """Return the structure with other leaves, given in packing order. Raises MismatchError."""
        if len(leaves) != len(self.flatten(structure)):
            raise MismatchError
        return self._fill(structure, iter(leaves))

    def same(self, one: Structure, other: Structure) -> bool:
        """Return True if both have the same structure by this group's rules."""
        if isinstance(one, Positional) and isinstance(other, Positional):
            alike = one.kind == other.kind or self.mixes_lists
            alike = alike and len(one.items) == len(other.items)
            return alike and all(map(self.same, one.items, other.items))
        if isinstance(one, Named) and isinstance(other, Named):
            mine, theirs = dict(one.entries), dict(other.entries)
            if not self.mixes_dicts and not (one.ordered == other.ordered and self._keys(one) == self._keys(other)):
                return False
            return mine.keys() == theirs.keys() and all(self.same(mine[key], theirs[key]) for key in mine)
        return not is_nested(one) and not is_nested(other)

    def _keys(self, structure: Named) -> tuple[str, ...]:
        keys = dict(structure.entries)
        return tuple(keys if structure.ordered and self.keeps_order else sorted(keys))

    def _fill(self, structure: Structure, leaves: Iterator[Structure]) -> Structure:
        if isinstance(structure, Positional):
            return Positional(tuple(self._fill(item, leaves) for item in structure.items), structure.kind)
        if isinstance(structure, Named):
            values = dict(structure.entries)
            in_order = structure.ordered and not self.packs_sorted
            keys = structure.keys if in_order else tuple(sorted(values))
            filled = {key: self._fill(values[key], leaves) for key in keys}
            return Named(tuple((key, filled[key]) for key in structure.keys), structure.ordered)
        return next(leaves)
