"""The completions in the wheel, in a real bash; ``tools/write_completions.py --check`` holds them up to date."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from keraslint.cli import COMMANDS
from keraslint.commands.parsers import COMMAND_PARSERS
from keraslint.rules.registry import ALL_RULES

COMPLETIONS = Path(__file__).parents[1] / "completions"

ASK = """
source {file}
COMP_WORDS=({words})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_shtab_keraslint 2>/dev/null
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(*words: str) -> set[str]:
    bash = shutil.which("bash")
    assert bash is not None
    quoted = " ".join(f"'{word}'" for word in ("keraslint", *words))
    script = ASK.format(file=COMPLETIONS / "keraslint.bash", words=quoted)
    return set(subprocess.run([bash, "-c", script], capture_output=True, text=True, check=True).stdout.split())


def test_commands_are_completed() -> None:
    assert set(COMMAND_PARSERS) == set(COMMANDS)
    assert completed("") >= set(COMMANDS)
    assert completed("ven") == {"vendor-runtime"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("check", "--unsafe"), {"--unsafe-fixes"}),
        (("check", "--output-format", "sar"), {"sarif"}),
        (("check", "--fix-style", ""), {"tuple", "safe-compile", "upgrade"}),
        (("keras", "--known"), {"--known-bad"}),
        (("rule", "KER10"), {rule.code for rule in ALL_RULES if rule.code.startswith("KER10")}),
        (("rule", "KER101", "KER403"), {"KER403"}),
    ],
)
def test_options_and_their_values_are_completed(words: tuple[str, ...], expected: set[str]) -> None:
    assert completed(*words) == expected


@pytest.mark.parametrize("name", ["keraslint.fish", "_keraslint", "keraslint.1"])
def test_each_file_names_every_command(name: str) -> None:
    text = (COMPLETIONS / name).read_text(encoding="utf-8").replace("\\-", "-")
    assert all(command in text for command in COMMANDS)
