"""The command ``keraslint``, in this process or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from keraslint.cli import main


def run(
    folder: Path, *arguments: str, stdin: str | bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "keraslint", *arguments],
        cwd=folder,
        input=_bytes(stdin),
        env=environment | (env or {}),
        capture_output=True,
        check=False,
    )


def outcome(folder: Path, *arguments: str, stdin: str | bytes = b"") -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command in this process, which spares loading everything anew."""
    before = Path.cwd()
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="") for data in (_bytes(stdin), b"", b"")]
    saved = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = streams
    os.chdir(folder)
    try:
        code = main(arguments)
    except SystemExit as stop:  # argparse ends the program by itself
        code = int(stop.code or 0)
    finally:
        os.chdir(before)
        sys.stdin, sys.stdout, sys.stderr = saved
    for stream in streams[1:]:
        stream.flush()
    out, err = (stream.buffer.getvalue().decode() for stream in streams[1:])
    return code, out, err


def real_outcome(folder: Path, *arguments: str, stdin: str | bytes = b"") -> tuple[int, str, str]:
    """The exit code, stdout and stderr of the command in a process of its own."""
    done = run(folder, *arguments, stdin=stdin)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
