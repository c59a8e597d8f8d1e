"""Facts are kept: neither a look at callers in other files nor a hover analyses a text a second time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from keraslint import analysis
from keraslint.config.find import ConfigFinder
from keraslint.config.settings import Settings
from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile
from keraslint.engine.reports import FileReport, Fixing
from keraslint.engine.run import _check_in_process, check_files
from keraslint.limits import USUAL
from keraslint.server.folder import Folder
from keraslint.server.hover import flagged_call, routing_table
from keraslint.server.opened import OpenDocuments

TRAINER = """\
import keras


def train(model, x, y):
    model.compile(optimizer="adam", loss={"small": "mse", "big": "mae"})
    model.fit(x, y)
"""
MODEL = """\
import keras
from trainer import train

inputs = keras.Input((3,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
CALLER = f"{MODEL}train(model, x, [a, b])\n"
BUG = f'{MODEL}model.compile("adam", loss={{"small": "mse", "big": "mae"}})\nmodel.fit(x, [a, b])\n'


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was analysed."""
    counted, analyze = Counter[str](), analysis.analyze

    def counting(document: Any, *args: Any, **more: Any) -> Any:
        counted[Path(document.path).name] += 1
        return analyze(document, *args, **more)

    monkeypatch.setattr("keraslint.analysis.analyze", counting)
    return counted


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    for name, text in (
        ("trainer.py", TRAINER),
        ("caller.py", CALLER),
        ("both.py", BUG + CALLER.partition("[small, big])\n")[2]),
        ("apart.py", BUG.replace("from trainer import train\n", "# trainer")),
    ):
        (tmp_path / name).write_text(text)
    return tmp_path


def inputs(project: Path) -> list[InputFile]:
    return [InputFile(path.name, Settings(str(project), str(project))) for path in sorted(project.glob("*.py"))]


def test_a_run_analyses_each_file_once(project: Path, analysed: Counter[str]) -> None:
    reports = {report.path: report for report in check_files(inputs(project))}
    assert [item.code for item in reports["trainer.py"].diagnostics] == ["KER101"]
    assert analysed == {"trainer.py": 1, "caller.py": 1, "both.py": 1, "apart.py": 1}
    assert all(report.facts is None for report in reports.values())


def test_after_a_fix_no_facts_of_the_old_text_count(project: Path, analysed: Counter[str]) -> None:
    reports = {one.path: one for one in check_files(inputs(project), fixing=Fixing("tuple", unsafe=True, write=True))}
    assert reports["apart.py"].fixed
    assert [item.code for item in reports["trainer.py"].diagnostics] == ["KER101"]
    assert analysed["caller.py"] == 1


def test_facts_stay_in_their_process_and_say_which_files_they_show(project: Path) -> None:
    reports = {report.path: report for report in _check_in_process(inputs(project), None, USUAL)}
    assert reports["both.py"].shows == {str(project / "trainer.py")}
    assert reports["apart.py"].shows == frozenset()
    assert all(report.facts is None for report in reports.values())


def test_a_report_keeps_the_facts_of_its_own_text_alone(project: Path) -> None:
    found = next(item for item in inputs(project) if item.path == "apart.py")
    kept = Checker().check_file(found)
    fixed = Checker(Fixing("tuple", unsafe=True, write=False)).check_file(found)
    assert kept.facts is not None
    assert (fixed.text == kept.text, fixed.facts, fixed.shows) == (False, None, None)
    assert replace(kept, facts=None) == kept
    assert isinstance(kept, FileReport)


def test_a_hover_analyses_nothing(project: Path, analysed: Counter[str]) -> None:
    opened = OpenDocuments()
    source = opened.open(types.TextDocumentItem((project / "apart.py").as_uri(), "python", 1, BUG))
    folder = Folder(project, opened, ConfigFinder)
    checked = folder.check(source, lambda: None)
    (found,) = checked.report.diagnostics
    assert analysed == {"apart.py": 1}
    assert checked.report.facts is not None
    call = flagged_call(checked.document, checked.report.facts, found.span)
    assert call is not None
    assert "| `small` |" in routing_table(call, folder.releases(checked))
    assert analysed == {"apart.py": 1}
