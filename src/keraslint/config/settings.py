"""What can be configured, in pyproject.toml, keraslint.toml and on the command line, and what decides.

As in Ruff: for each checked file the nearest configuration file above it counts, files are never merged with
each other, and the command line goes over all of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.config.selection import Layer
from keraslint.files.globs import PathPattern

if TYPE_CHECKING:
    from keraslint.pins.resolve import ProjectReleases

OUTPUT_FORMATS = ("concise", "full", "json", "json-lines", "sarif", "github", "gitlab", "junit", "lsp")
FIX_STYLES = ("tuple", "safe-compile", "upgrade")
DEFAULT_EXCLUDE = tuple(
    ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv "
    ".pytest_cache .pytype .ruff_cache .svn .tox .venv .vscode __pypackages__ _build buck-out build "
    "dist node_modules site-packages venv".split()
)


class ConfigError(ValueError):
    """A configuration that can't be used; the text is one line that names file and row."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one source says. None: it says nothing about that. Names are those of the file's keys.

    Two are no keys. ``keras_version_row``: the row of the file on which ``keras-version`` stands, 0 for none.
    ``keras_version_by``: what says it where that is neither a file nor the command line, as messages name it.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    extend_ignore: tuple[str, ...] | None = None
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] | None = None
    force_exclude: bool | None = None
    respect_gitignore: bool | None = None
    keras_version: str | None = None
    keras_version_row: int | None = None
    keras_version_by: str | None = None
    environment: str | None = None
    fix_style: str | None = None
    unsafe_fixes: bool | None = None
    output_format: str | None = None

    def over(self, below: Options) -> Options:
        """These options, and those of ``below`` where nothing is said here."""
        pairs = {item.name: getattr(self, item.name) for item in fields(self)}
        return Options(**{name: getattr(below, name) if said is None else said for name, said in pairs.items()})


@dataclass(frozen=True)
class Settings:
    """What holds for a file: a configuration file's options (``root``: its folder) under the command line's.

    ``cwd`` is what patterns of the command line are relative to.
    """

    root: str
    cwd: str
    file: Options = field(default_factory=Options)
    command: Options = field(default_factory=Options)
    source: str | None = None

    @cached_property
    def _merged(self) -> Options:
        return self.command.over(self.file)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """What the file and the command line say about rules, lowest first."""
        return tuple(
            Layer(
                options.select,
                options.extend_select or (),
                (*(options.ignore or ()), *(options.extend_ignore or ())),
            )
            for options in (self.file, self.command)
        )

    @cached_property
    def exclude(self) -> tuple[PathPattern, ...]:
        """The patterns of what is left out."""
        groups = (
            (self.command.exclude, self.cwd)
            if self.command.exclude is not None
            else (DEFAULT_EXCLUDE if self.file.exclude is None else self.file.exclude, self.root),
            (self.file.extend_exclude, self.root),
            (self.command.extend_exclude, self.cwd),
        )
        return tuple(PathPattern(text, root) for texts, root in groups for text in texts or ())

    @cached_property
    def per_file_ignores(self) -> tuple[tuple[PathPattern, bool, tuple[str, ...]], ...]:
        """Pattern, whether ``!`` was written before it, and the selectors to ignore where it holds."""
        return tuple(
            (PathPattern(text.removeprefix("!"), self.root), text.startswith("!"), selectors)
            for text, selectors in self.file.per_file_ignores or ()
        )

    @property
    def force_exclude(self) -> bool:
        """Whether ``exclude`` counts for files that were named, too."""
        return bool(self._merged.force_exclude)

    @property
    def respect_gitignore(self) -> bool:
        """Whether files that git ignores are left out."""
        return self._merged.respect_gitignore is not False

    @property
    def keras_version(self) -> str | None:
        """The releases to assume, whatever the project's files say."""
        if self.command.environment is not None:
            return self.command.keras_version  # what the command line asks for goes before the file's version
        return self._merged.keras_version

    @property
    def environment(self) -> str | None:
        """The interpreter or folder of the environment whose installed Keras counts, as an absolute path."""
        for said, base in ((self.command.environment, self.cwd), (self.file.environment, self.root)):
            if said is not None:
                return os.path.normpath(Path(base) / Path(said).expanduser())
        return None

    @cached_property
    def installed(self) -> ProjectReleases | None:
        """What is installed in ``environment``, read once; None without one. Raises ConfigError."""
        if self.environment is None:
            return None
        from keraslint.pins.resolve import environment_releases

        try:
            return environment_releases(Path(self.environment))
        except ValueError as error:
            raise ConfigError(f"environment: {error}") from error

    @property
    def fix_style(self) -> str:
        """The style of fix that counts."""
        return self._merged.fix_style or FIX_STYLES[0]

    @property
    def unsafe_fixes(self) -> bool:
        """Whether unsafe fixes count."""
        return bool(self._merged.unsafe_fixes)

    @property
    def output_format(self) -> str:
        """How diagnostics are printed."""
        return self._merged.output_format or OUTPUT_FORMATS[0]
