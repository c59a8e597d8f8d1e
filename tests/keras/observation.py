"""Runs programs on the real Keras releases, two releases at a time, where no record tells what they do there."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Any

from . import records
from .releases import RELEASES, Laboratory, environment, laboratory
from .routing import Run, read_run

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"


@dataclass(frozen=True)
class Script:
    """A script of this folder that runs programs on a release, and the scripts that it is built on.

    with_source: it is given the folder of keraslint's own code, for programs that import the runtime.
    """

    name: str
    built_on: tuple[str, ...] = ()
    with_source: bool = False


RECORDER = Script("recorder")
GENERATED_RECORDER = Script("generated_recorder", ("recorder",))
PROOF_RECORDER = Script("proof_recorder", ("generated_recorder", "recorder"), with_source=True)
SAFE_COMPILE_CELLS = Script("safe_compile_cells", with_source=True)
SAFE_COMPILE_USES = Script("safe_compile_uses", with_source=True)


@dataclass(frozen=True)
class Program:
    """The text of a program, and how the name of its file ends, which tells some scripts what to record of it."""

    text: str
    ending: str = ".py"

    def __str__(self) -> str:
        return self.text


def observe(programs: Iterable[Path], releases: Sequence[str] = RELEASES) -> dict[str, dict[Path, Run]]:
    """Run every program on every release: what each did, by release and program.

    Raises Missing where a release can't be installed, RuntimeError where the recorder itself fails.
    """
    paths = [path.resolve() for path in programs]
    texts = [Program(path.read_text(encoding="utf-8")) for path in paths]

    def run(release: str) -> dict[Path, Run]:
        return dict(zip(paths, map(read_run, reports(RECORDER, release, texts)), strict=True))

    return on_each(releases, run)


def on_each(releases: Sequence[str], run: Callable[[str], Any]) -> dict[str, Any]:
    """The result of ``run`` for each release, two of them at a time."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return dict(zip(releases, pool.map(run, releases), strict=True))


def reports(script: Script, release: str, programs: Sequence[Program], shares: int = 1) -> list[Any]:
    """The report of the script on each program on the release, recorded or run in so many processes at a time.

    Raises RuntimeError where the script itself fails, or another release answers.
    """
    scripts = [HERE / f"{name}.py" for name in (script.name, *script.built_on)]
    keys = [records.key(f"{one.ending}\0{one.text}", *scripts) for one in programs]

    def measure(share: Sequence[Program]) -> list[Any]:
        return _run_script(script, release, share)

    found = records.answers(script.name, release, dict(zip(keys, programs, strict=True)), measure, shares)
    return [found[key] for key in keys]


def told(text: str, release: str) -> Any:
    """The last line that a program prints on the release, read as JSON, recorded or run.

    The program is given the folder of Keras and that of keraslint's own code, and works in a folder of its own.
    """

    key = records.key(text)
    return records.answers("programs", release, {key: text}, lambda texts: [_run_program(release, text)])[key]


def told_on_each(text: str, releases: Sequence[str] = RELEASES) -> dict[str, Any]:
    """The answer of a program on each release; see ``told``."""
    return on_each(releases, lambda release: told(text, release))


def _run_script(script: Script, release: str, programs: Sequence[Program]) -> list[Any]:
    lab = laboratory((release,))
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, f"program_{number:05}{one.ending}") for number, one in enumerate(programs)]
        for place, one in zip(places, programs, strict=True):
            place.write_text(one.text, encoding="utf-8")
        home, report = Path(folder, "home"), Path(folder, "report.json")
        home.mkdir()
        source = (SOURCE,) if script.with_source else ()
        arguments = (HERE / f"{script.name}.py", lab.folders[release], *source, report, *places)
        done = _server(lab, release).run(arguments, home)
        if done.returncode:
            output = done.stdout[-2000:] + done.stderr[-8000:]
            raise RuntimeError(f"{script.name}.py failed on Keras {release}:\n{output}")
        seen = json.loads(report.read_text(encoding="utf-8"))
    if seen["keras"] != release:
        raise RuntimeError(f"asked for Keras {release}, got {seen['keras']}")
    return [seen["programs"][str(place)] for place in places]


def _run_program(release: str, text: str) -> Any:
    lab = laboratory((release,))
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(text, encoding="utf-8")
        done = _server(lab, release).run((program, lab.folders[release], SOURCE), Path(folder))
    if done.returncode:
        raise RuntimeError(f"a program failed on Keras {release}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


class _Server:
    """A process that has imported a release; it runs scripts in copies of itself, one after the other."""

    def __init__(self, lab: Laboratory, release: str) -> None:
        self._lock = threading.Lock()
        self._home = tempfile.TemporaryDirectory()
        command = map(str, (lab.python, "-s", "-P", HERE / "server.py", lab.folders[release]))
        self._process = subprocess.Popen(
            [*command], stdin=PIPE, stdout=PIPE, text=True, env=environment(self._home.name), cwd=self._home.name
        )

    def run(self, command: Iterable[object], home: Path) -> subprocess.CompletedProcess[str]:
        """Run a script with its arguments, in a folder as its home."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        arguments = [*map(str, command)]
        with tempfile.TemporaryDirectory() as folder, self._lock:
            out, err = Path(folder, "out"), Path(folder, "err")
            request = {"command": arguments, "home": str(home), "out": str(out), "err": str(err)}
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            if not answer:
                raise RuntimeError("the process that imports Keras has ended; what it printed stands before")
            return subprocess.CompletedProcess(arguments, int(answer), out.read_text("utf-8"), err.read_text("utf-8"))

    def end(self) -> None:
        """End the process."""
        with self._process:
            self._process.kill()
        self._home.cleanup()


_servers: dict[str, _Server] = {}
_servers_lock = threading.Lock()


def _server(lab: Laboratory, release: str) -> _Server:
    with _servers_lock:
        if release not in _servers:
            _servers[release] = _Server(lab, release)
        return _servers[release]


def end_servers() -> None:
    """End the processes that have imported Keras."""
    while _servers:
        _servers.popitem()[1].end()
