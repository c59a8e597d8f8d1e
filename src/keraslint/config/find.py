"""The configuration file of a folder: the nearest one above it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from keraslint.config.options import Options
from keraslint.config.parse import TomlSyntaxError, key_row, read_options
from keraslint.config.settings import ConfigError, Settings
from keraslint.files.paths import display
from keraslint.files.regular import read_bytes
from keraslint.limits import MAX_TOML_BYTES


@dataclass
class ConfigFinder:
    """Finds the settings of each folder; every configuration file is read once.

    ``inline``: options that override those of the file. ``isolated``: no file is read. ``explicit``:
    the one file to use. ``warn`` is called with one line for each ``pyproject.toml`` that can't be read
    or is not valid TOML: it then configures nothing, and the run goes on.
    """

    cwd: Path
    command: Options = field(default_factory=Options)
    inline: Options = field(default_factory=Options)
    isolated: bool = False
    explicit: Path | None = None
    warn: Callable[[str], None] = lambda _: None
    _by_folder: dict[Path, Settings] = field(default_factory=dict, init=False)

    def settings(self, folder: Path) -> Settings:
        """The settings for files in ``folder`` (absolute). Raises ConfigError."""
        known = self._by_folder.get(folder)
        if known is None:
            known = self._by_folder[folder] = self._find(folder)
        return known

    def _find(self, folder: Path) -> Settings:
        if self.isolated:
            return self._without_file
        if self.explicit is not None:
            return self._explicit
        for name in ("keraslint.toml", "pyproject.toml"):
            options = self._read(folder / name)
            if options is not None:
                return self._with(folder / name, options)
        return self.settings(folder.parent) if folder != folder.parent else self._without_file

    @cached_property
    def _without_file(self) -> Settings:
        return self._with_environment(Settings(self.cwd.as_posix(), self.cwd.as_posix(), self.inline, self.command))

    @cached_property
    def _explicit(self) -> Settings:
        assert self.explicit is not None
        path = self.cwd / self.explicit
        if not path.exists() or path.is_dir():
            raise ConfigError(f"{self.explicit}: no such configuration file")
        return self._with(path, self._read(path) or Options(), root=self.cwd)

    def _with(self, path: Path, options: Options, root: Path | None = None) -> Settings:
        folder = (root or path.parent).as_posix()
        settings = Settings(folder, self.cwd.as_posix(), self.inline.over(options), self.command, path.as_posix())
        return self._with_environment(settings)

    def _with_environment(self, settings: Settings) -> Settings:
        """The settings, after their environment was read: a wrong one ends the run before any file is checked."""
        try:
            _ = settings.installed
        except ConfigError as error:
            raise ConfigError(f"{environment_place(settings)}{error}") from error
        return settings

    def _read(self, path: Path) -> Options | None:
        """The options of a file; None if it does not exist or has no table of ours."""
        shown, own = display(path, self.cwd), path.name != "pyproject.toml"
        try:
            return read_options(_text(path), shown, own=own)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except (OSError, UnicodeDecodeError, TomlSyntaxError) as error:
            if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
                return None  # an editor's document may have a name that is impossible for a file
            row = error.row if isinstance(error, TomlSyntaxError) else 0
            problem = f"{shown}{f':{row}' if row else ''}: {_problem(error)}"
            if own:
                raise ConfigError(problem) from error
            self.warn(f"{problem}; neither its configuration nor its pins count")
            return None


def environment_place(settings: Settings) -> str:
    """What goes before "environment" in a message: the file and row on which it is written, or "--" for an option."""
    if settings.command.environment is not None or settings.source is None:
        return "--"
    path = Path(settings.source)
    row = key_row(_text(path), "environment", own=path.name != "pyproject.toml")
    return f"{display(path, Path(settings.cwd))}:{row}: "


def refuse_empty_environment(settings: Settings) -> None:
    """Raise ConfigError if the settings name an environment in which neither Keras nor TensorFlow is installed."""
    if settings.keras_version is not None or settings.installed is None:
        return
    if (found := settings.installed.releases).strength == "none" and found.evidence:
        missing = found.evidence[0]
        said = f"environment: {missing.filename}: {missing.text}; without it the project's files count"
        raise ConfigError(environment_place(settings) + said)


def _text(path: Path) -> str:
    """The text of a configuration file. Raises OSError and UnicodeDecodeError."""
    # Editors on Windows write a byte-order mark, which TOML does not allow.
    text = read_bytes(path, MAX_TOML_BYTES).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _problem(error: OSError | UnicodeDecodeError | TomlSyntaxError) -> str:
    if isinstance(error, OSError):
        return f"can't be read: {error.strerror}"
    return f"not valid TOML: {'not UTF-8 text' if isinstance(error, UnicodeDecodeError) else error}"
