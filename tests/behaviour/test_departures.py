"""departures() between deliveries."""

from __future__ import annotations

from keraslint.behaviour.intent import Departure, departures
from keraslint.behaviour.structure import Delivery, Routed, Unseen


def test_equal_deliveries_have_no_departure() -> None:
    routed = Routed((Delivery("a", ("f",), 1.0, "ya"), Delivery("b", (), 1.0)))
    assert departures(routed, routed) == ()


def test_each_part_that_differs_is_named_with_what_was_meant() -> None:
    meant = Routed((Delivery("a", ("f",), 2.0, "ya", "sa"), Delivery("b", ("g",), 1.0, "yb", "sb")))
    routed = Routed((Delivery("a", ("g",), 1.0, "yb", "sb"), Delivery("b", ("g",), 1.0, "yb", "sb")))
    assert departures(routed, meant) == (
        Departure("a", "losses", ("f",), ("g",)),
        Departure("a", "weight", 2.0, 1.0),
        Departure("a", "target", "ya", "yb"),
        Departure("a", "sample_weight", "sa", "sb"),
    )


def test_what_is_not_seen_is_no_departure() -> None:
    meant = Routed((Delivery("a", (Unseen("x"),), Unseen(), "ya"), Delivery("b", ("g",), 1.0, "yb")))
    routed = Routed((Delivery("a", ("g",), 1.0, Unseen()), Delivery("b", (Unseen("x"),), 1.0, "yb")))
    assert departures(routed, meant) == ()


def test_of_an_output_that_wrongly_gets_no_loss_only_the_losses_depart() -> None:
    meant = Routed((Delivery("a", ("f",), 2.0, "ya"),))
    routed = Routed((Delivery("a", (), 1.0),))
    assert departures(routed, meant) == (Departure("a", "losses", ("f",), ()),)
