from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

import pytest
from packaging.version import Version

from keraslint.behaviour.releases import MEASURED
from keraslint.limits import MAX_BYTES
from keraslint.pins import decode as reading
from keraslint.pins.given import nothing_said, releases_from_option
from keraslint.pins.resolve import PinReader, project_releases


class TestOption:
    @pytest.mark.parametrize(
        ("text", "admitted", "strength", "newest"),
        [
            ("3.5.0", "==3.5.0", "exact", "3.5.0"),
            (" 3.5 ", "==3.5", "exact", "3.5.0"),
            ("==3.5.0", "==3.5.0", "exact", "3.5.0"),
            (">=3.4", ">=3.4", "range", str(MEASURED[-1])),
            ("<3.7,>=3.4", ">=3.4,<3.7", "range", "3.6.0"),
            ("3.99.0", "==3.99.0", "exact", str(MEASURED[-1])),
        ],
    )
    def test_versions(self, text, admitted, strength, newest):
        releases = releases_from_option(text)
        assert (releases.admitted, releases.strength, str(releases.newest)) == (admitted, strength, newest)
        [evidence] = releases.evidence
        assert (evidence.filename, evidence.row, evidence.text) == ("--keras-version", 0, text)

    def test_keras_2(self):
        releases = releases_from_option("2.15.0")
        assert (releases.versions, releases.admits_others, releases.newest) == ((), True, None)

    @pytest.mark.parametrize("text", ["", "  ", "latest", "keras==3.5.0", ">=3.7,<3.5", "3.5.7", "==3.5.0;"])
    def test_no_versions(self, text):
        with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
            releases_from_option(text)


def test_nothing_said():
    releases = nothing_said()
    assert releases.versions == MEASURED
    assert releases.admits_others
    assert (releases.admitted, releases.strength, releases.newest, releases.evidence) == (
        "",
        "none",
        MEASURED[-1],
        (),
    )


