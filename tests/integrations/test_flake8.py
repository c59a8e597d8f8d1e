"""The plugin in the real flake8, the newest and the oldest promised, beside flake8-bugbear and TorchFix."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keraslint import __version__

from ..cache import environment
from ..conftest import Integration
from ..test_import_path import lay_traps

pytestmark = pytest.mark.real_tools

BESIDE = ("flake8-bugbear", "TorchFix", "libcst<1.6", "packaging<25", "pathspec>=0.12", "pyyaml>=6")
MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
SWAPPED = MODEL + 'model.compile("adam", loss={"small": "mse", "big": "mae"})\n'
SEVERAL_ROWS = (
    MODEL + 'model.compile(\n    "adam",\n    loss={\n        "small": "mse",\n        "big": "mae",\n    },\n)\n'
)
FOUND = (
    "train.py:7:28: KER101 Keras 3.5.0 (requirements.txt:1) sends each loss to another output: 'mae' trains 'small', "
    "'mse' trains 'big'; pass a tuple in output order or use keras>=3.7"
)

Flake8 = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", params=["flake8", "flake8==6.0.0"], ids=["newest", "6.0"])
def python(request: pytest.FixtureRequest) -> Path:
    return environment("flake8", request.param, *BESIDE)


@pytest.fixture(scope="session")
def server(python: Path, installed: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has imported flake8 and its plugins, and runs it as often as it is asked."""
    command = [str(python), str(Path(__file__).with_name("flake8_server.py"))]
    known = {**os.environ, "PYTHONPATH": str(installed)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=known) as started:
        yield started
        started.kill()


