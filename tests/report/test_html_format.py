"""The format html: what it says, and that a real browser runs nothing of it and loads nothing for it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from keraslint import check_source
from keraslint.diagnostic import Diagnostic
from keraslint.report.html_format import render_html
from keraslint.rules.registry import ALL_RULES

from ..command import outcome
from ..installed import browser_tools
from ..notebook.notebooks import dumped

HERE = Path(__file__).parent
ATTACKS = (
    "<script>window.ran=1</script>",
    "</pre></title></style><img src=x onerror=window.ran=2>",
    '" onmouseover="window.ran=3" autofocus onfocus=window.ran=4 x="',
    "<svg onload=window.ran=5><a href='javascript:window.ran=6'>x</a>",
    "]]></desc><foreignObject><iframe srcdoc='<script>parent.ran=7</script>'/></foreignObject>",
)
PROGRAM = """\
import keras

inputs = keras.Input((8,))
one = keras.layers.Dense(1, name={one!r})(inputs)
two = keras.layers.Dense(64, name="!")(inputs)
model = keras.Model(inputs, [one, two])
# {loss}
model.compile("adam", loss={{{one!r}: "mse", "!": {loss!r}}})  # {loss}
"""


class Texts(HTMLParser):
    """The text of each element of a kind."""

    def __init__(self, page: str, tag: str) -> None:
        super().__init__()
        self.tag, self.depth, self.found = tag, 0, list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self.tag:
            self.depth += 1
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == self.tag

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.found[-1] += data


def page_of(found: list[Diagnostic], text: str) -> str:
    return render_html(found, lambda _: text, style="tuple", unsafe=True)


def test_a_finding_with_its_source_its_picture_its_evidence_and_its_fix() -> None:
    program = PROGRAM.format(one="z", loss="mae")
    page = page_of(check_source(program, "train.py", keras="3.5.0", select=["KER101"]), program)
    source, fix = Texts(page, "pre").found
    assert source.startswith("6 model = keras.Model(inputs, [one, two])7 # mae8 model.compile")
    assert Texts(page, "mark").found == ["{'z': \"mse\", \"!\": 'mae'}"]
    assert '-model.compile("adam", loss={\'z\': "mse"' in fix
    assert '+model.compile("adam", loss=("mse", \'mae\'))' in fix
    (picture,) = Texts(page, "desc").found
    assert picture.startswith("Keras 3.5.0 and 3.6.0: mae is applied to z, which is wrong; mse is applied to !, ")
    assert "Keras 3.0.0 to 3.4.1 and 3.7.0 to 3.15.1: mse is applied to z; mae is applied to !." in picture
    assert "Pass the losses in output order" in page
    assert Texts(page, "h3").found[0].startswith("Keras 3.5.0 (the argument keras) sends")
    assert Texts(page, "td").found == ["KER101 misrouted-loss", "1", "1", "1"]


def test_nothing_found() -> None:
    assert "Nothing was found." in page_of([], "")


def test_a_span_of_many_lines_is_shown_without_its_middle() -> None:
    losses = "".join(f"    'o{number}': 'mse',\n" for number in range(40))
    program = f"x = {{\n{losses}}}\n"
    (found,) = check_source("keras==3.5.0\n", "requirements.txt")
    whole = replace(found, filename="train.py", span=replace(found.span, end=replace(found.span.end, row=40)), fixes=())
    (source,) = Texts(page_of([whole], program), "pre").found
    assert "…" in source
    assert "'o2'" in source
    assert "'o20'" not in source
    assert "'o38'" in source


@pytest.mark.parametrize("rule", [rule for rule in ALL_RULES if rule.draws], ids=lambda rule: rule.code)
def test_each_rule_about_routing_has_a_picture(rule: Any) -> None:
    example = next(example for example in rule.examples if example.finds)
    found = [one for one in check_source(example.code, keras=example.keras, select=[rule.code]) if one.drawn]
    assert found
    for one in found:
        said = Texts(page_of([one], example.code), "desc").found
        assert len(said) == 1
        assert "wrong" in said[0] or "reaches no output" in said[0]


def test_pictures_reach_other_processes(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.py").write_text(PROGRAM.format(one="z", loss="mae"))
    arguments = ("--isolated", "--keras-version=3.5.0", "--output-format=html", ".")
    code, one, _ = outcome(tmp_path, *arguments, "--jobs=1")
    assert (code, len(Texts(one, "desc").found)) == (1, 12)
    assert outcome(tmp_path, *arguments, "--jobs=2")[:2] == (1, one)


@pytest.mark.real_tools
def test_in_a_browser_nothing_of_it_runs(tmp_path: Path) -> None:
    tools = browser_tools()
    for number, attack in enumerate(ATTACKS):
        text = PROGRAM.format(one=attack.replace("/", ""), loss=attack)  # Keras refuses a name with a slash
        (tmp_path / f"{number}{attack.replace('/', '|')}.py").write_text(text)
    (tmp_path / "n.ipynb").write_bytes(dumped(PROGRAM.format(one=ATTACKS[0].replace("/", ""), loss="mae")))
    (tmp_path / "requirements.txt").write_text("keras==3.5.0  # <script>window.ran=8</script>\n")
    report = tmp_path / "report.html"
    code, _, error = outcome(tmp_path, "--isolated", "--output-format=html", f"--output-file={report}", ".")
    assert code == 1, error
    command = ["node", str(HERE / "report.mjs"), str(report), str(tmp_path)]
    done = subprocess.run(command, cwd=tools, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    views: dict[str, Any] = json.loads(done.stdout)
    for view, seen in views.items():
        assert seen["ran"] is None, view
        assert set(seen["asked"]) == {"file"}, view
        assert (seen["said"], seen["handlers"], seen["axe"]) == ([], [], []), view
        assert seen["passes"] > 20
        assert not {"script", "img", "iframe", "foreignObject"} & {*seen["elements"]}
        assert all(re.match(r"https://keraslint|file:.*#finding-", link) for link in seen["links"])
        assert [attack for attack in ATTACKS if attack not in seen["text"]] == []
        assert len(seen["pictures"]) == len(ATTACKS) + 1
        assert seen["over"] <= 0, view
        assert seen["background"] == ("rgb(13, 17, 23)" if "dark" in view else "rgb(255, 255, 255)")
