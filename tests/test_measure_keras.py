"""tools/measure_keras: what is asked, what is kept of an interrupted run, and the file that is written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from packaging.version import Version

from keraslint.behaviour.measured import shown
from keraslint.behaviour.measured import table as shipped
from keraslint.behaviour.measured.cases import Case
from tests.keras.releases import Laboratory
from tools.measure_keras import known_bad
from tools.measure_keras.keeping import kept
from tools.measure_keras.matrix import boundary_cases, cases
from tools.measure_keras.training import Asked
from tools.measure_keras.writing import table

KERAS = """\
from pathlib import Path
count = Path(__file__).with_name("imports")
count.write_text(str(int(count.read_text()) + 1 if count.exists() else 1))
raise RuntimeError("no Keras")
"""


def asked(folder: Path, *texts: str) -> Asked:
    return Asked("3.5.0", folder, Path(sys.executable), tuple(map(Case.parse, texts)), ("odict",))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A folder with a Keras that counts how often it is imported, and fails."""
    (tmp_path / "release" / "keras").mkdir(parents=True)
    (tmp_path / "release" / "keras" / "__init__.py").write_text(KERAS)
    return tmp_path / "release"


def test_the_table_holds_the_matrix() -> None:
    assert shipped.load().cases == cases()
    assert set(boundary_cases()) <= set(cases())


def test_a_release_that_fails_is_said_and_not_kept(broken: Path, tmp_path: Path) -> None:
    for times in ("1", "2"):
        with pytest.raises(RuntimeError, match=r"the worker failed on Keras 3\.5\.0:"):
            kept(asked(broken, "list loss=dict y=list"), tmp_path / "answers")
        assert (broken / "keras" / "imports").read_text() == times
    assert not (tmp_path / "answers").exists()


def test_an_answer_that_is_kept_is_not_asked_for_again_and_one_to_another_question_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = []

    def answer(question: Asked) -> dict[str, object]:
        questions.append(question)
        return {"keras": question.release, "seen": len(questions)}

    monkeypatch.setattr("tools.measure_keras.keeping.seen_on", answer)
    one, other = asked(tmp_path, "list loss=dict y=list"), asked(tmp_path, "list loss=dict y=dict")
    folder = tmp_path / "answers"
    assert [kept(question, folder)["seen"] for question in (one, one, other, one)] == [1, 1, 2, 1]
    assert questions == [one, other]
    assert len(list(folder.iterdir())) == 2


def test_equal_outcomes_are_written_once_and_releases_that_do_the_same_are_one_range() -> None:
    right = {"arrivals": [["out_small", 0, 0, None, 1], ["out_big", 1, 1, None, 1]], "logs": {}, "metrics": []}
    wrong = {"arrivals": [["out_big", 0, 0, None, 1], ["out_small", 1, 1, None, 1]], "logs": {}, "metrics": []}
    refused = {"raises": "KeyError", "at": "fit"}
    outcomes = {"3.4.0": right, "3.4.1": right, "3.5.0": wrong, "3.6.0": refused, "3.7.0": right}
    others = {"outputs": [{}], "unlogged": {"EarlyStopping auto nowhere": "raises"}}
    seen = {
        release: {"seen": [outcome | {"metric_logs": {}}] if "raises" not in outcome else [outcome], **others}
        | {"names": {"F1Score": ["f1_score"]} if release > "3.4.1" else {}}
        for release, outcome in outcomes.items()
    }
    case = Case.parse("list loss=dict y=list")
    text = table(seen, [case], ["odict"], measured="2020-01-01", jax="1")
    data = json.loads(text)
    assert data["releases"] == list(outcomes)
    assert data["cells"] == {str(case): [[0, 0], [2, 1], [3, 2], [4, 0]]}
    assert data["outcomes"] == [
        {"arrivals": [[0, 0, 0, None, 1], [1, 1, 1, None, 1]]},
        {"arrivals": [[1, 0, 0, None, 1], [0, 1, 1, None, 1]]},
        refused,
    ]
    assert data["names"] == {"F1Score": [[0, None], [2, ["f1_score"]]]}
    assert data["unlogged"] == {"EarlyStopping auto nowhere": [[0, "raises"]]}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two programs, and a table in which one of them is right from 3.6.0 on."""
    (tmp_path / "programs").mkdir()
    for name in ("one", "other"):
        (tmp_path / "programs" / f"{name}.py").write_text("seen = meant = 1\n")
    monkeypatch.setattr(known_bad, "PROGRAMS", tmp_path / "programs")
    monkeypatch.setattr(known_bad, "DATA", tmp_path / "table.json")
    monkeypatch.setattr(known_bad, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path


def test_programs_are_run_once_and_written_by_ranges(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, list[str]]] = []

    def run(_lab: Laboratory, _backend: str, release: str, wanted: list[Path]) -> dict[str, object]:
        asked.append((release, [path.stem for path in wanted]))
        return {path.stem: {"seen": int(release > "3.5.0"), "meant": 1} for path in wanted}

    monkeypatch.setattr(known_bad, "_run", run)
    lab = Laboratory(Path(sys.executable), dict.fromkeys(("3.6.0", "3.5.0", "3.10.0"), programs))
    known_bad.write(lab, "jax", 1, "2020-01-01")
    known_bad.write(lab, "jax", 1, "2020-01-02")
    assert asked == [(release, ["one", "other"]) for release in lab.folders]
    (part,) = json.loads((programs / "table.json").read_text()).values()
    assert (part["measured"], part["releases"]) == ("2020-01-02", ["3.5.0", "3.6.0", "3.10.0"])
    wrong, right = {"seen": 0, "meant": 1}, {"seen": 1, "meant": 1}
    assert part["programs"]["one"] == [[0, wrong], [1, right], [2, wrong]]
    (programs / "programs" / "one.py").write_text("seen = meant = 2\n")
    known_bad.measure(lab, "jax", 1)
    assert asked[3:] == [(release, ["one"]) for release in lab.folders]


def test_a_program_that_is_right_where_it_was_wrong_is_named(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = {"right": shown.Outcome("1", "1"), "wrong": shown.Outcome("0", "1")}
    spans = {"one": [(0, outcomes["wrong"]), (1, outcomes["right"])], "other": [(0, outcomes["wrong"])]}
    releases = (Version("3.5.0"), Version("3.6.0"))
    monkeypatch.setattr(shown, "load", lambda _backend: shown.KnownBadTable("", "", releases, spans))
    monkeypatch.setattr(known_bad, "_run", lambda _l, _b, _r, wanted: {p.stem: {"seen": 3, "meant": 3} for p in wanted})
    lab = Laboratory(Path(sys.executable), dict.fromkeys(("3.5.0", "3.6.0"), programs))
    assert known_bad.differences(lab, "jax", 1) == [
        "one on 3.5.0: the table says 0 instead of 1, now {'seen': 3, 'meant': 3}",
        "other on 3.6.0: the table says 0 instead of 1, now {'seen': 3, 'meant': 3}",
    ]
