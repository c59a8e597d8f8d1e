from __future__ import annotations

import pytest

from .expectations import PROGRAMS, Expectation, read_expectations
from .releases import RELEASES


def test_a_comment_without_releases_means_all() -> None:
    assert read_expectations("a\nb  # expect: KER101\n") == (Expectation(2, "KER101", RELEASES, True),)


def test_a_plus_means_all_later_ones() -> None:
    (one,) = read_expectations("x  # noqa  # expect[3.4.1, 3.6.0+]: KER104 without fix")
    assert one == Expectation(1, "KER104", ("3.4.1", "3.6.0", "3.7.0", "3.15.1"), False)


@pytest.mark.parametrize("comment", ["# expect KER101", "# expect[3.8.0]: KER101", "# expect: KER101, KER102"])
def test_a_mistake_is_refused(comment: str) -> None:
    with pytest.raises(ValueError, match=r"not an expectation|no release"):
        read_expectations(comment)


def test_there_are_programs() -> None:
    assert len(PROGRAMS) >= 30
