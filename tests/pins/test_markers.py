from __future__ import annotations

import pytest

from keraslint.pins.markers import true_together

OLD, NEW = 'python_version < "3.10"', 'python_version >= "3.10"'
LINUX, MAC = 'sys_platform == "linux"', 'sys_platform == "darwin"'


@pytest.mark.parametrize(
    ("markers", "python", "together"),
    [
        ([], "", [set()]),
        (["", ""], "", [set()]),
        ([OLD, NEW], "", [{OLD}, {NEW}]),
        ([OLD, NEW], ">=3.10", [{NEW}]),
        ([OLD, NEW], ">=3.8.1,<3.10", [{OLD}]),
        ([OLD, NEW], "no specifier", [{OLD}, {NEW}]),
        ([OLD, NEW], ">=4", [{OLD}, {NEW}]),
        ([LINUX], "", [set(), {LINUX}]),
        ([LINUX, MAC], "", [set(), {LINUX}, {MAC}]),
        ([LINUX, NEW], ">=3.10", [{NEW}, {LINUX, NEW}]),
        (['python_full_version < "3.11.4"'], ">=3.11", [set(), {'python_full_version < "3.11.4"'}]),
        (['extra == "gpu"'], "", [set(), {'extra == "gpu"'}]),
        (['platform_release >= "9999"'], "", [set(), {'platform_release >= "9999"'}]),
        (["no marker"], "", [{"no marker"}]),
    ],
)
def test_true_together(markers, python, together):
    found = true_together(markers, python)
    assert sorted(map(sorted, found)) == sorted(map(sorted, together))
    assert len(found) == len(set(found))


def test_markers_tell_pins_apart(lay):
    text = 'keras==3.5.0; python_version < "3.10"\nkeras==3.7.0; python_version >= "3.10"\n'
    answer = lay({"requirements.txt": text})
    assert answer.admitted == "==3.5.0 or ==3.7.0"
    assert not answer.releases.contradicts
    assert answer.releases.strength == "exact"


def test_the_declared_python_decides(lay):
    text = 'keras==3.5.0; python_version < "3.10"\nkeras==3.7.0; python_version >= "3.10"\n'
    answer = lay({"requirements.txt": text, "pyproject.toml": '[project]\nrequires-python = ">=3.10"\n'})
    assert answer.admitted == "==3.7.0"
    assert answer.evidence == [("requirements.txt", 2, 'keras==3.7.0; python_version >= "3.10"')]


def test_a_marker_that_no_declared_python_meets_says_nothing(lay):
    text = "keras==3.5.0; python_version < '3.8'\n"
    answer = lay({"requirements.txt": text, "pyproject.toml": '[project]\nrequires-python = ">=3.10"\n'})
    assert answer.releases.strength == "none"


def test_a_pin_for_one_platform_narrows_only_there(lay):
    answer = lay({"requirements.txt": "keras>=3.4\nkeras==3.5.0; sys_platform == 'darwin'\n"})
    assert answer.admitted == ">=3.4"
    answer = lay({"requirements.txt": "keras==3.5.0; sys_platform == 'darwin'\n"})
    assert (answer.admitted, answer.releases.strength) == ("==3.5.0", "exact")


def test_the_same_marker_twice_holds_together(lay):
    answer = lay({"requirements.txt": "keras>=3.4; os_name == 'nt'\nkeras<3.6; os_name == 'nt'\n"})
    assert answer.admitted == ">=3.4,<3.6"
