"""The parts of the package depend on each other in one direction only, without circles, and modules stay small."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from keraslint.rules.registry import ALL_RULES

PACKAGE = Path(__file__).parents[1] / "src" / "keraslint"

RULE_NAMES = tuple(type(rule).__module__.rpartition(".")[2] for rule in ALL_RULES)

# Each part may import from those before it, and from itself.
STAGES = (
    ("words", "extras", "import_path", "limits", "picture", "private_names", "profile", "site"),
    ("behaviour",),
    ("diagnostic",),
    ("newer_syntax", "ipython"),
    ("document",),
    ("notebook",),
    ("syntax", "noqa", "files"),
    ("analysis",),
    ("pins",),
    ("fixes",),
    ("rules",),
    ("config",),
    ("engine",),
    ("api", "report"),
    ("server",),
    ("runtime",),
    ("pytest",),
    ("fleet",),
    ("commands", "cli", "flake8", "__main__"),
)

# The same within a part, for the modules and folders that are named. Those that are not may import any of them.
STAGES_WITHIN = {
    "behaviour": (("structure", "releases"), ("routing",), ("measured",), ("known_bad",)),
    "analysis": (("facts",), ("core",), ("keras", "python"), ("interpreter",)),
    "pins": (("interface",), ("requirement_line", "notation"), ("sources",), ("registry",), ("resolve",)),
    "rules": (("shared",), ("base",), ("templates",), RULE_NAMES, ("registry",)),
    "engine": (("reports",), ("checker",), ("run",), ("repository",)),
}

# Copied into a project as one file, with the one module that it imports of keraslint in it: it can't be split.
COPIED_AS_ONE_FILE = PACKAGE / "runtime.py"
COPIED_WITH_IT = "picture"

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module below the package: "pins.sources.conda"; "" for the package itself."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


NAMES = {name_of(path) for path in MODULES}


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def imported(path: Path) -> set[str]:
    """The modules of the package that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(name if name.removeprefix("keraslint.") in NAMES else node.module for name in whole)
    return {name.removeprefix("keraslint.") for name in found if name.startswith("keraslint.")}


def stage_of(part: str, stages: tuple[tuple[str, ...], ...]) -> int | None:
    return next((number for number, stage in enumerate(stages) if part in stage), None)


def later(name: str, others: set[str]) -> Iterator[str]:
    """Those of the imported modules that stand in a later stage than the importing one."""
    part, _, below = name.partition(".")
    for other in others:
        other_part, _, other_below = other.partition(".")
        if part != other_part:
            here, there = stage_of(part, STAGES), stage_of(other_part, STAGES)
            assert here is not None, name
            assert there is not None, other
        else:
            within = STAGES_WITHIN.get(part, ())
            here, there = stage_of(below.partition(".")[0], within), stage_of(other_below.partition(".")[0], within)
        if here is not None and there is not None and there > here:
            yield other


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_part_imports_no_later_one(path: Path) -> None:
    assert name_of(path) == "" or not list(later(name_of(path), imported(path)))


def test_the_order_names_all_parts_and_no_others() -> None:
    parts = {name.partition(".")[0] for name in NAMES} - {""}
    assert {part for stage in STAGES for part in stage} == parts
    for part, stages in STAGES_WITHIN.items():
        within = {name.split(".")[1] for name in NAMES if name.startswith(f"{part}.")}
        assert {name for stage in stages for name in stage} <= within


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name_of(path): imported(path) & NAMES for path in MODULES}
    assert circles(graph) == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules each of which leads to all others of its group."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for name in graph[waiting.pop()] - seen:
                seen.add(name)
                waiting.append(name)
        return seen

    reach = {name: reached(name) for name in graph}
    groups = {tuple(sorted(other for other in reach[name] if name in reach[other])) for name in graph}
    return sorted(list(group) for group in groups if group)


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES} - {PACKAGE}), ids=lambda path: path.name)
def test_a_folder_says_in_one_line_what_belongs_in_it(folder: Path) -> None:
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert text is not None
    assert "\n" not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_belongs_in_it_and_has_at_most_400_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(tree_of(path))
    assert path == COPIED_AS_ONE_FILE or len(text.splitlines()) <= 400


RULES = [path for path in MODULES if path.parent.name == "rules"]
RULE_CODES = {rule.code: type(rule).__module__ for rule in ALL_RULES}
SINGLE_RULES = [path for path in RULES if f"keraslint.{name_of(path)}" in RULE_CODES.values()]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_code_of_a_rule_stands_in_its_own_module_only(path: Path) -> None:
    texts = [
        node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    codes = {code for text in texts for code in RULE_CODES if re.match(rf"{code}\b", text.strip())}
    assert {RULE_CODES[code] for code in codes} <= {f"keraslint.{name_of(path)}"}


@pytest.mark.parametrize("path", SINGLE_RULES, ids=lambda path: path.stem)
def test_a_rule_imports_no_other_rule_and_has_at_most_150_lines(path: Path) -> None:
    assert not imported(path) & {name_of(other) for other in SINGLE_RULES}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


def test_the_registry_knows_a_rule_in_every_module_of_rules() -> None:
    assert {path.stem for path in RULES} - {path.stem for path in SINGLE_RULES} == {
        "__init__",
        "base",
        "registry",
        "templates",
    }


# Modules of one name, each with the reason why both keep it.
NAMED_ALIKE = {
    "api": "the functions that keraslint offers, and those that Keras offers",
    "arguments": "arguments as calls bind them, and as Keras' methods read them",
    "interpreter": "the folder, and its class",
    "keras": "what the interpreter knows of Keras, and the command of that name",
    "measured": "the table, and what a rule's documentation says from it",
    "registry": "all kinds of dependency files, and all rules",
    "server": "the folder, and its class",
}


def test_a_name_of_a_module_or_folder_stands_for_one_thing_but_for_the_listed_ones() -> None:
    counted = Counter(name.rpartition(".")[2] for name in NAMES if name and not name.endswith("__main__"))
    assert {name for name, count in counted.items() if count > 1} == set(NAMED_ALIKE)


def test_a_name_of_a_public_class_stands_for_one_thing() -> None:
    classes = Counter(
        node.name
        for path in MODULES
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in classes.items() if count > 1] == []


def test_what_is_copied_as_one_file_needs_nothing_of_keraslint() -> None:
    beside = PACKAGE / f"{COPIED_WITH_IT}.py"
    assert {name.partition(".")[0] for name in imported(COPIED_AS_ONE_FILE)} == {COPIED_WITH_IT}
    assert not imported(beside)
    relative = [
        node
        for path in (COPIED_AS_ONE_FILE, beside)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative
