"""safe_compile and loss_routing on real Keras: nothing reaches another output than it names."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ..summary import note
from .observation import environment
from .releases import laboratory

pytestmark = pytest.mark.real_keras

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
README = HERE.parents[1] / "README.md"
BOUNDARIES = ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.14.0", "3.15.1")
SHARE = 30

Outcomes = Mapping[str, Mapping[str, str]]


def _run(release: str, folder: Path, script: str, *arguments: str) -> str:
    lab = laboratory((release,))
    report = folder / f"{release}.json"
    command = [lab.python, "-I", HERE / script, lab.folders[release], SOURCE, report, *arguments]
    done = subprocess.run(
        [*map(str, command)], check=False, env=environment(str(folder)), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return report.read_text()


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcomes]:
    """By release, what became of its share of the matrix: another share for each."""
    laboratory(BOUNDARIES)
    folder = tmp_path_factory.mktemp("cells")

    def run(release: str) -> Outcomes:
        part = f"{BOUNDARIES.index(release) * 5 + 1}/{SHARE}"
        cells: Outcomes = json.loads(_run(release, folder, "safe_compile_cells.py", part))["cells"]
        return cells

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(BOUNDARIES, pool.map(run, BOUNDARIES), strict=True))
    for release, cells in found.items():
        counted = Counter(outcome["safe"] if outcome["safe"] == "right" else "refused" for outcome in cells.values())
        wrong = sum(outcome["plain"] == "wrong" for outcome in cells.values())
        note(
            request.config,
            "real Keras",
            f"safe_compile on {release}: {dict(counted)} of {len(cells)} cells; model.compile: {wrong} wrong",
        )
    return found


@pytest.mark.parametrize("release", BOUNDARIES)
def test_nothing_is_led_astray_and_refusals_say_why(outcomes: Mapping[str, Outcomes], release: str) -> None:
    for cell, outcome in outcomes[release].items():
        assert outcome["safe"] != "wrong", cell
        if outcome["plain"] == "right" and outcome["safe"] != "right":
            # the only ones: places of what differs, where the outputs are a dict that is not in the order of its sorted
            # keys; and names for outputs of which only the places are known
            assert outcome["safe"].startswith("AmbiguousRouting"), (cell, outcome)
            advice = "return a dict of outputs" if "subclass, list" in cell else "give a dict with the keys"
            assert advice in outcome["safe"], (cell, outcome)


@pytest.mark.parametrize("release", ["3.5.0", "3.6.0"])
def test_it_mends_what_plain_keras_gets_wrong(outcomes: Mapping[str, Outcomes], release: str) -> None:
    mended = [cell for cell, one in outcomes[release].items() if one["plain"] == "wrong" and one["safe"] == "right"]
    assert len(mended) > 5


@pytest.mark.parametrize("release", BOUNDARIES)
def test_it_works_with_all_that_trains_a_model(release: str, tmp_path: Path) -> None:
    told = json.loads(_run(release, tmp_path, "safe_compile_uses.py"))
    assert told["keras"] == release
    for use, problem in told["uses"].items():
        assert problem is None, (use, problem)


@pytest.mark.parametrize(("release", "fails"), [("3.5.0", True), ("3.6.0", True), ("3.7.0", False)])
def test_the_assertion_in_the_readme_fails_on_the_releases_that_it_says(
    release: str, fails: bool, tmp_path: Path
) -> None:
    python = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    program = python[0].replace("model.fit(x, [y_small, y_big])\n", "") + python[2]
    assert "model.fit" not in program
    assert "assert_loss_routing(" in program
    lab = laboratory((release,))
    paths = [str(lab.folders[release]), str(SOURCE)]
    command = [str(lab.python), "-I", "-c", f"import sys; sys.path[:0] = {paths!r}\n{program}"]
    done = subprocess.run(command, check=False, env=environment(str(tmp_path)), capture_output=True, text=True)
    assert done.returncode == int(fails), done.stderr
    said = "AssertionError: output_small: expected loss binary_crossentropy, but categorical_crossentropy reaches it"
    assert (said in done.stderr) is fails
    assert (f"Keras {release}\noutput " in done.stderr) is fails
