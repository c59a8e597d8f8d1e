from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from keraslint.config.effective import selected
from keraslint.config.options import Options
from keraslint.config.settings import Settings
from keraslint.diagnostic import Diagnostic, Selection
from keraslint.document import Document
from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile
from keraslint.engine.pool import Died
from keraslint.engine.reports import Fixing
from keraslint.engine.run import MIN_FILES_FOR_POOL, check_files
from keraslint.pins.given import nothing_said, releases_from_option
from keraslint.pins.keras_releases import KerasReleases

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
CODES = Selection(frozenset({"KER001", "KER101", "KER102", "KER104"}))
AFFECTED = releases_from_option("3.5.0")


def check_document(document: Document, keras: KerasReleases, select: Selection) -> tuple[Diagnostic, ...]:
    checker = Checker(select=select, keras=keras, alone=True)
    return checker.check(document, InputFile(document.path, Settings("", ""))).diagnostics


def codes(text: str, select: Selection = CODES) -> list[str]:
    return [item.code for item in check_document(Document("a.py", text), AFFECTED, select)]


def found(folder: Path, *names: str, command: Options | None = None) -> list[InputFile]:
    settings = Settings(str(folder), str(folder), command=command or Options(keras_version="3.5.0"))
    return [InputFile(str(folder / name), settings) for name in names]


class TestCheckDocument:
    def test_finds(self) -> None:
        assert codes(BUG) == ["KER101"]

    def test_selects(self) -> None:
        assert codes(BUG, Selection(frozenset({"KER102"}))) == []
        assert codes("import keras\nm.compile(\n", Selection(frozenset({"KER101"}))) == []

    def test_the_releases_decide(self) -> None:
        assert check_document(Document("a.py", BUG), releases_from_option("3.7.0"), CODES) == ()
        (warning,) = check_document(Document("a.py", BUG), nothing_said(), CODES)
        assert warning.severity.value == "warning"

    def test_unparsable(self) -> None:
        assert codes("import keras\nmodel.fit(x)\ndef f(:\n") == ["KER001"]
        assert codes("def f(:\n") == []
        assert codes("import keras\nmodel.fit(x)\ndef f(:  # noqa\n") == []
        assert codes("# keraslint: ignore-file\nimport keras\nmodel.fit(x)\ndef f(:\n") == []
        assert codes("import keras\nx = Model('\0')\n") == ["KER001"]

    def test_order(self) -> None:
        text = BUG + BUG.replace("import keras\n", "")
        rows = [item.span.start.row for item in check_document(Document("a.py", text), AFFECTED, CODES)]
        assert len(rows) == 2
        assert rows == sorted(rows)

    def test_noqa(self) -> None:
        assert codes(BUG.replace('"mae"})', '"mae"})  # noqa: KER101')) == []

    @pytest.mark.parametrize("text", ["", "\n", "keras.compile", "x = '.compile keras'", "# keras.compile("])
    def test_nothing(self, text: str) -> None:
        assert codes(text) == []


