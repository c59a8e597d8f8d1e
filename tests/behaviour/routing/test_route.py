"""route() where no measured cell looks: unseen arguments, unmodelled calls, and what holds for any call."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from keraslint.behaviour.intent import intended
from keraslint.behaviour.releases import GROUP_STARTS
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import (
    ABSENT,
    Container,
    Delivery,
    Leaf,
    Named,
    NotKnown,
    Outputs,
    Positional,
    Raises,
    Routed,
    Routing,
    Structure,
    Unseen,
)

UNSORTED = Outputs("list", ("small", "big"))
LOSS = Named((("small", Leaf("f")), ("big", Leaf("g"))))


def by_name(**values: Hashable) -> Named:
    return Named(tuple((key, Leaf(value)) for key, value in values.items()))


def listed(*values: Hashable) -> Positional:
    return Positional(tuple(ABSENT if value is None else Leaf(value) for value in values))


def losses(routed: Routing) -> list[tuple[Hashable, ...]]:
    assert isinstance(routed, Routed)
    return [delivery.losses for delivery in routed.deliveries]


def weights(routed: Routing) -> list[Hashable]:
    assert isinstance(routed, Routed)
    return [delivery.weight for delivery in routed.deliveries]


@pytest.mark.parametrize("release", GROUP_STARTS, ids=str)
def test_an_unseen_y_hides_the_targets_and_nothing_else(release: Version) -> None:
    y = Unseen("a dataset")
    routed = route(release, UNSORTED, LOSS, by_name(small=2.0, big=3.0), y)
    swapped = release in {Version("3.5.0"), Version("3.6.0")}
    small, big = (("g",), 3.0), (("f",), 2.0)
    if not swapped:
        small, big = big, small
    assert routed == Routed((Delivery("small", *small, y), Delivery("big", *big, y)))


def test_a_y_that_is_not_given_is_an_unseen_one() -> None:
    assert route(Version("3.5.0"), UNSORTED, LOSS, ABSENT, ABSENT) == route(Version("3.5.0"), UNSORTED, LOSS)


def test_unseen_weights_and_sample_weights_stand_for_themselves() -> None:
    why, sample = Unseen("from a file"), Unseen("computed")
    y = listed("ys", "yb")
    assert route(Version("3.6.0"), UNSORTED, LOSS, why, y, sample) == Routed(
        (Delivery("small", ("g",), why, "ys", sample), Delivery("big", ("f",), why, "yb", sample))
    )


def test_an_unseen_entry_is_handed_on_like_any_other() -> None:
    loss = Named((("small", Unseen("imported")), ("big", Leaf("g"))))
    assert losses(route(Version("3.5.0"), UNSORTED, loss)) == [("g",), (Unseen("imported"),)]


@pytest.mark.parametrize(
    ("outputs", "loss", "loss_weights"),
    [
        (UNSORTED, Unseen(), ABSENT),
        (UNSORTED, ABSENT, ABSENT),
        (UNSORTED, Positional((Positional((listed("f"),)), Leaf("g"))), ABSENT),
        (UNSORTED, LOSS, Positional((listed(1.0), Leaf(2.0)))),
        (Outputs("list", ("small", None)), listed("f", "g"), ABSENT),
        (Outputs("list", ()), Leaf("f"), ABSENT),
    ],
)
def test_what_is_not_modelled_is_not_known(outputs: Outputs, loss: Structure, loss_weights: Structure) -> None:
    for release in GROUP_STARTS:
        assert isinstance(route(release, outputs, loss, loss_weights), NotKnown)


def test_one_name_for_two_outputs_stands_for_both() -> None:
    shared = Outputs("list", ("inner", "inner"), inner=("b", "a"))
    loss, y = by_name(inner="f"), listed("y", "z")
    old, known_bad, new = (route(Version(text), shared, loss, y=y) for text in ("3.4.1", "3.6.0", "3.7.0"))
    assert old == new == Routed((Delivery("b", ("f",), 1.0, "y"), Delivery("a", ("f",), 1.0, "z")))
    assert isinstance(known_bad, Raises)
    for release in GROUP_STARTS:
        assert isinstance(route(release, shared, by_name(a="f", b="g")), Raises)
        assert losses(route(release, shared, listed("f", "g"))) == [("f",), ("g",)]


def test_keras_2_is_not_known_and_a_future_keras_routes_like_the_newest_measured() -> None:
    assert isinstance(route(Version("2.15.0"), UNSORTED, LOSS), NotKnown)
    assert route(Version("9.0"), UNSORTED, LOSS) == route(Version("3.15.1"), UNSORTED, LOSS)


def test_a_dict_of_sample_weights_needs_a_dict_y_which_3_7_refuses_beside_a_list_of_outputs() -> None:
    sample = by_name(small="s", big="b")
    assert losses(route(Version("3.4.1"), UNSORTED, LOSS, sample_weight=sample)) == [("f",), ("g",)]
    assert isinstance(route(Version("3.7.0"), UNSORTED, LOSS, sample_weight=sample), Raises)


def test_a_none_before_another_loss_shifts_it_in_3_4_and_drops_the_last_in_3_5() -> None:
    three = Outputs("list", ("a", "b", "c"))
    loss = listed(None, "f", "g")
    assert losses(route(Version("3.4.1"), three, loss)) == [("f",), ("g",), ()]
    assert losses(route(Version("3.5.0"), three, loss)) == [(), ("f",), ()]
    assert losses(route(Version("3.7.0"), three, loss)) == [(), ("f",), ("g",)]


def test_integer_weights_in_a_dict_are_refused_until_3_4() -> None:
    numbers = by_name(small=1, big=2)
    assert isinstance(route(Version("3.4.1"), UNSORTED, LOSS, numbers), Raises)
    assert weights(route(Version("3.7.0"), UNSORTED, LOSS, numbers)) == [1, 2]
    assert weights(route(Version("3.4.1"), UNSORTED, LOSS, by_name(small="w", big=2.0))) == ["w", 2.0]


def test_a_mistyped_key_of_the_weights_is_taken_by_its_place_in_3_5_and_3_6_only() -> None:
    mistyped = by_name(smal=2.0, big=3.0)
    assert isinstance(route(Version("3.4.1"), UNSORTED, LOSS, mistyped), Raises)
    assert weights(route(Version("3.6.0"), UNSORTED, LOSS, mistyped)) == [3.0, 2.0]
    assert isinstance(route(Version("3.7.0"), UNSORTED, LOSS, mistyped), Raises)


def test_from_3_7_a_dict_of_one_weight_beside_one_function_weighs_every_output() -> None:
    assert weights(route(Version("3.15.1"), UNSORTED, Leaf("f"), by_name(big=9.0))) == [9.0, 9.0]


def test_the_weights_of_several_losses_of_an_output_are_given_in_their_order() -> None:
    outputs = Outputs("dict", ("a", "b"), ("a", "b"))
    loss = Named((("a", listed("f", "g")), ("b", Leaf("h"))))
    routed = route(Version("3.7.0"), outputs, loss, listed(1.0, 2.0, 3.0))
    assert losses(routed) == [("f", "g"), ("h",)]
    assert weights(routed) == [(1.0, 2.0), 3.0]


def test_until_3_4_one_array_beside_a_dict_loss_trains_the_first_output_only() -> None:
    assert losses(route(Version("3.4.1"), UNSORTED, LOSS, y=Leaf("y"))) == [("f",), ()]
    assert isinstance(route(Version("3.7.0"), UNSORTED, LOSS, y=Leaf("y")), Raises)


def test_a_partial_loss_dict_makes_3_6_forget_the_order_of_an_ordered_dict_of_targets() -> None:
    outputs = Outputs("dict", ("z", "k", "a"), ("z", "k", "a"))
    y = Named((("z", Leaf("yz")), ("k", Leaf("yk")), ("a", Leaf("ya"))), ordered=True)
    loss = by_name(z="f", a="g")
    targets = {}
    for release in ("3.5.0", "3.6.0"):
        routed = route(Version(release), outputs, loss, y=y)
        assert isinstance(routed, Routed)
        targets[release] = [delivery.target for delivery in routed.deliveries]
    assert targets == {"3.5.0": ["ya", None, "yz"], "3.6.0": ["yz", None, "ya"]}


def test_an_ordered_dict_of_outputs_in_its_own_order_comes_out_swapped_from_3_1_to_3_7() -> None:
    outputs = Outputs("odict", ("small", "big"), ("small", "big"))
    y = listed("ys", "yb")
    by_release = {
        release: losses(route(Version(release), outputs, listed("f", "g"), y=y))
        for release in ("3.0.5", "3.4.1", "3.5.0", "3.8.0")
    }
    swapped, right = [("g",), ("f",)], [("f",), ("g",)]
    assert by_release == {"3.0.5": swapped, "3.4.1": swapped, "3.5.0": swapped, "3.8.0": right}


names = st.lists(st.text("aBc_10", min_size=1, max_size=4), min_size=2, max_size=4, unique=True)


@st.composite
def calls(draw: st.DrawFn, containers: tuple[Container, ...] = ("list", "tuple", "dict")) -> tuple[Outputs, list[str]]:
    """Outputs of a Functional model, and their labels in some other order."""
    labels = draw(names)
    container = draw(st.sampled_from(containers))
    keys = tuple(labels) if container == "dict" else ()
    return Outputs(container, tuple(labels), keys), draw(st.permutations(labels))


@given(calls(), st.sampled_from(GROUP_STARTS))
def test_the_literal_order_of_a_plain_dict_never_matters(call: tuple[Outputs, list[str]], release: Version) -> None:
    outputs, turned = call
    results = []
    for order in (list(outputs.labels), turned):
        loss = by_name(**{label: f"loss {label}" for label in order})
        numbers = by_name(**{label: float(len(label)) + outputs.labels.index(label) for label in order})
        y = by_name(**{label: f"y {label}" for label in order})
        results.append(route(release, outputs, loss, numbers, y))
    assert results[0] == results[1]


@given(calls(("list", "tuple")), st.sampled_from(GROUP_STARTS))
def test_tuples_in_output_order_are_right_for_list_outputs_on_every_release(
    call: tuple[Outputs, list[str]], release: Version
) -> None:
    outputs, _ = call
    loss, numbers, y = (
        Positional(tuple(Leaf((kind, label)) for label in outputs.labels), "tuple") for kind in ("f", "w", "y")
    )
    routed = route(release, outputs, loss, numbers, y)
    assert isinstance(routed, Routed)
    assert routed == intended(outputs, loss, numbers, y)


@given(calls())
def test_dict_losses_are_right_for_list_outputs_but_where_they_are_flattened(
    call: tuple[Outputs, list[str]],
) -> None:
    outputs, turned = call
    loss = by_name(**{label: f"loss {label}" for label in turned})
    meant = intended(outputs, loss)
    for release in GROUP_STARTS:
        flattened = release in {Version("3.5.0"), Version("3.6.0")} and not outputs.keys
        in_luck = list(outputs.labels) == sorted(outputs.labels)
        assert (route(release, outputs, loss) == meant) == (in_luck or not flattened)
