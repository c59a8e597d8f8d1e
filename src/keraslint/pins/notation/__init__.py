"""TOML and YAML text with the rows of its values."""
