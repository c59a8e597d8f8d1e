"""The command: exit codes, and what goes to which stream. In real processes where the process matters."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from keraslint import __version__
from keraslint.behaviour.releases import MEASURED
from keraslint.cli import main, split_command
from keraslint.rules.registry import ALL_RULES

from .command import outcome, real_outcome, run
from .notebook.notebooks import dumped

BUG = """\
import keras

x, y_small, y_big = load()
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="adam",
    loss={"small": "mse", "big": "mae"},  # by name
)
model.fit(x, [y_small, y_big])
"""
FIXED = BUG.replace('{"small": "mse", "big": "mae"}', '("mse", "mae")')
CLEAN = "import keras\n\nprint(keras.__version__)\n"
PASSED = (0, "", "All checks passed!\n")
NOTHING = "warning: no Python file, notebook or dependency file to check\n"
ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program with the bug. Its pin is not checked: git ignores it."""
    (tmp_path / ".git" / "info").mkdir(parents=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("requirements.txt\n")
    (tmp_path / "requirements.txt").write_text("numpy\nkeras==3.5.0\n")
    (tmp_path / "train.py").write_text(BUG)
    return tmp_path


class TestCheck:
    @pytest.mark.parametrize("arguments", [(), (".",), ("check",), ("check", "."), ("train.py",), ("-v", "check", ".")])
    def test_finds_it(self, project: Path, arguments: tuple[str, ...]) -> None:
        code, out, err = outcome(project, *arguments) if arguments else real_outcome(project)
        assert code == 1
        assert out.count("\n") == 1
        assert out.startswith("train.py:10:10: KER101 [*] ")
        assert "requirements.txt:2" in out
        assert err.endswith("Found 1 error.\n[*] 1 fixable with the `--fix` option.\n")

    def test_nothing_found_prints_nothing_to_stdout(self, project: Path) -> None:
        (project / "requirements.txt").write_text("keras==3.7.0\n")
        assert outcome(project) == PASSED
        assert outcome(project, "-") == PASSED
        assert outcome(project, "--output-format", "full", "-o", "report.txt") == PASSED
        assert (project / "report.txt").read_text() == ""
        for arguments in (("-q",), ("--diff",), ("--output-format", "github")):
            assert outcome(project, *arguments) == (0, "", "")

    def test_what_was_not_checked_has_not_passed(self, project: Path) -> None:
        (project / "requirements.txt").write_text("keras==3.7.0\n")
        missing = "error: nope.py: No such file or directory\n"
        assert outcome(project, "train.py", "nope.py") == (2, "", missing)

    def test_a_range_is_a_warning_that_names_the_affected_releases(self, project: Path) -> None:
        (project / "requirements.txt").write_text("keras>=3.4\n")
        code, out, _ = outcome(project, "--output-format", "json")
        assert code == 1
        (item,) = json.loads(out)
        assert item["severity"] == "warning"
        assert "3.5.0" in item["message"]
        assert "3.6.0" in item["message"]

    def test_keras_version_overrides_the_project(self, project: Path) -> None:
        assert outcome(project, "--keras-version", "3.7.0") == PASSED
        code, _, err = outcome(project, "--keras-version", "three")
        assert code == 2
        assert err.startswith("error: --keras-version: ")

    def test_the_version_of_the_configuration_is_named_with_its_row(self, project: Path) -> None:
        (project / "keraslint.toml").write_text('# ours\nkeras-version = "3.6.0"\n')
        _, out, _ = outcome(project)
        assert "3.6.0" in out
        assert "keraslint.toml:2" in out

    def test_paths_outside_the_current_folder(self, project: Path) -> None:
        (project / "sub").mkdir()
        _, out, _ = outcome(project / "sub", "..")
        assert out.startswith(f"{project}/train.py:10:10: ")

    def test_select_and_ignore(self, project: Path) -> None:
        assert outcome(project, "--ignore", "KER1")[:2] == (0, "")
        assert outcome(project, "--select", "KER001,KER102")[:2] == (0, "")
        assert outcome(project, "--select", "KER1", "--ignore", "KER101")[0] == 0
        code, out, err = outcome(project, "--select", "E501")
        assert (code, out) == (2, "")
        assert err == "error: --select: unknown rule selector 'E501'; `keraslint rule` lists the rules\n"
        _, _, err = outcome(project, "--select", "KER1011")
        assert err.startswith("error: --select: unknown rule selector 'KER1011'; the nearest valid one is 'KER1")

    def test_exit_codes(self, project: Path) -> None:
        assert real_outcome(project, "--exit-zero")[0] == 0
        assert outcome(project, "--exit-zero", "nope.py")[0] == 2
        code, out, err = real_outcome(project, "--no-such-option")
        assert (code, out) == (2, "")
        assert "--no-such-option" in err
        assert outcome(project, "--jobs", "0")[0] == 2
        assert outcome(project, "--output-format", "xml")[0] == 2

    def test_quiet(self, project: Path) -> None:
        code, out, err = outcome(project, "-q")
        assert (code, err) == (1, "")
        assert "KER101" in out

    def test_verbose(self, project: Path) -> None:
        assert outcome(project, "-v", "--keras-version", "3.7.0") == (
            0,
            "",
            "Checking 1 file\nAll checks passed!\n",
        )

    def test_statistics(self, project: Path) -> None:
        assert outcome(project, "--statistics")[:2] == (1, "1\tKER101\t[*] misrouted-loss\n")

    def test_output_file(self, project: Path) -> None:
        code, out, _ = outcome(project, "--output-file", "report.txt")
        assert (code, out) == (1, "")
        assert (project / "report.txt").read_text().startswith("train.py:10:10: KER101 [*] ")
        assert outcome(project, "-o", "no/such/folder")[0] == 2

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("env", "arguments", "coloured"),
        [({}, (), False), ({"FORCE_COLOR": "1"}, (), True), ({}, ("--color", "always"), True),
         ({"FORCE_COLOR": "1"}, ("--color=never",), False)],
    )  # fmt: skip
    def test_colour(self, project: Path, env: dict[str, str], arguments: tuple[str, ...], coloured: bool) -> None:
        assert (b"\x1b[" in run(project, *arguments, env=env).stdout) is coloured

    def test_full(self, project: Path) -> None:
        _, out, _ = outcome(project, "--output-format", "full")
        lines = out.splitlines()
        assert lines[0].startswith("KER101 [*] ")
        assert lines[1] == "  --> train.py:10:10"
        assert '10 |     loss={"small": "mse", "big": "mae"},  # by name' in lines
        assert f"   | {' ' * 9}{'^' * 30}" in lines

    def test_json(self, project: Path) -> None:
        code, out, err = outcome(project, "--output-format", "json")
        schema = json.loads((ROOT / "docs" / "diagnostics.schema.json").read_text())
        (item,) = json.loads(out)
        jsonschema.Draft202012Validator(schema).validate([item])
        assert (code, err) == (1, "")
        assert item["filename"] == str(project / "train.py")
        assert item["outputs"] == ["small", "big"]
        assert item["keras"]["evidence"] == [
            {"filename": str(project / "requirements.txt"), "row": 2, "text": "keras==3.5.0"}
        ]
        assert json.loads(outcome(project, "--output-format", "json-lines")[1]) == item
        assert outcome(project, "--output-format", "json", "--ignore", "ALL") == (0, "[]\n", "")

    def test_lsp(self, project: Path) -> None:
        (params,) = json.loads(outcome(project, "--output-format", "lsp")[1])
        assert params["uri"] == (project / "train.py").as_uri()
        assert params["diagnostics"][0]["range"]["start"] == {"line": 9, "character": 9}

    def test_noqa(self, project: Path) -> None:
        (project / "train.py").write_text(BUG.replace("# by name", "# noqa: KER101"))
        assert outcome(project) == PASSED
        (project / "train.py").write_text(BUG.replace("optimizer=", "# noqa\n    optimizer="))
        assert outcome(project)[0] == 1
        (project / "train.py").write_text(BUG.replace("model.compile(", "model.compile(  # noqa"))
        assert outcome(project) == PASSED

    def test_options_between_paths(self, project: Path) -> None:
        (project / "other.py").write_text(CLEAN)
        assert outcome(project, "check", "other.py", "--select", "KER101", "train.py")[0] == 1
        assert outcome(project, "check", "--select", "KER101", "--", "train.py")[0] == 1

    def test_excludes_hold_for_named_files_when_forced(self, project: Path) -> None:
        assert outcome(project, "train.py", "--exclude", "train.py")[0] == 1
        assert outcome(project, "train.py", "--exclude", "train.py", "--force-exclude") == (0, "", NOTHING)
        assert outcome(project, "--extend-exclude", "t*.py") == (0, "", NOTHING)

    def test_gitignore(self, project: Path) -> None:
        (project / ".gitignore").write_text("train.py\n")
        assert outcome(project) == (0, "", NOTHING)
        assert outcome(project, "--no-respect-gitignore")[0] == 1
        assert outcome(project, "train.py")[0] == 1

    @pytest.mark.slow
    def test_many_files_in_processes_give_what_one_gives(self, project: Path) -> None:
        for index in range(40):
            (project / f"m{index:02}.py").write_text(BUG if index % 3 else CLEAN)
        in_processes = real_outcome(project, "--jobs", "2")
        assert in_processes == outcome(project, "--jobs", "1")
        assert in_processes[1].count("KER101") == 27

    def test_config_in_pyproject(self, project: Path) -> None:
        (project / "pyproject.toml").write_text('[tool.keraslint]\nignore = ["KER101"]\n')
        assert outcome(project) == PASSED
        assert outcome(project, "--isolated")[0] == 1
        assert outcome(project, "--select", "KER101")[0] == 1
        assert outcome(project, "--config", "ignore = []")[0] == 1

    def test_per_file_ignores(self, project: Path) -> None:
        (project / "keraslint.toml").write_text('[per-file-ignores]\n"tr*.py" = ["KER1"]\n')
        assert outcome(project) == PASSED
        (project / "keraslint.toml").write_text('[per-file-ignores]\n"!tr*.py" = ["KER1"]\n')
        assert outcome(project)[0] == 1

    def test_a_wrong_key_ends_the_run_before_any_file_is_checked(self, project: Path) -> None:
        (project / "sub").mkdir()
        (project / "sub" / "pyproject.toml").write_text('[project]\n\n[tool.keraslint]\nselct = ["KER1"]\n')
        (project / "sub" / "a.py").write_text(CLEAN)
        assert real_outcome(project) == (
            2,
            "",
            "error: sub/pyproject.toml:4: unknown key 'selct' in the configuration of keraslint; "
            "the nearest valid one is 'select'\n",
        )


