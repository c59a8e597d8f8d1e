"""The text in an SVG: by it a picture is compared with the one that would be drawn now.

Another version of a drawing library may draw the same text at other places, which does not make a picture stale.
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def texts_of(svg: str) -> list[str]:
    """The texts that an SVG shows, in its order."""
    shown = [element for element in ET.fromstring(svg).iter() if element.tag.rpartition("}")[2] == "text"]
    return ["".join(element.itertext()) for element in shown]


def text_of(svg: str) -> str:
    """All text that an SVG shows, without spaces: libraries break lines and runs in their own ways."""
    return "".join("".join(texts_of(svg)).split())


def write_or_check(path: Path, svg: str, tool: str) -> int:
    """Write the picture; with ``--check`` among the arguments compare its text, and return 1 where it differs."""
    if "--check" not in sys.argv[1:]:
        path.parent.mkdir(exist_ok=True)
        path.write_text(svg, encoding="utf-8")
        return 0
    if path.exists() and text_of(path.read_text(encoding="utf-8")) == text_of(svg):
        return 0
    print(f"{path.name} is not up to date: run python -m tools.{tool}")
    return 1
