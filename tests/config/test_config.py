from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from keraslint.config.find import ConfigFinder
from keraslint.config.options import DEFAULT_EXCLUDE, OPTIONS, OUTPUT_FORMATS, Options
from keraslint.config.parse import TomlSyntaxError, inline_options, key_row, options_of, read_options
from keraslint.config.settings import ConfigError, Settings

EVERY_KEY = """\
select = ["KER1"]
extend-select = ["KER001"]
ignore = ["KER102"]
extend-ignore = ["KER104"]
exclude = ["gen"]
extend-exclude = ["more"]
force-exclude = true
respect-gitignore = false
keras-version = ">=3.4"
fix-style = "tuple"
unsafe-fixes = true
output-format = "json"
[per-file-ignores]
"tests/*" = ["ALL"]
"""


def test_every_key() -> None:
    assert read_options(EVERY_KEY, "keraslint.toml", own=True) == Options(
        select=("KER1",),
        extend_select=("KER001",),
        ignore=("KER102",),
        extend_ignore=("KER104",),
        per_file_ignores=(("tests/*", ("ALL",)),),
        exclude=("gen",),
        extend_exclude=("more",),
        force_exclude=True,
        respect_gitignore=False,
        keras_version=">=3.4",
        keras_version_row=9,
        fix_style="tuple",
        unsafe_fixes=True,
        output_format="json",
    )


def test_pyproject() -> None:
    text = '[project]\nname = "keraslint"\n\n[tool.keraslint]\nselect = ["KER101"]\n'
    assert read_options(text, "pyproject.toml", own=False) == Options(select=("KER101",))
    assert read_options("[tool.keraslint]\n", "pyproject.toml", own=False) == Options()
    assert read_options('[tool.other]\nkeraslint = "x"\n', "pyproject.toml", own=False) is None
    assert read_options('[tool."ker\\u0061slint"]\nunsafe-fixes = true\n', "p", own=False) == Options(unsafe_fixes=True)


