from __future__ import annotations

import pytest
from packaging.version import Version

from keraslint.behaviour.releases import MEASURED
from keraslint.diagnostic import Evidence
from keraslint.rules.wording import advise, evidence, releases


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        (["3.5.0"], "3.5.0"),
        (["3.6.0", "3.5.0"], "3.5.0 and 3.6.0"),
        (["3.5.0", "3.6.0", "3.7.0"], "3.5.0 to 3.7.0"),
        (["3.4.1", "3.6.0"], "3.4.1 and 3.6.0"),
        (["3.3.3", "3.5.0", "3.6.0", "3.7.0", "3.14.0"], "3.3.3, 3.5.0 to 3.7.0 and 3.14.0"),
    ],
)
def test_releases(versions: list[str], words: str) -> None:
    assert releases([Version(version) for version in versions]) == words


def test_all_releases() -> None:
    assert releases(MEASURED) == f"{MEASURED[0]} to {MEASURED[-1]}"


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ([], ""),
        ([("a.txt", 2)], "a.txt:2"),
        ([("a.txt", 2), ("a.txt", 2)], "a.txt:2"),
        ([("--keras-version", 0)], "--keras-version"),
        ([("a.txt", 1), ("a.txt", 2), ("b.txt", 1)], "a.txt:1, a.txt:2, b.txt:1"),
        ([("a.txt", row) for row in range(1, 6)], "a.txt:1, a.txt:2, a.txt:3, …"),
    ],
)
def test_evidence(places: list[tuple[str, int]], words: str) -> None:
    assert evidence([Evidence(name, row, "keras") for name, row in places]) == words


@pytest.mark.parametrize(
    ("what", "cure", "words"),
    [
        ("pass a tuple", Version("3.7.0"), "pass a tuple or use keras>=3.7"),
        ("pass a tuple", None, "pass a tuple"),
        ("", Version("3.7.0"), "use keras>=3.7"),
        ("", None, ""),
    ],
)
def test_advice(what: str, cure: Version | None, words: str) -> None:
    assert advise(what, cure) == words
