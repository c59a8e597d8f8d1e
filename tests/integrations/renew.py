"""Lets the real Poetry and PDM make each lock that the tests read, and records it.

    python -m tests.integrations.renew

From the root of the checkout, with the tests' requirements installed; where a test fails, nothing is written. It takes
some minutes; do it before a release.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import locks


def main() -> int:
    """Make the locks and write them; the exit code of the tests."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "locks.jsonl")
        known = {**os.environ, "KERASLINT_RENEWAL_OF_LOCKS": str(made)}
        tests = ["-q", "-k", "poetry or pdm", str(Path(__file__).with_name("test_dependency_tools.py"))]
        status = subprocess.run([sys.executable, "-m", "pytest", *tests], env=known, check=False).returncode
        if not status:
            lines = sorted(set(made.read_text(encoding="utf-8").splitlines(keepends=True)))
            locks.FILE.write_text("".join(lines), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
