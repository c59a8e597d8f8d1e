"""Draws which loss, weight or target of a program reaches which output on each Keras release, as SVG.

    python -m tools.draw_routing [--check]

writes docs/pictures/routing.svg, about the example of the README; ``tools.document_rules`` draws one for each rule
about routing. The panels are made by keraslint's own analysis of the programs, and its model of each release.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias
from xml.etree import ElementTree as ET

from packaging.version import Version

from keraslint.analysis import analyze
from keraslint.analysis.facts import Argument, CompileCall, Token
from keraslint.behaviour.intent import intended
from keraslint.behaviour.metrics_and_logs import called_values, metric_targets
from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import Delivery, Named, Outputs, Routed, Structure, Unseen
from keraslint.document import Document
from keraslint.rules.shared.listed_for_dict import meant_argument
from keraslint.rules.shared.wording import releases as in_words
from tools.svg_text import write_or_check

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "routing.svg"

Part: TypeAlias = Literal["loss", "weight", "target", "sample weight", "metric", "key"]
"""The kind of the boxes on the left: what the call names for each output, or the key that a called model puts it under.

"metric": the target that the metrics of an output get.
"""

NOTES: dict[Part, str] = {
    "loss": "loss of {}",
    "weight": "loss weight of {}",
    "target": "target of {}",
    "sample weight": "sample weight of {}",
    "metric": "target of {}",
    "key": "key of the result",
}
"""The small line in a box on the left: what it is meant for."""

VERBS: dict[Part, str] = {"loss": "is applied to", "metric": "reaches the metrics of", "key": "holds"}
"""How the text that stands for a picture says what an arrow shows; else "reaches"."""


@dataclass(frozen=True, slots=True)
class Item:
    """A box on the left: its text, and the output that it is meant for."""

    text: str
    meant: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """The item with this number reaches this output."""

    item: int
    output: int
    right: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """What reaches each output, under a title."""

    title: str
    part: Part
    items: tuple[Item, ...]
    outputs: tuple[str, ...]
    arrows: tuple[Arrow, ...]

    @property
    def in_words(self) -> str:
        """The same for those who do not see it."""
        said = [
            f"{self.items[one.item].text} {VERBS.get(self.part, 'reaches')} {self.outputs[one.output]}"
            + ("" if one.right else ", which is wrong")
            for one in self.arrows
        ]
        said += [f"{self.items[number].text} reaches no output" for number in self.lost]
        return f"{self.title}: {'; '.join(said)}."

    @property
    def lost(self) -> list[int]:
        """The numbers of the items that reach no output."""
        return [number for number in range(len(self.items)) if all(one.item != number for one in self.arrows)]

    @property
    def is_right(self) -> bool:
        """True if each item reaches the output that it is meant for, and no other."""
        return not self.lost and all(arrow.right for arrow in self.arrows)


def panels_of(before: str, after: str, part: Part, release: Version, instead: str = "") -> list[Panel]:
    """The panels of a program that goes wrong on a release, and of what is right: another program, or another release.

    Each names all measured releases that are like it. ``instead``: what was changed in the program ``after``. Raises
    ValueError where nothing goes wrong on the release, or nothing is right.
    """
    wrong, right = _by_release(before, part), _by_release(after, part)
    bad = wrong.get(release)
    good = next((panel for _, panel in sorted(right.items(), reverse=True) if panel.is_right), None)
    if bad is None or bad.is_right or good is None:
        raise ValueError(f"nothing goes wrong on {release}, or nothing is right")
    return [_titled(bad, "", wrong), _titled(good, instead, right)]


def _titled(panel: Panel, beginning: str, by_release: Mapping[Version, Panel]) -> Panel:
    alike = [release for release, other in by_release.items() if other == panel]
    return replace(panel, title=f"{beginning}Keras {in_words(alike)}")


def _by_release(program: str, part: Part) -> dict[Version, Panel]:
    """The panel of a program on each measured release; those on which it raises an error are left out."""
    facts = analyze(Document("example.py", program))
    if part == "key":
        outputs = facts.reads[0].outputs
        drawn = {release: _called(outputs, release) for release in MEASURED}
    else:
        (call,) = facts.compiles
        of = _metrics if part == "metric" else _routed
        drawn = {release: of(call, release, part) for release in MEASURED}
    return {release: panel for release, panel in drawn.items() if panel is not None}


def _called(outputs: Outputs, release: Version) -> Panel | None:
    """What a called model puts under each key of its outputs."""
    held = called_values(release, outputs)
    items = tuple(Item(f'"{key}"', key) for key in outputs.labels)
    arrows = [Arrow(n, outputs.labels.index(held[key]), held[key] == key) for n, key in enumerate(outputs.labels)]
    return Panel("", "key", items, outputs.labels, tuple(arrows))


def _metrics(call: CompileCall, release: Version, part: Part) -> Panel | None:
    """The targets that the metrics of each output get."""
    outputs, y = call.model.outputs, call.trainings[0].y.structure
    if outputs is None or not isinstance(y, Named):
        return None
    targets = metric_targets(release, outputs, y)
    meant = {key: _token(value) for key, value in y.entries}
    labels = outputs.labels
    return _joined(part, [(name, meant[name]) for name in labels], [(name, targets[name]) for name in labels])


def _routed(call: CompileCall, release: Version, part: Part) -> Panel | None:
    """The losses, weights, targets or sample weights that reach each output."""
    outputs = call.model.outputs
    if outputs is None:
        return None
    training = call.trainings[0] if call.trainings else None
    data = (training.y, training.sample_weight) if training else (Argument(Unseen()), Argument())
    arguments = (call.loss, call.loss_weights, *data)
    meant = intended(outputs, *(_meant(argument, outputs) for argument in arguments))
    got = route(release, outputs, *(argument.structure for argument in arguments))
    if not isinstance(meant, Routed) or not isinstance(got, Routed):
        return None
    value = _VALUES[part]
    named, delivered = ([(one.output, value(one)) for one in side.deliveries] for side in (meant, got))
    return _joined(part, named, delivered)


def _meant(argument: Argument, outputs: Outputs) -> Structure:
    """The argument as it is meant: for outputs in a dict the entries of a list go by their names, or their order."""
    named = meant_argument(argument, outputs.labels, strict=True) if outputs.keys else None
    return argument.structure if named is None else named.structure


def _joined(part: Part, meant: Sequence[tuple[str, Hashable]], got: Sequence[tuple[str, Hashable]]) -> Panel:
    """The panel of what is meant for each output and of what it gets."""
    items = [(Item(_label(value), output), value) for output, value in meant if value is not None]
    arrows = [
        Arrow(number, place, item.meant == output)
        for place, (output, delivered) in enumerate(got)
        for number, (item, value) in enumerate(items)
        if delivered == value and (item.meant == output or [one for _, one in items].count(value) == 1)
    ]
    return Panel("", part, tuple(item for item, _ in items), tuple(output for output, _ in meant), tuple(arrows))


_VALUES: dict[Part, Callable[[Delivery], Hashable]] = {
    "loss": lambda one: one.losses[0] if one.losses else None,
    "weight": lambda one: one.weight,
    "target": lambda one: one.target,
    "sample weight": lambda one: one.sample_weight,
}


def _token(value: Structure) -> Hashable:
    return getattr(value, "token", None)


def _label(token: Hashable) -> str:
    return token.label if isinstance(token, Token) else str(token)


# Sizes in pixels: a box is as wide as its text in a font of a fixed width.
LETTER, ROW, BOX, GAP, MARGIN, HEAD = 7.3, 54, 40, 110, 16, 34
STYLE = """
.card{fill:#fff;stroke:#d0d7de}.box{fill:#f6f8fa;stroke:#8c959f}.text{fill:#1f2328}.note{fill:#57606a}
.right{stroke:#1a7f37}.wrong{stroke:#cf222e}.right-head{fill:#1a7f37}.wrong-head{fill:#cf222e}
text{font:12px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.title,.note{font-family:system-ui,"DejaVu Sans",sans-serif}.title{font-weight:600;font-size:13px}.note{font-size:11px}
@media (prefers-color-scheme:dark){.card{fill:#161b22;stroke:#30363d}.box{fill:#21262d;stroke:#6e7681}
.text{fill:#e6edf3}.note{fill:#9da7b3}.right{stroke:#3fb950}.wrong{stroke:#ff7b72}
.right-head{fill:#3fb950}.wrong-head{fill:#ff7b72}}
"""


def picture(panels: Sequence[Panel], name: str, *, beside: bool = False) -> str:
    """The panels as an SVG with this name, below each other or beside each other."""
    left = max(_width(text) for panel in panels for item in panel.items for text in (item.text, _note(panel, item)))
    right = max(_width(_shown(panel, output)) for panel in panels for output in panel.outputs)
    width = max(MARGIN * 2 + left + GAP + right, *(MARGIN * 2 + len(panel.title) * 7.6 for panel in panels))
    heights = [HEAD + len(panel.outputs) * ROW for panel in panels]
    across = len(panels) if beside else 1
    total = max(heights) if beside else sum(heights) + MARGIN * (len(panels) - 1)
    whole = (width * across + MARGIN * (across - 1) + 2, total + 2)
    svg = ET.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {whole[0]:.0f} {whole[1]:.0f}", "role": "img"},
        width=f"{whole[0]:.0f}",
        height=f"{whole[1]:.0f}",
    )
    ET.SubElement(svg, "title").text = name
    ET.SubElement(svg, "desc").text = " ".join(panel.in_words for panel in panels)
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
    rows = [panel.outputs.index(item.meant) for item in panel.items]
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
        kind, tip = "right" if arrow.right else "wrong", there - 9
        path = f"M{MARGIN + left:.0f} {start:.0f}C{MARGIN + left + GAP / 2:.0f} {start:.0f} "
        path += f"{tip - GAP / 2:.0f} {end:.0f} {tip:.0f} {end:.0f}"
        line = _add(group, "path", kind, d=path, fill="none")
        line.set("stroke-width", "2")
        if not arrow.right:
            line.set("stroke-dasharray", "6 4")
        _add(group, "path", f"{kind}-head", d=f"M{tip + 9:.0f} {end:.0f}l-10 -5v10z")


def _box(group: ET.Element, x: float, y: float, width: float) -> None:
    _add(group, "rect", "box", x=x, y=y, width=width, height=BOX, rx=5)


def _text(group: ET.Element, kind: str, x: float, y: float, text: str) -> None:
    _add(group, "text", kind, x=x, y=y).text = text


def _add(group: ET.Element, tag: str, kind: str, **more: str | float) -> ET.Element:
    shown = {key: value if isinstance(value, str) else f"{value:.0f}" for key, value in more.items()}
    return ET.SubElement(group, tag, {"class": kind, **shown})


def _note(panel: Panel, item: Item) -> str:
    return NOTES[panel.part].format(item.meant)


def _shown(panel: Panel, output: str) -> str:
    return f"metrics of {output}" if panel.part == "metric" else output


def _width(text: str) -> float:
    return len(text) * LETTER + 20


def alt(panels: Sequence[Panel]) -> str:
    """The text that stands for the picture in Markdown, where brackets would end it."""
    return " ".join(panel.in_words for panel in panels).replace("[", "(").replace("]", ")")


def main() -> int:
    """Draw the example of the README."""
    example = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)[0]
    panels = panels_of(example, example, "loss", Version("3.5.0"))
    drawn = picture(panels, "Which loss is applied to which output", beside=True)
    return write_or_check(PICTURE, drawn, "draw_routing")


if __name__ == "__main__":
    sys.exit(main())
