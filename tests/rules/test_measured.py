"""The sentences about the measured calls of a rule."""

from __future__ import annotations

import pytest

from keraslint.rules.shared.measured import measured, verdicts

HEAD = "Measured on each Keras release from 3.0.0 to 3.15.1, the newest tried, on "


def test_the_range_and_each_verdict_are_said() -> None:
    head, _, line = measured(["list loss=tuple y=list loss_weights=dict"]).splitlines()
    assert head.startswith(HEAD)
    assert line == (
        "- outputs: list, unsorted; loss: tuple; y: list; loss_weights: dict: raises on 3.0.0 to 3.4.1, "
        "misrouted on 3.5.0 to 3.15.1"
    )


@pytest.mark.parametrize(
    ("fact", "end"),
    [
        ("list loss=dict y=list", "right on 3.0.0 to 3.4.1, misrouted on 3.5.0 and 3.6.0, right on 3.7.0 to 3.15.1"),
        ("metrics: list loss=tuple y=dict metrics=dict", "misrouted on 3.14.0, right on 3.14.1 to 3.15.1"),
        ("logs: list loss=dict y=list", "in the history: missing on 3.0.0 to 3.4.1, right on 3.5.0 to 3.15.1"),
        (
            "called: odict",
            "right on 3.0.0 to 3.0.5, each under another key on 3.1.0 to 3.7.0, right on 3.8.0 to 3.15.1",
        ),
        ("called: odict-sorted", "the values of `model(x)`: right on 3.0.0 to 3.15.1"),
    ],
)
def test_a_line(fact: str, end: str) -> None:
    assert measured([fact]).splitlines()[-1].endswith(end)


def test_every_release_has_a_verdict() -> None:
    assert len(verdicts("list loss=dict y=list metrics=dict")) == 40


def test_what_was_not_measured_is_no_fact() -> None:
    with pytest.raises(KeyError):
        verdicts("list loss=dict y=dict class_weight=dict metrics=dict")
    with pytest.raises(KeyError):
        verdicts("called: tensor")
