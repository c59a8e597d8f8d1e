"""The lines at the end of a run that say which real programs were on the other side."""

from __future__ import annotations

import fcntl
import gc
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .summary import SAID, note

# A machine under load is not a failure.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

Integration = Callable[[str, str, str], None]


@pytest.fixture
def integration(request: pytest.FixtureRequest) -> Integration:
    """Note what was seen with a real tool of some version: one line for each tool and version ends the run."""

    def noted(tool: str, version: str, seen: str) -> None:
        note(request.config, "integrations", f"{tool} {version}", seen)

    return noted


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was noted to the process that leads the run, where this is one of several (pytest-xdist)."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["said"] = session.config.stash.get(SAID, {})


class _Leader:
    """Takes in what the other processes noted."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Note what a process that has ended noted; one that crashed hands over nothing."""
        for section, lines in getattr(node, "workeroutput", {}).get("said", {}).items():
            for line, ends in lines.items():
                note(self._config, section, line, *ends)


def pytest_configure(config: pytest.Config) -> None:
    """Take in what other processes note; choose what is measured again in this run, for all of them."""
    os.environ.setdefault("KERASLINT_SEED", str(secrets.randbelow(10**6)))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of many processes compiles all that it imports
    config.pluginmanager.register(_Leader(config))
    if hasattr(config.option, "loadscopereorder"):  # pytest-xdist would begin with the files of most tests
        config.option.loadscopereorder = False


COMPILED = Path(__file__).parent / "site" / "__pycache__"
"""The compiled tests of the folder that is collected last."""

LONGEST = "test_vscode.py"
"""The file that takes longest: two minutes, in which a process mostly waits for VS Code."""


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """In a fresh checkout let one of several processes compile the tests, which the others then read."""
    if hasattr(session.config, "workerinput") and not COMPILED.exists():
        with Path(__file__).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                fcntl.flock(file, fcntl.LOCK_SH)
            else:
                return (yield)
    return (yield)


def pytest_collection_finish() -> None:
    """Keep the thousands of tests out of each look for objects that nothing reaches."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files whose tests take longest, so that no process is left alone with them at the end."""
    marks: dict[Path, set[str]] = {}
    for item in items:
        marks.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers())
    heavy = {"real_tools", "real_keras", "slow"}
    items.sort(key=lambda item: (item.path.name != LONGEST, not marks[item.path] & heavy))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the lines, by section."""
    for section, lines in sorted(config.stash.get(SAID, {}).items()):
        terminalreporter.section(section)
        for line, ends in sorted(lines.items()):
            terminalreporter.write_line(f"{line}: {'; '.join(ends)}" if ends else line)
