"""The command that starts the server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import PROGRAM

SOURCE = Path(__file__).parents[2] / "src"


def test_without_the_extra_one_line_names_it() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from keraslint.cli import main; sys.exit(main(['server']))"
    )
    bare = [sys.executable, "-I", "-S", "-c", program]  # an interpreter that finds no installed package
    done = subprocess.run(bare, capture_output=True, text=True, timeout=900, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    command = f"uv pip install --python {sys.executable} 'keraslint[lsp]'"
    assert done.stderr == f"error: the language server needs pygls and lsprotocol; run `{command}`\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--config", "gone.toml"), "gone.toml: no such configuration file"),
        (("--config", "selekt=1"), "unknown key 'selekt'"),
        (("--log-file", "no/such/log.txt"), "error: --log-file: no/such/log.txt: No such file or directory\n"),
        (("--sideways",), "unrecognized arguments: --sideways"),
    ],
)
def test_wrong_use_ends_before_it_serves(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "keraslint", "server", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def message(method: str, identifier: int | None = None, params: object = None) -> bytes:
    said = {"jsonrpc": "2.0", "method": method, "params": params}
    body = json.dumps(said if identifier is None else {**said, "id": identifier}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


INITIALIZE = message("initialize", 1, {"processId": None, "rootUri": None, "capabilities": {}})
HOVER = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
OPEN = {"textDocument": {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": ""}}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("messages", "codes", "exit_code"),
    [
        ([INITIALIZE, message("shutdown", 2)], {1: None, 2: None}, 0),
        ([INITIALIZE], {1: None}, 1),
        ([], {}, 1),
        ([message("textDocument/hover", 1, HOVER), message("textDocument/didOpen", None, OPEN)], {1: -32002}, 1),
        ([INITIALIZE, INITIALIZE.replace(b'"id": 1', b'"id": 2')], {1: None, 2: -32600}, 1),
        (
            [INITIALIZE, message("shutdown", 2), message("textDocument/hover", 3, HOVER), message("shutdown", 4)],
            {1: None, 2: None, 3: -32600, 4: -32600},
            0,
        ),
    ],
)
def test_what_comes_too_early_or_too_late_is_refused(
    messages: list[bytes], codes: dict[int, int | None], exit_code: int, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "keraslint", "server"],
        cwd=tmp_path,
        input=b"".join([*messages, message("exit")]),
        capture_output=True,
        timeout=900,
        check=False,
    )
    assert (answered(done.stdout), done.returncode) == (codes, exit_code)
    assert b"AttributeError" not in done.stderr


@pytest.mark.slow
def test_shutdown_cancels_what_waits_for_the_client(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    uri = (tmp_path / "train.py").as_uri()
    opened = {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": PROGRAM}}
    fix = {"command": "keraslint.fixAll", "arguments": [uri]}
    asked = [
        message("textDocument/didOpen", None, opened),
        *(message("workspace/executeCommand", i, fix) for i in (2, 3)),
    ]
    command = [sys.executable, "-m", "keraslint", "server"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(b"".join([INITIALIZE, *asked]))
        server.stdin.flush()
        while b'"workspace/applyEdit"' not in server.stdout.readline():
            pass
        server.stdin.write(message("shutdown", 4) + message("exit"))
        server.stdin.flush()
        said = answered(server.stdout.read())
    assert (said, server.returncode) == ({2: -32800, 3: -32800, 4: None}, 0)


def answered(output: bytes) -> dict[int, int | None]:
    """The code of each error that the server answered a request with, by its number; None for a result."""
    answers = [json.loads(part.partition(b"\r\n\r\n")[2]) for part in output.split(b"Content-Length: ")[1:]]
    return {
        item["id"]: item["error"]["code"] if "error" in item else None
        for item in answers
        if "id" in item and "method" not in item
    }
