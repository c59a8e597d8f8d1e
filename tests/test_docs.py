"""Everything that README.md and docs/ name exists and works as they say, and they leave nothing out.

What the site looks like in a browser: tests/site.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from keraslint import check_source
from keraslint.cli import COMMANDS, main
from keraslint.commands.parsers import COMMAND_PARSERS, check_parser
from keraslint.config.options import OUTPUT_FORMATS
from keraslint.diagnostic import Severity
from keraslint.pins.interface import Source
from keraslint.pins.registry import SOURCES
from keraslint.report import render
from keraslint.rules.base import Rule
from keraslint.rules.registry import ALL_RULES
from keraslint.site import SITE, rule_page

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SITE_CONFIGURATION = ROOT / "mkdocs.yml"
BUG = ROOT / "docs" / "bug.md"
START = ROOT / "docs" / "start.md"
FINDINGS = ROOT / "docs" / "findings.md"
RULES = ROOT / "docs" / "rules" / "index.md"
USAGE = ROOT / "docs" / "usage.md"
PAGES = [README, *sorted((ROOT / "docs").glob("**/*.md")), ROOT / "examples" / "README.md"]

# One name at least of each kind of dependency file that is read.
DEPENDENCY_FILES = """
    requirements.txt requirements-dev.txt requirements/base.txt requirements.in constraints.txt pyproject.toml
    setup.cfg setup.py Pipfile Pipfile.lock pixi.toml pixi.lock environment.yml environment.gpu.yaml conda-lock.yml
    conda-linux-64.lock uv.lock poetry.lock pdm.lock pylock.toml pylock.dev.toml explicit.txt Dockerfile gpu.Dockerfile
    meta.yaml conda.recipe/meta.yaml pip-freeze.txt installed_packages.txt piplist.txt
    .github/workflows/test.yml .env gpu.env
