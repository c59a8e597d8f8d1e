"""Writes all pages and pictures that are made by a script, but for those that need a program of their own.

    python -m tools.document_all [--check]

With ``--check`` it writes nothing, and exits with 1 where something is not up to date. Needs the extra "docs".
Left out: docs/behaviour.svg (``tools.draw_behaviour``, which needs matplotlib), docs/neovim.svg
(``tools.editor_picture``, which needs Neovim), and the completions (``tools.write_completions``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOOLS = (
    *("document_behaviour", "document_known_bad", "document_options", "document_command", "document_formats"),
    "document_configuration",
    *("document_rules", "draw_routing", "draw_badges", "draw_terminal", "document_output"),
)


def main() -> int:
    """Run each tool; 1 where one of them did not end with 0."""
    root = Path(__file__).resolve().parents[1]
    ended = [
        subprocess.run([sys.executable, "-m", f"tools.{tool}", *sys.argv[1:]], cwd=root, check=False).returncode
        for tool in TOOLS
    ]
    return int(any(ended))


if __name__ == "__main__":
    sys.exit(main())
