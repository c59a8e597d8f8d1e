"""Settings: what the command line, configuration files and editors ask for, and what counts for one file."""

from keraslint.config.settings import ConfigError

__all__ = ["ConfigError"]
