"""--show-files and --show-settings, and the keys and options that they make visible."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from keraslint.cli import main
from keraslint.config.options import DEFAULT_EXCLUDE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SWAPPED = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for name in ("b.py", "a.py", "sub/c.py", "gen/d.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SWAPPED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environment(folder: Path, release: str) -> None:
    metadata = folder / "lib" / "python3.12" / "site-packages" / f"keras-{release}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: keras\nVersion: {release}\n")


def test_files_are_listed_and_not_checked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "keraslint.toml").write_text('extend-exclude = ["gen"]\n')
    assert main(["check", "--show-files"]) == 0
    assert capsys.readouterr().out == "".join(f"{project}/{name}\n" for name in ("a.py", "b.py", "sub/c.py"))
    assert main(["check", "--show-files", "none.py", "b.py"]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (f"{project}/b.py\n", "error: none.py: No such file or directory\n")


def test_settings_are_those_of_the_first_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "sub" / "pyproject.toml").write_text(
        '[tool.keraslint]\nignore = ["KER102"]\nextend-exclude = ["ü\\u007f"]\nunsafe-fixes = true\n'
        '[tool.keraslint.per-file-ignores]\n"!c.py" = ["KER1"]\n'
    )
    assert main(["check", "sub", "--show-settings", "--keras-version", "3.5"]) == 0
    shown = capsys.readouterr().out
    heading, _, table = shown.partition("\n\n")
    assert heading == (f'Resolved settings for: "{project}/sub/c.py"\nSettings path: "{project}/sub/pyproject.toml"')
    held = tomllib.loads(table)
    assert "KER101" in held["select"]
    assert "KER102" not in held["select"]
    assert held["exclude"] == [*DEFAULT_EXCLUDE, "ü\x7f"]
    assert held["keras-version"] == "3.5"
    assert held["unsafe-fixes"] is True
    assert held["per-file-ignores"] == {"!c.py": ["KER1"]}
    assert "environment" not in held


def test_settings_of_standard_input_and_of_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--show-settings", "--stdin-filename", "new/x.py", "-"]) == 0
    assert capsys.readouterr().out.startswith(f'Resolved settings for: "{project}/new/x.py"\n\n')
    (project / "empty").mkdir()
    assert main(["check", "--show-settings", "empty"]) == 2
    assert capsys.readouterr().err == "error: no file to check\n"


def test_only_one_of_both(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check", "--show-files", "--show-settings"])
    assert stopped.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err


def test_what_is_installed_counts_instead_of_what_files_say(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").write_text("keras==3.7.0\n")
    environment(project / "old", "3.5.0")
    environment(project / "new", "3.8.0")
    assert main(["check", "a.py"]) == 0
    assert main(["check", "a.py", "--environment", "old"]) == 1
    assert "KER101 Keras 3.5.0 (" in capsys.readouterr().out.replace("[*] ", "")
    (project / "sub" / "keraslint.toml").write_text('environment = "../old"\n')
    assert main(["check", "sub"]) == 1
    assert main(["check", "sub", "--environment", "new"]) == 0
    assert main(["check", "sub", "--keras-version", "3.7.0"]) == 0
    (project / "sub" / "keraslint.toml").write_text('keras-version = "3.7.0"\nenvironment = "../old"\n')
    assert main(["check", "sub"]) == 0
    assert main(["check", "sub", "--environment", "old"]) == 1


def test_no_environment_is_said_before_any_file_is_checked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "sub" / "keraslint.toml").write_text('select = ["ALL"]\nenvironment = "../nowhere"\n')
    assert main(["check", "."]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: sub/keraslint.toml:2: environment: ")
    assert said.err.count("\n") == 1
    assert main(["check", "--environment", "nowhere"]) == 2
    assert capsys.readouterr().err.startswith("error: --environment: ")


def test_a_rule_is_found_by_its_code_or_name_in_any_case(capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for text in ("KER101", "ker101", "misrouted-loss", "Misrouted-Loss"):
        assert main(["rule", text]) == 0
        shown.append(capsys.readouterr().out)
    assert len(set(shown)) == 1
