"""The real command writes files: links, files that can't be written or that change meanwhile, a full disk."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import keraslint.fixes.apply
from keraslint.cli import main
from keraslint.document import Document

from ..command import outcome

PROGRAM = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
model.fit(x, [a, b])
"""
TUPLES = PROGRAM.replace('{"small": "mse", "big": "mae"}', '("mse", "mae")')
SAFE = PROGRAM.replace("model.compile(", "safe_compile(model, ").replace(
    "import keras\n", "import keras\nfrom keraslint.runtime import safe_compile\n"
)
REASONED = PROGRAM.replace(', "big": "mae"})', ', "big": "mae"})  # noqa: KER101, KER104')
PIN, RAISED = "numpy\nkeras==3.5.0  # why\n", "numpy\nkeras==3.7.0  # why\n"

# By style: the options, the file that it fixes, that file before and after.
STYLES = {
    "tuple": ((), "train.py", PROGRAM, TUPLES),
    "safe-compile": (("--fix-style", "safe-compile", "--unsafe-fixes"), "train.py", PROGRAM, SAFE),
    "comment": (("--select", "ALL"), "train.py", REASONED, REASONED.replace(", KER104", "")),
    "upgrade": (("--fix-style", "upgrade", "--unsafe-fixes"), "requirements.txt", PIN, RAISED),
}


def project(folder: Path, style: str) -> Path:
    """A project with something to fix, and the file that is to be fixed."""
    _, name, before, _ = STYLES[style]
    (folder / "requirements.txt").write_text(PIN)
    (folder / "train.py").write_text(PROGRAM)
    (folder / name).write_text(before)
    return folder / name


def fix(folder: Path, style: str, *options: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    return outcome(folder, *_arguments(style), *options, ".")


def fix_after(before: Callable[[], None], folder: Path, style: str) -> subprocess.CompletedProcess[str]:
    """Run the fix command in a process of its own, which first calls ``before``."""
    command = [sys.executable, "-m", "keraslint", *_arguments(style), "."]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, preexec_fn=before
    )


def _arguments(style: str) -> tuple[str, ...]:
    return ("check", "--isolated", "--fix", *STYLES[style][0])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


each_style = pytest.mark.parametrize("style", STYLES)


@each_style
def test_a_file_is_mended_once(tmp_path: Path, style: str) -> None:
    path = project(tmp_path, style)
    path.chmod(0o640)
    told = fix(tmp_path, style)
    assert path.read_text() == STYLES[style][3], told
    assert path.stat().st_mode & 0o777 == 0o640
    inode = path.stat().st_ino
    fix(tmp_path, style)
    assert path.read_text() == STYLES[style][3]
    assert path.stat().st_ino == inode  # not written again
    assert names(tmp_path) == {"requirements.txt", "train.py"}


def linked(tmp_path: Path, style: str) -> tuple[Path, Path, Path]:
    """A project whose file with the finding is a link to one outside: the folder, the link and the target."""
    folder = tmp_path / "project"
    folder.mkdir()
    path = project(folder, style)
    target = tmp_path / "elsewhere.txt"
    path.rename(target)
    path.symlink_to("../elsewhere.txt")
    return folder, path, target


@each_style
def test_a_named_link_is_kept_and_its_target_mended(tmp_path: Path, style: str) -> None:
    folder, path, target = linked(tmp_path, style)
    told = outcome(folder, *_arguments(style), ".", path.name)
    assert target.read_text() == STYLES[style][3], told
    assert path.readlink() == Path("../elsewhere.txt")
    assert names(folder) == {"requirements.txt", "train.py"}


@each_style
def test_nothing_is_written_through_a_link_that_was_found_in_a_folder(tmp_path: Path, style: str) -> None:
    folder, path, target = linked(tmp_path, style)
    code, out, _ = fix(folder, style)
    assert target.read_text() == STYLES[style][2]
    assert code == 1
    assert f"{path.name}:" in out
    assert "(not fixed: the file is a link, and only one that is named on the command line is followed" in out


@each_style
def test_nothing_is_written_through_a_linked_folder(tmp_path: Path, style: str) -> None:
    (tmp_path / "real").mkdir()
    path = project(tmp_path / "real", style)
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "twin").symlink_to(tmp_path / "real", target_is_directory=True)
    fix(tmp_path / "project", style)
    assert path.read_text() == STYLES[style][2]
    fix(tmp_path / "project" / "twin", style)
    assert path.read_text() == STYLES[style][3]


