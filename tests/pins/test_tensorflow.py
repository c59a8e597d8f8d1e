from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keraslint.behaviour.tensorflow_bounds import keras_bounds


def test_the_table_covers_every_minor_release_from_2_16_on_without_a_gap():
    found = keras_bounds()
    assert list(found) == sorted(found)
    minors = sorted({version.minor for version in found})
    assert minors == list(range(16, minors[-1] + 1))
    assert all([part.operator for part in specifiers] == [">="] for specifiers in found.values())


# Read by hand from the METADATA of the wheels.
@pytest.mark.parametrize(
    ("release", "keras"),
    [
        ("2.16.1", ">=3.0.0"),
        ("2.17.1", ">=3.2.0"),
        ("2.18.0", ">=3.5.0"),
        ("2.19.1", ">=3.5.0"),
        ("2.20.0", ">=3.10.0"),
    ],
)
def test_known_bounds(release, keras):
    assert keras_bounds()[Version(release)] == SpecifierSet(keras)


@pytest.mark.parametrize(
    ("line", "admitted", "others", "affected"),
    [
        ("tensorflow==2.15.1", "<3", True, False),
        ("tensorflow<2.16", "<3", True, False),
        ("tensorflow>=2.10,<2.16", "<3", True, False),
        ("tensorflow==1.15", "<3", True, False),
        ("tensorflow==2.16.1", ">=3.0.0", False, True),
        ("tensorflow[and-cuda]==2.18.0", ">=3.5.0", False, True),
        ("tensorflow~=2.17.0", ">=3.2.0", False, True),
        ("tensorflow>=2.16", ">=3.0.0", False, True),
        ("tensorflow>=2.20", ">=3.10.0", False, False),
        ("tensorflow>=2.15", "<3 or >=3.0.0", True, True),
        ("tensorflow==2.16.0rc0", ">=3.0.0", False, True),
        ("tensorflow==2.17.9", ">=3.2.0", False, True),
        ("tensorflow==2.99.0", ">=3.12.0", False, False),
        ("tensorflow-cpu==2.15.0", "<3", True, False),
        ("tensorflow_cpu==2.18.*", ">=3.5.0", False, True),
        ("tensorflow-intel==2.17.0", ">=3.2.0", False, True),
        ("tensorflow-macos==2.16.2", ">=3.0.0", False, True),
        ("tensorflow-rocm==2.14.0.600", "<3", True, False),
        ("tensorflow-gpu", "<3", True, False),
        ("tensorflow-gpu>=2.4", "<3", True, False),
    ],
)
def test_what_comes_with_tensorflow(lay, line, admitted, others, affected):
    answer = lay({"requirements.txt": f"numpy\n{line}\n"})
    assert answer.admitted == admitted
    assert answer.releases.admits_others is others
    assert ("3.5.0" in answer.versions) is affected
    assert answer.releases.strength == "range"
    assert answer.evidence == [("requirements.txt", 2, line)]


def test_a_bare_tensorflow(lay):
    answer = lay({"requirements.txt": "tensorflow\n"})
    assert answer.releases.strength == "bare"
    assert len(answer.versions) == 40
    assert answer.releases.admits_others


class TestKerasBeside:
    def test_an_explicit_pin_wins(self, lay):
        for tensorflow in ("tensorflow==2.15.0", "tensorflow==2.20.0", "tensorflow", "tensorflow-gpu"):
            answer = lay({"requirements.txt": f"{tensorflow}\nkeras==3.5.0\n"})
            assert (answer.admitted, answer.releases.strength) == ("==3.5.0", "exact")
            assert answer.evidence == [("requirements.txt", 2, "keras==3.5.0")]
            assert not answer.releases.contradicts

    def test_also_over_a_tensorflow_in_another_file(self, lay):
        answer = lay({"requirements.txt": "tensorflow==2.15.0\n", "requirements-dev.txt": "keras>=3.4\n"})
        assert answer.admitted == ">=3.4"

    def test_a_range_is_narrowed_to_what_can_be_installed_with_it(self, lay):
        answer = lay({"requirements.txt": "keras>=3.0\ntensorflow==2.20.0\n"})
        assert answer.admitted == ">=3.10.0"
        assert [row for _, row, _ in answer.evidence] == [1, 2]
        answer = lay({"requirements.txt": "keras>=2.6\ntensorflow==2.15.0\n"})
        assert answer.versions == []

    def test_a_bare_keras_takes_what_tensorflow_needs(self, lay):
        answer = lay({"requirements.txt": "keras\ntensorflow==2.15.0\n"})
        assert (answer.admitted, answer.versions) == ("<3", [])
