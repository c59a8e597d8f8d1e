"""Calls whose models come from callers in other files: found, cleared, and left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import Diagnostic, check_paths
from keraslint.analysis import analyze
from keraslint.analysis.modules import Project
from keraslint.config.settings import Settings
from keraslint.engine.cross_file import needs_callers
from keraslint.engine.discovery import InputFile
from keraslint.engine.opening import opened
from keraslint.engine.reports import Fixing
from keraslint.engine.run import check_files

TRAINER = """\
def train(model, x, y):
    model.compile(optimizer="adam", loss={"small": "mse", "big": "mae"})
    model.fit(x, y)
"""

MAIN = """\
import keras
from trainer import train

inputs = keras.Input((3,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
train(keras.Model(inputs, {outputs}), x, [a, b])
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "trainer.py").write_text(TRAINER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*paths: str) -> list[tuple[str, str]]:
    return [(one.filename, one.code) for one in check_paths(paths or ["."]) if one.code != "KER201"]


def test_a_caller_shows_the_model(project: Path) -> None:
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    assert said() == [("trainer.py", "KER101")]


def test_a_finding_from_a_caller_has_no_fix(project: Path) -> None:
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    (one,) = check_paths(["main.py", "trainer.py"])
    assert isinstance(one, Diagnostic)
    assert not one.fixes
    assert one.span.start.row == 2


def test_a_caller_shows_that_all_is_right(project: Path) -> None:
    (project / "trainer.py").write_text("import keras\n" + TRAINER)
    assert said() == [("trainer.py", "KER102")]
    (project / "main.py").write_text(MAIN.format(outputs="[big, small]"))
    assert said() == []


def test_a_caller_shows_both_the_model_and_the_losses(project: Path) -> None:
    passed_on = TRAINER.replace("x, y)", "losses, x, y)", 1).replace('{"small": "mse", "big": "mae"}', "losses")
    (project / "trainer.py").write_text(passed_on)
    main = MAIN.replace("x, [a, b]", '{{"small": "mse", "big": "mae"}}, x, [a, b]')
    (project / "main.py").write_text(main.format(outputs="[small, big]"))
    assert said() == [("trainer.py", "KER101")]
    assert said("trainer.py") == []
    (project / "main.py").write_text(main.format(outputs="[big, small]"))
    assert said() == []


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ("loss='mse'", False),
        ("loss=own if own else 'mse'", False),
        ("loss=keras.losses.MeanSquaredError()", False),
        ("loss=loss", True),
        ("loss='mse', loss_weights=loss", True),
        ("**loss", True),
        ("loss=LOSSES[loss]", True),
    ],
)
def test_callers_are_asked_only_where_they_may_give_several_losses(project: Path, arguments: str, asked: bool) -> None:
    text = "import keras\n\nLOSSES = {'one': 'mse'}\n\n\ndef own(y, p):\n    return y - p\n\n\n"
    (project / "trainer.py").write_text(
        f"{text}def train(model, loss, x, y):\n    model.compile('adam', {arguments})\n"
    )
    path = str(project / "trainer.py")
    assert needs_callers(analyze(opened(path, (project / "trainer.py").read_bytes()), Project())) is asked


def test_a_caller_shows_what_an_abstract_method_gives(project: Path) -> None:
    (project / "trainer.py").write_text(
        "class Trainer:\n    def losses(self):\n        raise NotImplementedError\n\n"
        "    def train(self, model, x, y):\n        model.compile(loss=self.losses())\n        model.fit(x, y)\n"
    )
    own = "class Own(Trainer):\n    def losses(self):\n        return {{'small': 'mse', 'big': 'mae'}}\n\n\n"
    main = MAIN.replace("import train", "import Trainer").replace("train(", own + "Own().train(")
    (project / "main.py").write_text(main.format(outputs="[small, big]"))
    assert said() == [("trainer.py", "KER101")]


def test_what_one_caller_leaves_out_is_not_found_where_others_may_give_it(project: Path) -> None:
    (project / "trainer.py").write_text(
        "import keras\n\n\ndef train(model, loss, x, y, watched=None):\n    model.compile('adam', loss=loss)\n"
        "    stop = keras.callbacks.EarlyStopping(patience=3)\n"
        "    model.fit(x, y, validation_data=watched, callbacks=[stop])\n"
    )
    made = MAIN.replace("x, [a, b]", "('mse', 'mae'), x, [a, b]").format(outputs="[small, big]")
    (project / "main.py").write_text(made)
    (project / "other.py").write_text(made.replace("[a, b])", "[a, b], (x, [a, b]))"))
    assert said() == []


def test_one_caller_that_is_not_known_keeps_the_doubt(project: Path) -> None:
    (project / "trainer.py").write_text("import keras\n" + TRAINER)
    (project / "main.py").write_text(MAIN.format(outputs="[big, small]"))
    (project / "other.py").write_text(
        'import keras\nimport trainer\n\ntrainer.train(keras.models.load_model("m.keras"), x, y)\n'
    )
    assert said() == [("trainer.py", "KER102")]


