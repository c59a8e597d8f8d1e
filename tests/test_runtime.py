"""The runtime is cheap to import beside keraslint; the pytest plugin gives it to tests. A stand-in plays Keras here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"

STAND_IN = """\
__version__ = "3.6.0"
class metrics:
    class Metric:
        pass
"""


OWN = {"keraslint", "keraslint.runtime", "keraslint.picture"}


def run(folder: Path, *command: str) -> str:
    (folder / "keras.py").write_text(STAND_IN)
    paths = [str(folder), str(SOURCE)]
    code = f"import sys; sys.path[:0] = {paths!r}\n"
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the package may be installed as a plugin, or not
    command_line = [sys.executable, "-c", code + "\n".join(command)]
    done = subprocess.run(command_line, capture_output=True, text=True, check=False, cwd=folder, env=alone)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_runtime_loads_nothing_else_of_keraslint_and_no_libcst(tmp_path: Path) -> None:
    loaded = run(tmp_path, "import keraslint.runtime", "print(*sys.modules)").split()
    assert {name for name in loaded if name.split(".")[0] == "keraslint"} == OWN
    assert not {"libcst", "packaging", "yaml", "pathspec"} & set(loaded)


def test_the_plugin_loads_no_keras_until_a_test_asks(tmp_path: Path) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(
        "import sys\n"
        "def test_without():\n    assert 'keras' not in sys.modules\n"
        "def test_with(loss_routing, assert_loss_routing):\n"
        "    from keraslint import runtime\n"
        "    assert loss_routing is runtime.loss_routing\n"
        "    assert assert_loss_routing is runtime.assert_loss_routing\n"
    )
    arguments = ["-q", "-p", "keraslint.pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(test)]
    said = run(tmp_path, "import pytest", f"code = pytest.main({arguments!r})", "print('exit', int(code))")
    assert "2 passed" in said, said


def test_the_plugin_is_an_entry_point_of_pytest() -> None:
    project = (SOURCE.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points.pytest11]\nkeraslint = "keraslint.pytest"\n' in project
