"""Settings: those of the command line, configuration files and editors, and the result for one file."""

from keraslint.config.settings import ConfigError

__all__ = ["ConfigError"]
