"""``keraslint vendor-runtime`` copies the runtime, and nothing else is lost to it."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import keraslint
from keraslint.cli import main
from keraslint.commands import vendor_runtime

ROOT = Path(__file__).parents[1]


def imported(node: ast.AST) -> list[str]:
    """The first names of the modules that a statement imports."""
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return [alias.name.partition(".")[0] for alias in node.names] if isinstance(node, ast.Import) else []


def test_the_copy_is_the_runtime_under_its_licence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vendor-runtime", str(tmp_path)]) == 0
    text = (tmp_path / "keraslint_runtime.py").read_text(encoding="utf-8")
    assert text.startswith(f"# keraslint.runtime {keraslint.__version__} ")
    source = ROOT / "src" / "keraslint"
    before, after = (source / "runtime.py").read_text(encoding="utf-8").split(vendor_runtime._IMPORT)
    assert before in text
    assert text.endswith(after)
    drawing = ast.parse((source / "picture.py").read_text(encoding="utf-8")).body
    defined = [node.name for node in ast.parse(text).body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    assert {node.name for node in drawing if isinstance(node, (ast.ClassDef, ast.FunctionDef))} < {*defined}
    assert len(defined) == len({*defined})
    assert "keraslint" not in {name for node in ast.walk(ast.parse(text)) for name in imported(node)}
    license_text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "".join(f"# {line}".rstrip() + "\n" for line in license_text.splitlines()) in text
    compile(text, "keraslint_runtime.py", "exec")
    assert "Wrote" in capsys.readouterr().err


def test_a_copy_is_renewed_and_may_have_another_name(tmp_path: Path) -> None:
    target = tmp_path / "by_name.py"
    assert main(["vendor-runtime", "--quiet", str(target)]) == 0
    body = "x = 1\n"
    old = f"{vendor_runtime.MARK}0.0.1 sha256:{vendor_runtime._digest(body)}\n# a header\n{body}"
    target.write_text(old, encoding="utf-8")
    assert main(["vendor-runtime", str(target)]) == 0
    assert target.read_text(encoding="utf-8") == vendor_runtime.vendored()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("keraslint_runtime.py", "print('mine')\n", "another file"),
        (
            "keraslint_runtime.py",
            f"{vendor_runtime.MARK}0.1.0 sha256:0123456789abcdef\n# x\nchanged = 1\n",
            "was changed",
        ),
        ("notes.txt", "mine\n", "another file"),
    ],
)
def test_what_is_someones_own_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str
) -> None:
    target = tmp_path / name
    target.write_text(content, encoding="utf-8")
    assert main(["vendor-runtime", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == content
    assert said in capsys.readouterr().err


def test_a_place_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vendor-runtime", str(tmp_path / "nowhere" / "it.py")]) == 2
    assert main(["vendor-runtime", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("error: ") == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_no_regular_file_is_not_even_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    assert main(["vendor-runtime", str(pipe)]) == 2
    assert "not a regular file" in capsys.readouterr().err