def test_a_table_in_a_file_of_our_own_is_told_apart_from_a_wrong_key() -> None:
    for text in ("[tool.keraslint]\nselect = ['KER1']\n", "# a\n[keraslint]\nselect = ['KER1']\n"):
        with pytest.raises(ConfigError, match=r"k\.toml:[12]: a keraslint\.toml has no table \[tool\.keraslint\]"):
            read_options(text, "k.toml", own=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[tool.keraslint]\nselct = ["KER1"]\n',
            "f:2: unknown key 'selct' in the configuration of keraslint; the nearest valid one is 'select'",
        ),
        (
            '[tool.keraslint]\n\nkeras_version = "3.5.0"\n',
            "f:3: unknown key 'keras_version' in the configuration of "
            "keraslint; the nearest valid one is 'keras-version'",
        ),
        (
            "[tool.keraslint]\nline-length = 120\n",
            "f:2: unknown key 'line-length' in the configuration of keraslint$",
        ),
        (
            '[tool.keraslint]\ntarget-version = "py310"\n',
            "f:2: unknown key 'target-version' in the configuration of keraslint$",
        ),
        ('[tool.keraslint]\nselect = "KER1"\n', "f:2: 'select' must be a list of strings, not a string"),
        ("[tool.keraslint]\nselect = [1]\n", "f:2: 'select' must be a list of strings, not an integer"),
        ("[tool.keraslint]\nunsafe-fixes = 1\n", "f:2: 'unsafe-fixes' must be true or false, not an integer"),
        ('[tool.keraslint]\nselect = [\n  "KER1",\n  "KER9",\n]\n', "f:4: unknown rule selector 'KER9'"),
        (
            '[tool.keraslint]\nfix-style = "tupel"\n',
            "f:2: 'fix-style' must be one of 'tuple', 'safe-compile', 'upgrade', not 'tupel'",
        ),
        ('[tool.keraslint]\noutput-format = "xml"\n', "f:2: 'output-format' must be one of 'concise', "),
        ('[tool.keraslint]\nkeras-version = "three"\n', "f:2: 'three' is neither a version nor"),
        ("[tool.keraslint]\nkeras-version = 3.5\n", "f:2: 'keras-version' must be a string, not a float"),
        (
            '[tool.keraslint.per-file-ignores]\n"a.py" = "KER1"\n',
            "f:2: 'per-file-ignores' of 'a.py' must be a list of strings",
        ),
        ("[tool.keraslint.selct]\n", "f:1: unknown key 'selct'"),
        ("[tool]\nkeraslint.selct = 1\n", "f:2: unknown key 'selct'"),
        ("[tool]\nkeraslint = { exclude = [], selct = 1 }\n", "f:2: unknown key 'selct'"),
        (
            '# selct\n[tool.other]\nselct = 1\n\n[tool.keraslint] # ours\n"selct" = 1\n',
            "f:6: unknown key 'selct'",
        ),
        ("[tool]\nkeraslint = 3\n", "f:2: 'keraslint' must be a table, not an integer"),
        (
            "[tool.keraslint]\nexclude = 2020-01-01\n",
            "f:2: 'exclude' must be a list of strings, not a date or time",
        ),
    ],
)
def test_errors_name_row_and_nearest_key(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_options(text, "f", own=False)
    assert f"{error.value}$".startswith(said)
    assert "\n" not in str(error.value)


def test_not_toml() -> None:
    with pytest.raises(TomlSyntaxError) as error:
        read_options("[tool.keraslint\n", "f", own=False)
    assert "\n" not in str(error.value)


def test_key_row_without_a_match_is_the_table() -> None:
    assert key_row("[tool.keraslint]\n'sel\\u0065ct' = 1\n", "select", own=False) == 1


def test_inline_options() -> None:
    assert inline_options(["unsafe-fixes = true", 'select=["KER101"]', "unsafe-fixes = false"]) == Options(
        select=("KER101",), unsafe_fixes=False
    )
    with pytest.raises(ConfigError, match="neither a file nor TOML"):
        inline_options(["select=KER101"])
    with pytest.raises(ConfigError, match="unknown key 'selct'"):
        inline_options(["selct=[]"])


class TestSettings:
    def test_command_line_over_file(self) -> None:
        file = Options(keras_version="3.5.0", unsafe_fixes=True, exclude=("a",), output_format="json")
        settings = Settings("/p", "/q", file, Options(keras_version="3.7.0", unsafe_fixes=False))
        assert settings.keras_version == "3.7.0"
        assert settings.unsafe_fixes is False
        assert settings.output_format == "json"
        assert [(pattern.text, pattern.root) for pattern in settings.exclude] == [("a", "/p")]

    def test_defaults(self) -> None:
        settings = Settings("/p", "/p")
        assert (settings.output_format, settings.fix_style, settings.unsafe_fixes) == (
            None,
            "tuple",
            False,
        )
        assert (settings.respect_gitignore, settings.force_exclude, settings.keras_version) == (
            True,
            False,
            None,
        )
        assert tuple(pattern.text for pattern in settings.exclude) == DEFAULT_EXCLUDE

    def test_excludes_of_the_command_line_are_relative_to_the_current_folder(self) -> None:
        settings = Settings(
            "/p",
            "/q",
            Options(exclude=("a",), extend_exclude=("b",)),
            Options(exclude=("c",), extend_exclude=("d",)),
        )
        assert [(pattern.text, pattern.root) for pattern in settings.exclude] == [
            ("c", "/q"),
            ("b", "/p"),
            ("d", "/q"),
        ]


class TestFinder:
    @pytest.mark.parametrize(("name", "table"), [("keraslint.toml", ""), ("pyproject.toml", "[tool.keraslint]\n")])
    def test_a_byte_order_mark_is_passed_over(self, tmp_path: Path, name: str, table: str) -> None:
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + table.encode() + b'select = ["KER001"]\r\n')
        assert ConfigFinder(tmp_path).settings(tmp_path).layers[0].select == ("KER001",)

    def test_one_that_is_nested_too_deeply_is_not_toml(self, tmp_path: Path) -> None:
        (tmp_path / "keraslint.toml").write_text("a = " + "[" * 5000 + "]" * 5000)
        with pytest.raises(ConfigError, match=r"^keraslint\.toml: not valid TOML: it is nested too deeply$"):
            ConfigFinder(tmp_path).settings(tmp_path)

    def test_nearest_file_wins_and_files_are_not_merged(self, tmp_path: Path) -> None:
        (tmp_path / "a" / "b").mkdir(parents=True)
        (tmp_path / "pyproject.toml").write_text('[tool.keraslint]\nselect = ["KER1"]\nunsafe-fixes = true\n')
        (tmp_path / "a" / "pyproject.toml").write_text("[project]\n")
        (tmp_path / "a" / "b" / "keraslint.toml").write_text('select = ["KER001"]\n')
        (tmp_path / "a" / "b" / "pyproject.toml").write_text("[tool.keraslint]\nunsafe-fixes = true\n")
        finder = ConfigFinder(tmp_path)
        assert finder.settings(tmp_path / "a").source == (tmp_path / "pyproject.toml").as_posix()
        nearest = finder.settings(tmp_path / "a" / "b")
        assert nearest.source == (tmp_path / "a" / "b" / "keraslint.toml").as_posix()
        assert (nearest.layers[0].select, nearest.unsafe_fixes) == (("KER001",), False)

    def test_isolated_and_explicit(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("[tool.keraslint]\nunsafe-fixes = true\n")
        (tmp_path / "other.toml").write_text('exclude = ["x"]\n')
        assert ConfigFinder(tmp_path, isolated=True).settings(tmp_path).source is None
        explicit = ConfigFinder(tmp_path, explicit=Path("other.toml")).settings(tmp_path / "sub")
        assert [(pattern.text, pattern.root) for pattern in explicit.exclude] == [("x", tmp_path.as_posix())]
        with pytest.raises(ConfigError, match=r"nope\.toml: no such configuration file"):
            ConfigFinder(tmp_path, explicit=Path("nope.toml")).settings(tmp_path)

    @pytest.mark.parametrize("content", [b"[tool.keraslint\nselect = ['KER1']\n", b"\xff\xfe\x00", b"a = 1\na = 2\n"])
    def test_a_pyproject_that_is_not_toml_is_one_warning(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "pyproject.toml").write_bytes(content)
        lines: list[str] = []
        finder = ConfigFinder(tmp_path, warn=lines.append)
        assert finder.settings(tmp_path / "a").source is None
        assert finder.settings(tmp_path).source is None
        assert len(lines) == 1
        assert re.match(r"pyproject\.toml(:\d)?: not valid TOML", lines[0])
        assert "\n" not in lines[0]

    def test_a_keraslint_toml_that_is_not_toml_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "keraslint.toml").write_text("select =\n")
        with pytest.raises(ConfigError, match=r"keraslint\.toml:1: not valid TOML: Invalid value$"):
            ConfigFinder(tmp_path).settings(tmp_path)


