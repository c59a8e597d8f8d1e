from __future__ import annotations

import sys
from pathlib import Path

import pytest

from keraslint.pins.resolve import environment_releases

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: x\n\nVersion: 9\n"


def environment(folder: Path, packages: dict[str, str], library: str = "lib/python3.11/site-packages") -> Path:
    """An environment with metadata only; the interpreter in it would fail if it were run."""
    for name, version in packages.items():
        info = folder / library / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(METADATA.format(name=name, version=version))
    (folder / library).mkdir(parents=True, exist_ok=True)
    python = folder / "bin" / "python"
    python.parent.mkdir(exist_ok=True)
    python.write_text("#!/bin/false\n")
    (folder / "pyvenv.cfg").write_text("home = /nowhere/bin\ninclude-system-site-packages = false\n")
    return python


@pytest.mark.parametrize(
    ("packages", "admitted", "affected"),
    [
        ({"keras": "3.5.0", "numpy": "2.0.0"}, "==3.5.0", True),
        ({"keras": "3.6.0", "tensorflow": "2.18.0"}, "==3.6.0", True),
        ({"keras": "3.7.0", "keras_tuner": "3.5.0"}, "==3.7.0", False),
        ({"keras": "2.15.0", "tensorflow": "2.15.0"}, "==2.15.0", False),
    ],
)
@pytest.mark.parametrize("library", ["lib/python3.11/site-packages", "Lib/site-packages", "lib/python3/dist-packages"])
def test_what_is_installed(tmp_path, packages, admitted, affected, library):
    python = environment(tmp_path, packages, library)
    for given in (python, tmp_path):
        answer = environment_releases(given)
        assert (answer.releases.admitted, answer.releases.strength) == (admitted, "exact")
        assert bool({"3.5.0", "3.6.0"} & {str(item) for item in answer.releases.versions}) is affected
        [evidence] = answer.releases.evidence
        assert evidence.filename.endswith(f"{library}/keras-{packages['keras']}.dist-info/METADATA")
        assert (evidence.row, evidence.text) == (3, f"Version: {packages['keras']}")
        assert answer.files == ((tmp_path / library).as_posix(),)


def test_without_keras(tmp_path):
    answer = environment_releases(environment(tmp_path, {"numpy": "2.0.0"}))
    assert answer.releases.strength == "none"


def test_the_series_in_the_interpreter_s_name(tmp_path):
    environment(tmp_path, {"keras": "3.5.0"}, "lib/python3.10/site-packages")
    python = environment(tmp_path, {"keras": "3.7.0"}, "lib/python3.12/site-packages")
    for series, version in (("3.10", "3.5.0"), ("3.12", "3.7.0")):
        other = python.with_name(f"python{series}")
        other.write_text("")
        assert environment_releases(other).releases.admitted == f"=={version}"


def test_an_environment_that_sees_the_system(tmp_path):
    environment(tmp_path / "system", {"keras": "3.5.0", "tensorflow": "2.18.0"})
    python = environment(tmp_path / "own", {"numpy": "2.0.0"})
    home = tmp_path / "system" / "bin"
    (tmp_path / "own" / "pyvenv.cfg").write_text(f"home = {home}\ninclude-system-site-packages = true\n")
    assert environment_releases(python).releases.admitted == "==3.5.0"


def test_a_broken_installation_is_skipped(tmp_path):
    python = environment(tmp_path, {"keras": "3.5.0"})
    metadata = tmp_path / "lib/python3.11/site-packages/keras-3.5.0.dist-info/METADATA"
    for text in ("", "Name: keras\n\nVersion: 3.5.0\n", None):
        metadata.unlink()
        if text is not None:
            metadata.write_text(text)
        answer = environment_releases(python)
        assert answer.releases.strength == "none"
        [skipped] = answer.skipped
        assert skipped.reason == "the entry has no version"
        if text is None:
            break


def test_no_environment(tmp_path):
    for path in (tmp_path, tmp_path / "gone", tmp_path / "bin" / "python"):
        with pytest.raises(ValueError, match=r"no (environment|such interpreter or folder)"):
            environment_releases(path)


def test_the_running_interpreter():
    """Its packages are found, with a Keras among them or without one."""
    assert environment_releases(Path(sys.executable)).files
