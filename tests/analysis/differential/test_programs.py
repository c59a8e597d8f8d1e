"""Random programs under CPython, with a stand-in for Keras: what the interpreter says happened, or is unknown.

``KERASLINT_PYTHON_PROGRAMS`` and ``KERASLINT_PYTHON_SEED`` set how many programs, and which ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

import pytest

from .check import Tally, check
from .comparison import Disagreement, describe
from .disagreeing import LISTED, is_free, is_listed
from .programs import FORMS, Program, generate
from .run import Runner

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("KERASLINT_PYTHON_PROGRAMS", "2000"))
SEED = int(os.environ.get("KERASLINT_PYTHON_SEED", "1"))

TRIES = 25
"""Programs with a listed form, one of which has to disagree."""


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as started:
        yield started


def test_what_is_said_is_what_happened(runner: Runner) -> None:
    tally = Tally()
    wrong: list[tuple[Program, Disagreement]] = []
    for number in range(COUNT):
        program = generate(SEED * 1_000_003 + number, is_free)
        if is_listed(program.forms):
            continue
        wrong += [(program, one) for one in check(program.files, runner, tally)]
    assert "\n\n".join(describe(program.text, one) for program, one in wrong[:5]) == ""
    assert tally.broken == 0
    assert tally.compiled > tally.programs * 0.9
    assert tally.ended > tally.programs * 0.8


def test_a_listed_form_exists() -> None:
    assert frozenset[str]().union(*LISTED) <= set(FORMS)


@pytest.mark.parametrize("forms", sorted(map(sorted, LISTED)), ids=" with ".join)
def test_listed_forms_still_disagree(forms: list[str], runner: Runner) -> None:
    assert any(check(program.files, runner) for program in programs_with(frozenset(forms))), "cured: take it out"


def programs_with(forms: frozenset[str]) -> Iterator[Program]:
    """Programs that have these forms, and else only some that are not listed."""
    found = (generate(number, is_free, forms) for number in range(TRIES * 40))
    yield from islice((program for program in found if forms <= set(program.forms)), TRIES)
