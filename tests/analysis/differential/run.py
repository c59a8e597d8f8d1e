"""Programs as CPython runs them, in a process that is kept for many."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

MODES = 3


class Runner:
    """Runs programs, one after the other; starts its process again if a program ends it."""

    def __init__(self) -> None:
        self._process = self._start()

    def __enter__(self) -> Runner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def run(self, files: Mapping[str, str]) -> list[dict[str, Any]]:
        """What is recorded in each mode of the library that is not seen; empty if the program ends the process."""
        modes = MODES if any("outside" in text for text in files.values()) else 1
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"files": dict(files), "modes": modes}) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self._end()
            self._process = self._start()
            return []
        reports: list[dict[str, Any]] = json.loads(answer)
        return reports

    @staticmethod
    def _start() -> subprocess.Popen[str]:
        command = [sys.executable, "-I", "-X", "utf8", str(Path(__file__).with_name("execute.py"))]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