""".split()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(path), flags=re.MULTILINE | re.DOTALL)


def options(parser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings if option.startswith("--")}


GENERATED = [
    "document_rules",
    "document_behaviour",
    "document_options",
    "document_known_bad",
    "document_command",
    "document_formats",
    "document_configuration",
]


@pytest.mark.parametrize(
    "tool", [*GENERATED, pytest.param("document_output", marks=pytest.mark.slow), "draw_behaviour", "draw_routing"]
)
def test_what_is_generated_is_up_to_date(tool: str) -> None:
    command = [sys.executable, "-m", f"tools.{tool}", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_options_that_a_page_names_exist(page: Path) -> None:
    known = set.union(*(options(parse()) for parse in COMMAND_PARSERS.values())) | {"--version"}
    others = {
        "--all-files",
        "--requirement",
        "--dist",
        "--missing",
        "--preview",
        "--upgrade-package",
        "--strict",
        "--install-extension",
        "--paths",
        "--batch",
    }  # of pre-commit, pip, pytest-xdist, tests.keras.renew, uv, Ruff, mkdocs, VS Code, Jupyter, git
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text(page))) - others <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_codes_that_a_page_names_exist(page: Path) -> None:
    assert set(re.findall(r"KER\d{3}", text(page))) <= {rule.code for rule in ALL_RULES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text(page)):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", text(linked), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_navigation() -> None:
    named = re.findall(r"^ +- (?:.*: )?(\S+\.md)$", text(SITE_CONFIGURATION).partition("\nnav:\n")[2], re.MULTILINE)
    assert Counter(named) == Counter(path.relative_to(ROOT / "docs").as_posix() for path in PAGES[1:-1])


def test_the_address_of_the_site_is_one() -> None:
    said = [
        yaml.safe_load(text(SITE_CONFIGURATION))["site_url"],
        json.loads(text(ROOT / "docs" / "diagnostics.schema.json"))["$id"].removesuffix("diagnostics.schema.json"),
        re.findall(r'^Documentation = "(.*)"$', text(ROOT / "pyproject.toml"), flags=re.MULTILINE)[0],
    ]
    assert said == [SITE] * 3


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_addresses_on_the_site_are_those_of_pages(page: Path) -> None:
    for path in re.findall(re.escape(SITE) + r"([\w/.-]*)", text(page)):
        assert (ROOT / "docs" / path).is_file() or (ROOT / "docs" / f"{path.rstrip('/')}.md").is_file(), path


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: str(rule.code))
def test_the_address_in_a_finding_is_that_of_a_page(rule: Rule) -> None:
    path = rule_page(rule.name).removeprefix(SITE)
    assert (ROOT / "docs" / f"{path.rstrip('/')}.md").is_file()


def test_commands_that_the_readme_names_exist(capsys: pytest.CaptureFixture[str]) -> None:
    lines = re.findall(r"^    (?:\S+/)?keraslint (.*)$", text(README), flags=re.MULTILINE)
    named = {line.split()[0] for line in lines if line[0].isalpha()}
    assert named <= set(COMMANDS)
    for command in COMMANDS:
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0
        assert f"keraslint {command}" in capsys.readouterr().out
        assert f"## keraslint {command}" in text(USAGE)


def test_the_index_has_a_row_for_every_rule() -> None:
    assert re.findall(r"^\| (KER\d{3}) \|", text(RULES), flags=re.MULTILINE) == [rule.code for rule in ALL_RULES]


def test_the_readme_names_every_rule_about_keras() -> None:
    named: set[str] = set()
    for first, last in re.findall(r"(KER[1-9]\d\d)(?: to (KER\d{3}))?", text(README)):
        numbers = range(int(first[3:]), int((last or first)[3:]) + 1)
        named.update(f"KER{number}" for number in numbers)
    assert {rule.code for rule in ALL_RULES if rule.code > "KER1" and not rule.opt_in} <= named


def test_the_readme_is_short() -> None:
    assert len(text(README)) <= 6000


def test_links_of_the_readme_lead_to_the_site_where_the_package_shows_it() -> None:
    hook = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    shown = text(README)
    for one in hook["substitutions"]:
        shown, count = re.subn(one["pattern"], one["replacement"], shown)
        assert count, one
    links = re.findall(r"\]\(([^)]+)\)", shown)
    assert len(links) > 20
    for link in links:
        assert link.startswith(SITE), link
        path, page = link.removeprefix(SITE), link.removeprefix(SITE).partition("#")[0].rstrip("/")
        names = (path, f"{page}.md", f"{page}/index.md".lstrip("/"))
        assert any((ROOT / "docs" / name).is_file() for name in names), link


def test_the_readme_shows_the_pictures_that_scripts_make() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((.*?)\)", text(README))
    assert {ROOT / name for name in shown} == set((ROOT / "docs" / "pictures").iterdir())


def test_usage_names_every_output_format() -> None:
    assert re.findall(r"^\| `([a-z][a-z-]+)` \|", text(USAGE), flags=re.MULTILINE) == list(OUTPUT_FORMATS)


def test_the_first_command_is_one() -> None:
    lines = [re.findall(r"^    (python -m venv .*keraslint examples)$", text(page), re.M) for page in (README, START)]
    assert lines == [["python -m venv .venv && .venv/bin/pip install . && .venv/bin/keraslint examples"]] * 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_the_command_that_is_named_runs_in_other_folders_and_no_other_program_is_hidden(tmp_path: Path) -> None:
    (line,) = {line for page in (README, START) for line in re.findall(r"^    (alias .*)$", text(page), re.M)}
    programs = tmp_path / "a clone" / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "keraslint").write_text(f'#!/bin/sh\nexec {sys.executable} -m keraslint "$@"\n')
    (programs / "python").write_text("#!/bin/sh\nexit 3\n")
    for program in programs.iterdir():
        program.chmod(0o755)
    script = f"shopt -s expand_aliases\ncd 'a clone'\n{line}\ncd ..\nkeraslint --version && python -c ''\n"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("keraslint ")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_file_that_the_site_puts_in_is_linked_for_readers_of_the_clone(page: Path) -> None:
    for name in re.findall(r'^--8<-- "docs/(.*)"$', text(page), re.M):
        links = re.findall(r"\[[^\]]*\]\(([^)]*)\)", text(page).partition(f'--8<-- "docs/{name}"')[0])
        assert (page.parent / links[-1]).resolve() == ROOT / "docs" / name


def test_there_is_one_command_that_runs_the_tests() -> None:
    lines = [line for line in text(README).splitlines() if ".venv/bin/pytest" in line and line.startswith("    ")]
    assert lines == [
        "    python -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest -n auto --dist loadfile"
    ]


def test_the_example_in_the_readme_has_the_bug() -> None:
    example = blocks(README, "python")[0]
    (diagnostic,) = check_source(example, "train.py", keras="3.5.0")
    assert diagnostic.code == "KER101"
    assert "'categorical_crossentropy' trains 'output_small'" in diagnostic.message
    fixes = [(fix.style, fix.applicability.value) for fix in diagnostic.fixes]
    assert fixes == [("tuple", "safe"), ("safe-compile", "unsafe")]


def test_the_glossary_is_about_the_example_in_the_readme() -> None:
    page = text(ROOT / "docs" / "glossary.md")
    (example,) = blocks(ROOT / "docs" / "glossary.md", "python")
    assert example == blocks(README, "python")[0] == blocks(BUG, "python")[0]
    (diagnostic,) = check_source(example, "train.py", keras=">=3.4")
    assert diagnostic.severity is Severity.WARNING
    assert f"loss={diagnostic.fixes[0].edits[0].content}" in page
    for named in re.findall(r"`((?:analysis|behaviour|pins|rules)/[\w/.]*)`", page):
        assert (ROOT / "src" / "keraslint" / named).exists(), named


@pytest.mark.parametrize("release", ["3.4.1", "3.7.0", "3.15.1"])
def test_the_example_in_the_readme_is_right_on_other_releases(release: str) -> None:
    assert check_source(blocks(README, "python")[0], keras=release) == []


def test_the_rule_on_the_page_for_newcomers_finds_what_its_examples_say() -> None:
    (rule,) = [block for block in blocks(ROOT / "docs" / "contributing.md", "python") if "(CallRule)" in block]
    program = (
        rule.replace("if TYPE_CHECKING:", "if True:").replace("KER1NN", "KER199")
        + """
