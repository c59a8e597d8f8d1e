"""Every entry in the table of options counts in files, in editors, on the command line, and is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint.cli import main
from keraslint.commands.parsers import check_parser
from keraslint.config.options import OPTIONS, Kind, Options, attribute
from keraslint.config.parse import read_options
from keraslint.server.client import options_of_editor

VALUES: dict[Kind, tuple[str, object, object]] = {
    Kind.SELECTORS: ('["KER101"]', ["KER101"], ("KER101",)),
    Kind.PATTERNS: ('["gen"]', ["gen"], ("gen",)),
    Kind.IGNORES: ('{ "a.py" = ["KER1"] }', {"a.py": ["KER1"]}, (("a.py", ("KER1",)),)),
    Kind.SWITCH: ("true", True, True),
    Kind.RELEASES: ('"3.5.0"', "3.5.0", "3.5.0"),
    Kind.PATH: ('"."', ".", "."),
    Kind.CHOICE: ("", "", ""),
}


def value_of(key: str) -> tuple[str, object, object]:
    """The value of an option in TOML, in an editor's JSON, and in Options."""
    choices = OPTIONS[key].choices
    return VALUES[OPTIONS[key].kind] if choices is None else (f'"{choices[-1]}"', choices[-1], choices[-1])


@pytest.mark.parametrize("key", OPTIONS)
def test_a_file_and_an_editor_say_it(key: str) -> None:
    text, told, held = value_of(key)
    first, *others = key.split("-")
    editor = options_of_editor({first + "".join(word.capitalize() for word in others): told})
    for options in (read_options(f"{key} = {text}\n", "keraslint.toml", own=True), editor):
        assert options is not None
        assert getattr(options, attribute(key)) == held
        assert options.over(Options()) == options
        assert Options().over(options) == options


@pytest.mark.parametrize("key", [key for key, option in OPTIONS.items() if option.group is not None])
def test_the_command_line_says_it(key: str) -> None:
    _, told, _ = value_of(key)
    value = [] if told is True else told if isinstance(told, list) else [str(told)]
    assert getattr(check_parser().parse_args([f"--{key}", *value]), attribute(key)) == told
    assert getattr(check_parser().parse_args([]), attribute(key)) is None


def test_every_effective_option_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("")
    (tmp_path / "keraslint.toml").write_text('[per-file-ignores]\n"b.py" = ["KER1"]\n')
    assert main(["check", "--show-settings"]) == 0
    shown = capsys.readouterr().out.splitlines()
    for key in (key for key, option in OPTIONS.items() if option.part_of is None):
        assert any(line.startswith((f"{key} = ", f"# {key} is not set")) or line == f"[{key}]" for line in shown), key
