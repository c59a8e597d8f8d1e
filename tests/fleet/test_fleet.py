"""``keraslint fleet`` on real repositories, archives and data sets, with the real engines."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from pyarrow import parquet

from keraslint import check_repository

from ..command import real_outcome
from .conftest import COMPILED, MODEL, REPOSITORIES, RIGHT, WRONG, commit, data_set, folders, git, tars, write

pytestmark = pytest.mark.slow


def fleet(folder: Path, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    """The rows that a run with JSON Lines leaves."""
    done, _, err = real_outcome(folder, "fleet", "-o", "out.jsonl", "--jobs", "2", *arguments)
    assert done == code, err
    return lines(folder / "out.jsonl")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def of_kind(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["kind"] == kind]


def places(rows: list[dict[str, Any]]) -> list[tuple[str, str, int, str, str]]:
    found = of_kind(rows, "finding")
    return sorted((row["repository"], row["path"], row["row"], row["code"], row["message"]) for row in found)


def expected() -> list[tuple[str, str, int, str, str]]:
    return sorted(
        (f"corpus/{name}", one.filename, one.span.start.row, one.code, one.message)
        for name, files in REPOSITORIES.items()
        for one in check_repository(files)
    )


def test_each_form_of_a_repository_gives_the_same(corpus: Path) -> None:
    rows = fleet(corpus.parent, "corpus")
    assert places(rows) == expected()
    assert {code for *_, code, _ in expected()} == {"KER101", "KER201"}
    assert sorted(row["repository"] for row in of_kind(rows, "checked")) == sorted(f"corpus/{n}" for n in REPOSITORIES)
    assert not of_kind(rows, "failure")


def test_a_row_holds_evidence_releases_and_the_hash_of_its_file(tmp_path: Path) -> None:
    tars(tmp_path / "corpus")
    (row,) = [one for one in fleet(tmp_path, "corpus/wrong.tar.gz") if one.get("code") == "KER101"]
    assert row["evidence"] == ["requirements.txt:1: keras==3.5.0"]
    assert (row["keras"], row["pinned"], row["severity"]) == ("==3.5.0", True, "error")
    assert row["sha256"] == hashlib.sha256(WRONG["src/train.py"]).hexdigest()


@pytest.mark.slow
def test_parquet_and_json_lines_by_dask_and_alone_hold_the_same(tmp_path: Path) -> None:
    folders(tmp_path / "corpus")
    alone = fleet(tmp_path, "corpus")
    code, _, err = real_outcome(
        tmp_path, "fleet", "corpus", "-o", "out.parquet", "--engine", "dask", "--jobs", "2", "--report", "page.html"
    )
    assert code == 0, err
    table = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert places(table) == places(alone) == expected()
    assert "4 repositories" in err
    page = (tmp_path / "page.html").read_text()
    assert page.count("<svg") == 3
    assert "corpus/wrong" in page


def test_what_is_in_the_output_is_not_done_again(tmp_path: Path) -> None:
    folders(tmp_path / "corpus")
    before = fleet(tmp_path, "corpus")
    commit(tmp_path / "corpus" / "new", WRONG)
    write(tmp_path / "corpus" / "right", WRONG)
    rows = fleet(tmp_path, "corpus")
    assert rows[: len(before)] == before
    assert {row["repository"] for row in rows[len(before) :]} == {"corpus/new"}


def test_the_rest_of_an_unfinished_repository_is_cut_off_and_done_anew(tmp_path: Path) -> None:
    folders(tmp_path / "corpus")
    whole = fleet(tmp_path, "corpus", "--jobs", "1")
    text = (tmp_path / "out.jsonl").read_text()
    for torn in (text[:-30], text.rstrip("\n"), text[: text.rindex('{"kind": "checked"')]):
        (tmp_path / "out.jsonl").write_text(torn)
        assert places(fleet(tmp_path, "corpus")) == places(whole)
        assert len(lines(tmp_path / "out.jsonl")) == len(whole)


def test_rows_of_another_run_are_not_mixed_in(tmp_path: Path) -> None:
    folders(tmp_path / "corpus")
    fleet(tmp_path, "corpus")
    code, _, err = real_outcome(tmp_path, "fleet", "corpus", "-o", "out.jsonl", "--keras-version", "3.6.0")
    assert code == 2
    assert "rows of another run" in err


def test_a_file_that_is_no_output_is_left_alone(tmp_path: Path) -> None:
    folders(tmp_path / "corpus")
    (tmp_path / "out.jsonl").write_text("notes\n")
    code, _, err = real_outcome(tmp_path, "fleet", "corpus", "-o", "out.jsonl")
    assert (code, "not an output" in err, (tmp_path / "out.jsonl").read_text()) == (2, True, "notes\n")


def test_addresses_are_read_through_fsspec(tmp_path: Path) -> None:
    tars(tmp_path / "corpus")
    data_set(tmp_path / "corpus" / "rows.parquet", {"of rows": WRONG})
    rows = fleet(tmp_path, (tmp_path / "corpus").as_uri())
    assert {row["path"] for row in of_kind(rows, "finding") if row["repository"].endswith("corpus/wrong")} == {
        "requirements.txt",
        "src/train.py",
    }
    assert sum(row["repository"] == "of rows" for row in of_kind(rows, "finding")) == 2


def test_columns_of_a_data_set_may_have_other_names(tmp_path: Path) -> None:
    import pyarrow

    table = pyarrow.Table.from_pylist([{"repo": "a", "file": "train.py", "text": MODEL + COMPILED}])
    parquet.write_table(table, tmp_path / "a.parquet")
    named = ["--repository-column", "repo", "--path-column", "file", "--content-column", "text"]
    assert [row["code"] for row in of_kind(fleet(tmp_path, "a.parquet", *named), "finding")] == ["KER101"]
    code, _, err = real_outcome(tmp_path, "fleet", "a.parquet", "-o", "other.jsonl")
    assert (code, "no column 'repository'; its columns are repo, file, text" in err) == (2, True)


def test_a_name_that_comes_again_is_a_failure(tmp_path: Path) -> None:
    import pyarrow

    rows = [{"repository": name, "path": f"{index}.py", "content": ""} for index, name in enumerate("abab")]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    for _ in range(2):  # a second run adds nothing
        failures = of_kind(fleet(tmp_path, "a.parquet", code=2), "failure")
        assert [row["repository"] for row in failures] == ["a (again)", "b (again)"]
        assert "sort it by name" in failures[0]["reason"]


def test_settings_of_a_repository_count_unless_isolated(tmp_path: Path) -> None:
    commit(tmp_path / "corpus" / "a", {**WRONG, "keraslint.toml": b'ignore = ["ALL"]\n'})
    commit(tmp_path / "corpus" / "b", {**WRONG, "keraslint.toml": b"ignore = 1\n"})
    rows = fleet(tmp_path, "corpus", code=2)
    assert not of_kind(rows, "finding")
    assert [row["repository"] for row in of_kind(rows, "failure")] == ["corpus/b"]
    (tmp_path / "out.jsonl").unlink()
    assert len(of_kind(fleet(tmp_path, "corpus", "--isolated"), "finding")) == 4


def kill_one(run: subprocess.Popen[bytes], which: str, out: Path) -> int:
    """Kill a process below a run, of which the command line holds a text, when there are rows; returns its id."""
    while not out.exists() or not out.stat().st_size:
        assert run.poll() is None
        time.sleep(0.02)
    for process in psutil.Process(run.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if which in " ".join(process.cmdline()):
                process.kill()
                return process.pid
    raise AssertionError(f"no process with {which}")


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "which"), [("local", "keraslint.fleet.child"), ("dask", "multiprocessing.spawn")])
def test_a_killed_worker_loses_nothing(tmp_path: Path, engine: str, which: str) -> None:
    for number in range(120):
        write(tmp_path / "corpus" / f"n{number:03}", WRONG if number % 2 else RIGHT)
    command = [
        sys.executable,
        "-m",
        "keraslint",
        "fleet",
        "corpus",
        "-o",
        "out.jsonl",
        "--engine",
        engine,
        "--jobs",
        "2",
    ]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE) as run:
        kill_one(run, which, tmp_path / "out.jsonl")
        _, err = run.communicate()
    assert run.returncode == 0, err
    rows = lines(tmp_path / "out.jsonl")
    assert sorted(row["repository"] for row in of_kind(rows, "checked")) == [f"corpus/n{n:03}" for n in range(120)]
    assert len(of_kind(rows, "finding")) == 120
    assert not of_kind(rows, "failure")


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    for number in range(40):
        write(tmp_path / "corpus" / f"n{number:02}", WRONG)
    command = [sys.executable, "-m", "keraslint", "fleet", "corpus", "-o", "out.jsonl", "--jobs", "1"]
    with subprocess.Popen(command, cwd=tmp_path) as run:
        while not (tmp_path / "out.jsonl").exists() or not (tmp_path / "out.jsonl").stat().st_size:
            time.sleep(0.02)
        run.kill()
    rows = fleet(tmp_path, "corpus")
    assert sorted(row["repository"] for row in of_kind(rows, "checked")) == [f"corpus/n{n:02}" for n in range(40)]
    assert len(of_kind(rows, "finding")) == 80


def test_a_broken_repository_costs_itself_and_the_run_ends_with_2(tmp_path: Path) -> None:
    write(tmp_path / "corpus" / "right", RIGHT)
    (tmp_path / "corpus" / "empty.zip").write_bytes(b"")
    write(tmp_path / "corpus" / "wrong", WRONG)
    rows = fleet(tmp_path, "corpus", code=2)
    assert [row["repository"] for row in of_kind(rows, "failure")] == ["corpus/empty"]
    assert len(of_kind(rows, "finding")) == 2


def test_sources_that_are_not_there_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    for source, said in (("none", "no such file or folder"), ("notes.txt", "neither an archive")):
        code, _, err = real_outcome(tmp_path, "fleet", source, "-o", "out.jsonl")
        assert (code, said in err) == (2, True)


def test_git_runs_nothing_that_a_repository_names(tmp_path: Path) -> None:
    """A missing object of a partial clone would be fetched by a program that the repository's own settings name."""
    commit(tmp_path / "work", WRONG)
    git(tmp_path, "clone", "-q", "--bare", "work", "corpus/hostile.git")
    repository = tmp_path / "corpus" / "hostile.git"
    (blob,) = {line.split()[2] for line in git(repository, "ls-tree", "-r", "HEAD").splitlines() if "train.py" in line}
    (repository / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", f"ext::sh -c 'touch {tmp_path}/ran'"),
        ("protocol.allow", "always"),
        ("protocol.ext.allow", "always"),
    ):
        git(repository, "config", key, value)
    rows = fleet(tmp_path, "corpus")
    assert not (tmp_path / "ran").exists()
    reasons = [(row["path"], row["reason"]) for row in of_kind(rows, "failure")]
    assert [path for path, _ in reasons] == ["src/train.py"]


@pytest.mark.slow
def test_the_programs_of_the_guide_sort_a_data_set_and_count(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "fleet.md").read_text()
    sort, count = re.findall(r"^```python\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    (tmp_path / "corpus").mkdir()
    data_set(tmp_path / "corpus" / "1.parquet", {"wrong": {"src/train.py": WRONG["src/train.py"]}, "right": RIGHT})
    data_set(tmp_path / "corpus" / "2.parquet", {"wrong": {"requirements.txt": WRONG["requirements.txt"]}})
    subprocess.run([sys.executable, "-c", sort], cwd=tmp_path, check=True)
    code, _, err = real_outcome(tmp_path, "fleet", "sorted", "-o", "findings.parquet")
    assert code == 0, err
    done = subprocess.run([sys.executable, "-c", count], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert sorted((row["code"], row["repository_count_distinct"]) for row in ast.literal_eval(done.stdout)) == [
        ("KER101", 1),
        ("KER201", 1),
    ]