def test_without_the_caller_among_the_checked_files_nothing_is_known(project: Path) -> None:
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    assert said("trainer.py") == []


NETS = """\
import keras


def orchard(width):
    leaf = keras.Input((width,))
    ripe = keras.layers.Dense(1, name="ripe")(leaf)
    net = keras.Model(leaf, [ripe, keras.layers.Dense(3, name="defect")(leaf)])
    net.compile("adam", loss={losses})
    return net
"""
BY_NAME = '{"ripe": "mse", "defect": "mae"}'
LOOPS = """\
def run(net, x, ripe, defect):
    answers = {"ripe": ripe, "defect": defect}
    net.fit(x, answers)
"""
START = "from loops import run\nfrom nets import orchard\n\nrun(orchard(4), x, p, q)\n"


def write(project: Path, losses: str = BY_NAME, start: str = START) -> None:
    (project / "trainer.py").unlink()
    for name, text in (("nets", NETS.replace("{losses}", losses)), ("loops", LOOPS), ("start", start)):
        (project / f"{name}.py").write_text(text)


def test_a_model_is_followed_into_the_file_that_trains_it(project: Path) -> None:
    write(project, losses='["mse", "mae"]')
    assert said() == [("loops.py", "KER103")]
    assert said("loops.py", "nets.py") == []


def test_a_model_of_another_file_is_trained_in_the_checked_one(project: Path) -> None:
    fit = 'from nets import orchard\n\nnet = orchard(4)\nnet.fit(x, {"ripe": p, "defect": q})\n'
    write(project, losses='["mse", "mae"]', start=fit)
    (one,) = check_paths(["start.py"])
    assert isinstance(one, Diagnostic)
    assert (one.code, one.span.start.row) == ("KER103", 4)
    assert [(fix.style, [edit.content for edit in fix.edits]) for fix in one.fixes] == [("tuple", ["(p, q)"])]


def test_data_of_another_file_reach_a_method_of_the_checked_one(project: Path) -> None:
    wrapped = "\n\nclass Grower:\n    def fit(self, x, y):\n        self.net = orchard(4)\n        self.net.fit(x, y)\n"
    write(project, start='from nets import Grower\n\nGrower().fit(x, {"ripe": p, "defect": q})\n')
    (project / "nets.py").write_text(NETS.replace("{losses}", '["mse", "mae"]') + wrapped)
    assert said() == [("nets.py", "KER103")]


def test_no_fix_is_offered_that_leaves_targets_in_another_file_wrong(project: Path) -> None:
    write(project)
    found = [one for one in check_paths(["."]) if one.code != "KER201"]
    assert [(one.filename, one.code) for one in found] == [("loops.py", "KER103"), ("nets.py", "KER101")]
    assert not any(fix.style == "tuple" for one in found for fix in one.fixes)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_is_fixed_after_its_callers_were_asked(project: Path, jobs: int) -> None:
    def fixed() -> list[str]:
        files = [InputFile(path.name, Settings(str(project), str(project))) for path in project.glob("*.py")]
        reports = check_files(files, jobs=jobs, fixing=Fixing("tuple", unsafe=True, write=True))
        return [report.path for report in reports if report.fixed]

    write(project)
    assert fixed() == []
    (project / "loops.py").write_text("def run(net, x, ripe, defect):\n    net.fit(x, (ripe, defect))\n")
    assert fixed() == ["nets.py"]
    assert said() == []


def test_a_comment_suppresses_it(project: Path) -> None:
    (project / "trainer.py").write_text(TRAINER.replace('"mae"})', '"mae"})  # noqa: KER101'))
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    assert said() == []


@pytest.mark.parametrize("read", ["self.model.loss['small']", "'{0.loss}'.format(self.model)"])
def test_no_fix_where_another_module_reads_the_losses(project: Path, read: str) -> None:
    """The tuple has no names; without the reader the fix is safe."""
    main = MAIN.replace("from trainer import train", "import report").replace("train(", "model = (")
    main = main.format(outputs="[small, big]").replace(", x, [a, b])", ")")
    main += (
        'model.compile("adam", loss={"small": "mse", "big": "mae"})\nmodel.fit(x, [a, b], callbacks=report.made())\n'
    )
    (project / "main.py").write_text(main)
    reader = "from keras.callbacks import Callback\n\nclass Report(Callback):\n    def on_train_end(self, logs=0):\n"
    for body, styles in ((f"print({read})", set()), ("print('end')", {"tuple"})):
        (project / "report.py").write_text(f"{reader}        {body}\n\ndef made():\n    return [Report()]\n")
        (one,) = check_paths(["main.py"])
        assert isinstance(one, Diagnostic)
        assert {fix.style for fix in one.fixes} - {"safe-compile"} == styles
