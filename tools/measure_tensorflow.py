"""Writes the Keras that each TensorFlow release from 2.16 on requires, as pip reads it from its wheel.

    python tools/measure_tensorflow.py src/keraslint/behaviour/tensorflow_releases.json

Needs a pip of 23 or later and about 1 GB of disk at a time; nothing is installed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

FIRST = Version("2.16.0rc0")
# Not every release has a wheel for every Python: asked in this order until one has.
PYTHONS = ("3.11", "3.12", "3.13", "3.10")


def main() -> None:
    """Read the arguments, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    releases = {}
    for version in _published():
        releases[str(version)] = _keras_requirement(version)
        print(version, releases[str(version)], flush=True)
    today = datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat()
    output.write_text(json.dumps({"measured": today, "keras": releases}, indent=2) + "\n", encoding="utf-8")


def _published() -> list[Version]:
    """The TensorFlow releases that pip sees, pre-releases too, from FIRST on, ascending."""
    found: set[Version] = set()
    for python in PYTHONS:
        answer = _pip("index", "versions", "tensorflow", "--pre", "--python-version", python)
        listed = re.search(r"Available versions: (.*)", answer)
        if listed:
            found.update(Version(item.strip()) for item in listed.group(1).split(","))
    return sorted(version for version in found if version >= FIRST)


def _keras_requirement(version: Version) -> str:
    """The specifier in the wheel's ``Requires-Dist: keras``; "" if there is none.

    Raises LookupError where no wheel is found or it does not name Keras at all.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        for python in PYTHONS:
            _pip(
                *("install", "--dry-run", "--no-deps", "--ignore-installed", "--no-cache-dir", "--quiet"),
                *("--only-binary=:all:", "--target", folder, "--python-version", python),
                *("--report", str(report), f"tensorflow=={version}"),
            )
            if report.exists():
                break
        else:
            raise LookupError(f"no wheel of tensorflow {version}")
        metadata = json.loads(report.read_text(encoding="utf-8"))["install"][0]["metadata"]
    for line in metadata["requires_dist"]:
        requirement = Requirement(line)
        if requirement.name in ("keras", "keras-nightly"):  # the second in some release candidates
            return str(requirement.specifier)
    raise LookupError(f"tensorflow {version} does not name keras")


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
