"""A slip on the command line must not lead to a run that says all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint.cli import main


@pytest.mark.parametrize("arguments", [["--select", ""], ["--ignore", " , "], ["--extend-select="], [""], ["a.py", ""]])
def test_an_empty_value_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check", *arguments])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("error: argument ")


def test_nothing_to_check_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("x = 1\n")
    assert main(["check"]) == 0
    assert capsys.readouterr().err == "All checks passed!\n"
    for arguments in (["--exclude", "*.py"], ["--force-exclude", "--exclude", "a.py", "a.py"]):
        assert main(["check", *arguments]) == 0
        assert capsys.readouterr().err == "warning: no Python file, notebook or dependency file to check\n"
    assert main(["check", "-q", "--exclude", "*.py"]) == 0
    assert capsys.readouterr().err == ""


def test_a_wrong_list_of_a_pattern_is_found_by_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keraslint.toml").write_text('[per-file-ignores]\n"b.py" = ["KER1"]\n"a.py" = "KER1"\n')
    assert main(["check"]) == 2
    said = "error: keraslint.toml:3: 'per-file-ignores' of 'a.py' must be a list of strings\n"
    assert capsys.readouterr().err == said
