from __future__ import annotations

import pytest

from keraslint.pins.resolve import PinReader

SCRIPT = """\
#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "numpy",
#   "{line}",
# ]
#
# [tool.uv]
# exclude-newer = "2024-10-01T00:00:00Z"
# ///
import keras
"""
PROJECT = {"requirements.txt": "keras==3.7.0\n"}


@pytest.mark.parametrize(
    ("line", "admitted", "strength", "affected"),
    [
        ("keras==3.5.0", "==3.5.0", "exact", True),
        ("keras>=3.5,<3.7", ">=3.5,<3.7", "range", True),
        ("keras>=3.8", ">=3.8", "range", False),
        ("keras>=3.4", ">=3.4", "range", True),
        ("keras", "", "bare", True),
    ],
)
def test_a_script_speaks_for_itself(lay, line, admitted, strength, affected):
    answer = lay({"train.py": SCRIPT.replace("{line}", line), **PROJECT})
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert ("3.5.0" in answer.versions) is affected
    assert answer.evidence == [("train.py", 6, f'#   "{line}",')]
    assert answer.files == ["train.py"]


def test_for_no_other_file(lay):
    files = {"train.py": SCRIPT.replace("{line}", "keras==3.5.0"), "other.py": "import keras\n", **PROJECT}
    assert lay(files, "other.py").admitted == "==3.7.0"


def test_a_script_without_keras_chooses_its_project_s(lay):
    answer = lay({"train.py": SCRIPT.replace("{line}", "torch"), **PROJECT})
    assert answer.admitted == "==3.7.0"


def test_the_text_at_hand_counts(tmp_path):
    path = tmp_path / "train.py"
    path.write_text(SCRIPT.replace("{line}", "keras==3.5.0"))
    reader = PinReader(root=tmp_path)
    assert reader.releases(path, SCRIPT.replace("{line}", "keras==3.6.0")).releases.admitted == "==3.6.0"
    assert reader.releases(path).releases.admitted == "==3.5.0"
    assert reader.releases(tmp_path / "new.py", "import keras\n").releases.strength == "none"


def test_constraints_and_the_declared_python(lay):
    text = SCRIPT.replace("{line}", "keras>=3.4").replace(
        "exclude-newer", "constraint-dependencies = ['keras<3.6']\n# x"
    )
    assert lay({"train.py": text}).admitted == ">=3.4,<3.6"
    text = SCRIPT.replace("{line}", "keras==3.5.0; python_version < '3.11'")
    assert lay({"train.py": text, **PROJECT}).releases.strength == "none"


def test_its_own_lock(lay):
    lock = 'version = 1\n\n[[package]]\nname = "keras"\nversion = "3.6.0"\n'
    answer = lay({"train.py": SCRIPT.replace("{line}", "keras>=3.4"), "train.py.lock": lock})
    assert answer.evidence == [("train.py.lock", 5, 'version = "3.6.0"')]


@pytest.mark.parametrize(
    ("line", "row", "reason"),
    [('a" "b', 6, "not valid TOML"), ("keras=>3", 6, "not a requirement")],
)
def test_malformed(lay, line, row, reason):
    answer = lay({"train.py": SCRIPT.replace("{line}", line), **PROJECT})
    [(filename, at, said)] = answer.skipped
    assert (filename, at) == ("train.py", row)
    assert reason in said
    assert answer.admitted == "==3.7.0"


@pytest.mark.parametrize(
    "text", ["# /// script\n# dependencies = ['keras==3.5.0']\nimport keras\n", "x = '''\n # /// script\n'''\n", ""]
)
def test_no_block(lay, text):
    assert lay({"train.py": text, **PROJECT}).admitted == "==3.7.0"
