"""Names of files and outputs, and source, that would fool a reader or command a service, in every format."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest

from keraslint.config.options import OPTIONS
from keraslint.report.summary import diff
from keraslint.words import one_line

from ..command import outcome

HOSTILE = (
    "\x1b[2J\x1b]0;t\x07\x08\x9b1m\x7f\x85\u202e\u2066\u200f\u061c\ufeff\u2028\U000e0041"
    "##[error]##vso[task.x]y::error::z"
)
KEY = HOSTILE + "[click](mailto:a@example.org)\n::warning::w"
NAMES = ["::error::train.py", " ::set-output::.py", "a\n::stop-commands::b.py", f"{HOSTILE}.py", "##[group]a.py"]
FORMATS = OPTIONS["output-format"].choices or ()


def program(key: str) -> str:
    """A program whose line with the finding holds the key as it is, but for ends of lines."""
    bare = key.replace("\n", "")
    return (
        f"import keras\n\ninputs = keras.Input((8,))\nsmall = keras.layers.Dense(1, name={key!r})(inputs)\n"
        'big = keras.layers.Dense(64, name="zbig")(inputs)\nmodel = keras.Model(inputs, [big, small])\n'
        f"# {bare}\n::error::\n".replace("::error::\n", "")
        + f'model.compile("adam", loss={{"zbig": "mse", {key!r}: "mae"}})  # {bare}\n'
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).write_text(program(KEY), encoding="utf-8")
    return tmp_path


def is_plain(text: str) -> bool:
    """True if a text holds nothing that is not seen, and no line of it is a command of GitHub or Azure."""
    unseen = [
        char for char in text if not char.isprintable() and char not in "\n\t" and unicodedata.category(char) != "Zs"
    ]
    commands = [line for line in text.split("\n") if line.lstrip().startswith("::") or re.search(r"##\[|##vso\[", line)]
    return not unseen and not commands


@pytest.mark.parametrize("output_format", [name for name in FORMATS if name != "github"])
def test_all_of_it_is_made_visible(project: Path, output_format: str) -> None:
    arguments = ("--isolated", "--keras-version=3.5.0", f"--output-format={output_format}", ".")
    code, out, err = outcome(project, *arguments)
    assert code == 1
    assert out.count("KER101") >= len(NAMES)
    assert is_plain(out)
    assert is_plain(err)
    if output_format == "json-lines":
        assert {json.loads(line)["filename"] for line in out.splitlines()} == {str(project / name) for name in NAMES}
    elif output_format == "junit":
        assert len(ElementTree.fromstring(out)) == len(NAMES)
    elif output_format not in ("concise", "full", "html"):
        json.loads(out)


def test_the_only_commands_for_github_are_those_of_the_findings(project: Path) -> None:
    _, out, _ = outcome(project, "--isolated", "--keras-version=3.5.0", "--output-format=github", ".")
    lines = out.splitlines()
    assert len(lines) == len(NAMES)
    assert all(re.match(r"::(error|warning) title=keraslint", line) for line in lines)
    assert is_plain(out.replace("\n::", "\n").removeprefix("::"))


def test_a_message_in_sarif_holds_no_link(project: Path) -> None:
    _, out, _ = outcome(project, "--isolated", "--keras-version=3.5.0", "--output-format=sarif", ".")
    texts = [result["message"]["text"] for result in json.loads(out)["runs"][0]["results"]]
    assert all(r"\[click\](mailto" in text for text in texts)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", HOSTILE),
        ("check", f"--{HOSTILE}"),
        ("check", "--config", f"{HOSTILE}=1", "."),
        ("check", f"--select={HOSTILE}", "."),
        ("check", "--show-files", "."),
        ("check", "--show-fixes", "--diff", "--unsafe-fixes", "--quiet", "train.txt"),
        ("keras", HOSTILE),
        ("keras", "."),
        ("rule", HOSTILE),
        ("vendor-runtime", f"{HOSTILE}/{HOSTILE}"),
    ],
)
def test_what_else_is_said(project: Path, arguments: tuple[str, ...]) -> None:
    (project / "requirements.txt").write_text(
        f"keras==3.5.0 ; {HOSTILE}\nkeras=={HOSTILE}\n-r {HOSTILE}.txt\n", encoding="utf-8"
    )
    _, out, err = outcome(project, *arguments)
    assert out + err
    assert is_plain(out)
    assert is_plain(err)


def test_a_difference_is_exact_but_for_a_terminal() -> None:
    before, after = "a\x1b[2J\nb\n", "a\x1b[2J\nc"
    exact = diff("t.py", before, after, to_terminal=False)
    assert " a\x1b[2J\n-b\n+c\n\\ No newline" in exact
    shown = diff("t.py", before, after, to_terminal=True)
    assert shown == exact.replace("\x1b", "\\x1b")


def test_what_is_seen_stays() -> None:
    text = "é\u00a0\u3000\t漢字 \N{ROCKET} # [a] ## b [click](x) a::b"
    assert one_line(text) == text
