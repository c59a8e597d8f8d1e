"""Feeds keraslint inputs that atheris makes out of good ones, and stops at the first that it fails on.

python tools/fuzz.py [--seconds 60] [source] [pins] [configuration] [messages]

No input may raise, take over 30 seconds or take over a gigabyte. An input that does is written to the current folder
as crash-…, timeout-… or oom-…; ``python tools/fuzz.py --again FILE source`` runs it once more. atheris follows which of
keraslint's code an input reaches; the server runs in a process of its own, which it can't follow.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["keraslint"]):
    from keraslint.config.options import OPTIONS
    from keraslint.config.parse import TomlSyntaxError, read_options
    from keraslint.config.settings import ConfigError, Settings
    from keraslint.engine.checker import Checker
    from keraslint.engine.discovery import InputFile
    from keraslint.engine.reports import Fixing
    from keraslint.pins.given import releases_from_option
    from keraslint.pins.registry import sources_of
    from keraslint.report import render

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "programs").glob("*.py"))]
_PIN = "keras==3.5.0"
PINS = {
    "requirements.txt": f"-r base.txt\n{_PIN} ; python_version < '3.12'  # why\nkeras>=3.4,<3.7 \\\n  --hash=sha256:0\n",
    "setup.py": f"from setuptools import setup\nmore = ['{_PIN}']\nsetup(install_requires=more + ['keras>=3'], extras_require={{'a': more}})\n",
    "setup.cfg": f"[options]\ninstall_requires =\n    {_PIN}\n    tensorflow>=2.16\n",
    "pyproject.toml": f'[project]\ndependencies = ["{_PIN}"]\n[tool.poetry.dependencies]\nkeras = {{version = "^3.5"}}\n[dependency-groups]\na = ["{_PIN}"]\n',
    "poetry.lock": '[[package]]\nname = "keras"\nversion = "3.5.0"\n',
    "Pipfile": '[packages]\nkeras = "==3.5.0"\n',
    "Pipfile.lock": '{"default": {"keras": {"version": "==3.5.0"}}}\n',
    "environment.yml": f"dependencies:\n- keras=3.5.0\n- pip:\n  - {_PIN}\n",
    "pixi.lock": "packages:\n- conda: https://x/keras-3.5.0-py_0.conda\n",
    "Dockerfile": f"ARG V=3.5.0\nENV W=$V\nRUN pip install keras==${{W}} && \\\n  uv pip install '{_PIN}'\n",
    ".github/workflows/test.yml": "jobs:\n  a:\n    strategy:\n      matrix:\n        k: ['3.5.0']\n    steps:\n    - run: pip install keras==${{ matrix.k }}\n",
    ".env": "TF_USE_LEGACY_KERAS=1\n",
    "train.py": f'# /// script\n# dependencies = ["{_PIN}"]\n# ///\n',
}
CONFIGURATION = [
    '[tool.keraslint]\nselect = ["KER1"]\nexclude = ["a/**"]\nkeras-version = ">=3.4"\n[tool.keraslint.per-file-ignores]\n"a.py" = ["KER101"]\n',
    'select = ["ALL"]\nfix-style = "tuple"\nunsafe-fixes = true\noutput-format = "json"\n',
]
_URI = {"textDocument": {"uri": "file:///nowhere/train.py"}}
_PLACE = {"line": 8, "character": 30}
MESSAGES: list[dict[str, Any]] = [
    {
        "method": "textDocument/didOpen",
        "params": {"textDocument": {**_URI["textDocument"], "languageId": "python", "version": 1, "text": PROGRAMS[0]}},
    },
    {
        "method": "textDocument/didChange",
        "params": {
            "textDocument": {**_URI["textDocument"], "version": 2},
            "contentChanges": [{"range": {"start": _PLACE, "end": _PLACE}, "text": "x"}],
        },
    },
    {"id": 7, "method": "textDocument/diagnostic", "params": _URI},
    {
        "id": 8,
        "method": "textDocument/codeAction",
        "params": {**_URI, "range": {"start": _PLACE, "end": _PLACE}, "context": {"diagnostics": []}},
    },
    {"id": 9, "method": "textDocument/hover", "params": {**_URI, "position": _PLACE}},
    {"method": "workspace/didChangeConfiguration", "params": {"settings": {"keraslint": {"select": ["KER1"]}}}},
    {"method": "textDocument/didClose", "params": _URI},
]
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_MORE = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "*",
    "**",
    "None",
    "\n",
    " ",
    "=",
    ",",
    "'",
    '"',
    "\\",
    "\0",
    "\u202e",
    "-1",
    "0",
    "1e9",
    "9" * 400,
]


def edited(data: atheris.FuzzedDataProvider, text: str) -> str:
    """The text after some changes of its words and lines, as the data says."""
    words = _TOKEN.findall(text)
    for _ in range(data.ConsumeIntInRange(0, 12)):
        at = data.ConsumeIntInRange(0, max(0, len(words) - 1))
        to = data.ConsumeIntInRange(at, min(len(words), at + 40))
        kind = data.ConsumeIntInRange(0, 4)
        if kind == 0:
            words[at:to] = []
        elif kind == 1:
            words[at:at] = words[at:to]
        elif kind == 2:
            words[at : at + 1] = [data.PickValueInList(_MORE)]
        elif kind == 3 and words:
            words[at] = words[data.ConsumeIntInRange(0, len(words) - 1)]
        else:
            words[at:at] = [data.ConsumeUnicode(4)]
    return "".join(words)


def check_source(raw: bytes) -> None:
    """Check and fix a program, and print what was found in every format. Raises where keraslint fails."""
    data = atheris.FuzzedDataProvider(raw)
    text = edited(data, data.PickValueInList(PROGRAMS)).encode("utf-8", "surrogatepass")
    checker = Checker(Fixing("tuple", unsafe=True, write=False), keras=releases_from_option(">=3.5"), alone=True)
    report = checker.check_file(InputFile("train.py", Settings("/", "/")), text)
    if report.error is not None and "internal error" in report.error:
        raise AssertionError(f"{report.error}\n{report.detail}\n{text!r}")
    for output_format in OPTIONS["output-format"].choices or ():
        render(output_format, report.diagnostics, text_of=lambda _: report.text, style="tuple", unsafe=True)


def read_pins(raw: bytes) -> None:
    """Read a dependency file with every source that reads its kind. Raises where one fails."""
    data = atheris.FuzzedDataProvider(raw)
    name = data.PickValueInList(list(PINS))
    text = edited(data, PINS[name])
    for source in sources_of(name):
        source.read(name, text)


def read_configuration(raw: bytes) -> None:
    """Read a configuration file. Raises where it is refused by another exception than those that are caught."""
    data = atheris.FuzzedDataProvider(raw)
    number = data.ConsumeIntInRange(0, 1)
    with contextlib.suppress(ConfigError, TomlSyntaxError):
        read_options(edited(data, CONFIGURATION[number]), "keraslint.toml", own=bool(number))


class Server:
    """The language server in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "keraslint", "server", "--quiet"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._send(
            {"id": "begin", "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}
        )
        self._answered("begin")
        self._send({"method": "initialized", "params": {}})

    def take(self, raw: bytes) -> None:
        """Send changed messages, and wait for the answer to a right one. Raises where the server is gone."""
        data = atheris.FuzzedDataProvider(raw)
        for _ in range(data.ConsumeIntInRange(1, 6)):
            self._frame(edited(data, json.dumps({"jsonrpc": "2.0", **data.PickValueInList(MESSAGES)})))
        self._send(
            {"id": "alive", "method": "workspace/executeCommand", "params": {"command": "keraslint.debugInformation"}}
        )
        self._answered("alive")

    def _send(self, said: dict[str, Any]) -> None:
        self._frame(json.dumps({"jsonrpc": "2.0", **said}))

    def _frame(self, text: str) -> None:
        assert self._process.stdin is not None
        body = text.encode("utf-8", "surrogatepass")
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _answered(self, identifier: str) -> None:
        assert self._process.stdout is not None
        while True:
            length = 0
            while (line := self._process.stdout.readline()).strip():
                name, _, value = line.partition(b":")
                length = int(value) if name == b"Content-Length" else length
            if not length:
                raise AssertionError(f"the server is gone: {self._process.wait()}")
            if json.loads(self._process.stdout.read(length)).get("id") == identifier:
                return


def run(what: str, arguments: Sequence[str]) -> None:
    """Run one kind of input in this process, with the arguments of libFuzzer. Does not return."""
    targets: dict[str, Callable[[bytes], None]] = {
        "source": check_source,
        "pins": read_pins,
        "configuration": read_configuration,
    }
    atheris.Setup([sys.argv[0], *arguments], targets[what] if what in targets else Server().take)
    atheris.Fuzz()


def main() -> int:
    """Run each wanted kind of input for its share of the time. Returns 0 if every input was answered as promised."""
    kinds = ("source", "pins", "configuration", "messages")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(kinds)} [default: all]")
    parser.add_argument("--seconds", type=int, default=60, help="for how long in all [default: 60]")
    parser.add_argument("--again", metavar="FILE", help="run the input in a file once more")
    parser.add_argument("--here", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here is not None:
        run(args.kinds[0], args.here)
    chosen = args.kinds or kinds
    failed = []
    for kind in chosen:
        with tempfile.TemporaryDirectory() as corpus:
            how = ["-timeout=30", "-rss_limit_mb=1000", "-max_len=400"]
            how += [args.again] if args.again else [f"-max_total_time={max(1, args.seconds // len(chosen))}", corpus]
            done = subprocess.run(
                [sys.executable, __file__, kind, "--here", *how],
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                check=False,
            )
        said = done.stderr.strip().splitlines()
        print(f"{kind}: {said[-1] if said else ''}")
        if done.returncode:
            failed.append(kind)
            print("\n".join(said[-40:]))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
