"""The address of the documentation site, and of the pages in it that messages and reports name."""

from __future__ import annotations

SITE = "https://keraslint.readthedocs.io/"
"""The canonical address; ``mkdocs.yml``, the JSON schema and the metadata of the package say the same."""


def rule_page(name: str) -> str:
    """The address of the page about the rule with this name."""
    return f"{SITE}rules/{name}/"
