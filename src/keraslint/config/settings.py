"""The settings of one file, from its configuration file, an editor and the command line.

As in Ruff: for each checked file the nearest configuration file above it counts, files are never merged with
each other, and the command line overrides all of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from keraslint.config.options import DEFAULT_EXCLUDE, OPTIONS, Options, attribute
from keraslint.config.selection import Layer
from keraslint.files.globs import PathPattern, PathPatterns

if TYPE_CHECKING:
    from keraslint.pins.resolve import ProjectReleases


Value = TypeVar("Value")
DEFAULTS = Options(**{attribute(key): option.default for key, option in OPTIONS.items()})


class ConfigError(ValueError):
    """A configuration that can't be used; the text is one line that names file and row."""


class _Plain(Generic[Value]):
    """An attribute of Settings: the option of its name from the command line, else from the file, else its default."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, settings: Settings, _owner: type) -> Value:
        value: Value = getattr(settings.merged, self._name)
        return value


@dataclass(frozen=True)
class Settings:
    """The settings of a file: the command line's options over those of a configuration file (in ``root``).

    Patterns of the command line are relative to ``cwd``.
    """

    root: str
    cwd: str
    file: Options = field(default_factory=Options)
    command: Options = field(default_factory=Options)
    source: str | None = None

    force_exclude = _Plain[bool]()
    respect_gitignore = _Plain[bool]()
    fix_style = _Plain[str]()
    unsafe_fixes = _Plain[bool]()
    output_format = _Plain["str | None"]()

    @cached_property
    def merged(self) -> Options:
        """The command line's options, the file's where it says nothing, and the defaults where neither does."""
        return self.command.over(self.file).over(DEFAULTS)

    def value(self, key: str) -> Any:
        """The effective value of an option: the attribute of that name, or the merged option."""
        name = attribute(key)
        return getattr(self if hasattr(type(self), name) else self.merged, name)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The rule selectors of the file and those of the command line, in this order."""
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
        """The patterns of the files and folders that are left out."""
        groups = (
            (self.command.exclude, self.cwd)
            if self.command.exclude is not None
            else (DEFAULT_EXCLUDE if self.file.exclude is None else self.file.exclude, self.root),
            (self.file.extend_exclude, self.root),
            (self.command.extend_exclude, self.cwd),
        )
        return tuple(PathPattern(text, root) for texts, root in groups for text in texts or ())

    @cached_property
    def left_out(self) -> PathPatterns:
        """The test of a path for ``exclude``."""
        return PathPatterns(self.exclude)

    @cached_property
    def per_file_ignores(self) -> tuple[tuple[PathPattern, bool, tuple[str, ...]], ...]:
        """Each pattern, True if ``!`` was written before it, and the selectors to ignore where it matches."""
        return tuple(
            (PathPattern(text.removeprefix("!"), self.root), text.startswith("!"), selectors)
            for text, selectors in self.file.per_file_ignores or ()
        )

    @property
    def keras_version(self) -> str | None:
        """The releases to assume, whatever the project's files say."""
        if self.command.environment is not None:
            return self.command.keras_version  # the command line overrides the file's version
        return self.merged.keras_version

    @property
    def environment(self) -> str | None:
        """The interpreter or folder of the environment whose installed Keras counts, as an absolute path."""
        return self._path(self.command.environment, self.file.environment)

    @property
    def baseline(self) -> str | None:
        """The file with the known findings, as an absolute path."""
        return self._path(self.command.baseline, self.file.baseline)

    def _path(self, of_command: str | None, of_file: str | None) -> str | None:
        for said, base in ((of_command, self.cwd), (of_file, self.root)):
            if said is not None:
                return os.path.normpath(Path(base) / Path(said).expanduser())
        return None

    @cached_property
    def installed(self) -> ProjectReleases | None:
        """The releases that are installed in ``environment``, read once; None without one. Raises ConfigError."""
        if self.environment is None:
            return None
        from keraslint.pins.resolve import environment_releases

        try:
            return environment_releases(Path(self.environment))
        except ValueError as error:
            raise ConfigError(f"environment: {error}") from error
