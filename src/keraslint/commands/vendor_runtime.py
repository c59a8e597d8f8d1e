"""``keraslint vendor-runtime``: copies the runtime into a project, as one file that needs nothing but Keras."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from keraslint import __version__
from keraslint.analysis.runtime_copy import MARK, MODULE
from keraslint.commands.parsers import vendor_runtime_parser
from keraslint.words import one_line

FILE_NAME = f"{MODULE}.py"

_HEADER = """\
A copy made by `keraslint vendor-runtime`, which also renews it: change nothing here.
Linters and formatters leave it alone, too:
ruff: noqa: PGH004
flake8: noqa
fmt: off
isort: skip_file

MIT License

Copyright (c) 2026 The keraslint developers

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def run(arguments: Sequence[str]) -> int:
    """Write the copy, or update an unchanged one, and return the exit code: 2 if the path holds something else."""
    args = vendor_runtime_parser().parse_args(arguments)
    target = Path(args.destination)
    if target.is_dir():
        target /= FILE_NAME
    try:
        problem = _problem(target)
        if problem is None:
            target.write_text(vendored(), encoding="utf-8")
    except OSError as error:
        problem = error.strerror or str(error)
    if problem is not None:
        print(f"error: {one_line(str(target))}: {problem}", file=sys.stderr)
        return 2
    if not args.quiet:
        print(f"Wrote {one_line(str(target))} (keraslint {__version__})", file=sys.stderr)
    return 0


def vendored() -> str:
    """The text of the copy: what it is, the licence, and the module with what it imports of keraslint in it."""
    body = _source("runtime").replace(_IMPORT, f"\n{_source('picture').partition(_AFTER)[2]}\n")
    header = "".join(f"# {line}".rstrip() + "\n" for line in _HEADER.splitlines())
    return f"{MARK}{__version__} sha256:{_digest(body)}\n{header}{body}"


_IMPORT = "from keraslint.picture import Arrow, Item, Panel, picture\n"
_AFTER = "from __future__ import annotations\n\n"


def _source(module: str) -> str:
    from importlib.resources import files

    return files("keraslint").joinpath(f"{module}.py").read_text(encoding="utf-8")


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _problem(target: Path) -> str | None:
    """The reason why a file may not be overwritten; None if it may be."""
    if not target.exists():
        return None if target.suffix == ".py" else "a copy must be a .py file, or go into a folder that exists"
    if not target.is_file():
        return "this is not a regular file, and is not written to"  # reading a device or a pipe may never end
    first, _, rest = target.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").partition("\n")
    if not first.startswith(MARK):
        return "there is another file of this name, which is not overwritten"
    lines = rest.splitlines(keepends=True)
    while lines and lines[0].startswith("#"):
        lines.pop(0)
    if first.rpartition("sha256:")[2] != _digest("".join(lines)):
        return "this copy was changed since it was made, and is not overwritten: delete it to renew it"
    return None
