"""Where the time of a run goes, for ``keraslint check --profile``: seconds of the processor by stage and by file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

_MOST_FILES = 10


@dataclass
class Profile:
    """The seconds that each stage took, without the stages within it, and that each file took as a whole."""

    start: float = field(default_factory=time.process_time)
    stages: dict[str, float] = field(default_factory=dict)
    files: dict[str, float] = field(default_factory=dict)
    _within: list[float] = field(default_factory=list)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Count a block for a stage."""
        begun = time.process_time()
        self._within.append(0.0)
        try:
            yield
        finally:
            spent = time.process_time() - begun
            self.stages[stage] = self.stages.get(stage, 0.0) + spent - self._within.pop()
            if self._within:
                self._within[-1] += spent

    @contextmanager
    def timed_file(self, path: str) -> Iterator[None]:
        """Count a block for a file, and what is in none of its stages for "the rest of each file"."""
        begun = time.process_time()
        with self.timed("the rest of each file"):
            yield
        self.files[path] = self.files.get(path, 0.0) + time.process_time() - begun

    def lines(self) -> Iterator[str]:
        """The stages in their order, then the slowest files."""
        whole = time.process_time()
        other = whole - self.start - sum(self.stages.values())
        yield "Seconds of the processor by stage:"
        for stage, spent in {"start": self.start, **self.stages, "all else": other, "together": whole}.items():
            yield f"{spent:8.2f}  {stage}"
        slowest = sorted(self.files.items(), key=lambda item: (-item[1], item[0]))[:_MOST_FILES]
        yield f"Slowest of {len(self.files)} files that were looked into:"
        for path, spent in slowest:
            yield f"{spent:8.2f}  {path}"


_current: Profile | None = None
_nothing = nullcontext()


@contextmanager
def profiling() -> Iterator[Profile]:
    """Count what runs in a block."""
    global _current  # noqa: PLW0603 - one run of the command at a time
    before, _current = _current, Profile()
    try:
        yield _current
    finally:
        _current = before


def timed(stage: str) -> AbstractContextManager[None]:
    """Count a block for a stage, where a profile is wanted."""
    return _nothing if _current is None else _current.timed(stage)


def timed_file(path: str) -> AbstractContextManager[None]:
    """Count a block for a file, where a profile is wanted."""
    return _nothing if _current is None else _current.timed_file(path)
