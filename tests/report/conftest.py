from __future__ import annotations

import pytest

from keraslint.diagnostic import (
    Applicability,
    Diagnostic,
    Edit,
    Evidence,
    Fix,
    KerasClaim,
    Position,
    Severity,
    Span,
)

TEXT = """\
import keras

model.compile(loss={"b": x, "a": y})
model.compile(
    loss={
        "b": x,
        "a": y,
    },
)
"""


@pytest.fixture
def text() -> str:
    return TEXT


@pytest.fixture
def one_row() -> Diagnostic:
    span = Span(Position(3, 20), Position(3, 36))
    claim = KerasClaim("==3.5.0", True, (Evidence("requirements.txt", 2, "keras==3.5.0"),))
    fix = Fix("tuple", Applicability.SAFE, "Pass the losses as a tuple in output order", (Edit(span, "(y, x)"),))
    return Diagnostic(
        "KER101",
        "misrouted-loss",
        Severity.ERROR,
        "it is swapped",
        "train.py",
        span,
        (3,),
        ("a", "b"),
        claim,
        (fix,),
    )


@pytest.fixture
def several_rows() -> Diagnostic:
    span = Span(Position(5, 10), Position(8, 6))
    fix = Fix("tuple", Applicability.UNSAFE, "Pass the losses as a tuple in output order", (Edit(span, "(y, x)"),))
    return Diagnostic("KER102", "unverified-loss-routing", Severity.WARNING, "unseen", "train.py", span, fixes=(fix,))
