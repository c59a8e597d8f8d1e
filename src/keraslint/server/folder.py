"""A folder of the workspace: checks its documents with its configuration and pins, unsaved texts included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from keraslint.analysis.core.bounds import MAX_MODULE_BYTES
from keraslint.analysis.import_graph import graph_of
from keraslint.analysis.modules import Project
from keraslint.config.find import ConfigFinder
from keraslint.config.options import Options
from keraslint.config.settings import ConfigError, Settings
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile, is_excluded
from keraslint.engine.reports import FileReport
from keraslint.pins.decode import read_text
from keraslint.pins.keras_releases import KerasReleases
from keraslint.pins.resolve import PinReader, ProjectReleases
from keraslint.report.admitted import admitted_by
from keraslint.server.documents import OpenDocument
from keraslint.server.opened import OpenDocuments

Interrupt = Callable[[], None]
"""Raises if a check is no longer wanted; it is called regularly."""


@dataclass(frozen=True)
class Checked:
    """The result of a check of one version of a document.

    root: the folder that file names in the diagnostics are relative to. followed: the other files whose code counted.
    misconfigured: the configuration, which is that of other documents, too, is why it could not be checked.
    """

    source: OpenDocument
    root: Path
    document: Document
    report: FileReport
    settings: Settings | None = None
    followed: frozenset[Path] = frozenset()
    misconfigured: bool = False


@dataclass
class OpenProject(Project):
    """The modules of a project, with the editor's text for open ones. ``followed``: the modules that were read."""

    opened: OpenDocuments = field(default_factory=OpenDocuments)
    followed: set[Path] = field(default_factory=set)

    def document(self, path: Path) -> Document | None:
        """The module as a document that parses."""
        self.followed.add(path)
        opened = self.opened.at(path)
        if opened is None:
            return super().document(path)
        # As Project does: what does not parse is not followed.
        return opened.document if opened.document.parses and len(opened.text) <= MAX_MODULE_BYTES else None

    def unsaved(self, path: Path) -> str | None:
        """The text of a file that an editor has open, None for all others."""
        self.followed.add(path)
        opened = self.opened.at(path)
        return None if opened is None else opened.text


class Folder:
    """One folder. Its methods run in the worker's thread, but for ``reread``.

    ``finder`` makes what finds the configuration of files below ``root``, with the editor's settings over it.
    """

    def __init__(self, root: Path, opened: OpenDocuments, finder: Callable[[Path, Options], ConfigFinder]) -> None:
        self.root = root
        self._opened = opened
        self._finder = finder
        self._options = Options()
        self.reread()

    def configure(self, options: Options) -> None:
        """Replace the settings of the editor."""
        self._options = options
        self.reread()

    def reread(self) -> None:
        """Forget configuration, pins and modules: files have changed."""
        self._config: ConfigFinder | None = None
        self._pins = PinReader(here=self.root, read=self._read)
        self._project = OpenProject(opened=self._opened)

    def check(self, source: OpenDocument, interrupt: Interrupt) -> Checked:
        """Check an open document. Raises only what ``interrupt`` raises."""
        document, project = replace_path(source, self.root), self._project
        project.followed = set()
        project.graph = replace(graph_of(project), unsaved=project.unsaved, quiet={}, all_quiet={})
        try:
            found = InputFile(document.path, self._settings(Path(document.path).parent))
        except ConfigError as error:
            report = FileReport(document.path, error=str(error))
            return Checked(source, self.root, document, report, misconfigured=True)
        if source.path is not None and is_excluded(source.path, found.settings):
            return Checked(source, self.root, document, FileReport(document.path), found.settings)
        checker = self._checker(interrupt)
        if source.is_unreadable_notebook:
            report = checker.check_file(found, source.text.encode("utf-8", "surrogatepass"))
        else:
            report = checker.check(document, found)
        followed = frozenset(project.followed - {source.path})
        return Checked(source, self.root, document, report, found.settings, followed)

    def recheck(self, checked: Checked, interrupt: Interrupt) -> Callable[[str], list[Diagnostic]]:
        """A function that checks other texts of a document as the document was checked."""
        assert checked.settings is not None
        found, checker = InputFile(checked.document.path, checked.settings), self._checker(interrupt)

        def check(text: str) -> list[Diagnostic]:
            return list(checker.check(replace(checked.document, text=text), found).diagnostics)

        return check

    def releases(self, checked: Checked) -> KerasReleases:
        """The Keras releases for a document."""
        assert checked.settings is not None
        found = InputFile(checked.document.path, checked.settings)
        return self._checker(None).releases(found, checked.document.text)

    def admitted(self, path: Path, text: str | None) -> tuple[ProjectReleases, Settings]:
        """The Keras releases for a file of this text, or for a folder, and the settings. Raises ConfigError."""
        settings = self._settings(path if text is None and path.is_dir() else path.parent)
        return admitted_by(settings, lambda: self._pins.releases(path, text)), settings

    def _checker(self, interrupt: Interrupt | None) -> Checker:
        return Checker(reader=self._pins, project=self._project, interrupt=interrupt)

    def _settings(self, folder: Path) -> Settings:
        if self._config is None:
            self._config = self._finder(self.root, self._options)
        return self._config.settings(folder)

    def _read(self, path: Path) -> str:
        opened = self._opened.at(path)
        if opened is None:
            return read_text(path)
        return opened.text.replace("\r\n", "\n").replace("\r", "\n")


def replace_path(source: OpenDocument, root: Path) -> Document:
    """The document under the name of its file; what is not a file gets a name in the folder's root."""
    if source.path is not None:
        return source.document
    name = source.name.rpartition(":")[2].replace("/", "_").replace("\0", "_")
    return replace(source.document, path=str(root / (name or "untitled")))
