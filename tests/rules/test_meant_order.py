from __future__ import annotations

import ast

import pytest

from keraslint.analysis.facts import Argument
from keraslint.behaviour.structure import Leaf, Positional
from keraslint.rules.shared.listed_for_dict import meant_by_names


def meant(source: str, *keys: str) -> dict[str, object] | None:
    node = ast.parse(source, mode="eval").body
    count = len(node.elts) if isinstance(node, (ast.List, ast.Tuple)) else len(keys)
    found = meant_by_names(Argument(Positional(tuple(map(Leaf, range(count)))), node), keys)
    return None if found is None else {key: leaf.token for key, leaf in found.entries if isinstance(leaf, Leaf)}


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("[loss_small, loss_big]", ("small", "big")),
        ("[y_small, y_big]", ("out_small", "out_big")),
        ("(small_loss, big_loss)", ("small", "big")),
        ("[losses.small, losses.big]", ("small", "big")),
        ('[y["small"], y["big"]]', ("small", "big")),
        ('[data.y["small"], data.y["big"]]', ("small_head", "big_head")),
        ("[SmallLoss, BigLoss]", ("small", "big")),
        ("[W_SMALL, W_BIG]", ("small", "big")),
        ("[age_group_loss, age_loss]", ("age_group", "age")),
    ],
)
def test_the_entries_say_it(source: str, keys: tuple[str, str]) -> None:
    assert meant(source, *keys) == {keys[0]: 0, keys[1]: 1}
    assert meant(source, *reversed(keys)) == {keys[0]: 0, keys[1]: 1}


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("[first, second]", ("small", "big")),
        ('["mse", "mae"]', ("small", "big")),
        ("[loss_small, y_big]", ("small", "big")),
        ("[loss_small, loss_small]", ("small", "big")),
        ("[loss_small, loss_other]", ("small", "big")),
        ("[not_small, not_big]", ("small", "big")),
        ("[from_small, from_big]", ("small", "big")),
        ("[smaller, bigger]", ("small", "big")),
        ("[small_to_big, big_to_small]", ("small", "big")),
        ("[y_a, y_b]", ("a", "b")),
        ("[y_1, y_2]", ("out_1", "out_2")),
        ("[y_out, y]", ("out", "out_2")),
        ("[make(small), make(big)]", ("small", "big")),
        ("[-small, -big]", ("small", "big")),
        ("[y_small, y_big, y_tiny]", ("small", "big")),
        ("[*y_small, y_big]", ("small", "big")),
        ("targets", ("small", "big")),
        ("[y[0], y[1]]", ("small", "big")),
    ],
)
def test_where_there_is_doubt_they_say_nothing(source: str, keys: tuple[str, str]) -> None:
    assert meant(source, *keys) is None
