"""When the safe-compile fix is safe, unsafe or not there, what it writes, and that nothing is found after it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.cli import main
from keraslint.commands.vendor_runtime import vendored
from keraslint.diagnostic import Diagnostic, Fix
from keraslint.document import Document
from keraslint.fixes.apply import apply_fixes

MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
IMPORT = "from keraslint.runtime import safe_compile\n"
LOSS = '{"small": "mse", "big": "mae"}'
COMPILE = f'model.compile("adam", {LOSS})\n'


def found(text: str, keras: str = "3.5.0") -> list[Diagnostic]:
    return check_source(text, "program.py", keras=keras)


def fix_of(text: str) -> Fix | None:
    return next((fix for one in found(text) for fix in one.fixes if fix.style == "safe-compile"), None)


def fixed_text(text: str) -> str:
    """The text after the fixes, after which nothing is found."""
    document = Document("program.py", text)
    result = apply_fixes(document, found(text), unsafe=True, style="safe-compile", recheck=found)
    assert result.refused == ()
    assert result.remaining == ()
    return result.text


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (f'model.compile("adam", {LOSS})', f'safe_compile(model, "adam", {LOSS})'),
        (f"model.compile(loss={LOSS})", f"safe_compile(model, loss={LOSS})"),
        (f'model.compile( "adam",{LOSS} )', f'safe_compile( model, "adam",{LOSS} )'),
        (
            f'model.compile(  # first\n    optimizer="adam",  # why\n    loss={LOSS},\n)',
            f'safe_compile(  # first\n    model,\n    optimizer="adam",  # why\n    loss={LOSS},\n)',
        ),
        (f"model.compile(\n\tloss={LOSS},\n)", f"safe_compile(\n\tmodel,\n\tloss={LOSS},\n)"),
        (f'model.compile("adam", **{{"loss": {LOSS}}})', f'safe_compile(model, "adam", **{{"loss": {LOSS}}})'),
    ],
)
def test_the_call_keeps_its_layout(call: str, wanted: str) -> None:
    tail = "model.fit(x, [a, b])\n"
    start = "import keras\n"
    assert fixed_text(f"{MODEL}{call}\n{tail}") == MODEL.replace(start, start + IMPORT) + wanted + "\n" + tail


def test_what_is_mended_beside_losses() -> None:
    """Targets by name, weights by name, and a loss for one output only, which Keras refuses from 3.5.0 on."""
    for body in (
        'model.compile("adam", "mse")\nmodel.fit(x, {"small": a, "big": b})\n',
        'model.compile("adam", ("mse", "mae"), loss_weights={"small": 1.0, "big": 2.0})\nmodel.fit(x, [a, b])\n',
        'model.compile("adam", {"big": "mse"})\nmodel.fit(x, [a, b])\n',
    ):
        assert found(MODEL + body)
        assert "safe_compile(model, " in fixed_text(MODEL + body)


@pytest.mark.parametrize(
    ("top", "wanted"),
    [
        ("import keras\n", "import keras\n" + IMPORT),
        ('"""Trains."""\nimport keras\n', '"""Trains."""\nimport keras\n' + IMPORT),
        ("from __future__ import annotations\n\nimport keras  # ours\n", None),
        ("#!/usr/bin/env python\nimport keras\nfrom keras import (\n    layers,\n)\n", None),
        ("import keras\r\n", "import keras\r\n" + IMPORT.replace("\n", "\r\n")),
        (f"import keras\n{IMPORT}", f"import keras\n{IMPORT}"),
    ],
)
def test_the_import_stands_where_the_imports_are(top: str, wanted: str | None) -> None:
    newline = "\r\n" if "\r\n" in top else "\n"
    rest = (MODEL.removeprefix("import keras\n") + COMPILE).replace("\n", newline)
    text = fixed_text(top + rest)
    assert text.startswith(wanted if wanted is not None else top + IMPORT)
    assert text.count("import safe_compile") == 1


@pytest.mark.parametrize(
    ("top", "before"),
    [
        ("import keras\n\nfrom .data import x\n", "\nfrom .data"),
        ("import keras\nfrom .data import x\n", "from .data"),
        ("import os\n\nimport keras\nimport numpy as np\n\nfrom heads import x\n", "\nfrom heads"),
        ("import keras\nimport numpy as np\nfrom tensorflow.data import Dataset\n\nimport heads\n", "from tensorflow"),
        ("import keras\nfrom keras import layers\nfrom tqdm import tqdm\n", "from tqdm"),
        ("import os\n\nfrom tensorflow import keras\n\nfrom . import heads\n", "from tensorflow"),
        ("import os\n\n# theirs\nfrom tensorflow import (\n    keras,\n)\n\nimport heads\n", "from tensorflow"),
        ("from __future__ import annotations\nfrom tensorflow import keras\n", "from tensorflow"),
        ('"""Trains."""; from tensorflow import keras\nimport os\n', "inputs ="),
        ("import keras; import numpy as np\nfrom .data import x\n", "from .data"),
        ("import keras  # first\n# about the next\n\nfrom .data import x\n", "# about"),
        ("from .data import x\nimport keras\n", "inputs ="),
    ],
)
def test_the_import_stands_where_isort_has_it(top: str, before: str) -> None:
    text = top + "\n" + MODEL.removeprefix("import keras\n") + COMPILE
    fixed = fixed_text(text)
    assert fixed.replace(IMPORT, "") == text.replace("model.compile(", "safe_compile(model, ")
    assert fixed.partition(IMPORT)[2].lstrip("\n").startswith(before.lstrip("\n")), fixed
    assert fixed.partition(IMPORT)[2].startswith("\n") is (before.startswith("\n") or before == "inputs =")


def test_a_copy_beside_a_file_with_relative_imports_is_imported_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "keraslint_runtime.py").write_text(vendored())
    program = tmp_path / "train.py"
    program.write_text("import keras\n\nfrom .data import x\n" + MODEL.removeprefix("import keras\n") + COMPILE)
    assert main(["--isolated", "--keras-version", "3.5.0", "--fix", "--fix-style", "safe-compile", str(program)]) == 0
    imports = "import keras\n\nfrom .data import x\nfrom .keraslint_runtime import safe_compile\n"
    assert program.read_text().startswith(imports)


@pytest.mark.parametrize(
    "top",
    [
        'import os\nos.environ["KERAS_BACKEND"] = "jax"\nimport keras\nimport json\n',
        'import sys\nsys.path.insert(0, "lib")\nimport keras\n',
        "try:\n    import keras\nexcept ImportError:\n    raise SystemExit from None\n",
        'import os\nif True:\n    os.environ["KERAS_BACKEND"] = "jax"\n    import keras\n',
        "import keras; seed = 1\n",
    ],
)
def test_the_import_comes_after_that_of_keras(top: str) -> None:
    """The runtime imports Keras: what a program sets before it does so itself must be set by then."""
    rest = MODEL.removeprefix("import keras\n") + COMPILE
    assert fixed_text(top + rest).startswith(top + IMPORT + "\n")


@pytest.mark.parametrize("start", ["import os\n", ""])
def test_none_where_keras_is_imported_no_sooner_than_the_call_runs(start: str) -> None:
    lines = "".join(f"    {line}\n" for line in (MODEL + COMPILE).splitlines() if line)
    text = f'{start}def main():\n    __import__("os").environ["KERAS_BACKEND"] = "jax"\n{lines}'
    assert found(text)
    assert fix_of(text) is None


@pytest.mark.parametrize(
    "other", ["def safe_compile(*args):\n    pass\n", "del safe_compile\n", "train = lambda safe_compile: 1\n"]
)
def test_none_where_the_name_is_bound_in_another_way_too(other: str) -> None:
    text = MODEL.replace("import keras\n", f"import keras\n{IMPORT}{other}") + COMPILE
    assert found(text)
    assert fix_of(text) is None


def test_an_import_by_another_name_is_used() -> None:
    text = fixed_text(
        MODEL.replace("import keras\n", "import keras\nfrom keraslint.runtime import safe_compile as sc\n") + COMPILE
    )
    assert text.endswith(f'sc(model, "adam", {LOSS})\n')


def test_two_calls_share_the_import() -> None:
    text = fixed_text(MODEL + COMPILE + COMPILE)
    assert text.count(IMPORT) == 1
    assert text.count("safe_compile(model") == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (MODEL + COMPILE, "unsafe"),
        (IMPORT + MODEL + COMPILE, "safe"),
        (MODEL + "def safe_compile(x):\n    pass\n" + COMPILE, "none"),
        (MODEL + COMPILE.replace("model.compile(", "(model.compile)("), "none"),
        (MODEL.replace("[small, big]", "[[small], big]") + COMPILE, "none"),
        (MODEL + COMPILE.replace("model.compile(", "(lambda: model)().compile("), "none"),
    ],
)
def test_when_it_is_safe(text: str, wanted: str) -> None:
    assert found(text)
    fix = fix_of(text)
    assert (fix.applicability.value if fix else "none") == wanted
    assert fix is None or wanted == "safe" or "depend on keraslint" in fix.message


def test_an_ordered_dict_that_is_not_sorted_would_be_refused() -> None:
    model = "import collections\n" + MODEL.replace("[small, big]", "collections.OrderedDict(OUTPUTS)")
    unsorted = model.replace("OUTPUTS", "small=small, big=big") + COMPILE.replace(")", ", [0.5, 1.0])")
    assert found(unsorted)
    assert fix_of(unsorted) is None


def test_outputs_that_are_not_known_may_be_refused() -> None:
    fix = fix_of(MODEL.replace("[small, big]", "outputs()") + COMPILE)
    assert fix is not None
    assert "depend on keraslint and safe_compile may refuse the outputs" in fix.message


def test_places_for_outputs_in_a_dict_would_be_refused() -> None:
    model = MODEL.replace("[small, big]", '{"small": small, "big": big}')
    named = f'import collections\n{model}model.compile("adam", {LOSS}, collections.OrderedDict(small=1.0, big=2.0))\n'
    placed = named.replace("big=2.0))", 'big=2.0), ["mse", "mae"])')
    assert found(named)
    assert found(placed)
    assert fix_of(named) is not None
    assert fix_of(placed) is None


def test_a_project_that_carries_the_runtime_imports_its_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    program = tmp_path / "train.py"
    program.write_text(MODEL + COMPILE + "model.fit(x, [a, b])\n")
    (tmp_path / "keraslint_runtime.py").write_text(vendored())
    assert main(["check", "--isolated", "--fix", "--fix-style", "safe-compile", str(program)]) == 0
    text = program.read_text()
    assert "import keras\nfrom keraslint_runtime import safe_compile\n" in text
    assert "safe_compile(model, " in text
    capsys.readouterr()
    assert main(["check", "--isolated", str(tmp_path / "train.py"), str(tmp_path / "keraslint_runtime.py")]) == 0
    assert capsys.readouterr().out == ""


FUNCTION = f"def main():\n{textwrap.indent(MODEL.removeprefix('import keras') + COMPILE, '    ')}"


@pytest.mark.parametrize(
    ("program", "imports", "copy", "written", "run"),
    [
        ("src/pkg/train.py", "from .data import x\n", "src/pkg", ".keraslint_runtime", "pkg.train"),
        ("src/pkg/train.py", "from pkg.data import x\n", "src/pkg", "pkg.keraslint_runtime", "pkg.train"),
        ("src/pkg/sub/train.py", "from ..data import x\n", "src/pkg", "..keraslint_runtime", "pkg.sub.train"),
        ("src/pkg/train.py", "from .data import x\n", "src/pkg/sub", ".sub.keraslint_runtime", "pkg.train"),
        ("src/pkg/sub/train.py", "import pkg\n", "src/pkg/sub", "pkg.sub.keraslint_runtime", "pkg.sub.train"),
        ("src/train.py", "from tools import x\n", "src", "keraslint_runtime", "train"),
        ("src/train.py", "", "src", "keraslint_runtime", "train"),
        ("src/scripts/train.py", "from scripts.data import x\n", "src", "keraslint_runtime", "scripts.train"),
        ("src/scripts/train.py", "import tools\n", "src", "keraslint_runtime", "scripts.train"),
        ("src/scripts/train.py", "", "src", None, ""),
        ("src/pkg/train.py", "", "src/pkg", None, ""),
        ("src/pkg/train.py", "from .data import x\n", ".", None, ""),
        ("src/pkg/train.py", "from .data import x\n", "src", None, ""),
    ],
)
def test_the_import_of_a_copy_is_found_wherever_the_file_is(
    program: str, imports: str, copy: str, written: str | None, run: str, tmp_path: Path
) -> None:
    """Without --unsafe-fixes an import is written only where Python then finds the copy as it finds the file."""
    for name, text in {
        "requirements.txt": "keras==3.5.0\n",
        "src/pkg/__init__.py": "",
        "src/pkg/data.py": "x = 1\n",
        "src/pkg/sub/__init__.py": "",
        "src/scripts/data.py": "x = 1\n",
        "src/tools.py": "x = 1\n",
        program: f"import keras\n\n{imports}\n{FUNCTION}",
        f"{copy}/keraslint_runtime.py": vendored(),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / ".git").mkdir()
    before = (tmp_path / program).read_text()
    main(["check", "--isolated", "-q", "--fix", "--fix-style", "safe-compile", str(tmp_path / program)])
    after = (tmp_path / program).read_text()
    if written is None:
        assert after == before
        return
    assert f"\nfrom {written} import safe_compile\n" in after
    (tmp_path / "stub").mkdir()
    (tmp_path / "stub" / "keras.py").write_text("class metrics:\n    Metric = object\n")
    found = f"import {run} as m; print(m.safe_compile.__module__)"
    paths = os.pathsep.join((str(tmp_path / "src"), str(tmp_path / "stub")))
    done = subprocess.run(
        [sys.executable, "-c", found],
        cwd=tmp_path,
        env={"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("keraslint_runtime")


@pytest.mark.parametrize(
    ("files", "script", "safe"),
    [
        ({"requirements.txt": "keras==3.5.0\nkeraslint>=0.1\n"}, "", True),
        ({"requirements.txt": "keras==3.5.0\n", "requirements-dev.txt": "keraslint\n"}, "", False),
        (
            {"requirements.txt": "keras==3.5.0\n-r requirements-test.txt\n", "requirements-test.txt": "keraslint"},
            "",
            False,
        ),
        ({"pyproject.toml": '[project]\ndependencies = ["keras==3.5.0", "keraslint"]\n'}, "", True),
        (
            {"pyproject.toml": '[project]\ndependencies = ["keras==3.5.0"]\n[dependency-groups]\nx = ["keraslint"]\n'},
            "",
            False,
        ),
        ({"requirements.txt": "keras==3.5.0\nkeraslint; python_version < '3.9'\n"}, "", False),
        ({"requirements.txt": "keraslint\n"}, '# /// script\n# dependencies = ["keras==3.5.0"]\n# ///\n', False),
        ({}, '# /// script\n# dependencies = ["keras==3.5.0", "keraslint"]\n# ///\n', True),
    ],
)
def test_a_project_that_depends_on_keraslint_can_import_it(
    files: dict[str, str], script: str, safe: bool, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / ".git").mkdir()
    program = tmp_path / "train.py"
    program.write_text(script + MODEL + COMPILE + "model.fit(x, [a, b])\n")
    status = main(["check", "--isolated", "--ignore=KER201", "--fix", "--fix-style", "safe-compile", str(program)])
    assert status == (0 if safe else 1)
    assert ("\n" + IMPORT in program.read_text()) is safe


def test_a_module_that_is_no_copy_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    program = tmp_path / "train.py"
    program.write_text(MODEL + COMPILE + "model.fit(x, [a, b])\n")
    (tmp_path / "keraslint_runtime.py").write_text("def safe_compile(model, *rest):\n    model.compile(*rest)\n")
    assert main(["check", "--isolated", "--fix", "--fix-style", "safe-compile", str(program)]) == 1
    assert program.read_text() == MODEL + COMPILE + "model.fit(x, [a, b])\n"