class TestDocumentation:
    """``docs/configuration.md`` says what is so."""

    TEXT = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")

    def test_it_names_every_key(self) -> None:
        assert sorted(re.findall(r"^\| `([a-z-]+)` \|", self.TEXT, re.MULTILINE)) == sorted(OPTIONS)

    def test_its_default_excludes_are_the_real_ones(self) -> None:
        (quoted,) = re.findall(r"^> (?:.+\n> )*.+$", self.TEXT, re.MULTILINE)
        assert re.findall(r"`([^`]+)`", quoted) == list(DEFAULT_EXCLUDE)

    def test_its_example_is_valid(self) -> None:
        (example,) = re.findall(r"```toml\n(\[tool\.keraslint\].*?)```", self.TEXT, re.DOTALL)
        options = read_options(example, "pyproject.toml", own=False)
        assert options is not None
        assert options.keras_version == ">=3.4,<3.8"

    def test_its_formats_are_the_real_ones(self) -> None:
        (row,) = re.findall(r"^\| `output-format` \| (.*?) \|", self.TEXT, re.MULTILINE)
        assert re.findall(r'`"([a-z-]+)"`', row) == list(OUTPUT_FORMATS)


class TestSchema:
    """``docs/keraslint.schema.json`` accepts what keraslint accepts, and refuses what it refuses."""

    SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "keraslint.schema.json").read_text(encoding="utf-8"))

    @pytest.mark.parametrize(
        ("values", "valid"),
        [
            ({"select": ["KER101", "KER1", "ALL", "misrouted-loss"], "keras-version": ">=3.4"}, True),
            ({"per-file-ignores": {"tests/*": ["KER102"]}, "output-format": "full", "baseline": "b.json"}, True),
            ({"unsafe-fixes": True, "exclude": ["a"], "fix-style": "upgrade"}, True),
            ({"selct": ["KER101"]}, False),
            ({"select": "KER101"}, False),
            ({"ignore": ["KER999"]}, False),
            ({"unsafe-fixes": "yes"}, False),
            ({"output-format": "xml"}, False),
        ],
    )
    def test_a_table_is_valid_where_keraslint_takes_it(self, values: dict[str, Any], valid: bool) -> None:
        jsonschema.Draft7Validator.check_schema(self.SCHEMA)
        assert jsonschema.Draft7Validator(self.SCHEMA).is_valid(values) is valid
        try:
            options_of(values, lambda key, _: key)
        except ConfigError:
            assert not valid
        else:
            assert valid


@pytest.mark.parametrize(
    ("text", "row"), [("select = [\n", 1), ("select = [", 1), ("\nselect = [\n\n", 2), ("x = '''\na\n", 2)]
)
def test_the_row_of_a_text_that_ends_too_early_is_its_last_one(text: str, row: int) -> None:
    with pytest.raises(TomlSyntaxError) as raised:
        read_options(text, "keraslint.toml", own=True)
    assert raised.value.row == row