@pytest.mark.slow
@each_style
def test_a_file_that_can_not_be_written_stays_and_is_named(tmp_path: Path, style: str) -> None:
    path = project(tmp_path, style)
    path.chmod(0o444)
    run = fix_after(_without_the_rights_of_root, tmp_path, style)
    assert path.read_text() == STYLES[style][2]
    assert run.returncode == 2
    assert f"{path.name}: not fixed: Permission denied" in run.stdout + run.stderr
    assert names(tmp_path) == {"requirements.txt", "train.py"}


@pytest.mark.slow
@each_style
def test_a_write_that_fails_leaves_the_file(tmp_path: Path, style: str) -> None:
    path = project(tmp_path, style)
    run = fix_after(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)), tmp_path, style)
    assert path.read_text() == STYLES[style][2]
    assert run.returncode == 2
    assert f"{path.name}: not fixed: File too large" in run.stdout + run.stderr
    assert names(tmp_path) == {"requirements.txt", "train.py"}


@each_style
def test_a_full_disk_leaves_the_file(tmp_path: Path, style: str) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        path = project(tmp_path, style)
        with pytest.raises(OSError, match="No space left"):
            (tmp_path / "filler").write_bytes(bytes(65536))
        code, out, err = fix(tmp_path, style)
        assert path.read_text() == STYLES[style][2]
        assert code == 2
        assert f"{path.name}: not fixed: No space left on device" in out + err
        assert names(tmp_path) == {"requirements.txt", "train.py", "filler"}
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@each_style
def test_a_file_that_another_program_changes_meanwhile_stays(
    tmp_path: Path, style: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project(tmp_path, style)
    apply_fixes = keraslint.fixes.apply.apply_fixes

    def interrupted(document: Document, *arguments, **named):
        result = apply_fixes(document, *arguments, **named)
        if Path(document.path).name == path.name:
            path.write_text("# saved in an editor\n")
        return result

    monkeypatch.setattr(keraslint.fixes.apply, "apply_fixes", interrupted)
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--isolated", "--fix", *STYLES[style][0], "."]) == 2
    assert path.read_text() == "# saved in an editor\n"
    told = capsys.readouterr()
    assert f"{path.name}: not fixed: another program has changed the file meanwhile" in told.out + told.err
    assert names(tmp_path) == {"requirements.txt", "train.py"}


def test_several_fixes_in_one_file_also_where_one_lies_in_another(tmp_path: Path) -> None:
    path = project(tmp_path, "tuple")
    fit = "model.fit(x, [a, b])\n"
    second = 'model.compile("sgd", loss={\n    "big": "msle",  # b\n    "small": "mse",\n})\n'
    fixed = 'model.compile("sgd", loss=(\n    "mse",\n    "msle",  # b\n))\n'
    inner, inner_fixed = 'other.compile("sgd", {"small": "mse", "big": "mae"})', 'other.compile("sgd", ("mse", "mae"))'
    other = "other = keras.Model(inputs, [small, big])\n"
    outer, outer_fixed = (
        'model.compile("adam", {"big": choose(%s), "small": "msle"})\n',
        ('model.compile("adam", ("msle", choose(%s)))\n'),
    )
    path.write_text(PROGRAM + second + fit + other + outer % inner + fit)
    told = fix(tmp_path, "tuple", "--unsafe-fixes")
    assert path.read_text() == TUPLES + fixed + fit + other + outer_fixed % inner_fixed + fit, told


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@each_style
def test_line_ends_and_the_mark_at_the_start_stay(tmp_path: Path, style: str, newline: str, bom: bytes) -> None:
    path = project(tmp_path, style)
    before, after = (bom + text.replace("\n", newline).encode() for text in STYLES[style][2:])
    path.write_bytes(before)
    told = fix(tmp_path, style)
    assert path.read_bytes() == after, told


def _without_the_rights_of_root() -> None:
    """Root may write to any file: from now on, this process and what it starts may not."""
    if os.geteuid() == 0:
        drop_from_bounding_set, overrides, searches = 24, 1, 2  # linux/prctl.h, linux/capability.h
        for capability in (overrides, searches):
            ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)
