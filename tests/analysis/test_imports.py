"""Imports across files: what the checked file knows of the names and models that other modules define."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_paths, check_source
from keraslint.analysis import analyze
from keraslint.analysis.core.bounds import MAX_MODULES
from keraslint.analysis.modules import Project
from keraslint.behaviour.structure import Outputs
from keraslint.document import Document
from keraslint.files.regular import read_bytes

BUILD = """\
import keras

def build(first="small", second="big"):
    inputs = keras.Input((3,))
    return keras.Model(inputs, [keras.layers.Dense(1, name=first)(inputs), keras.layers.Dense(2, name=second)(inputs)])
"""
COMPILE = '\nmodel.compile("sgd", loss={"small": "mse", "big": "mae"})\n'
KNOWN = Outputs("list", ("small", "big"))

TREES = {
    "absolute": {"main.py": "from models import build\nmodel = build()", "models.py": BUILD},
    "absolute, in a package": {
        "main.py": "import pkg.models as m\nmodel = m.build()",
        "pkg/__init__.py": "",
        "pkg/models.py": BUILD,
    },
    "dotted": {
        "main.py": "import pkg.models\nmodel = pkg.models.build()",
        "pkg/__init__.py": "",
        "pkg/models.py": BUILD,
    },
    "without __init__": {"main.py": "from pkg.models import build\nmodel = build()", "pkg/models.py": BUILD},
    "a module of a package": {
        "main.py": "from pkg import models\nmodel = models.build()",
        "pkg/__init__.py": "",
        "pkg/models.py": BUILD,
    },
    "re-exported": {
        "main.py": "from pkg import build\nmodel = build()",
        "pkg/__init__.py": "from .models import build",
        "pkg/models.py": BUILD,
    },
    "re-exported by star": {
        "main.py": "from pkg import *\nmodel = build()",
        "pkg/__init__.py": "from .models import *",
        "pkg/models.py": BUILD,
    },
    "constants of another module": {
        "main.py": "import names\nfrom models import build\nmodel = build(names.SMALL, names.BIG)",
        "names.py": 'SMALL = "small"\nBIG = "b" + "ig"',
        "models.py": BUILD.replace('first="small", second="big"', "first, second"),
    },
    "relative": {
        "pkg/main.py": "from .models import build\nmodel = build()",
        "pkg/__init__.py": "",
        "pkg/models.py": BUILD,
    },
    "relative, up": {
        "pkg/sub/main.py": "from ..models import build\nmodel = build()",
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "",
        "pkg/models.py": BUILD,
    },
    "relative, the package itself": {
        "pkg/main.py": "from . import models\nmodel = models.build()",
        "pkg/__init__.py": "",
        "pkg/models.py": BUILD,
    },
    "src layout": {
        "scripts/main.py": "from pkg.models import build\nmodel = build()",
        "pyproject.toml": "",
        "src/pkg/__init__.py": "",
        "src/pkg/models.py": BUILD,
    },
    "from the project's root": {
        "scripts/main.py": "from lib.models import build\nmodel = build()",
        "pyproject.toml": "",
        "lib/models.py": BUILD,
    },
    "cyclic": {
        "main.py": "from models import build\nmodel = build()",
        "models.py": "import names\n" + BUILD,
        "names.py": "import models",
    },
    "several roots": {
        "tools/main.py": "from builders import build\nfrom lib.names import BIG, SMALL\nmodel = build(SMALL, BIG)",
        "pyproject.toml": "",
        "src/builders.py": BUILD,
        "lib/names.py": 'SMALL, BIG = "small", "big"',
    },
    "a class of another module": {
        "main.py": "from maker import Maker\nmodel = Maker().model",
        "maker.py": "from models import build\n\nclass Maker:\n    def __init__(self):\n        self.model = build()",
        "models.py": BUILD,
    },
}

UNKNOWN = {
    "a package outside of the project": {"main.py": "from elsewhere import build\nmodel = build()"},
    "a module that does not parse": {"main.py": "from models import build\nmodel = build()", "models.py": "def ("},
    "a module with bytes that are not text": {
        "main.py": "from models import build\nmodel = build()",
        "models.py": "# coding: ascii\n" + BUILD.replace("small", "sm\u00e4ll"),
    },
    "above the package without a project": {
        "a/b/main.py": "from models import build\nmodel = build()",
        "models.py": BUILD,
    },
}


def outputs(root: Path, tree: dict[str, str]) -> Outputs | None:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + (COMPILE if path.name == "main.py" else ""), encoding="utf-8")
    (main,) = [root / name for name in tree if Path(name).name == "main.py"]
    facts = analyze(Document.from_bytes(str(main), main.read_bytes()), Project())
    return next((call.model.outputs for call in facts.compiles if call.module == str(main)), None)


@pytest.mark.parametrize("form", TREES)
def test_known(form: str, tmp_path: Path) -> None:
    assert outputs(tmp_path, TREES[form]) == KNOWN


@pytest.mark.parametrize("form", TREES)
def test_reported_and_its_twin_in_sorted_order_is_not(form: str, tmp_path: Path) -> None:
    outputs(tmp_path, TREES[form])
    (tmp_path / "requirements.txt").write_text("keras==3.6.0\n")
    (main,) = tmp_path.rglob("main.py")
    assert [one.code for one in check_paths([main])] == ["KER101"]
    for path in tmp_path.rglob("*.py"):
        path.write_text(path.read_text().replace('"small"', '"axis"'))
    assert check_paths([main]) == []


@pytest.mark.parametrize("form", UNKNOWN)
def test_unknown(form: str, tmp_path: Path) -> None:
    assert outputs(tmp_path, UNKNOWN[form]) is None


def test_nothing_is_read_without_a_project(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(BUILD)
    text = "import keras\nfrom models import build\nmodel = build()" + COMPILE
    (call,) = analyze(Document(str(tmp_path / "main.py"), text)).compiles
    assert call.model.outputs is None


def test_a_module_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def counted(path: Path, most: int) -> bytes:
        reads.append(path.name)
        return read_bytes(path, most)

    (tmp_path / "models.py").write_text(BUILD)
    text = "from models import build\nmodel = build()" + COMPILE
    monkeypatch.setattr("keraslint.analysis.modules.read_bytes", counted)
    project = Project()
    for name in ("a.py", "b.py"):
        analyze(Document(str(tmp_path / name), text), project)
    assert reads == ["models.py"]


def test_there_is_a_bound_on_modules(tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(MAX_MODULES + 5)]
    for name in names:
        (tmp_path / f"{name}.py").write_text("X = 1\n")
    (tmp_path / "models.py").write_text(BUILD)
    imports = "".join(f"import {name}\n" for name in names)
    facts = analyze(
        Document(
            str(tmp_path / "main.py"), f"import keras\n{imports}from models import build\nmodel = build()" + COMPILE
        ),
        Project(),
    )
    (call,) = facts.compiles
    assert call.model.outputs is None
    assert "not followed" in call.model.why


def test_a_name_that_was_put_into_a_module_of_keras_is_imported_from_there() -> None:
    """So it is from Keras 3.14.0 on; up to 3.7.0 Python then raises ImportError."""
    program = (
        "import keras\n\ndef distance(y_true, y_pred):\n    return y_true - y_pred\n\n"
        "keras.losses.distance = distance\nfrom keras.losses import distance as imported\n"
        "inputs = keras.Input((4,))\n"
        'heads = [keras.layers.Dense(1, name="b")(inputs), keras.layers.Dense(1, name="a")(inputs)]\n'
        "model = keras.Model(inputs, heads)\n"
        'model.compile(loss={"a": distance, "b": LOSS})\n'
    )
    assert check_source(program.replace("LOSS", "imported"), keras="3.6.0") == []
    assert [one.code for one in check_source(program.replace("LOSS", '"mse"'), keras="3.6.0")] == ["KER101"]


def _package(folder: Path, part: str = "X{n} = 1\n", count: int = MAX_MODULES + 5) -> Document:
    """A program that needs the last of the modules that a package re-exports; the others hold ``part``."""
    (folder / "zoo").mkdir()
    for n in range(count):
        (folder / "zoo" / f"part{n}.py").write_text(part.replace("{n}", str(n)))
    (folder / "zoo" / "nets.py").write_text(BUILD)
    exports = "".join(f"from .part{n} import X{n}\n" for n in range(count))
    (folder / "zoo" / "__init__.py").write_text(f"{exports}from .nets import build\n")
    return Document(str(folder / "main.py"), "from zoo.nets import build\nmodel = build()" + COMPILE)


def test_only_those_modules_of_a_package_are_run_that_are_asked_for(tmp_path: Path) -> None:
    (call,) = analyze(_package(tmp_path), Project()).compiles
    assert call.model.outputs == KNOWN


def test_a_module_is_run_when_it_is_asked_for(tmp_path: Path) -> None:
    document = _package(tmp_path, 'X{n} = ["small", "big"]\n')
    asking = 'import zoo\nmodel = zoo.build(*getattr(zoo, "".join(["X", "7"])))' + COMPILE
    (call,) = analyze(Document(document.path, asking), Project()).compiles
    assert call.model.outputs == KNOWN


@pytest.mark.parametrize(
    "part", ["import keras\nX{n} = keras.layers.Dense(1)\n", "from .nets import build\nX{n} = build(None, None)\n"]
)
def test_a_module_that_others_can_tell_is_run_where_it_is_imported(tmp_path: Path, part: str) -> None:
    document = _package(tmp_path, part, count=2)
    made = "from zoo.nets import build\nmodel = build(None, None)" + COMPILE
    (call,) = analyze(Document(document.path, made), Project()).compiles
    assert call.model.outputs is not None
    assert call.model.outputs.names != ("dense", "dense_1")


def test_a_module_that_is_not_followed_is_not_said_to_be_missing(tmp_path: Path) -> None:
    document = _package(tmp_path, "import keras\nX{n} = keras.layers.Dense(1)\n")
    (call,) = analyze(document, Project()).compiles
    assert call.model.outputs is None
    assert "not followed" in call.model.why
