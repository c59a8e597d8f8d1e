"""What all tests share: the lines that say which real programs were on the other side of an integration."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Integration = Callable[[str, str, str], None]

_SEEN = pytest.StashKey[dict[tuple[str, str], list[str]]]()


@pytest.fixture
def integration(request: pytest.FixtureRequest) -> Integration:
    """Note what was seen with a real tool of some version: one line for each tool and version ends the run."""

    def note(tool: str, version: str, seen: str) -> None:
        noted = request.config.stash.setdefault(_SEEN, {}).setdefault((tool, version), [])
        if seen not in noted:
            noted.append(seen)

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print a line for each tool: its version and what was seen."""
    if seen := config.stash.get(_SEEN, {}):
        terminalreporter.section("integrations")
        for (tool, version), things in sorted(seen.items()):
            terminalreporter.write_line(f"{tool} {version}: {'; '.join(things)}")
