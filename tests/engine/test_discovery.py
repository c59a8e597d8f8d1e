from __future__ import annotations

from pathlib import Path

from keraslint.config.find import ConfigFinder
from keraslint.config.options import Options
from keraslint.engine.discovery import Problem, discover


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(root: Path, *paths: str, command: Options | None = None) -> list[str]:
    finder = ConfigFinder(root, command or Options())
    found, problems = discover(paths or (".",), root, finder.settings)
    assert problems == []
    return [item.path for item in found]


def test_python_files_in_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        dict.fromkeys(["b.py", "a/z.pyw", "a/b.py", "a/readme.md", "c.pyi", "py", ".hidden/h.py"], ""),
    )
    assert names(tmp_path) == [".hidden/h.py", "a/b.py", "a/z.pyw", "b.py"]


def test_each_file_once(tmp_path: Path) -> None:
    write(tmp_path, {"a/b.py": "", "c.py": ""})
    assert names(tmp_path, "a/b.py", ".", "a", "a/../c.py", str(tmp_path / "c.py")) == ["a/b.py", "c.py"]


def test_a_path_that_is_not_below_the_current_folder(tmp_path: Path) -> None:
    write(tmp_path, {"here/x.txt": "", "there/a.py": ""})
    assert names(tmp_path / "here", "../there") == [str(tmp_path / "there/a.py")]


def test_default_excludes(tmp_path: Path) -> None:
    folders = [
        ".venv",
        "venv",
        "node_modules",
        "build",
        "dist",
        "site-packages",
        ".tox",
        ".git",
        ".virtual_documents",
        "__pypackages__",
    ]
    write(tmp_path, {f"{folder}/a.py": "" for folder in (*folders, "src", "src/.mypy_cache")})
    assert names(tmp_path) == ["src/a.py"]


def test_exclude_replaces_and_extend_exclude_adds(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["venv/a.py", "gen/a.py", "src/a_pb2.py", "src/a.py"], ""))
    assert names(tmp_path, command=Options(exclude=("gen",))) == ["src/a.py", "src/a_pb2.py", "venv/a.py"]
    assert names(tmp_path, command=Options(extend_exclude=("gen", "*_pb2.py"))) == ["src/a.py"]
    assert names(tmp_path, command=Options(extend_exclude=("src/a.py",))) == ["gen/a.py", "src/a_pb2.py"]


def test_patterns_of_a_file_are_relative_to_it(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["sub/gen/a.py", "gen/a.py"], ""))
    write(tmp_path, {"sub/keraslint.toml": 'exclude = ["gen/a.py"]\n'})
    assert names(tmp_path) == ["gen/a.py"]


def test_named_files_are_checked_unless_exclude_is_forced(tmp_path: Path) -> None:
    write(tmp_path, {"build/a.py": "", "build/script": ""})
    assert names(tmp_path, "build/a.py", "build/script") == ["build/a.py", "build/script"]
    assert names(tmp_path, "build") == ["build/a.py"]
    forced = Options(force_exclude=True)
    assert names(tmp_path, "build/a.py", "build", command=forced) == []


def test_files_of_another_language_are_named_but_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"notes.txt": "keras==3.5.0", "package.json": "{}", "a.py": ""})
    finder = ConfigFinder(tmp_path)
    found, problems = discover(["notes.txt", "package.json", "a.py"], tmp_path, finder.settings)
    assert [item.path for item in found] == ["a.py"]
    reason = "neither Python source nor a dependency file, not checked"
    assert problems == [Problem(name, reason, fatal=False) for name in ("notes.txt", "package.json")]


def test_dependency_files_are_found_by_their_names(tmp_path: Path) -> None:
    names = ["requirements.txt", "Dockerfile.gpu", "sub/requirements/base.txt", "sub/.github/workflows/ci.yaml"]
    write(tmp_path, dict.fromkeys([*names, "notes.txt", "sub/data/labels.txt", "workflows.yaml"], "keras==3.5.0"))
    for paths in (["."], names):
        found, problems = discover(paths, tmp_path, ConfigFinder(tmp_path).settings)
        assert (sorted(item.path for item in found), problems) == (sorted(names), [])


