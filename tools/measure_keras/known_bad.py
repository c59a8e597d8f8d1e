"""Runs the programs of ``tests/known_bad`` on each release, and writes and compares the table of what each saw.

Those in a folder there that has the name of a backend run on that backend only.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.version import Version

from keraslint.behaviour.measured import shown as shipped
from tests.cache import cache_folder
from tests.keras.releases import Laboratory, environment

from .training import JSON
from .writing import entries, runs

PROGRAMS = Path(__file__).parents[2] / "tests" / "known_bad"
WORKER = Path(__file__).with_name("known_bad_worker.py")
DATA = Path(shipped.__file__).with_name("known_bad.json")
ON = {"jax": "JAX 0.4.30", "tensorflow": "TensorFlow 2.18.1"}


def write(lab: Laboratory, backend: str, jobs: int, today: str) -> None:
    """Measure all programs on the releases and write them as those of a backend; the other backends stay."""
    there = json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {}
    there[backend] = {"measured": today, "on": ON[backend], **_table(measure(lab, backend, jobs))}
    parts = (f"{json.dumps(name)}: {_text(there[name])}" for name in sorted(there))
    DATA.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def differences(lab: Laboratory, backend: str, jobs: int) -> list[str]:
    """What the releases do now otherwise than the table says: right where it was wrong, or wrong where it was right."""
    table, found = shipped.load(backend), []
    differing = {name for name, spans in table.programs.items() if len({outcome.kind for _, outcome in spans}) > 1}
    seen_on = measure(lab, backend, jobs, differing) | measure(_newest(lab), backend, jobs)
    for release, seen in seen_on.items():
        for program, now in seen.items():
            then = table.outcome(program, release)
            if then is None or shipped.Outcome.of(now).kind != then.kind:
                found.append(f"{program} on {release}: the table says {then}, now {now}")
    return found


def measure(
    lab: Laboratory, backend: str, jobs: int, only: Collection[str] | None = None
) -> dict[str, dict[str, JSON]]:
    """By release, in the laboratory's order, the outcome of each program; kept in the cache until it changes.

    only: the names of the programs that are run, by default all.
    """
    paths = sorted([*PROGRAMS.glob("*.py"), *(PROGRAMS / backend).glob("*.py")])
    programs = [path for path in paths if only is None or path.stem in only]

    def measured(release: str) -> dict[str, JSON]:
        places = {path: _place(lab, backend, release, path) for path in programs}
        missing = [path for path, place in places.items() if not place.exists()]
        if missing:
            seen = _run(lab, backend, release, missing)
            for path in missing:
                places[path].parent.mkdir(parents=True, exist_ok=True)
                places[path].write_text(json.dumps(seen[path.stem]), encoding="utf-8")
            print(f"{release} on {backend}: {len(missing)} programs", flush=True)
        return {path.stem: json.loads(place.read_text(encoding="utf-8")) for path, place in places.items()}

    with ThreadPoolExecutor(jobs) as pool:
        return dict(zip(lab.folders, pool.map(measured, lab.folders), strict=True))


def _newest(lab: Laboratory) -> Laboratory:
    """The same with nothing but its newest release."""
    newest = max(lab.folders, key=Version)
    return Laboratory(lab.python, {newest: lab.folders[newest]})


def _place(lab: Laboratory, backend: str, release: str, program: Path) -> Path:
    parts = (*(path.read_text(encoding="utf-8") for path in (program, WORKER)), str(lab.python), backend)
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache_folder() / "known-bad" / release / f"{program.stem}-{name}.json"


def _run(lab: Laboratory, backend: str, release: str, programs: Sequence[Path]) -> dict[str, JSON]:
    """The outcome of each program on one release, in a process of its own. Raises RuntimeError where that fails."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [str(lab.python), "-I", str(WORKER), str(lab.folders[release]), *map(str, programs)],
            env={**environment(home), "KERAS_BACKEND": backend},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"the worker failed on Keras {release}:\n{done.stderr[-8000:]}")
    answer: JSON = json.loads(done.stdout.splitlines()[-1])
    if answer["keras"] != release:
        raise RuntimeError(f"asked for Keras {release}, got {answer['keras']}")
    seen: dict[str, JSON] = answer["seen"]
    return seen


def _table(seen: Mapping[str, Mapping[str, JSON]]) -> JSON:
    """The part of a backend. A release on which a program was not run counts as the last one on which it was."""
    releases = sorted(seen, key=Version)
    last: dict[str, JSON] = {}
    rows = [last := {**last, **seen[release]} for release in releases]
    return {
        "releases": releases,
        "programs": {
            program: [span for span in runs([row.get(program) for row in rows]) if span[1] is not None]
            for program in sorted(last)
        },
    }


def _text(part: JSON) -> str:
    plain = (f"{json.dumps(key)}: {json.dumps(part[key])}" for key in ("measured", "on", "releases"))
    return "{\n" + ",\n".join([*plain, f'"programs": {entries(part["programs"])}']) + "\n}"
