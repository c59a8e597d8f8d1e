"""Records of what releases do: what is looked up, what is measured again, and what is refused."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from . import records

BOOKS = records.FOLDER
ANSWERS: dict[str, Any] = {"k1": {"end": "ok", "sites": [{"row": 1, "weights": [0.5, None]}]}, "k2": [], "k3": None}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    for name in ("KERASLINT_RENEWAL", "KERASLINT_RENEW_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(records, "asked", Counter[str]())
    monkeypatch.setattr(records, "measured", Counter[str]())
    monkeypatch.setattr(records, "unrecorded", Counter[str]())
    records._known.cache_clear()
    records._chosen.cache_clear()
    return tmp_path


def asked(keys: list[str], answer: dict[str, Any], release: str = "3.5.0") -> tuple[dict[str, Any], set[str]]:
    """The answers, and the texts that were measured."""
    measured: list[str] = []

    def measure(texts: list[str]) -> list[Any]:
        measured.extend(texts)
        return [answer[text] for text in texts]

    return records.answers("script", release, {key: key for key in keys}, measure, 2), set(measured)


def test_what_is_written_is_read_and_equal_answers_stand_once(folder: Path) -> None:
    book = {key: {"3.5.0": answer, "3.6.0": answer, "3.7.0": [1]} for key, answer in ANSWERS.items()}
    records.write("script", book)
    assert records.read("script") == book
    text = (folder / "script.jsonl").read_text()
    assert text.count("3.5.0 3.6.0") == text.count("\n") - 1 == len(ANSWERS)


def test_what_has_no_record_is_measured() -> None:
    records.write("script", {"k1": {"3.5.0": ANSWERS["k1"]}})
    found, measured = asked(["k1", "k2"], ANSWERS)
    assert found == {"k1": ANSWERS["k1"], "k2": []}
    assert "k2" in measured
    assert asked(["k1"], ANSWERS, "3.6.0")[1] == {"k1"}


def measured_by_release(keys: list[str]) -> dict[str, set[str]]:
    """The texts that are measured of those that are recorded for all releases, by release."""
    records._chosen.cache_clear()
    return {release: asked(keys, dict.fromkeys(keys, 1), release)[1] for release in records.RELEASES}


def test_a_tenth_of_what_is_recorded_is_measured_again_on_half_of_the_releases_and_another_one_for_another_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = [f"k{number}" for number in range(300)]
    records.write("script", {key: dict.fromkeys(records.RELEASES, 1) for key in keys})
    shares = []
    for seed in ("1", "2", "1"):
        monkeypatch.setenv("KERASLINT_SEED", seed)
        by_release = measured_by_release(keys)
        assert {release for release, share in by_release.items() if share} == set(records.chosen_releases(seed))
        shares.append({(release, key) for release, share in by_release.items() for key in share})
    assert shares[0] == shares[2] != shares[1]
    assert [len(share) for share in shares] == [180] * 3
    assert set().union(*(records.chosen_releases(str(seed)) for seed in range(30))) == set(records.RELEASES)


def test_of_many_texts_a_tenth_is_measured_on_each_release(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"k{number}" for number in range(records.MANY)]
    records.write("script", {key: dict.fromkeys(records.RELEASES, 1) for key in keys})
    seen: set[str] = set()
    for seed in range(100):
        monkeypatch.setenv("KERASLINT_SEED", str(seed))
        by_release = measured_by_release(keys)
        assert {len(share) for share in by_release.values()} == {len(keys) // 10}
        seen |= by_release["3.6.0"]
    assert seen == set(keys)


def test_of_few_texts_a_tenth_is_measured_on_average(monkeypatch: pytest.MonkeyPatch) -> None:
    records.write("script", {key: dict.fromkeys(records.RELEASES, 1) for key in ("k1", "k2")})
    measured = 0
    for seed in range(1000):
        monkeypatch.setenv("KERASLINT_SEED", str(seed))
        measured += sum(map(len, measured_by_release(["k1", "k2"]).values()))
    assert 1000 < measured < 1400


def test_a_difference_fails_and_names_the_release_and_the_program() -> None:
    keys = [f"k{number}" for number in range(100)]
    release = records.chosen_releases(records.seed())[0]
    records.write("script", {key: {release: 1} for key in keys})
    said = rf"Keras {re.escape(release)} did 2\nand 1 is recorded \(KERASLINT_SEED=.*\), of\nk"
    with pytest.raises(records.Changed, match=said):
        asked(keys, dict.fromkeys(keys, 2), release)


def test_the_last_digits_of_what_was_trained_may_differ() -> None:
    assert records.alike({"loss": [0.123456, float("nan")]}, {"loss": [0.123457, float("nan")]})
    assert not records.alike({"loss": [0.1234]}, {"loss": [0.1244]})
    assert not records.alike([1], [1, 1])
    assert not records.alike({"a": 1}, {"b": 1})


def test_a_key_depends_on_the_code_and_not_on_its_comments(tmp_path: Path) -> None:
    keys: list[str] = []
    for text in ('"""Says a."""\n\nx = 1  # a\n', '"""Says b."""\nx = 1\n', "x = 2\n"):
        path = tmp_path / f"script{len(keys)}.py"
        path.write_text(text)
        keys.append(records.key("program", path))
    assert keys[0] == keys[1] != keys[2]
    assert records.key("program") != records.key("another")


def test_a_program_that_imports_the_runtime_depends_on_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = ("import keras\n", "from keraslint.runtime import safe_compile\n")
    before = [records.key(program) for program in programs]
    (tmp_path / "runtime.py").write_text("x = 1\n")
    monkeypatch.setattr(records, "RUNTIME", tmp_path / "runtime.py")
    after = [records.key(program) for program in programs]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]


def test_no_record_holds_a_path_of_the_machine_that_measured_it() -> None:
    texts = [path.read_text(encoding="utf-8") for path in BOOKS.glob("*.jsonl")]
    assert texts
    assert [text for text in texts if "/.cache/" in text or "/keras-3." in text] == []
