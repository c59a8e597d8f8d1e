"""The playground: what its Python answers, and the page in a real browser that reaches nothing but the site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keraslint.behaviour.releases import MEASURED
from keraslint.rules.base import Rule
from keraslint.rules.registry import ALL_RULES
from tools.build_playground import example_of, in_playground

from ..installed import browser_tools
from ..notebook.notebooks import dumped
from .building import ROOT, built_site, served

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PLAYGROUND = ROOT / "playground"
EXAMPLE = (PLAYGROUND / "example.py").read_text(encoding="utf-8")
# What is not there in a browser: LibCST at first, a clock for each thread, and threads.
BROWSER = """
import sys, threading, time
sys.modules["libcst"] = None
del time.thread_time
def start(self): raise RuntimeError("can't start new thread")
threading.Thread.start = start
"""


def answered(code: str, release: str = "", pins: str = "", before: str = "") -> dict[str, Any]:
    """The answer to a request by a process of its own."""
    (answer,) = all_answered([{"code": code, "release": release, "pins": pins}], before)
    return answer


def all_answered(requests: list[dict[str, str]], before: str = "") -> list[dict[str, Any]]:
    """The answers of a new process, which reads a line for each request."""
    program = f"import sys\nsys.path.insert(0, {str(PLAYGROUND)!r})\n{before}\n"
    program += "import check\nfor line in sys.stdin: print(check.answer(line))"
    lines = "\n".join(map(json.dumps, requests))
    done = subprocess.run([sys.executable, "-c", program], input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_finding_has_its_place_its_fixes_and_pictures() -> None:
    answer = answered(EXAMPLE.replace("import keras", "# \N{PILE OF POO}\nimport keras"), "3.6.0")
    (found,) = answer["findings"]
    assert (found["code"], found["file"], found["row"], found["column"]) == ("KER101", "train.py", 11, 10)
    assert found["message"].startswith("Keras 3.6.0 sends each loss to another output")
    assert found["to"] - found["from"] == len(EXAMPLE.partition("loss=")[2].partition("},")[0]) + 1
    assert found["from"] == EXAMPLE.index('{\n        "output_small"') + len("# ??\n")  # two units of UTF-16
    tuples, safe = found["fixes"]
    assert (tuples["style"], tuples["safe"], safe["style"], safe["safe"]) == ("tuple", True, "safe-compile", False)
    assert "+    loss_weights=(1.0, 0.2)," in tuples["diff"]
    assert answered(tuples["text"], "3.6.0")["findings"] == []
    loss, weight, target = answer["pictures"]
    assert loss["title"] == "Which loss is applied to which output (compile, line 9)"
    assert "Keras 3.5.0 and 3.6.0 (yours): categorical_crossentropy is applied to output_small, which" in loss["svg"]
    assert "0.2 reaches output_small, which is wrong" in weight["svg"]
    assert "wrong" not in target["svg"].partition("<style>")[0]


def test_pins_decide_where_no_release_is_chosen() -> None:
    found = answered(EXAMPLE, pins="keras==3.5.0\n")["findings"]
    assert [(one["file"], one["code"]) for one in found] == [("train.py", "KER101"), ("requirements.txt", "KER201")]
    assert "(requirements.txt:1)" in found[0]["message"]
    assert answered(EXAMPLE, pins="keras==3.7.0\n")["findings"] == []
    assert [one["code"] for one in answered(EXAMPLE, "3.5.0", pins="keras==3.7.0\n")["findings"]] == ["KER101"]


def test_what_can_not_be_checked_is_said() -> None:
    assert "'3.x.y' is neither a version nor" in answered(EXAMPLE, "3.x.y")["problem"]
    answer = answered("import keras\nmodel.compile(\n", "3.5.0")
    assert [one["code"] for one in answer["findings"]] == ["KER001"]
    assert answer["pictures"] == []


@pytest.mark.parametrize("code", [EXAMPLE, "import keras\nmodel.compile(\n"])
def test_findings_come_without_what_a_browser_lacks(code: str) -> None:
    whole, less = answered(code, "3.6.0"), answered(code, "3.6.0", before=BROWSER)
    said = [[(one["code"], one["row"]) for one in answer["findings"]] for answer in (whole, less)]
    assert said[0] == said[1] != []
    assert less["pictures"] == whole["pictures"]
    assert {fix["style"] for one in less["findings"] for fix in one["fixes"]} <= {"safe-compile"}


def test_syntax_that_python_does_not_read_costs_the_file_alone() -> None:
    (found,) = answered("import keras\nlazy import os\nmodel.compile()\n", before=BROWSER)["findings"]
    assert found["code"] == "KER001"


SHOWN = [one for one in ALL_RULES if in_playground(one)]


@pytest.fixture(scope="module")
def examples() -> dict[str, dict[str, Any]]:
    """The answer to the example of each rule, by its code."""
    answers = all_answered([{"pins": "", **example_of(rule)} for rule in SHOWN])
    return {rule.code: answer for rule, answer in zip(SHOWN, answers, strict=True)}


@pytest.mark.parametrize("rule", SHOWN, ids=lambda one: one.code)
def test_the_example_of_a_rule_shows_what_its_page_says(rule: Rule, examples: dict[str, dict[str, Any]]) -> None:
    link = f'<a href="../../playground/#rule={rule.code}">'
    page = (ROOT / "docs" / "rules" / f"{rule.name}.md").read_text(encoding="utf-8")
    assert (link in page) is not rule.opt_in
    found = examples[rule.code]["findings"] if not rule.opt_in else [{"code": rule.code}]
    assert rule.code in [one["code"] for one in found]


@pytest.mark.real_tools
def test_in_a_browser(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    tools = browser_tools()
    site = built_site(tmp_path_factory)
    notebook = tmp_path / "notebook.ipynb"
    notebook.write_bytes(dumped("import keras", "%pip list", EXAMPLE.partition("\n")[2]))
    with served(site) as address:
        command = ["node", str(HERE / "playground.mjs"), address, str(tmp_path), str(notebook)]
        done = subprocess.run(command, cwd=tools, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["problems"] == []
    for name in ("audit", "auditDark"):
        assert seen[name]["passes"] > 30
        assert [one for one in seen[name]["violations"] if one.startswith(("serious", "critical"))] == []
    views = {name: seen[name] for name in seen if isinstance(seen[name], dict) and "findings" in seen[name]}
    assert len(views) == 12
    for name, view in views.items():
        assert (view["ran"], view["over"]) == (None, 0), name
    first, fixed, hostile = seen["first"], seen["withFixes"], seen["hostile"]
    assert first["findings"] == ["train.py:10:10 error KER101 misrouted-loss"]
    assert "still loading" in first["status"]
    assert first["below"][0].startswith("KER101 Keras 3.6.0 sends each loss to another output")
    assert "output_small" in first["underlined"][1]
    assert first["links"] == [f"{address}rules/misrouted-loss/"]
    assert fixed["status"] == "1 finding."
    assert fixed["fixes"][0] == "Fix: Pass the losses and loss weights in output order"
    assert "+    loss_weights=(1.0, 0.2)," in fixed["diffs"][0]
    assert (len(fixed["pictures"]), fixed["wrong"]) == (3, 4)
    assert set(fixed["red"]) == {"rgb(207, 34, 46)"}
    assert (seen["right"]["findings"], seen["right"]["status"]) == ([], "Nothing was found.")
    assert [one.split()[2] for one in seen["pinned"]["findings"]] == ["KER101", "KER201"]
    assert [one.split()[2] for one in seen["applied"]["findings"]] == ["KER201"]
    assert "loss_weights=(1.0, 0.2)" in seen["applied"]["code"]
    assert "<img src=x" in hostile["below"][0]
    assert "<script>" in hostile["pictures"][0]
    assert [one.split()[2] for one in seen["broken"]["findings"]] == ["KER001", "KER201"]
    assert seen["notebook"]["status"].startswith("A notebook: its 3 code cells, as one script. ")
    assert "# %% cell 3" in seen["notebook"]["code"]
    assert "KER101" in seen["notebook"]["findings"][0]
    assert "keras==3,5" in seen["unreadable"]["below"][0]
    assert seen["copied"].startswith(f"{address}playground/#code=")
    assert (seen["linked"]["code"], seen["linked"]["scheme"]) == (EXAMPLE, "slate")
    assert set(seen["linked"]["red"]) == {"rgb(255, 123, 114)"}
    assert "KER313" in seen["ruled"]["findings"][0]
    assert "left out" in seen["without"]["status"]
    assert len(seen["without"]["fixes"]) == 1


def test_the_page_offers_every_measured_release() -> None:
    main = (PLAYGROUND / "main.js").read_text(encoding="utf-8")
    build = (ROOT / "tools" / "build_playground.py").read_text(encoding="utf-8")
    assert "[...RELEASES]" in main
    assert "for release in MEASURED" in build
    assert len(MEASURED) == 40


def test_what_is_fetched_is_pinned() -> None:
    package = json.loads((PLAYGROUND / "package.json").read_text(encoding="utf-8"))
    lock = (PLAYGROUND / "package-lock.json").read_text(encoding="utf-8")
    assert all(version[0].isdigit() for version in package["dependencies"].values())
    installed = json.loads(lock)["packages"]
    assert all(installed[f"node_modules/{name}"]["version"] == one for name, one in package["dependencies"].items())
    assert all("integrity" in one for name, one in installed.items() if name)
    assert "resolved" not in lock
