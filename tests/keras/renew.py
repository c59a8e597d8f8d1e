"""Measures on the real Keras releases what the tests ask of them, and writes the records.

    python -m tests.keras.renew              measure everything
    python -m tests.keras.renew --missing    measure only what has no record

From the root of the checkout, with the tests' requirements installed. It runs the tests of real Keras; where one fails,
or it is interrupted, nothing is written, and the next call of it goes on from there. Records that no test asks for are
dropped. Everything takes about half an hour on two cores; do it before a release.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ..cache import cache_folder
from . import records


def main() -> int:
    """Measure and write; the exit code of the tests."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--missing", action="store_true", help="measure only what has no record")
    args = parser.parse_args()
    folder = cache_folder() / ("renewal-of-missing" if args.missing else "renewal")
    shutil.rmtree(folder / "asked", ignore_errors=True)
    for part in ("asked", "measured"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    known = {**os.environ, "KERASLINT_RENEWAL": str(folder)} | ({} if args.missing else {"KERASLINT_RENEW_ALL": "1"})
    tests = ["-n", "auto", "--dist", "loadfile", "-m", "real_keras", "-q", str(Path(__file__).parent)]
    status = subprocess.run([sys.executable, "-m", "pytest", *tests], env=known, check=False).returncode
    if status:
        sys.stderr.write(f"nothing is written; what was measured is kept in {folder}\n")
        return status
    for script, book in records.noted(folder / "asked").items():
        records.write(script, book)
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