class TestCheckFiles:
    def test_only_files_with_something_to_say(self, tmp_path: Path) -> None:
        (tmp_path / "bug.py").write_text(BUG)
        (tmp_path / "clean.py").write_text("x = 1\n")
        reports = list(check_files(found(tmp_path, "clean.py", "nope.py", "bug.py")))
        assert [Path(report.path).name for report in reports] == ["nope.py", "bug.py"]
        assert reports[0].error == "can't be read: No such file or directory"
        assert [item.code for item in reports[1].diagnostics] == ["KER101"]

    def test_processes_give_what_one_gives(self, tmp_path: Path) -> None:
        names = [f"m{index}.py" for index in range(MIN_FILES_FOR_POOL + 3)]
        for name in names:
            (tmp_path / name).write_text(BUG)
        (tmp_path / "m3.py").unlink()
        files = found(tmp_path, *names)
        assert list(check_files(files, jobs=2)) == list(check_files(files, jobs=1))

    def test_a_process_that_dies(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def spread(_: object, files: Sequence[InputFile], jobs: int) -> Iterator[tuple[InputFile, Died]]:
            assert jobs == (2 if len(files) > 1 else 1)  # the second try is alone
            yield from ((file, Died(1, "ended")) for file in files)

        names = [f"m{index}.py" for index in range(MIN_FILES_FOR_POOL)]
        for name in names:
            (tmp_path / name).write_text(BUG)
        monkeypatch.setattr("keraslint.engine.pool.spread", spread)
        reports = list(check_files(found(tmp_path, *names), jobs=2))
        assert len(reports) == MIN_FILES_FOR_POOL
        assert all("died" in (report.error or "") for report in reports)

    def test_an_error_of_ours_stays_with_its_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(*_: object, **__: object) -> None:
            raise KeyError("a\nb")

        monkeypatch.setattr("keraslint.analysis.analyze", fails)
        (tmp_path / "bug.py").write_text(BUG)
        (report,) = check_files(found(tmp_path, "bug.py"))
        assert report.error == "internal error: KeyError: 'a\\nb'"
        assert "Traceback" in report.detail

    def test_reports_can_be_sent_between_processes(self, tmp_path: Path) -> None:
        (tmp_path / "bug.py").write_text(BUG)
        (report,) = check_files(found(tmp_path, "bug.py"))
        assert pickle.loads(pickle.dumps(report)) == report

    def test_pins_are_read_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from keraslint.pins import resolve

        made = []

        class Reader(resolve.PinReader):
            def __init__(self) -> None:
                super().__init__()
                made.append(self)

        monkeypatch.setattr(resolve, "PinReader", Reader)
        (tmp_path / ".git").mkdir()
        (tmp_path / "requirements.txt").write_text("keras==3.6.0\n")
        for name in ("a.py", "b.py"):
            (tmp_path / name).write_text(BUG)
        reports = list(check_files(found(tmp_path, "a.py", "b.py", command=Options())))
        assert [len(report.diagnostics) for report in reports] == [1, 1]
        assert len(made) == 1


class TestFixing:
    def test_writes(self, tmp_path: Path) -> None:
        (tmp_path / "bug.py").write_text(BUG)
        (report,) = check_files(found(tmp_path, "bug.py"), fixing=Fixing("tuple", unsafe=False, write=True))
        assert report.diagnostics == ()
        assert [item.code for item in report.fixed] == ["KER101"]
        assert (tmp_path / "bug.py").read_text() == report.text
        assert report.before == BUG
        assert list(check_files(found(tmp_path, "bug.py"))) == []

    def test_without_writing(self, tmp_path: Path) -> None:
        (tmp_path / "bug.py").write_text(BUG)
        checker = Checker(Fixing("tuple", unsafe=False, write=False))
        report = checker.check_file(found(tmp_path, "bug.py")[0])
        assert 'loss=("mse", "mae")' in report.text
        assert (tmp_path / "bug.py").read_text() == BUG

    def test_a_style_without_a_fix_changes_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "bug.py").write_text(BUG)
        (report,) = check_files(found(tmp_path, "bug.py"), fixing=Fixing("other", unsafe=True, write=True))
        assert [item.code for item in report.diagnostics] == ["KER101"]
        assert (tmp_path / "bug.py").read_text() == BUG


def test_selected(tmp_path: Path) -> None:
    settings = Settings(str(tmp_path), str(tmp_path), Options(per_file_ignores=(("tests/*", ("KER1",)),)))
    assert "KER101" in selected(str(tmp_path / "a.py"), settings)
    assert "KER101" not in selected(str(tmp_path / "tests" / "a.py"), settings)
    assert "KER001" in selected(str(tmp_path / "tests" / "a.py"), settings)
    only = replace(settings, command=Options(select=("KER101",)))
    assert selected(str(tmp_path / "a.py"), only) == Selection(frozenset({"KER101"}))