class TestWhatCanNotBeChecked:
    """Each one clear line, and the rest of the run goes on."""

    def test_missing_path(self, project: Path) -> None:
        code, out, err = outcome(project, "nope.py", "train.py")
        assert code == 2
        assert "KER101" in out
        assert err.startswith("error: nope.py: No such file or directory\nFound 1 error.\n")

    def test_syntax_error(self, project: Path) -> None:
        (project / "broken.py").write_text("import keras\nmodel.compile(loss={\n")
        (project / "not_ours.py").write_text("def f(:\n")
        code, out, _ = outcome(project)
        assert code == 1
        first, second = out.splitlines()
        assert first.startswith("broken.py:2:")
        assert " KER001 " in first
        assert second.startswith("train.py:10:10: KER101 ")

    @pytest.mark.parametrize(
        "content",
        [
            b"import keras\nm.fit('\xff')\n",
            b"# coding: nonsense\nimport keras\nm.fit(x)\n",
            b"# coding: ascii\nkeras.Model('\xc3\xa9')\n",
            b"import keras\nm.compile('\0')\n",
        ],
    )
    def test_bytes_that_are_not_the_declared_encoding(self, project: Path, content: bytes) -> None:
        (project / "a.py").write_bytes(content)
        code, out, _ = outcome(project)
        assert code == 1
        first, second = out.splitlines()
        assert first.startswith("a.py:")
        assert " KER001 " in first
        assert "KER101" in second

    def test_empty_file(self, project: Path) -> None:
        (project / "train.py").write_text("")
        assert outcome(project) == PASSED

    def test_a_pyproject_that_is_not_toml(self, project: Path) -> None:
        (project / "pyproject.toml").write_text("[tool.keraslint\n")
        code, out, err = outcome(project)
        assert code == 1
        assert "KER101" in out
        warning, *rest = err.splitlines()
        assert warning.startswith("warning: pyproject.toml:1: not valid TOML: ")
        assert rest == ["Found 1 error.", "[*] 1 fixable with the `--fix` option."]

    def test_a_folder_and_a_file_without_permission(self, project: Path) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "project"
            shutil.copytree(project, folder)
            (folder / "locked").mkdir(mode=0)
            (folder / "secret.py").write_text(BUG)
            (folder / "secret.py").chmod(0)
            Path(name).chmod(0o755)
            folder.chmod(0o755)
            done = _without_rights(folder, "-q")
            (folder / "locked").chmod(0o700)
        assert done.stderr.decode().splitlines() == [
            "error: locked: Permission denied",
            "error: secret.py: can't be read: Permission denied",
        ]
        assert done.stdout.decode().startswith("train.py:10:10: KER101 ")
        assert done.returncode == 2

    def test_an_analysis_that_raises(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import keraslint.analysis
        from keraslint.document import Document

        analyze = keraslint.analysis.analyze

        def fails(document: Document, *rest: Any, **more: Any) -> object:
            if document.path == "bad.py":
                raise RecursionError("too\ndeep")
            return analyze(document, *rest, **more)

        (project / "bad.py").write_text(BUG)
        monkeypatch.setattr("keraslint.analysis.analyze", fails)
        monkeypatch.chdir(project)
        assert main(["check"]) == 2
        out, err = capsys.readouterr()
        assert out.startswith("train.py:10:10: KER101 ")
        assert err.splitlines()[0] == "error: bad.py: internal error: RecursionError: too deep"
        assert main(["check", "-v"]) == 2
        assert "Traceback" in capsys.readouterr().err


class TestFix:
    def test_fix_and_once_more(self, project: Path) -> None:
        code, out, err = real_outcome(project, "--fix", "--show-fixes")
        assert (code, out) == (0, "")
        assert err == (
            "Fixed 1 error:\n- train.py:\n    1 \N{MULTIPLICATION SIGN} KER101 (misrouted-loss)\n\n"
            "Found 1 error (1 fixed, 0 remaining).\n"
        )
        assert (project / "train.py").read_text() == FIXED
        assert outcome(project, "--fix") == PASSED
        assert (project / "train.py").read_text() == FIXED

    def test_newlines_and_byte_order_mark_stay(self, project: Path) -> None:
        mark = b"\xef\xbb\xbf"
        (project / "train.py").write_bytes(mark + BUG.replace("\n", "\r\n").encode())
        assert outcome(project, "--fix")[0] == 0
        assert (project / "train.py").read_bytes() == mark + FIXED.replace("\n", "\r\n").encode()

    def test_exit_non_zero_on_fix(self, project: Path) -> None:
        assert outcome(project, "--fix", "--exit-non-zero-on-fix")[0] == 1
        assert outcome(project, "--fix", "--exit-non-zero-on-fix")[0] == 0

    def test_an_unsafe_fix_is_made_only_when_asked(self, project: Path) -> None:
        unsafe = BUG.replace("model.fit(x, [y_small, y_big])\n", "")
        (project / "train.py").write_text(unsafe)
        code, out, err = outcome(project, "--fix")
        assert code == 1
        assert "KER101 " in out
        assert "[*]" not in out
        assert "No fixes available (1 hidden fix can be enabled with the `--unsafe-fixes` option).\n" in err
        assert (project / "train.py").read_text() == unsafe
        assert outcome(project, "--fix", "--unsafe-fixes")[0] == 0
        assert '("mse", "mae")' in (project / "train.py").read_text()

    def test_diff(self, project: Path) -> None:
        code, out, err = outcome(project, "--diff")
        assert code == 1
        assert err == "Would fix 1 error.\n"
        assert out.startswith("--- train.py\n+++ train.py\n@@ ")
        assert '-    loss={"small": "mse", "big": "mae"},  # by name\n+    loss=("mse", "mae"),  # by name\n' in out
        assert (project / "train.py").read_text() == BUG
        if shutil.which("patch"):
            subprocess.run(["patch", "-p0"], input=out.encode(), cwd=project, check=True, capture_output=True)
            assert (project / "train.py").read_text() == FIXED

    def test_diff_without_a_change(self, project: Path) -> None:
        (project / "train.py").write_text(FIXED)
        assert outcome(project, "--diff") == (0, "", "")

    def test_a_file_that_can_not_be_written(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("keraslint.files.write.write_whole", full)
        monkeypatch.chdir(project)
        assert main(["--fix"]) == 2
        out, err = capsys.readouterr()
        assert out.startswith("train.py:10:10: KER101 ")
        assert err.startswith("error: train.py: not fixed: No space left on device\n")
        assert (project / "train.py").read_text() == BUG


class TestStdin:
    def test_check(self, project: Path) -> None:
        code, out, err = outcome(project, "-", stdin=BUG)
        assert code == 1
        assert out.startswith("-:10:10: KER101 [*] ")
        assert err.startswith("Found 1 error.")

    @pytest.mark.parametrize("arguments", [("-", "--stdin-filename", "new.py"), ("--stdin-filename=new.py",)])
    def test_name(self, project: Path, arguments: tuple[str, ...]) -> None:
        code, out, _ = outcome(project, "check", *arguments, stdin=BUG)
        assert code == 1
        assert out.startswith("new.py:10:10: KER101 [*] ")
        assert "requirements.txt:2" in out

    def test_name_with_other_paths(self, project: Path) -> None:
        assert outcome(project, "--stdin-filename", "new.py", "train.py")[0] == 2

    def test_fix_prints_the_source(self, project: Path) -> None:
        text = BUG.replace("\n", "\r\n")
        code, out, err = real_outcome(project, "-", "--fix", stdin=text)
        assert (code, out) == (0, FIXED.replace("\n", "\r\n"))
        assert err == "Found 1 error (1 fixed, 0 remaining).\n"

    def test_fix_with_something_left(self, project: Path) -> None:
        text = BUG.replace("model.fit(x, [y_small, y_big])\n", "")
        code, out, err = outcome(project, "-", "--fix", stdin=text)
        assert (code, out) == (1, text)
        assert "-:10:10: KER101 " in err

    def test_fix_hands_back_bytes_that_are_no_text(self, project: Path) -> None:
        content = b"x = '\xff'\n"
        assert run(project, "-", "--fix", stdin=content).stdout == content

    def test_diff(self, project: Path) -> None:
        code, out, _ = outcome(project, "-", "--diff", "--stdin-filename", "new.py", stdin=BUG)
        assert code == 1
        assert out.startswith("--- new.py\n+++ new.py\n")

    def test_excluded_name(self, project: Path) -> None:
        arguments = ("-", "--stdin-filename", "build/a.py")
        assert outcome(project, *arguments, stdin=BUG)[0] == 1
        assert outcome(project, *arguments, "--force-exclude", stdin=BUG) == (0, "", "")
        assert outcome(project, *arguments, "--force-exclude", "--fix", stdin=BUG) == (0, BUG, "")

    def test_json(self, project: Path) -> None:
        (item,) = json.loads(outcome(project, "-", "--output-format", "json", stdin=BUG)[1])
        assert item["filename"] == "-"


def test_what_a_fixed_pin_makes_right_is_counted(project: Path) -> None:
    (project / ".git" / "info" / "exclude").unlink()
    upgrade = ("--fix", "--unsafe-fixes", "--fix-style", "upgrade")
    said = "Found 2 findings (1 fixed, 1 right with the new pin, 0 remaining).\n"
    assert outcome(project, *upgrade) == (0, "", said)
    assert outcome(project, *upgrade) == PASSED


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.py", "def f(:\n", "a.py:1: not checked: invalid syntax"),
        ("a.py", "x = 1\nprint 'x'\n", "a.py:2: not checked: Missing parentheses in call to 'print'"),
        ("a.py", "x = 1\0", "a.py:1: not checked: source code"),
        ("a.ipynb", '{"cells": [', "a.ipynb:1: not checked: not a notebook: it ends too early"),
        ("a.ipynb", "", "a.ipynb:1: not checked: not a notebook: "),
    ],
)
def test_a_named_file_that_is_not_python_has_not_passed(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    code, out, err = outcome(tmp_path, name)
    assert (code, out) == (0, "")
    assert err.startswith(f"warning: {said}")
    assert err.count("\n") == 1
    assert outcome(tmp_path, "--stdin-filename", name, "-", stdin=text) == (0, "", err)
    assert outcome(tmp_path, "-q", name) == (0, "", "")
    cut_off = text == '{"cells": ['  # what was behind it is not known
    for others in ((".",), ("--force-exclude", name)):
        assert outcome(tmp_path, *others) == ((0, "", err) if cut_off else PASSED)
    assert outcome(tmp_path, "--ignore", "KER001", name) == PASSED


def test_a_file_that_was_left_out_has_not_passed_beside_another(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "plain.txt").write_text("x\n")
    said = "warning: plain.txt: neither Python source nor a dependency file, not checked\n"
    assert outcome(tmp_path, "a.py", "plain.txt") == (0, "", said)


def test_a_cell_that_is_not_python_is_said_of_a_named_notebook(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(dumped("x = 1", "y = 1\ndef f(:"))
    assert outcome(tmp_path, "a.ipynb")[2] == "warning: a.ipynb:cell 2:2: not checked: invalid syntax\n"


class TestSlips:
    """What a new user mistypes is answered with what may be meant, in one line."""

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("chekc", "."), "error: 'chekc' is neither a command nor a path; did you mean `keraslint check`?\n"),
            (("version",), "error: 'version' is neither a command nor a path; did you mean `keraslint --version`?\n"),
            (("nope",), "error: nope: No such file or directory\n"),
            (
                ("--unsafe-fix",),
                "error: unrecognized arguments: --unsafe-fix (did you mean --unsafe-fixes?); "
                "see `keraslint check --help`\n",
            ),
            (
                ("--verison",),
                "error: unrecognized arguments: --verison (did you mean `keraslint --version`?); "
                "see `keraslint check --help`\n",
            ),
            (("fix", "."), "error: 'fix' is neither a command nor a path; did you mean `keraslint check --fix`?\n"),
            (("lint", "."), "error: 'lint' is neither a command nor a path; did you mean `keraslint check`?\n"),
            (
                ("explain", "KER101"),
                "error: 'explain' is neither a command nor a path; did you mean `keraslint rule`?\n",
            ),
            (("ker101",), "error: 'ker101' is neither a command nor a path; did you mean `keraslint rule KER101`?\n"),
            (
                ("misrouted-loss",),
                "error: 'misrouted-loss' is neither a command nor a path; "
                "did you mean `keraslint rule misrouted-loss`?\n",
            ),
            (
                ("--select", "KER101", "KER201", "."),
                "error: 'KER201' is no path; rules are separated by commas, as in --select KER101,KER201; "
                "see `keraslint check --help`\n",
            ),
            (
                (".", "--ignore", "KER101,", "KER103,", "KER1"),
                "error: 'KER103' is no path; rules are separated by commas, as in --ignore KER101,KER103,KER1; "
                "see `keraslint check --help`\n",
            ),
            (
                ("--select", "KER101, KER9"),
                "error: --select: unknown rule selector 'KER9'; `keraslint rule` lists the rules\n",
            ),
            (("rule", "101"), "error: unknown rule selector '101'; the nearest valid one is 'KER101'\n"),
            (("rule", "KE-101"), "error: unknown rule selector 'KE-101'; the nearest valid one is 'KER101'\n"),
            (("rule", "KER999"), "error: unknown rule selector 'KER999'; `keraslint rule` lists the rules\n"),
            (
                ("rule", "misrouted-los"),
                "error: unknown rule selector 'misrouted-los'; the nearest valid one is 'misrouted-loss'\n",
            ),
            (
                ("rule", "--al"),
                "error: unrecognized arguments: --al (did you mean --all?); see `keraslint rule --help`\n",
            ),
        ],
    )
    def test_it_is_named(self, project: Path, arguments: tuple[str, ...], said: str) -> None:
        assert outcome(project, *arguments) == (2, "", said)

    def test_a_path_with_the_name_of_nearly_a_command_is_checked(self, project: Path) -> None:
        for name in ("chekc", "fix", "KER101", "misrouted-loss"):
            (project / name).mkdir()
            assert outcome(project, name) == (0, "", "warning: no Python file, notebook or dependency file to check\n")

    @pytest.mark.parametrize("selector", ["misrouted-loss", "Ker101", "ker1", "all"])
    def test_a_selector_may_be_a_name_in_any_letters(self, project: Path, selector: str) -> None:
        assert "KER101" in outcome(project, "--select", selector)[1]
        (project / "keraslint.toml").write_text(f'ignore = ["{selector}"]\n')
        assert outcome(project)[:2] == (0, "")

    @pytest.mark.parametrize(
        ("version", "said"),
        [
            ("3.99", "--keras-version 3.99 is newer than all measured releases: it counts as 3.15.1"),
            (
                "2.15",
                "--keras-version 2.15 is older than Keras 3: only 3.0.0 to 3.15.1 are measured, so no call was checked",
            ),
        ],
    )
    def test_a_release_of_which_nothing_is_measured_is_named(self, project: Path, version: str, said: str) -> None:
        code, out, err = outcome(project, "--keras-version", version)
        assert (code, out) == (0, "")
        passed = "" if "no call was checked" in said else PASSED[2]
        assert err == f"warning: {said}\n{passed}"
        (project / "keraslint.toml").write_text(f'\nkeras-version = "{version}"\n')
        assert outcome(project)[2].startswith(f"warning: keraslint.toml:2: keras-version {version} is ")
        assert outcome(project, "-", stdin="import keras\n")[2].startswith("warning: keraslint.toml:2: ")

    @pytest.mark.parametrize(
        ("pin", "said"),
        [
            ("keras==3.5.9", "Keras ==3.5.9 matches none of the measured releases, 3.0.0 to 3.15.1"),
            ("keras>3.5,<3.4", "Keras >3.5,<3.4 matches none of the measured releases, 3.0.0 to 3.15.1"),
            ("keras==3.5.0rc1", "Keras ==3.5.0rc1 matches none of the measured releases, 3.0.0 to 3.15.1"),
            ("keras==2.15.0", "Keras ==2.15.0 is older than Keras 3: only 3.0.0 to 3.15.1 are measured"),
            (
                "tensorflow==2.15.0",
                "Keras <3, which tensorflow==2.15.0 brings, is older than Keras 3: only 3.0.0 to 3.15.1 are measured",
            ),
        ],
    )
    def test_a_pin_of_which_nothing_is_measured_is_named(self, project: Path, pin: str, said: str) -> None:
        (project / "requirements.txt").write_text(f"numpy\n{pin}\n")
        line = f"warning: requirements.txt:2: {said}, so no call was checked\n"
        assert outcome(project) == (0, "", line)
        assert outcome(project, "--jobs", "1", "train.py", "requirements.txt") == (0, "", line)
        assert outcome(project, "-q") == (0, "", "")
        assert outcome(project, "-", "--stdin-filename", "train.py", stdin=BUG) == (0, "", line)
        exists = "none of the measured" not in said
        assert outcome(project, "requirements.txt") == (PASSED if exists else (0, "", line))
        (project / "train.py").write_text(CLEAN)
        assert outcome(project) == PASSED

    def test_a_pin_newer_than_all_measured_releases_is_named(self, project: Path) -> None:
        (project / "requirements.txt").write_text("keras==3.99.0\n")
        said = "requirements.txt:1: Keras ==3.99.0 is newer than all measured releases: it counts as 3.15.1"
        assert outcome(project) == (0, "", f"warning: {said}\n{PASSED[2]}")

    def test_a_pin_in_a_notebook_is_named_by_its_cell(self, project: Path) -> None:
        cells = [{"cell_type": "code", "source": text} for text in ("%pip install keras==3.5.9", BUG)]
        notebook = {"cells": [{**cell, "metadata": {}, "outputs": [], "execution_count": None} for cell in cells]}
        (project / "a.ipynb").write_text(json.dumps({**notebook, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        said = "Keras ==3.5.9 matches none of the measured releases, 3.0.0 to 3.15.1, so no call was checked"
        assert outcome(project, "a.ipynb") == (0, "", f"warning: a.ipynb:cell 1:1: {said}\n")

    @pytest.mark.parametrize(
        ("comment", "said"),
        [
            ("# noqa: misrouted-loss", "`# noqa: misrouted-loss` suppresses nothing: write `# noqa: KER101`"),
            ("# noqa: KER999", "`# noqa: KER999` suppresses nothing: there is no rule KER999"),
            (
                "# keraslint: ignore_file",
                "`# keraslint: ignore_file` means nothing: write `# keraslint: ignore-file`, or `# noqa: CODE`",
            ),
        ],
    )
    def test_a_comment_that_suppresses_nothing_is_named(self, project: Path, comment: str, said: str) -> None:
        program = project / "train.py"
        program.write_text(program.read_text() + f"\nx = 1  {comment}\ny = '{comment}'\n")
        row = len(program.read_text().splitlines()) - 1
        code, _, err = outcome(project)
        assert code == 1
        assert [line for line in err.splitlines() if "warning" in line] == [f"warning: train.py:{row}: {said}"]

    @pytest.mark.parametrize("comment", ["# noqa: E501", "# noqa", "# noqa: KER101", "# keraslint: ignore-file", "#"])
    def test_any_other_comment_is_not(self, project: Path, comment: str) -> None:
        program = project / "train.py"
        program.write_text(program.read_text() + f"\nx = 1  {comment}\n")
        assert "warning" not in outcome(project)[2]


@pytest.mark.parametrize("arguments", [(), ("--output-format", "concise"), ("-o", "report.txt")])
def test_a_person_at_a_terminal_sees_the_source(project: Path, arguments: tuple[str, ...]) -> None:
    leader, follower = pty.openpty()
    words = [sys.executable, "-m", "keraslint", "--color", "never", *arguments]
    done = subprocess.run(words, cwd=project, stdout=follower, stderr=subprocess.PIPE, text=True, check=False)
    os.close(follower)
    shown = os.read(leader, 10_000).decode() if "-o" not in arguments else (project / "report.txt").read_text()
    os.close(leader)
    assert done.returncode == 1
    assert ("-->" in shown) is (arguments == ())
    assert "KER101" in shown


class TestOtherCommands:
    def test_version_and_help(self, tmp_path: Path) -> None:
        assert real_outcome(tmp_path, "--version") == (
            0,
            f"keraslint {__version__} (measured: Keras 3.0.0 to {MEASURED[-1]})\n",
            "",
        )
        assert real_outcome(tmp_path, "--help")[0] == 0
        code, out, _ = outcome(tmp_path, "check", "--help")
        assert code == 0
        assert "--fix-style" in out

    def test_rule(self, tmp_path: Path) -> None:
        code, out, err = real_outcome(tmp_path, "rule", "KER101")
        assert (code, err) == (0, "")
        assert "misrouted-loss" in out
        assert outcome(tmp_path, "rule", "misrouted-loss") == (code, out, err)
        assert outcome(tmp_path, "rule", "misrouted-loss", "ker101")[1] == f"{out}\n{out}"
        everything = outcome(tmp_path, "rule", "--all")[1]
        assert out in everything
        assert "KER001" in everything

    def test_unknown_rule(self, tmp_path: Path) -> None:
        code, out, err = outcome(tmp_path, "rule", "KER999")
        assert (code, out) == (2, "")
        assert err.startswith("error: ")
        assert "KER999" in err
        assert outcome(tmp_path, "rule", "KER1")[2].startswith(
            "error: 'KER1' names more than one rule: KER101, KER102, "
        )

    def test_rule_without_a_code_lists_the_rules(self, tmp_path: Path) -> None:
        code, out, _ = outcome(tmp_path, "rule")
        lines = out.splitlines()
        assert code == 0
        assert [line.split()[0] for line in lines] == [rule.code for rule in ALL_RULES]
        assert "KER101  misrouted-loss                  a loss trains another output than the one it names" in lines
        assert all(
            line.endswith("(off by default)") == rule.opt_in for line, rule in zip(lines, ALL_RULES, strict=True)
        )

    @pytest.mark.parametrize("path", [(), (".",), ("train.py",)])
    def test_keras(self, project: Path, path: tuple[str, ...]) -> None:
        code, out, err = outcome(project, "keras", *path) if path else real_outcome(project, "keras")
        assert (code, err) == (0, "")
        assert out.startswith("Keras ==3.5.0\n")
        assert "  requirements.txt:2: keras==3.5.0\n" in out
        assert "  a fresh install takes: 3.5.0\n" in out

    def test_keras_says_what_was_skipped(self, project: Path) -> None:
        (project / "requirements.txt").write_text("keras==3.5.0\nkeras=2.2.4=0\n")
        _, out, _ = outcome(project, "keras")
        assert "  skipped requirements.txt:2: " in out

    def test_keras_json(self, project: Path) -> None:
        answer = json.loads(outcome(project, "keras", "--output-format", "json")[1])
        assert (answer["admitted"], answer["pinned"], answer["newest"]) == ("==3.5.0", True, "3.5.0")
        assert answer["evidence"] == [{"filename": "requirements.txt", "row": 2, "text": "keras==3.5.0"}]

    def test_keras_of_nothing(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        code, out, _ = outcome(tmp_path, "keras")
        assert code == 0
        assert "no file of the project names Keras or TensorFlow" in out
        assert outcome(tmp_path, "keras", "nope")[0] == 2

    def test_keras_of_the_configuration(self, project: Path) -> None:
        (project / "keraslint.toml").write_text('keras-version = "3.6.0"\n')
        assert "keraslint.toml:1: keras-version = '3.6.0'" in outcome(project, "keras")[1]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("check", [])),
        (["a.py"], ("check", ["a.py"])),
        (["check", "rule"], ("check", ["rule"])),
        (["rule", "KER101"], ("rule", ["KER101"])),
        (["-q", "--config", "x.toml", "check", "a.py"], ("check", ["-q", "--config", "x.toml", "a.py"])),
        (["--color=never", "keras"], ("keras", ["--color=never"])),
        (["--config", "check", "a.py"], ("check", ["--config", "check", "a.py"])),
        (["--fix", "check"], ("check", ["--fix", "check"])),
    ],
)
def test_split_command(arguments: list[str], expected: tuple[str, list[str]]) -> None:
    assert split_command(arguments) == expected


def test_a_tree_without_keras_never_imports_what_is_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import re\n\nx = 1\n")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["numpy"]\n')
    program = (
        "import sys\n"
        "from keraslint.cli import main\n"
        "code = main(['check', '.'])\n"
        "heavy = ('libcst', 'packaging', 'pathspec', 'multiprocessing', 'concurrent', 'json', 'difflib',\n"
        "         'lsprotocol', 'keraslint.rules', 'keraslint.pins', 'keraslint.behaviour')\n"
        "print(code, sorted(name for name in heavy if name in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("0 []\n", "All checks passed!\n")


def test_an_error_of_ours_ends_the_run_with_2(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("keraslint.commands.check.discover", fails)
    monkeypatch.chdir(project)
    assert main([]) == 2
    assert capsys.readouterr() == ("", "error: internal error: ZeroDivisionError: oh\n")
    assert main(["-v"]) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.slow
def test_a_reader_that_goes_away(project: Path) -> None:
    for index in range(200):
        (project / f"m{index}.py").write_text(BUG)
    done = subprocess.run(
        f"{sys.executable} -m keraslint --jobs 1 --output-format json | head -c 10",
        shell=True,
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="its file system takes no such name")
@pytest.mark.parametrize("style", ["concise", "full", "github", "junit", "json", "sarif", "gitlab", "lsp"])
def test_a_name_that_is_no_text_and_one_of_two_lines(project: Path, style: str) -> None:
    for name in (b"bad\xff.py", b"two\nlines.py"):
        (project / os.fsdecode(name)).write_text(BUG)
    command = real_outcome if style == "concise" else outcome
    assert command(project, "--output-format", style, "-o", "report.txt", "-q") == (1, "", "")
    report = (project / "report.txt").read_bytes().decode()
    assert "two\nlines" not in report or style == "junit"
    missing = "error: no\\nsuch.py: No such file or directory\n"
    assert outcome(project, "no\nsuch.py", "-q") == (2, "", missing)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("redirection", "code", "said"),
    [(">&-", 1, ""), ("> /dev/full", 2, "error: can't write: No space left on device\n"), ("2>&-", 1, "")],
)
def test_a_stream_that_takes_nothing(project: Path, redirection: str, code: int, said: str) -> None:
    if "/dev/full" in redirection and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = subprocess.run(
        f"{sys.executable} -m keraslint -q . {redirection}",
        shell=True,
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, said)


def test_a_current_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        f"cd gone && rmdir ../gone && {sys.executable} -m keraslint .",
        shell=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "error: the current folder is not there any more\n")


def _without_rights(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run as a user whom permissions bind. Root becomes one after a run that loads all modules."""
    program = (
        "import contextlib, io, os, sys\n"
        "from keraslint.cli import main\n"
        "if os.geteuid() == 0:\n"
        "    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        "        main(sys.argv[1:])\n"
        "    os.setgroups([])\n"
        "    os.setgid(65534)\n"
        "    os.setuid(65534)\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    return subprocess.run([sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, check=False)


class TestEnvironment:
    @pytest.fixture
    def venv(self, project: Path) -> Path:
        info = project / ".venv" / "lib" / "python3.12" / "site-packages" / "keras-3.7.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.7.0\n")
        python = project / ".venv" / "bin" / "python"
        python.parent.mkdir()
        python.write_text("#!/bin/false\n")
        return python

    def test_what_is_installed_counts_instead_of_the_files(self, project: Path, venv: Path) -> None:
        assert outcome(project, "train.py")[0] == 1
        assert outcome(project, "--environment", ".venv/bin/python", "train.py") == PASSED
        assert outcome(project, "--environment", str(venv.parents[1]), "train.py") == PASSED
        assert outcome(project, "--environment", str(venv), "--keras-version", "3.5.0", "train.py")[0] == 1

    def test_one_without_keras_is_called_so(self, project: Path, venv: Path) -> None:
        shutil.rmtree(venv.parents[1] / "lib" / "python3.12" / "site-packages" / "keras-3.7.0.dist-info")
        missing = f"{project}/.venv: neither Keras nor TensorFlow is installed"
        said = f"environment: {missing}; without it the project's files count"
        assert outcome(project, "--environment", ".venv", "train.py") == (2, "", f"error: --{said}\n")
        assert outcome(project, "--environment", ".venv", "-", stdin=BUG) == (2, "", f"error: --{said}\n")
        assert outcome(project, "--environment", ".venv", "--keras-version", "3.7.0", "train.py") == PASSED
        (project / "keraslint.toml").write_text('\nenvironment = ".venv"\n')
        assert outcome(project, "train.py") == (2, "", f"error: keraslint.toml:2: {said}\n")
        (project / "keraslint.toml").unlink()
        _, out, _ = outcome(project, "keras", "--environment", ".venv")
        where = f"  environment {project}/.venv: neither Keras nor TensorFlow is installed\n"
        assert out.startswith(f"Keras any release\n{where}  a fresh install takes: 3.15.1\n")

    def test_in_the_configuration_it_is_relative_to_the_file(self, project: Path, venv: Path) -> None:
        (project / "keraslint.toml").write_text('environment = ".venv"\n')
        (project / "sub").mkdir()
        (project / "sub" / "other.py").write_text(BUG)
        assert outcome(project / "sub", ".") == PASSED

    def test_it_is_named(self, project: Path, venv: Path) -> None:
        code, out, _ = outcome(project, "keras", "--environment", ".venv")
        assert code == 0
        assert out.startswith(f"Keras ==3.7.0\n  environment {project}/.venv: what is installed there decides:\n")
        assert "METADATA:3: Version: 3.7.0\n  a fresh install takes: 3.7.0\n" in out
        (venv.parents[1] / "lib" / "python3.12" / "site-packages" / "keras-3.7.0.dist-info" / "METADATA").unlink()
        _, out, _ = outcome(project, "keras", "--environment", ".venv")
        assert "keras-3.7.0.dist-info/METADATA: the entry has no version" in out
        assert f"environment {project}/.venv: no version of what is installed there can be read\n" in out

    def test_one_that_is_none_ends_the_run_before_any_file_is_checked(self, project: Path) -> None:
        code, out, err = outcome(project, "--environment", "nowhere")
        assert (code, out) == (2, "")
        assert err == f"error: --environment: {project}/nowhere: no such interpreter or folder\n"
        (project / "keraslint.toml").write_text('environment = "nowhere"\n')
        code, out, err = outcome(project)
        assert (code, out) == (2, "")
        assert err.startswith("error: keraslint.toml:1: environment: ")


def test_the_command_keras_lists_what_is_known_to_be_wrong(project: Path) -> None:
    plain, listed = outcome(project, "keras")[1], outcome(project, "keras", "--known-bad")[1]
    assert listed.startswith(plain)
    first = listed.removeprefix(plain).splitlines()[1]
    assert first.startswith("  3.5.0: a dict of losses, for outputs in a list whose names are not sorted (KER101): ")
    assert "keras-team/keras #20015, #20346, #20596; instead: a tuple of losses in output order" in first
    known = json.loads(outcome(project, "keras", "--known-bad", "--output-format", "json")[1])["known_bad"]
    assert len(known) == len(listed.splitlines()) - len(plain.splitlines()) - 1
    (modes,) = (one for one in known if one["name"] == "checkpoint_mode")
    assert (modes["releases"], modes["rules"], modes["how"]) == (["3.5.0"], ["KER301"], "silent")
    assert "known_bad" not in json.loads(outcome(project, "keras", "--output-format", "json")[1])


@pytest.mark.parametrize(
    ("arguments", "pin", "lines"),
    [
        (("--keras-version", "3.5.0"), "keras", ["the command line decides:", "--keras-version: 3.5.0"]),
        ((), "keras==3.99", ["a fresh install takes: a release newer than 3.15.1, the newest one measured"]),
        ((), "keras==3.5.9", ["a fresh install takes: nothing, for no release of Keras is allowed"]),
        ((), "keras==2.15.0", ["a fresh install takes: Keras 2"]),
        ((), "keras", ["  measured releases allowed: 3.0.0 to 3.15.1\n"]),
        ((), "keras>=3.4,<3.7", ["  measured releases allowed: 3.4.0 to 3.6.0\n"]),
        ((), "keras!=3.5.*,<3.7,>=3.4.1", ["  measured releases allowed: 3.4.1 and 3.6.0\n"]),
        (("--config", "keras-version='3.5.0'"), "keras", ["the configuration decides:\n  --config: 3.5.0\n"]),
    ],
)
def test_what_the_command_keras_says(project: Path, arguments: tuple[str, ...], pin: str, lines: list[str]) -> None:
    (project / "requirements.txt").write_text(f"{pin}\n")
    _, out, _ = outcome(project, "keras", *arguments)
    assert all(line in out for line in lines), out


@pytest.mark.parametrize(
    ("pin", "newer"),
    [
        ("keras>=3.5", True),
        ("keras", True),
        ("keras>=3.14,<4", True),
        ("keras~=3.15.0", True),
        ("keras!=3.15.2", True),
        ("keras>=3.5,<3.15", False),
        ("keras<=3.15.1", False),
        ("keras==3.15.1", False),
        ("keras===3.5.0", False),
        ("keras==3.15.1.post1", False),
        ("keras<3", False),
    ],
)
def test_the_command_keras_says_whether_releases_newer_than_the_table_are_admitted(
    project: Path, pin: str, newer: bool
) -> None:
    (project / "requirements.txt").write_text(f"{pin}\n")
    line = "  newer releases are allowed, too, and count as 3.15.1, the newest one measured\n"
    assert (line in outcome(project, "keras")[1]) == newer
    assert json.loads(outcome(project, "keras", "--output-format", "json")[1])["admits_newer"] == newer


def test_a_pin_to_a_release_newer_than_the_table_counts_as_the_newest_measured_one(project: Path) -> None:
    (project / "requirements.txt").write_text("keras==3.99\n")
    out = outcome(project, "keras")[1]
    assert "a release newer than 3.15.1, the newest one measured: it counts as that one\n" in out
    assert "  measured releases allowed: 3.15.1\n" in out
    answer = json.loads(outcome(project, "keras", "--output-format", "json")[1])
    assert (answer["versions"], answer["newest"], answer["admits_newer"]) == (["3.15.1"], "3.15.1", True)


def test_the_command_keras_says_that_the_configuration_decides(project: Path) -> None:
    (project / "keraslint.toml").write_text('# x\nkeras-version = ">=3.4"\n')
    _, out, _ = outcome(project, "keras")
    assert "  the configuration decides:\n  keraslint.toml:2: keras-version = '>=3.4'\n" in out
