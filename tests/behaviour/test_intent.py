"""intended(): what the code says."""

from __future__ import annotations

import pytest

from keraslint.behaviour.intent import intended
from keraslint.behaviour.structure import (
    ABSENT,
    Delivery,
    Leaf,
    Named,
    NotKnown,
    Outputs,
    Positional,
    Routed,
    Structure,
    Unseen,
)

LIST = Outputs("list", ("small", "big"))
DICT = Outputs("dict", ("layer_s", "layer_b"), ("small", "big"))


def by_name(**values: object) -> Named:
    return Named(tuple((key, Leaf(value)) for key, value in values.items()))


def test_dicts_name_by_key_and_lists_by_place() -> None:
    y = Positional((Leaf("ys"), Leaf("yb")))
    assert intended(LIST, by_name(big="g", small="f"), by_name(big=0.5), y) == Routed(
        (Delivery("small", ("f",), 1.0, "ys"), Delivery("big", ("g",), 0.5, "yb"))
    )


def test_one_loss_and_one_sample_weight_are_meant_for_all() -> None:
    assert intended(LIST, Leaf("f"), ABSENT, by_name(small="ys", big="yb"), Leaf("w")) == Routed(
        (Delivery("small", ("f",), 1.0, "ys", "w"), Delivery("big", ("f",), 1.0, "yb", "w"))
    )


def test_a_list_for_dict_outputs_is_meant_in_declared_order() -> None:
    routed = intended(DICT, Positional((Leaf("f"), Leaf("g"))))
    assert isinstance(routed, Routed)
    assert [delivery.losses for delivery in routed.deliveries] == [("f",), ("g",)]


def test_layer_names_are_keys_of_last_resort() -> None:
    routed = intended(DICT, by_name(layer_b="g", small="f"))
    assert isinstance(routed, Routed)
    assert [delivery.losses for delivery in routed.deliveries] == [("f",), ("g",)]
    crossed = Outputs("dict", ("y", "x"), ("x", "y"))
    routed = intended(crossed, by_name(x="f"))
    assert isinstance(routed, Routed)
    assert [delivery.losses for delivery in routed.deliveries] == [("f",), ()]


def test_none_a_missing_key_and_a_key_of_no_output_name_nothing() -> None:
    loss = Named((("small", ABSENT), ("other", Leaf("h"))))
    assert intended(LIST, loss, ABSENT, by_name(small="ys")) == Routed(
        (Delivery("small", (), 1.0), Delivery("big", (), 1.0))
    )


def test_a_list_of_losses_for_an_output_names_them_all() -> None:
    loss = Named((("small", Positional((Leaf("f"), Leaf("g")))), ("big", Leaf("h"))))
    routed = intended(LIST, loss)
    assert isinstance(routed, Routed)
    assert [delivery.losses for delivery in routed.deliveries] == [("f", "g"), ("h",)]


def test_what_is_not_seen_stands_for_itself() -> None:
    weights, y = Unseen("from a file"), Unseen("a dataset")
    loss = Named((("small", Unseen("imported")), ("big", Leaf("g"))))
    assert intended(LIST, loss, weights, y) == Routed(
        (
            Delivery("small", (Unseen("imported"),), weights, y),
            Delivery("big", ("g",), weights, y),
        )
    )


@pytest.mark.parametrize(
    ("loss", "weights"),
    [
        (Unseen(), ABSENT),
        (ABSENT, ABSENT),
        (Positional((Leaf("f"),)), ABSENT),
        (Leaf("f"), Positional((Leaf(1.0),) * 3)),
        (Leaf("f"), Positional((Positional((Leaf(1.0),)), Leaf(1.0)))),
    ],
)
def test_arguments_that_do_not_say_what_an_output_gets_are_not_known(loss: Structure, weights: Structure) -> None:
    assert isinstance(intended(LIST, loss, weights), NotKnown)