def test_missing_path(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    found, problems = discover(["nope.py", "a.py", "a.py/b"], tmp_path, ConfigFinder(tmp_path).settings)
    assert [item.path for item in found] == ["a.py"]
    assert problems == [Problem("nope.py", "No such file or directory"), Problem("a.py/b", "Not a directory")]


class TestGitignore:
    def test_nested_files_and_negation(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                ".git/HEAD": "",
                ".gitignore": "*.gen.py\n/out/\n# comment\n\n",
                "sub/.gitignore": "!keep.gen.py\nlocal.py\n",
                "sub/deep/.gitignore": "*\n",
            }
            | dict.fromkeys(
                [
                    "a.gen.py",
                    "a.py",
                    "out/a.py",
                    "sub/out/a.py",
                    "sub/keep.gen.py",
                    "sub/local.py",
                    "sub/deep/a.py",
                ],
                "",
            ),
        )
        assert names(tmp_path) == ["a.py", "sub/keep.gen.py", "sub/out/a.py"]
        everything = names(tmp_path, command=Options(respect_gitignore=False))
        assert len(everything) == 7

    def test_what_is_ignored_above_the_named_folder(self, tmp_path: Path) -> None:
        write(tmp_path, {".git/HEAD": "", ".gitignore": "local.py\nsub/x/\n"})
        write(tmp_path, dict.fromkeys(["sub/a.py", "sub/local.py", "sub/x/a.py"], ""))
        assert names(tmp_path, "sub") == ["sub/a.py"]
        assert names(tmp_path / "sub") == ["a.py"]

    def test_a_named_folder_that_is_ignored_is_walked(self, tmp_path: Path) -> None:
        write(tmp_path, {".git/HEAD": "", ".gitignore": "out/\n", "out/a.py": ""})
        assert names(tmp_path, "out") == ["out/a.py"]

    def test_info_exclude(self, tmp_path: Path) -> None:
        write(tmp_path, {".git/info/exclude": "mine.py\n", "mine.py": "", "a.py": "", "sub/mine.py": ""})
        assert names(tmp_path) == ["a.py"]
        assert names(tmp_path, "sub") == []

    def test_gitignore_wins_over_info_exclude(self, tmp_path: Path) -> None:
        write(tmp_path, {".git/info/exclude": "mine.py\n", ".gitignore": "!mine.py\n", "mine.py": ""})
        assert names(tmp_path) == ["mine.py"]

    def test_above_a_repository_nothing_counts(self, tmp_path: Path) -> None:
        write(tmp_path, {".gitignore": "a.py\n", "repo/.git/HEAD": "", "repo/a.py": ""})
        assert names(tmp_path / "repo") == ["a.py"]

    def test_without_a_repository_the_files_below_count(self, tmp_path: Path) -> None:
        write(tmp_path, {".gitignore": "a.py\n", "a.py": "", "b.py": ""})
        assert names(tmp_path) == ["b.py"]

    def test_a_line_that_is_no_pattern(self, tmp_path: Path) -> None:
        write(tmp_path, {".gitignore": "!\n\\\n//\nb.py\n", "a.py": "", "b.py": ""})
        assert names(tmp_path) == ["a.py"]


class TestLinks:
    def test_linked_folders_are_not_entered(self, tmp_path: Path) -> None:
        write(tmp_path, {"a/b.py": ""})
        (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "twin").symlink_to("a", target_is_directory=True)
        assert names(tmp_path) == ["a/b.py"]
        assert names(tmp_path, "twin") == ["twin/b.py"]

    def test_a_linked_file_and_its_target_count_once(self, tmp_path: Path) -> None:
        write(tmp_path, {"m.py": "", "other/n.py": ""})
        (tmp_path / "a.py").symlink_to("m.py")
        (tmp_path / "z.py").symlink_to("m.py")
        assert names(tmp_path) == ["m.py", "other/n.py"]
        (tmp_path / "o.py").symlink_to("/dev/null")
        assert names(tmp_path, "o.py") == ["o.py"]

    def test_a_dangling_link_in_a_folder_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / ".#a.py").symlink_to("user@host.1234")
        assert names(tmp_path) == []

    def test_a_named_dangling_link_and_a_link_to_itself(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").symlink_to("nothing.py")
        (tmp_path / "b.py").symlink_to("b.py")
        _, problems = discover(["a.py", "b.py"], tmp_path, ConfigFinder(tmp_path).settings)
        assert [problem.path for problem in problems] == ["a.py", "b.py"]


def test_settings_are_those_of_the_nearest_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"pyproject.toml": '[tool.keraslint]\nkeras-version = "3.5.0"\n', "a.py": "", "sub/b.py": ""},
    )
    write(
        tmp_path,
        {"sub/keraslint.toml": 'keras-version = "3.7.0"\n', "other/pyproject.toml": "", "other/c.py": ""},
    )
    found, _ = discover(["."], tmp_path, ConfigFinder(tmp_path).settings)
    assert {item.path: item.settings.keras_version for item in found} == {
        "a.py": "3.5.0",
        "sub/b.py": "3.7.0",
        "other/c.py": "3.5.0",
        "pyproject.toml": "3.5.0",
        "other/pyproject.toml": "3.5.0",
    }