@pytest.fixture
def flake8(server: subprocess.Popen[str], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Flake8:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    files = tmp_path_factory.mktemp("files")

    def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        for name, text in (("in", stdin or ""), ("out", ""), ("err", "")):
            (files / name).write_text(text)
        assert server.stdin is not None
        assert server.stdout is not None
        request = {"arguments": arguments, "cwd": str(tmp_path), "files": str(files)}
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        out, err = (files / name for name in ("out", "err"))
        return subprocess.CompletedProcess(arguments, code, out.read_text(), err.read_text())

    return run


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [code for _, code in codes_by_file(done)]


def codes_by_file(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    assert done.stderr == ""
    return re.findall(r"^([^:\n]+):\d+:\d+: (\w+) ", done.stdout, flags=re.MULTILINE)


def test_finds_what_the_pin_of_the_project_makes_wrong(
    flake8: Flake8, python: Path, installed: Path, tmp_path: Path, integration: Integration
) -> None:
    (tmp_path / "train.py").write_text(SWAPPED)
    version = flake8("--version").stdout.split()[0]
    command, known = [str(python), "-m", "flake8", "train.py"], {**os.environ, "PYTHONPATH": str(installed)}
    for done in (
        flake8("train.py"),
        subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=known),
    ):
        assert (done.stdout, done.stderr, done.returncode) == (f"{FOUND}\n", "", 1)
    integration("flake8", version, "KER101 under the pin of requirements.txt")
    (tmp_path / "requirements.txt").write_text("keras==3.7.0\n")
    assert codes(flake8("train.py")) == []
    (tmp_path / "keraslint.toml").write_text('keras-version = "3.6"\n')
    assert "Keras 3.6.0 (keraslint.toml:1)" in flake8("train.py").stdout


def test_reports_its_version_beside_the_other_plugins(flake8: Flake8, integration: Integration) -> None:
    said = flake8("--version").stdout
    assert f"keraslint: {__version__}" in said
    assert "flake8-bugbear: " in said
    assert "TorchFix: " in said
    beside = re.findall(r"(?:flake8-bugbear|TorchFix): [\d.]+", " ".join(said.split()))
    integration("flake8", said.split()[0], f"keraslint {__version__} beside {' and '.join(beside)}".replace(":", ""))


def test_other_plugins_still_speak(flake8: Flake8, tmp_path: Path) -> None:
    torch = "import torch\n\n\ndef load(path, seen=[]):\n    return torch.load(path)\n"
    (tmp_path / "train.py").write_text(f"{SWAPPED}\n\n{torch}")
    assert set(codes(flake8("train.py"))) == {"KER101", "E402", "B006", "TOR102"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select=KER"], ["KER101"]),
        (["--select=KER101,E"], ["KER101", "E302"]),
        (["--select=E"], ["E302"]),
        (["--ignore=KER"], ["E302"]),
        (["--ignore=E302"], ["KER101"]),
        (["--extend-ignore=KER101"], ["E302"]),
        (["--per-file-ignores=train.py:KER1"], ["E302"]),
        (["--per-file-ignores=other.py:KER1"], ["KER101", "E302"]),
    ],
)
def test_selection_is_that_of_flake8(flake8: Flake8, tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    (tmp_path / "train.py").write_text(SWAPPED + "def late():\n    return 1\n")
    assert codes(flake8(*arguments, "train.py")) == expected


def test_its_configuration_file_counts(flake8: Flake8, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(SWAPPED)
    (tmp_path / ".flake8").write_text("[flake8]\nper-file-ignores =\n    train.py: KER101\n")
    assert codes(flake8("train.py")) == []


def test_a_comment_on_any_row_of_the_argument_or_the_first_of_the_call(flake8: Flake8, tmp_path: Path) -> None:
    comments = {
        "# noqa": False,
        "# noqa: KER101": False,
        "# noqa:E501,KER101": False,
        "# noqa: E501": True,
        "# no qa": True,
    }
    expected = []
    for number, ((comment, found), row) in enumerate(itertools.product(comments.items(), (7, 9, 10, 12))):
        lines = SEVERAL_ROWS.splitlines()
        lines[row - 1] += f"  {comment}"
        name = f"train_{number:02}.py"
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        expected += [(name, "KER101")] if found else []
    names = sorted(path.name for path in tmp_path.glob("train_*.py"))
    assert len(names) == 20
    assert sorted(codes_by_file(flake8(*names))) == expected
    assert sorted(codes_by_file(flake8("--disable-noqa", *names))) == [(name, "KER101") for name in names]


def test_comments_for_a_whole_file(flake8: Flake8, tmp_path: Path) -> None:
    for number, comment in enumerate(("# flake8: noqa", "# keraslint: ignore-file")):
        (tmp_path / f"train_{number}.py").write_text(f"{comment}\n{SWAPPED}")
    assert codes(flake8("train_0.py", "train_1.py")) == []


def test_standard_input_has_the_pins_of_its_display_name(flake8: Flake8, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "requirements.txt").write_text("keras==3.7.0\n")
    assert codes(flake8("-", stdin=SWAPPED)) == ["KER101"]
    assert codes(flake8("--stdin-display-name", "new/train.py", "-", stdin=SWAPPED)) == []
    done = flake8("--stdin-display-name", "old/train.py", "-", stdin=SWAPPED)
    assert done.stdout == f"old/{FOUND}\n"


def test_several_processes(flake8: Flake8, tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"train_{number}.py").write_text(SWAPPED if number % 2 else MODEL)
    one, two = flake8("-j", "1", "."), flake8("-j", "2", ".")
    assert codes(two) == ["KER101"] * 4
    assert sorted(one.stdout.splitlines()) == sorted(two.stdout.splitlines())


def test_a_name_with_other_letters_and_an_emoji_before_the_argument(flake8: Flake8, tmp_path: Path) -> None:
    text = SWAPPED.replace('"adam"', '"\N{ROCKET}"').replace("\n", "\r\n")
    (tmp_path / "zug fährt.py").write_bytes(text.encode())
    assert "zug fährt.py:7:25: KER101 " in flake8("zug fährt.py").stdout


def test_what_does_not_parse_is_left_to_flake8(flake8: Flake8, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("!pip install keras\n" + SWAPPED)
    assert codes(flake8("train.py"))[:1] == ["E999"]
    assert "KER" not in flake8("train.py").stdout


def test_a_wrong_configuration_is_one_line(flake8: Flake8, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(SWAPPED)
    (tmp_path / "keraslint.toml").write_text("keras-verson = '3.5.0'\n")
    for jobs in ("1", "2"):
        done = flake8("-j", jobs, "train.py")
        assert done.returncode == 1
        assert "keraslint.toml:1: unknown key 'keras-verson'" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


def test_what_is_off_by_default_is_on_only_by_its_whole_code(flake8: Flake8, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import keras  # noqa: F401,KER101\n")
    for off in ([], ["--select=KER"], ["--select=KER0"], ["--ignore=W"], ["--extend-select=KER"], ["--ignore="]):
        assert codes(flake8(*off, "train.py")) == []
    for on in (["--select=KER002"], ["--extend-select=KER002"], ["--select=E,KER002", "--ignore=W"]):
        assert codes(flake8(*on, "train.py")) == ["KER002"]
    assert codes(flake8("--select=KER002", "--disable-noqa", "train.py")) == []


def test_a_name_that_no_encoding_can_write_ends_no_run(flake8: Flake8) -> None:
    done = flake8("--select=KER", "-", stdin=SWAPPED.replace('"small"', '"sm\\ud800"'))
    assert codes(done) == ["KER101"]
    assert "trains 'sm\\ud800'" in done.stdout


def test_the_plugin_imports_nothing_of_the_project(python: Path, installed: Path, tmp_path: Path) -> None:
    """What flake8 itself and the other plugins import from the working folder is no affair of keraslint."""
    folder, log = tmp_path / "project", tmp_path / "log"
    folder.mkdir()
    lay_traps(folder, log)
    (folder / "keraslint.toml").write_text('keras-version = "3.5.0"\n')
    (folder / "environment.yml").write_text("dependencies:\n- keras=3.5.0\n")
    for number in range(8):
        (folder / f"train_{number}.py").write_text(SWAPPED)
    seen = []
    for path in ("", str(installed)):
        log.write_text("")
        done = subprocess.run(
            [str(python), "-m", "flake8", "-j", "2", *(f"train_{number}.py" for number in range(8))],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        seen.append((done.stdout.count("KER101"), set(log.read_text().split())))
    (without, traps_without), (found, traps) = seen
    assert (without, found) == (0, 8)
    assert traps <= traps_without
