"""Taking arguments apart and putting them together, as the groups of releases do."""

from __future__ import annotations

import pytest

from keraslint.behaviour.routing.tree import MismatchError, Tree
from keraslint.behaviour.structure import ABSENT, Leaf, Named, Positional, Structure

DM_TREE = Tree(keeps_order=False, packs_sorted=True, mixes_dicts=True, mixes_lists=True)
OPTREE = Tree(keeps_order=True, packs_sorted=True, mixes_dicts=False)
OPTREE_3_8 = Tree(keeps_order=True, packs_sorted=False, mixes_dicts=True)


def pair(first: str, second: str, *, ordered: bool) -> Named:
    return Named(((first, Leaf(first)), (second, Leaf(second))), ordered)


def tokens(leaves: tuple[Structure, ...]) -> list[object]:
    return [leaf.token if isinstance(leaf, Leaf) else leaf for leaf in leaves]


@pytest.mark.parametrize("tree", [DM_TREE, OPTREE, OPTREE_3_8])
def test_a_plain_dict_is_taken_apart_by_sorted_key_in_code_point_order(tree: Tree) -> None:
    assert tokens(tree.flatten(pair("a", "B", ordered=False))) == ["B", "a"]
    assert tokens(tree.flatten(pair("out_2", "out_10", ordered=False))) == ["out_10", "out_2"]


def test_an_ordered_dict_keeps_its_order_but_with_dm_tree() -> None:
    assert tokens(OPTREE.flatten(pair("z", "a", ordered=True))) == ["z", "a"]
    assert tokens(DM_TREE.flatten(pair("z", "a", ordered=True))) == ["a", "z"]


def test_none_is_a_leaf_and_containers_nest() -> None:
    nested = Positional((ABSENT, pair("z", "a", ordered=False)))
    assert tokens(OPTREE.flatten(nested)) == [ABSENT, "a", "z"]


def test_an_ordered_dict_is_put_together_by_sorted_key_until_3_7() -> None:
    leaves = [Leaf(1), Leaf(2)]
    shape = pair("z", "a", ordered=True)
    assert OPTREE.pack(shape, leaves) == Named((("z", Leaf(2)), ("a", Leaf(1))), ordered=True)
    assert OPTREE_3_8.pack(shape, leaves) == Named((("z", Leaf(1)), ("a", Leaf(2))), ordered=True)


def test_packing_the_wrong_number_of_leaves_is_a_mismatch() -> None:
    with pytest.raises(MismatchError):
        OPTREE.pack(pair("z", "a", ordered=False), [Leaf(1)])


def test_same_depends_on_the_group() -> None:
    plain, ordered, turned = (
        pair("a", "z", ordered=False),
        pair("a", "z", ordered=True),
        pair("z", "a", ordered=True),
    )
    assert OPTREE.same(plain, pair("z", "a", ordered=False))
    assert not OPTREE.same(plain, ordered)
    assert not OPTREE.same(ordered, turned)
    assert OPTREE_3_8.same(plain, turned)
    assert not OPTREE_3_8.same(plain, pair("a", "b", ordered=False))
    for tree in (DM_TREE, OPTREE, OPTREE_3_8):
        one, other = Positional((Leaf(1),), "list"), Positional((Leaf(1),), "tuple")
        assert tree.same(one, other) == (tree is DM_TREE)
        assert not tree.same(one, Leaf(1))
        assert not tree.same(one, Positional((Leaf(1), Leaf(2))))
