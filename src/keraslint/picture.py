"""Draws what reaches which output, as SVG. It needs nothing, and is part of the copy that `vendor-runtime` makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

PART_NOTES = {
    "loss": "loss of {}",
    "weight": "loss weight of {}",
    "target": "target of {}",
    "sample weight": "sample weight of {}",
    "metric": "target of {}",
    "key": "key of the result",
}
"""By the kind of the boxes on the left, the small line in them: what each is meant for.

They are what the call names for each output; "metric": the target that the metrics of an output get; "key": the key
that a called model puts an output under.
"""

PART_VERBS = {"loss": "is applied to", "metric": "reaches the metrics of", "key": "holds"}
"""How the text that stands for a picture says what an arrow shows; else "reaches"."""


@dataclass(frozen=True)
class Item:
    """A box on the left: its text, and the output that it is meant for; "" where that is not known."""

    text: str
    meant: str


@dataclass(frozen=True)
class Arrow:
    """The item with this number reaches the output with this number. right: None where that is not known."""

    item: int
    output: int
    right: bool | None


@dataclass(frozen=True)
class Panel:
    """What reaches each output, under a title. part: a key of PART_NOTES. error: what Keras does instead, in words."""

    title: str
    part: str
    items: tuple[Item, ...]
    outputs: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    error: str = ""

    @property
    def in_words(self) -> str:
        """The same for those who do not see it."""
        if self.error:
            return f"{self.title}: {self.error}."
        verb = PART_VERBS.get(self.part, "reaches")
        said = [
            f"{self.items[one.item].text} {verb} {self.outputs[one.output]}"
            + (", which is wrong" if one.right is False else "")
            for one in self.arrows
        ]
        said += [f"{self.items[number].text} reaches no output" for number in self.lost]
        return f"{self.title}: {'; '.join(said)}."

    @property
    def lost(self) -> list[int]:
        """The numbers of the items that reach no output."""
        if self.error:
            return []
        return [number for number in range(len(self.items)) if all(one.item != number for one in self.arrows)]

    @property
    def is_right(self) -> bool:
        """True if each item reaches the output that it is meant for, and no other."""
        return not self.error and not self.lost and all(arrow.right for arrow in self.arrows)


# Sizes in pixels: a box is as wide as its text in a font of a fixed width.
LETTER, ROW, BOX, GAP, MARGIN, HEAD = 7.3, 54, 40, 110, 16, 34
LONGEST = 48
"""A longer text is cut."""

PICTURE_CLASS = "kl"
STYLE = """
C .card{fill:#fff;stroke:#d0d7de}C .box{fill:#f6f8fa;stroke:#8c959f}C .text{fill:#1f2328}C .note{fill:#57606a}
C .right{stroke:#1a7f37}C .wrong{stroke:#cf222e}C .open{stroke:#57606a}
C .right-head{fill:#1a7f37}C .wrong-head{fill:#cf222e}C .open-head{fill:#57606a}
C text{font:12px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
C .title,C .note{font-family:system-ui,"DejaVu Sans",sans-serif}
C .title{font-weight:600;font-size:13px}C .note{font-size:11px}
@media (prefers-color-scheme:dark){C .card{fill:#161b22;stroke:#30363d}C .box{fill:#21262d;stroke:#6e7681}
C .text{fill:#e6edf3}C .note{fill:#9da7b3}C .right{stroke:#3fb950}C .wrong{stroke:#ff7b72}C .open{stroke:#9da7b3}
C .right-head{fill:#3fb950}C .wrong-head{fill:#ff7b72}C .open-head{fill:#9da7b3}}
""".replace("C ", f".{PICTURE_CLASS} ")


def picture(panels: Sequence[Panel], name: str, *, beside: bool = False) -> str:
    """The panels, at least one, as an SVG with this name, below each other or beside each other."""
    boxes = [text for panel in panels for item in panel.items for text in (item.text, _note(panel, item))]
    left = max(map(_width, boxes), default=0.0)
    right = max((_width(_shown(panel, output)) for panel in panels for output in panel.outputs), default=0.0)
    titles = [text for panel in panels for text in (panel.title, panel.error)]
    width = max(MARGIN * 2 + left + GAP + right, *(MARGIN * 2 + len(title) * 7.6 for title in titles))
    heights = [HEAD + max(len(panel.outputs), len(panel.items), 1) * ROW for panel in panels]
    across = len(panels) if beside else 1
    total = max(heights) if beside else sum(heights) + MARGIN * (len(panels) - 1)
    whole = (width * across + MARGIN * (across - 1) + 2, total + 2)
    svg = ET.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {whole[0]:.0f} {whole[1]:.0f}", "role": "img"},
        width=f"{whole[0]:.0f}",
        height=f"{whole[1]:.0f}",
    )
    svg.set("class", PICTURE_CLASS)
    ET.SubElement(svg, "title").text = _seen(name)
    ET.SubElement(svg, "desc").text = _seen(" ".join(panel.in_words for panel in panels))
    ET.SubElement(svg, "style").text = STYLE
    at_x, at_y = 1.0, 1.0
    for panel, height in zip(panels, heights, strict=True):
        group = ET.SubElement(svg, "g", transform=f"translate({at_x:.0f} {at_y:.0f})")
        _draw(group, panel, (left, right, width, height))
        at_x, at_y = (at_x + width + MARGIN, at_y) if beside else (at_x, at_y + height + MARGIN)
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"


def _draw(group: ET.Element, panel: Panel, size: tuple[float, float, float, float]) -> None:
    left, right, width, height = size
    there = width - MARGIN - right
    _add(group, "rect", "card", width=width, height=height, rx=8)
    _text(group, "title text", MARGIN, 23, panel.title)
    if panel.error:
        _text(group, "wrong-head", MARGIN, HEAD + 24, panel.error)
        return
    rows = _rows(panel)
    for number, item in enumerate(panel.items):
        top = HEAD + rows[number] * ROW
        _box(group, MARGIN, top, left)
        _text(group, "text", MARGIN + 10, top + 17, item.text)
        _text(group, "note", MARGIN + 10, top + 32, _note(panel, item))
        if number in panel.lost:
            _text(group, "wrong-head", MARGIN + left + 8, top + 24, "✗ no output")
    for number, output in enumerate(panel.outputs):
        top = HEAD + number * ROW
        _box(group, there, top, right)
        _text(group, "text", there + 10, top + 24, _shown(panel, output))
    for arrow in panel.arrows:
        start, end = (HEAD + row * ROW + BOX / 2 for row in (rows[arrow.item], arrow.output))
        _arrow(group, arrow, (MARGIN + left, start), (there, end))


def _arrow(group: ET.Element, arrow: Arrow, start: tuple[float, float], end: tuple[float, float]) -> None:
    kind = "open" if arrow.right is None else "right" if arrow.right else "wrong"
    tip = end[0] - 9
    path = f"M{start[0]:.0f} {start[1]:.0f}C{start[0] + GAP / 2:.0f} {start[1]:.0f} "
    path += f"{tip - GAP / 2:.0f} {end[1]:.0f} {tip:.0f} {end[1]:.0f}"
    line = _add(group, "path", kind, d=path, fill="none")
    line.set("stroke-width", "2")
    if kind == "wrong":
        line.set("stroke-dasharray", "6 4")
    _add(group, "path", f"{kind}-head", d=f"M{end[0]:.0f} {end[1]:.0f}l-10 -5v10z")


def _rows(panel: Panel) -> list[int]:
    """The row of each item: that of the output that it is meant for, else the first that is free."""
    wanted = [panel.outputs.index(item.meant) if item.meant in panel.outputs else None for item in panel.items]
    free = (row for row in range(len(panel.items) + len(panel.outputs)) if row not in wanted)
    seen: set[int] = set()
    rows = []
    for row in wanted:
        rows.append(row if row is not None and row not in seen else next(free))
        seen.add(rows[-1])
    return rows


def _box(group: ET.Element, x: float, y: float, width: float) -> None:
    _add(group, "rect", "box", x=x, y=y, width=width, height=BOX, rx=5)


def _text(group: ET.Element, kind: str, x: float, y: float, text: str) -> None:
    _add(group, "text", kind, x=x, y=y).text = _cut(text)


def _add(group: ET.Element, tag: str, kind: str, **more: str | float) -> ET.Element:
    shown = {key: value if isinstance(value, str) else f"{value:.0f}" for key, value in more.items()}
    return ET.SubElement(group, tag, {"class": kind, **shown})


def _note(panel: Panel, item: Item) -> str:
    meant = PART_NOTES[panel.part]
    return meant.format(item.meant) if item.meant else meant.partition(" of ")[0]


def _shown(panel: Panel, output: str) -> str:
    return f"metrics of {output}" if panel.part == "metric" else output


def _width(text: str) -> float:
    return len(_cut(text)) * LETTER + 20


def _cut(text: str) -> str:
    return _seen(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def _seen(text: str) -> str:
    """A text without characters that are not seen, of which XML forbids some."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
