"""A project laid out from literal texts, and what is said of the Keras in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from keraslint.pins.keras_releases import KerasReleases
from keraslint.pins.resolve import ProjectReleases, project_releases

Lay = Callable[[Mapping[str, str]], "Answer"]


@dataclass(frozen=True)
class Answer:
    """The answer in short: texts and tuples, with file names relative to the project."""

    folder: Path
    whole: ProjectReleases

    @property
    def releases(self) -> KerasReleases:
        return self.whole.releases

    @property
    def admitted(self) -> str:
        return self.releases.admitted

    @property
    def versions(self) -> list[str]:
        return [str(version) for version in self.releases.versions]

    @property
    def evidence(self) -> list[tuple[str, int, str]]:
        return [(self._short(item.filename), item.row, item.text) for item in self.releases.evidence]

    @property
    def skipped(self) -> list[tuple[str, int, str]]:
        return [(self._short(item.filename), item.row, item.reason) for item in self.whole.skipped]

    @property
    def files(self) -> list[str]:
        return [self._short(name) for name in self.whole.files]

    def _short(self, filename: str) -> str:
        return filename.removeprefix(f"{self.folder.as_posix()}/")


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Writes files and gives the answer for ``train.py`` beside them."""

    def write(files: Mapping[str, str], checked: str = "train.py") -> Answer:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return Answer(tmp_path, project_releases(tmp_path / checked, root=tmp_path))

    return write
