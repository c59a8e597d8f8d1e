"""Versions as measured releases, and their groups."""

from __future__ import annotations

import pytest
from packaging.version import Version

from keraslint.behaviour.releases import GROUP_STARTS, MEASURED, groups, measured


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("3.5.0", "3.5.0"),
        ("3.5", "3.5.0"),
        ("3.5.0.post1", "3.5.0"),
        ("3.5.0rc0", "3.5.0"),
        ("3.7.0.dev2024110103", "3.7.0"),
        ("3.6.0+cpu", "3.6.0"),
        ("3.6.4", "3.6.0"),
        ("3.15.2", "3.15.1"),
        ("4.1", "3.15.1"),
        ("3.0.0rc1", "3.0.0"),
    ],
)
def test_a_keras_3_version_has_the_behaviour_of_a_measured_release(version: str, expected: str) -> None:
    assert measured(Version(version)) == Version(expected)


@pytest.mark.parametrize("version", ["2.15.0", "2.16.0rc0", "1.2.2", "0.3"])
def test_keras_before_3_was_not_measured(version: str) -> None:
    assert measured(Version(version)) is None


def test_groups_split_where_routing_changes() -> None:
    versions = [Version(text) for text in ("3.7.0", "2.15.0", "3.6.0", "3.4.1", "3.3.3", "3.15.1", "3.9.0", "3.6.0")]
    assert [[str(version) for version in group] for group in groups(versions)] == [
        ["3.3.3", "3.4.1"],
        ["3.6.0"],
        ["3.7.0"],
        ["3.9.0"],
        ["3.15.1"],
    ]


def test_every_measured_release_is_in_one_group_and_every_group_starts_at_one() -> None:
    split = groups(MEASURED)
    assert [version for group in split for version in group] == list(MEASURED)
    assert tuple(group[0] for group in split) == GROUP_STARTS