class TestNearest:
    FILES: ClassVar[dict[str, str]] = {
        "requirements.txt": "keras==3.7.0\n",
        "models/requirements.txt": "keras==3.5.0\n",
        "models/deep/er/notes.txt": "",
        "tools/requirements.txt": "numpy\n",
        "tools/pyproject.toml": "[project\n",
    }

    @pytest.mark.parametrize(
        ("checked", "admitted", "filename"),
        [
            ("train.py", "==3.7.0", "requirements.txt"),
            ("models/train.py", "==3.5.0", "models/requirements.txt"),
            ("models/deep/er/train.py", "==3.5.0", "models/requirements.txt"),
            ("models/not/there/train.py", "==3.5.0", "models/requirements.txt"),
            ("tools/train.py", "==3.7.0", "requirements.txt"),
            ("models", "==3.5.0", "models/requirements.txt"),
        ],
    )
    def test_the_nearest_that_says_anything(self, lay, checked, admitted, filename):
        answer = lay(self.FILES, checked)
        assert answer.admitted == admitted
        assert [item[0] for item in answer.evidence] == [filename]

    def test_what_was_read_and_skipped_on_the_way_is_told(self, lay):
        answer = lay(self.FILES, "tools/train.py")
        assert answer.files == ["tools/pyproject.toml", "tools/requirements.txt", "requirements.txt"]
        assert [item[:2] for item in answer.skipped] == [("tools/pyproject.toml", 1)]

    def test_a_repository_ends_the_search(self, tmp_path):
        (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
        for git in ("folder", "file"):
            repository = tmp_path / git
            (repository / "src").mkdir(parents=True)
            if git == "file":
                (repository / ".git").write_text("gitdir: ../elsewhere\n")
            else:
                (repository / ".git").mkdir()
            assert project_releases(repository / "src" / "a.py").releases.strength == "none"
        (tmp_path / "plain").mkdir()
        assert project_releases(tmp_path / "plain" / "a.py").releases.admitted == "==3.5.0"

    def test_the_root_ends_the_search(self, tmp_path):
        (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
        (tmp_path / "a" / "b").mkdir(parents=True)
        assert project_releases(tmp_path / "a" / "b", root=tmp_path / "a").releases.strength == "none"
        assert project_releases(tmp_path / "a" / "b", root=tmp_path).releases.strength == "exact"


class TestSeveralFiles:
    def test_an_exact_pin_before_a_range(self, lay):
        answer = lay(
            {
                "pyproject.toml": '[project]\ndependencies = ["keras>=3.4"]\n',
                "requirements.txt": "keras==3.6.0\n",
            }
        )
        assert (answer.admitted, answer.releases.contradicts) == ("==3.6.0", False)
        assert answer.evidence == [("requirements.txt", 1, "keras==3.6.0")]

    def test_an_exact_pin_that_a_range_forbids(self, lay):
        answer = lay(
            {
                "pyproject.toml": '[project]\ndependencies = ["keras>=3.7"]\n',
                "requirements.txt": "keras==3.6.0\n",
            }
        )
        assert (answer.admitted, answer.releases.contradicts) == ("==3.6.0 or >=3.7", True)
        assert answer.releases.strength == "range"
        assert [item[0] for item in answer.evidence] == ["requirements.txt", "pyproject.toml"]

    def test_two_exact_pins(self, lay):
        answer = lay({"requirements.txt": "keras==3.5.0\n", "requirements-gpu.txt": "keras==3.7.0\n"})
        assert answer.admitted == "==3.5.0 or ==3.7.0"
        assert answer.releases.contradicts
        assert answer.releases.newest == Version("3.7.0")
        assert answer.releases.strength == "exact"

    def test_two_ranges_are_united(self, lay):
        answer = lay({"requirements.txt": "keras>=3.4\n", "requirements-dev.txt": "keras>=3.0,<4\n"})
        assert answer.admitted == ">=3.4 or >=3.0,<4"
        assert not answer.releases.contradicts

    def test_a_bare_name_adds_nothing(self, lay):
        answer = lay({"requirements.txt": "keras\n", "requirements-dev.txt": "keras==3.5.0\n"})
        assert answer.admitted == "==3.5.0"
        assert len(answer.evidence) == 1

    def test_a_constraints_file_beside_narrows(self, lay):
        answer = lay({"requirements.txt": "keras>=3.4\n", "constraints.txt": "keras<3.6\n"})
        assert answer.admitted == ">=3.4,<3.6"
        answer = lay({"requirements.txt": "tensorflow\n", "constraints.txt": "keras==3.5.0\n"})
        assert answer.admitted == "==3.5.0"

    def test_a_constraints_file_alone(self, lay):
        assert lay({"constraints.txt": "keras==3.5.0\n"}).admitted == "==3.5.0"


class TestOddFiles:
    def test_a_folder_in_place_of_a_file(self, tmp_path, lay):
        (tmp_path / "requirements.txt").mkdir()
        (tmp_path / "pyproject.toml").mkdir()
        answer = lay({"requirements-dev.txt": "keras==3.5.0\n"})
        assert answer.skipped == [
            ("pyproject.toml", 0, "is not a file"),
            ("requirements.txt", 0, "is not a file"),
        ]
        assert answer.admitted == "==3.5.0"

    def test_a_file_in_place_of_a_folder(self, lay):
        answer = lay({"requirements": "keras==3.5.0\n", "requirements.txt": "keras==3.6.0\n"})
        assert (answer.skipped, answer.admitted) == ([], "==3.6.0")

    def test_a_link_to_nothing_and_to_itself(self, tmp_path, lay):
        (tmp_path / "requirements.txt").symlink_to("gone.txt")
        (tmp_path / "requirements-dev.txt").symlink_to("requirements-dev.txt")
        answer = lay({})
        assert [item[:2] for item in answer.skipped] == [("requirements.txt", 0), ("requirements-dev.txt", 0)]
        assert all("can't be read" in reason for _, _, reason in answer.skipped)

    def test_a_link_keeps_its_name(self, tmp_path, lay):
        (tmp_path / "requirements.txt").symlink_to("shared.list")
        assert lay({"shared.list": "keras==3.5.0\n"}).evidence == [("requirements.txt", 1, "keras==3.5.0")]

    def test_a_huge_file(self, tmp_path, lay):
        with (tmp_path / "requirements.txt").open("wb") as file:
            file.truncate(MAX_BYTES + 1)
        [(filename, row, reason)] = lay({}).skipped
        assert (filename, row) == ("requirements.txt", 0)
        assert "larger" in reason

    def test_a_pipe(self, tmp_path, lay):
        os.mkfifo(tmp_path / "requirements.txt")
        assert lay({}).skipped == [("requirements.txt", 0, "is not a file")]

    def test_without_permission(self):
        """Root may read everything, so an ordinary user asks."""
        project = Path(tempfile.mkdtemp())
        project.chmod(0o755)
        closed = project / "closed"
        closed.mkdir()
        (project / "requirements.txt").write_text("keras==3.5.0\n")
        (project / "requirements-dev.txt").write_text("keras==3.6.0\n")
        (project / "requirements.txt").chmod(0)
        closed.chmod(0)
        script = f"""
import os, sys
from pathlib import Path
from keraslint.pins.resolve import project_releases
project = Path({str(project)!r})
os.chdir(project)
if os.geteuid() == 0:
    os.setresuid(65534, 65534, 65534)
answer = project_releases(project / "closed" / "a.py", root=project)
print(answer.releases.admitted)
for item in answer.skipped:
    print(item.filename, item.row, item.reason)
"""
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        closed.chmod(0o700)
        shutil.rmtree(project)
        assert done.stderr == ""
        assert done.stdout.splitlines() == [
            "==3.6.0",
            "closed 0 can't be listed: Permission denied",
            "requirements.txt 0 can't be read: Permission denied",
        ]


class TestNames:
    def test_relative_to_the_current_folder(self, tmp_path, monkeypatch):
        (tmp_path / "sub").mkdir()
        (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
        (tmp_path / "sub" / "requirements.txt").write_text("?\n")
        monkeypatch.chdir(tmp_path)
        answer = project_releases(Path("sub/train.py"), root=tmp_path)
        assert answer.files == ("sub/requirements.txt", "requirements.txt")
        assert answer.skipped[0].filename == "sub/requirements.txt"
        assert answer.releases.evidence[0].filename == "requirements.txt"

    def test_absolute_above_it(self, tmp_path, monkeypatch):
        (tmp_path / "sub").mkdir()
        (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
        monkeypatch.chdir(tmp_path / "sub")
        answer = project_releases(Path("train.py"), root=tmp_path)
        assert answer.files == ((tmp_path / "requirements.txt").as_posix(),)


@pytest.mark.slow
def test_each_file_of_2_000_nested_projects_is_read_once(tmp_path, monkeypatch):
    for number in range(2_000):
        folder = tmp_path / f"group{number % 40}" / f"project{number}"
        folder.mkdir(parents=True)
        (folder / "requirements.txt").write_text("-r ../../base.txt\n" if number % 2 else "numpy\n")
    (tmp_path / "base.txt").write_text("keras==3.5.0\n")
    (tmp_path / "requirements.txt").write_text("keras==3.7.0\n")
    read: list[Path] = []

    def counted(path: Path) -> str:
        if path.suffix != ".py":
            read.append(path)
        return reading.read_text(path)

    monkeypatch.setattr("keraslint.pins.gather.read_text", counted)
    reader = PinReader(root=tmp_path)
    for _ in range(3):
        for number in range(2_000):
            path = tmp_path / f"group{number % 40}" / f"project{number}" / "train.py"
            assert reader.releases(path).releases.admitted == ("==3.5.0" if number % 2 else "==3.7.0")
    assert len(read) == len(set(read)) == 2_002


class TestWorkspace:
    """One lock of uv for all the members of a workspace."""

    LOCK = 'version = 1\n\n[[package]]\nname = "keras"\nversion = "3.5.0"\n'
    ROOT = """\
[project]
name = "root"
[tool.uv.workspace]
members = ["packages/*", "tools/**"]
exclude = ["packages/old"]
"""

    @pytest.mark.parametrize(
        ("member", "admitted"),
        [
            ("packages/a", "==3.5.0"),
            ("tools/deep/b", "==3.5.0"),
            ("packages/old", ">=3.4"),
            ("packages/a/nested", ">=3.4"),
            ("elsewhere", ">=3.4"),
        ],
    )
    def test_it_decides_for_its_members_only(self, lay, member, admitted):
        files = {
            "uv.lock": self.LOCK,
            "pyproject.toml": self.ROOT,
            f"{member}/pyproject.toml": '[project]\ndependencies = ["keras>=3.4"]\n',
        }
        answer = lay(files, f"{member}/train.py")
        assert answer.admitted == admitted
        assert ("uv.lock" in answer.files) is (admitted == "==3.5.0")

    def test_a_member_with_a_lock_of_its_own(self, lay):
        files = {
            "uv.lock": self.LOCK,
            "pyproject.toml": self.ROOT,
            "packages/a/uv.lock": self.LOCK.replace("3.5.0", "3.9.0"),
        }
        assert lay(files, "packages/a/train.py").admitted == "==3.9.0"


class TestIncludesOutside:
    @staticmethod
    def project(tmp_path: Path, line: str) -> Path:
        project = tmp_path / "group" / "project"
        (project / "inner").mkdir(parents=True)
        (project / "requirements.txt").write_text(f"{line}\n")
        (tmp_path / "outside.txt").write_text("keras==3.5.0\n")
        (tmp_path / "group" / "beside.txt").write_text("keras==3.4.1\n")
        (project / "inner" / "base.txt").write_text("keras==3.6.0\n")
        (project / "link.txt").symlink_to(tmp_path / "outside.txt")
        return project

    @pytest.mark.parametrize("repository", [True, False])
    @pytest.mark.parametrize(
        "line", ["-r {outside}", "-c ../../outside.txt", "-r link.txt", "--requirement=inner/../link.txt"]
    )
    def test_is_skipped_with_a_line(self, tmp_path: Path, line: str, repository: bool) -> None:
        project = self.project(tmp_path, line.format(outside=tmp_path / "outside.txt"))
        if repository:
            (project / ".git").mkdir()
        found = PinReader(here=project).releases(project)
        assert found.releases.admitted == ""
        (skipped,) = found.skipped
        assert (skipped.filename, skipped.row) == ("requirements.txt", 1)
        assert skipped.reason.endswith("is outside the project's repository, and not read")

    @pytest.mark.parametrize(
        ("line", "repository", "here", "expected"),
        [
            ("-r inner/base.txt", "group/project", "group/project", "==3.6.0"),
            ("-r ../beside.txt", "group", "group/project", "==3.4.1"),
            ("-r ../beside.txt", None, "group/project", "==3.4.1"),
            ("-r link.txt", "group/project", ".", "==3.5.0"),
        ],
    )
    def test_is_read_within_the_repository_and_below_the_current_folder(
        self, tmp_path: Path, line: str, repository: str | None, here: str, expected: str
    ) -> None:
        project = self.project(tmp_path, line)
        if repository is not None:
            (tmp_path / repository / ".git").mkdir()
        found = PinReader(here=tmp_path / here).releases(project)
        assert (found.releases.admitted, found.skipped) == (expected, ())