from keraslint.analysis import analyze
from keraslint.document import Document
from keraslint.pins.given import releases_from_option

for example in DictsInLossList.examples:
    document = Document("example.py", example.code)
    keras = releases_from_option(example.keras, "--keras-version")
    print(example.finds, [one.message for one in DictsInLossList().check_calls(document, analyze(document), keras)])
"""
    )
    done = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    found, none = done.stdout.splitlines()
    assert found.startswith('True ["Keras 3.7.0 ')
    assert (
        "stops with an error for a dict in a list of losses: the outputs are 'small' and 'big'; list the losses alone"
        in found
    )
    assert none == "False []"


def test_the_example_of_the_python_api_runs(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (program,) = blocks(ROOT / "docs" / "python.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("requirement", "row"),
    [
        ("keras==3.5.0", "allows only releases that go wrong"),
        ("keras>=3.4", "allows them among others"),
        ("keras", "names Keras without a version"),
        ("numpy", "says nothing of Keras"),
    ],
)
def test_the_table_of_severities(
    requirement: str, row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "train.py").write_text(blocks(README, "python")[0])
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n")
    monkeypatch.chdir(tmp_path)
    assert main(["train.py", "--isolated", "--output-format", "json-lines"]) == 1
    said = json.loads(capsys.readouterr().out)
    _, _, severity, message, _ = next(line for line in text(FINDINGS).splitlines() if row in line).split("|")
    assert said["severity"] == severity.strip()
    assert re.match(re.escape(message.strip(" `")).replace("…", ".*"), said["message"])


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_the_formats_that_show_the_severity(name: str) -> None:
    (found,) = check_source("keras==3.5.0\n", "requirements.txt")
    shown = {
        render(name, [replace(found, severity=one)], text_of=lambda _: "", style="upgrade", unsafe=False, colour=False)
        for one in Severity
    }
    sentence = text(FINDINGS).partition("the severity is in ")[2].partition("\n")[0]
    assert (len(shown) == len(Severity)) is (f"`{name}`" in sentence)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_is_on_no_index_is_installed_from_a_path(page: Path) -> None:
    assert not re.search(r"pip install [^`\n]*(?<![\w./-])keraslint", text(page))


def test_usage_shows_what_the_command_keras_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    block = next(block for block in blocks(USAGE, "text") if block.startswith("$ "))
    command, _, shown = block.partition("\n")
    assert main(command.split()[2:]) == 0
    assert capsys.readouterr().out == shown


class TestPreCommit:
    @pytest.fixture
    def hooks(self) -> dict[str, dict[str, object]]:
        return {hook["id"]: hook for hook in yaml.safe_load(text(ROOT / ".pre-commit-hooks.yaml"))}

    def test_the_readme_uses_one_and_the_guide_names_all(self, hooks: dict[str, dict[str, object]]) -> None:
        (block,) = blocks(README, "yaml")
        (used,) = [hook["id"] for repo in yaml.safe_load(block)["repos"] for hook in repo["hooks"]]
        assert hooks[used]["pass_filenames"] is False  # the others say of a part what this one says of all
        assert all(f"`{name}`" in text(ROOT / "docs" / "guides" / "pre-commit.md") for name in hooks)

    def test_their_commands_exist(self, hooks: dict[str, dict[str, object]]) -> None:
        for hook in hooks.values():
            program, command, *arguments = str(hook["entry"]).split()
            assert (program, command) == ("keraslint", "check")
            assert {word.partition("=")[0] for word in arguments} <= options(check_parser())

    @pytest.mark.parametrize("name", ["train.py", "src/model.pyw", "keraslint.toml", *DEPENDENCY_FILES])
    def test_the_hook_of_the_project_sees_every_file_that_decides(
        self, hooks: dict[str, dict[str, object]], name: str
    ) -> None:
        pattern = re.compile(str(hooks["keraslint-project"]["files"]))
        assert pattern.search(name)
        assert pattern.search(f"packages/a b/{name}")

    @pytest.mark.parametrize("name", ["README.md", "notes.txt", "data.toml", "docs/config.yml", "package.json"])
    def test_the_hook_of_the_project_passes_over_others(self, hooks: dict[str, dict[str, object]], name: str) -> None:
        assert not re.search(str(hooks["keraslint-project"]["files"]), name)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.name))
def test_no_kind_of_dependency_file_is_forgotten(source: Source) -> None:
    assert any(source.claims(name) for name in DEPENDENCY_FILES)
