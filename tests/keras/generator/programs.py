"""Whole programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from .draft import Draft, indent
from .heads import FEATURES
from .models import place_model
from .training import ROWS, training


@dataclass(frozen=True)
class Program:
    """A program, the forms that it is made of, and whether its text tells the order of its outputs.

    names: how its outputs are named, in order, None where Keras makes the names up.
    """

    text: str
    forms: tuple[str, ...]
    written: bool
    names: tuple[str, ...] | None = None


def generate(count: int, first_seed: int) -> list[Program]:
    """So many programs, the same ones each time for the same seed.

    Each is drawn in a run of its own: within one run Hypothesis makes many of its examples out of earlier ones.
    """
    distinct: dict[str, Program] = {}
    seeds = _seeds(first_seed)
    while len(distinct) < count:
        program = _draw(next(seeds))
        distinct[program.text] = program
    return list(distinct.values())


def _seeds(first: int) -> Iterator[int]:
    number = first * 1_000_003
    while True:
        yield number
        number += 1


def _draw(number: int) -> Program:
    drawn: list[Program] = []

    @seed(number)
    @settings(
        max_examples=2,  # the first is always the simplest one
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(programs())
    def collect(program: Program) -> None:
        drawn.append(program)

    collect()
    return drawn[-1]


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Program:
    """Programs that build, compile and train a model."""
    draft = Draft(draw)
    draft.use_style()
    place = place_model(draft)
    body = training(draft, place.model, place.listed)
    if draft.choose("compiled", ("once", "once", "once", "twice")) == "twice":
        body = [*body, f"{place.model}.trainable = False", *training(draft, place.model, place.listed)]
    main = [*place.before, *place.around, *indent(body, place.depth), *place.after]
    text = "\n".join([*draft.top, *main])
    own = [_own_loss(draft, name, op) for name, op in (("own_loss", "mean"), ("other_loss", "max")) if name in text]
    data = [f"x_data = np.ones(({ROWS}, {FEATURES}))", ""]
    lines = [*draft.import_lines(), "import numpy as np", "", *data, *own, text, ""]
    return Program("\n".join(lines), tuple(draft.forms), draft.written, place.listed.keys)


def _own_loss(draft: Draft, name: str, op: str) -> str:
    return f"def {name}(y_true, y_pred):\n    return {draft.op(op)}((y_true - y_pred) ** 2, axis=-1)\n"
