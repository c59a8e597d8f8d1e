"""The analysis never raises: over Python's own library, over broken copies of programs, and over odd files."""

from __future__ import annotations

import os
import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keraslint import check_source
from keraslint.analysis import analyze
from keraslint.analysis.core.bounds import MAX_MODULE_BYTES
from keraslint.analysis.modules import Project
from keraslint.document import Document

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[1]
PROGRAMS = sorted([*TESTS.joinpath("programs").glob("*.py"), *TESTS.joinpath("analysis", "fixtures").rglob("*.py")])
LIBRARY = Path(sysconfig.get_path("stdlib"))


def library_files() -> list[Path]:
    """Modules of Python's own library, without tests and what is installed beside it.

    Every 48th of them: which ones is chosen by ``$KERASLINT_SEED``, so that each run reads others.
    """
    files = [path for path in sorted(LIBRARY.rglob("*.py")) if not {"site-packages", "test", "tests"} & set(path.parts)]
    return files[int(os.environ["KERASLINT_SEED"]) % 48 :: 48]


def parses(text: str) -> bool:
    try:
        assert Document("a.py", text).tree
    except (SyntaxError, ValueError):
        return False
    return True


def test_it_reads_the_standard_library() -> None:
    files = library_files()
    assert len(files) > 10
    for path in files:
        document = Document.from_bytes(str(path), path.read_bytes())
        if parses(document.text):
            analyze(document)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_it_reads_broken_copies(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(PROGRAMS)).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["drop", "double", "swap", "cut", "token"]))
        if kind == "drop":
            del lines[place]
        elif kind == "double":
            lines.insert(place, lines[place])
        elif kind == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
        elif kind == "cut":
            lines = lines[: place + 1]
        else:
            words = lines[place].split(" ")
            del words[data.draw(st.integers(0, len(words) - 1))]
            lines[place] = " ".join(words)
        lines = lines or ["\n"]
    check_source("".join(lines), keras="3.6.0")


@pytest.mark.parametrize("seed", range(20))
def test_it_reads_programs_that_are_run_together(seed: int) -> None:
    chosen = random.Random(seed).sample(PROGRAMS, 3)
    check_source("\n".join(path.read_text(encoding="utf-8") for path in chosen), keras="3.5.0")


class TestModulesThatAreNotFollowed:
    MAIN = 'from models import build\nbuild().compile("sgd", loss={"a": "mse", "b": "mae"})\n'

    def facts(self, folder: Path) -> int:
        path = folder / "main.py"
        path.write_text(self.MAIN)
        return len(analyze(Document(str(path), self.MAIN), Project()).compiles)

    def test_one_that_is_too_large(self, tmp_path: Path) -> None:
        (tmp_path / "models.py").write_text("#" * (MAX_MODULE_BYTES + 1))
        assert self.facts(tmp_path) == 1

    def test_a_dangling_link(self, tmp_path: Path) -> None:
        (tmp_path / "models.py").symlink_to(tmp_path / "gone.py")
        assert self.facts(tmp_path) == 1

    def test_a_folder_of_that_name(self, tmp_path: Path) -> None:
        (tmp_path / "models.py").mkdir()
        assert self.facts(tmp_path) == 1

    def test_modules_that_import_each_other(self, tmp_path: Path) -> None:
        (tmp_path / "models.py").write_text("from names import NAME\nfrom main import MAIN\n\ndef build():\n    pass\n")
        (tmp_path / "names.py").write_text("from models import build\nNAME = build\n")
        assert self.facts(tmp_path) == 1

    def test_one_whose_layer_takes_all_steps_when_it_is_called(self, tmp_path: Path) -> None:
        """An interpretation that ends within a layer's call leaves the names of later operations as before."""
        (tmp_path / "models.py").write_text(
            "import keras\n\nclass Slow(keras.layers.Layer):\n    def call(self, x):\n"
            "        for i in range(120):\n            for j in range(120):\n                x = x * j\n"
            "        return x\n\nSlow()(keras.Input((3,)))\n"
        )
        main = (
            "import keras\nimport models\n\nkeras.backend.clear_session()\ninputs = keras.Input((3,))\n"
            "outputs = [keras.ops.add(inputs, inputs), keras.ops.multiply(inputs, inputs)]\n"
            'keras.Model(inputs, outputs).compile("sgd", loss={"add": "mse", "multiply": "mae"})\n'
        )
        compiled = analyze(Document(str(tmp_path / "main.py"), main), Project()).compiles[0]
        assert compiled.model.outputs is not None
        assert compiled.model.outputs.names == ("add", "multiply")


def test_a_compile_call_in_a_loop_that_is_run_again_is_asked_for_its_optimizer() -> None:
    text = (
        "import keras\nimport outside\n\ndef act(*args):\n    eval('it()', {'it': other})\n\noutside.use(act)\n"
        "model = keras.Model(inputs, outputs)\ntry:\n    for one in [model]:\n"
        "        one.compile('sgd', loss=LOSSES, loss_weights={n: float(i) for i, n in enumerate(NAMES)})\n"
        "except Exception:\n    pass\nmodel.fit(x, y)\n"
    )
    assert check_source(text, keras="3.6.0") == []
