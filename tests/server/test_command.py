"""The command that starts the server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"


def test_without_the_extra_one_line_names_it() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from keraslint.cli import main; sys.exit(main(['server']))"
    )
    bare = [sys.executable, "-I", "-S", "-c", program]  # an interpreter that finds no installed package
    done = subprocess.run(bare, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: the language server needs more packages: pip install 'keraslint[lsp]'\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--config", "gone.toml"), "gone.toml: no such configuration file"),
        (("--config", "selekt=1"), "unknown key 'selekt'"),
        (("--log-file", "no/such/folder/log.txt"), "no/such/folder/log.txt"),
        (("--sideways",), "unrecognized arguments: --sideways"),
    ],
)
def test_wrong_use_ends_before_it_serves(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "keraslint", "server", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
