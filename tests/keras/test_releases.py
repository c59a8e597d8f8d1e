"""The tests say which releases are missing on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..cache import Missing
from . import releases


def test_no_suitable_python_is_said_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_candidates", lambda: iter([Path("/nowhere/python")]))
    with pytest.raises(Missing, match=r"3\.11 or 3\.12"):
        releases._base_python()
