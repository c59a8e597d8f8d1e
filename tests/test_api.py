from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import keraslint
from keraslint.config.settings import ConfigError
from keraslint.pins.given import releases_from_option

BUG = """\
import keras

x, y_small, y_big = load()
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="adam", loss={"small": "mse", "big": "mae"})
model.fit(x, [y_small, y_big])
"""


def test_check_source() -> None:
    (diagnostic,) = keraslint.check_source(BUG, "train.py", keras="3.5.0")
    assert (diagnostic.code, diagnostic.filename) == ("KER101", "train.py")
    assert isinstance(diagnostic, keraslint.Diagnostic)
    assert isinstance(diagnostic.fixes[0], keraslint.Fix)
    assert isinstance(diagnostic.fixes[0].edits[0], keraslint.Edit)
    assert keraslint.check_source(BUG, keras=releases_from_option("3.7.0")) == []
    assert [item.severity.value for item in keraslint.check_source(BUG)] == ["warning"]
    assert keraslint.check_source(BUG, keras="3.5.0", select=["KER001"]) == []


def test_what_the_caller_gives_is_called_an_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.py").write_text(BUG)
    monkeypatch.chdir(tmp_path)
    found = [*keraslint.check_source(BUG, keras="3.5.0"), *keraslint.check_paths(["train.py"], keras="3.5.0")]
    assert [item.code for item in found] == ["KER101", "KER101"]
    for item in found:
        assert item.message.startswith("Keras 3.5.0 (the argument keras) sends each loss")
        assert item.keras is not None
        assert [(line.filename, line.row, line.text) for line in item.keras.evidence] == [
            ("the argument keras", 0, "3.5.0")
        ]


def test_check_source_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements.txt").write_text("keras==3.7.0\n")
    monkeypatch.chdir(tmp_path)
    assert len(keraslint.check_source(BUG, "train.py")) == 1


@pytest.mark.parametrize("wrong", [{"keras": "three"}, {"select": ["E501"]}])
def test_check_source_refuses(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"three|E501"):
        keraslint.check_source(BUG, **wrong)


def test_check_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "train.py").write_text(BUG)
    monkeypatch.chdir(tmp_path)
    pin, diagnostic = keraslint.check_paths(["."])
    assert (pin.code, pin.filename) == ("KER201", "requirements.txt")
    assert (diagnostic.code, diagnostic.filename) == ("KER101", "train.py")
    assert keraslint.check_paths([tmp_path / "train.py"], keras="3.7.0") == []
    (tmp_path / "keraslint.toml").write_text('ignore = ["KER1", "KER2"]\n')
    assert keraslint.check_paths(["."]) == []
    assert len(keraslint.check_paths(["train.py"], isolated=True)) == 1
    with pytest.raises(ConfigError):
        keraslint.check_paths(["."], keras="three")


def test_what_could_not_be_checked_is_not_kept_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.py").write_text(BUG)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(keraslint.CheckIncomplete, match=r"nope\.py: No such file or directory") as error:
        keraslint.check_paths(["nope.py", "train.py"], keras="3.5.0")
    assert error.value.problems == ("nope.py: No such file or directory",)
    assert [item.code for item in error.value.diagnostics] == ["KER101"]


def test_every_public_name_is_there() -> None:
    for name in keraslint.__all__:
        assert getattr(keraslint, name) is not None
    assert set(keraslint.__all__) <= set(dir(keraslint))
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        keraslint.nope  # noqa: B018


def test_importing_the_package_loads_nothing_else() -> None:
    program = "import sys, keraslint; print(sorted(name for name in sys.modules if name.startswith('keraslint')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "['keraslint']\n"


def test_a_single_path_is_one_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "bad.py").write_text("import keras\nkeras.Model(\n")
    monkeypatch.chdir(tmp_path)
    for path in ("src", Path("src"), ["src"]):
        assert [(item.code, item.filename) for item in keraslint.check_paths(path)] == [("KER001", "src/bad.py")]
