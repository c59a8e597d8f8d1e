"""The lines at the end of a run about the real programs that took part, also if several processes share the tests."""

from __future__ import annotations

import pytest

Said = dict[str, dict[str, list[str]]]
SAID = pytest.StashKey[Said]()
"""By section and line, what the line ends with."""


def note(config: pytest.Config, section: str, line: str, *ends: str) -> None:
    """Let the run end with ``line`` in ``section``, and after it all ``ends`` that were ever noted with it, once."""
    noted = config.stash.setdefault(SAID, {}).setdefault(section, {}).setdefault(line, [])
    noted += [end for end in ends if end not in noted]
