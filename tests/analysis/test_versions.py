"""A condition on the installed version has a value for each release: that which Python itself gives."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from keraslint.analysis import analyze
from keraslint.analysis.facts import ModuleFacts
from keraslint.behaviour.releases import MEASURED
from keraslint.document import Document

RELEASES = tuple(map(str, MEASURED))
BAD = frozenset({"3.5.0", "3.6.0"})

MODEL = """
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
NAMED = 'model.compile(loss={"small": "mse", "big": "mae"})'
LISTED = 'model.compile(loss=["mse", "mae"])'
EITHER = f"if CONDITION:\n    {LISTED}\nelse:\n    {NAMED}\n"


def analyzed(text: str) -> ModuleFacts:
    return analyze(Document("train.py", text))


def releases_of(text: str, call: str) -> set[str]:
    """The releases on which a call at the end of a row surely runs in a program."""
    return _releases_of(analyzed(text), text, call)


def _releases_of(facts: ModuleFacts, text: str, call: str) -> set[str]:
    rows = {row for row, line in enumerate(text.splitlines(), 1) if line.strip() == call}
    found = set(RELEASES)
    for run in facts.runs:
        runs_here = not run.doubtful and any(one.run == run and one.call.lineno in rows for one in facts.compiles)
        if not runs_here:
            found -= {release for release in RELEASES if run.releases is None or release in map(str, run.releases)}
    return found


def by_python(before: str, condition: str) -> set[str]:
    """The releases on which a condition is true, as Python itself says it."""
    found = set()
    for release in RELEASES:
        names: dict[str, object] = {"keras": SimpleNamespace(__version__=release, version=lambda known=release: known)}
        exec(f"{before}\nanswer = {condition}", names)
        if names["answer"]:
            found.add(release)
    return found


def by_keraslint(before: str, condition: str) -> tuple[set[str], set[str]]:
    """The releases on which a condition is surely true, and those on which it is surely false."""
    text = f"import keras\n{before}\n{MODEL}\n{EITHER.replace('CONDITION', condition)}"
    facts = analyzed(text)
    return _releases_of(facts, text, LISTED), _releases_of(facts, text, NAMED)


@pytest.mark.parametrize(
    "condition",
    [
        'keras.__version__ in ("3.5.0", "3.6.0")',
        'keras.__version__ in ["3.5.0", "3.6.0"]',
        'keras.__version__ in {"3.5.0", "3.6.0"}',
        'keras.__version__ in {"3.5.0": 1, "3.6.0": 2}',
        'keras.__version__ not in frozenset(("3.5.0", "3.6.0"))',
        'keras.__version__ == "3.5.0"',
        'not keras.__version__ == "3.5.0"',
        'keras.__version__ != "3.5.0" and keras.__version__ != "3.6.0"',
        'keras.__version__ == "3.5.0" or keras.__version__ == "3.6.0"',
        'keras.__version__ >= "3.7"',
        '"3.5" <= keras.__version__ < "3.7"',
        'keras.__version__ > "3"',
        'keras.__version__.startswith("3.1")',
        'keras.__version__.startswith(("3.5.", "3.6."))',
        'keras.__version__.endswith(".0")',
        'keras.__version__[:3] in ("3.5", "3.6")',
        'keras.__version__[2] in "56"',
        "int(keras.__version__[0]) >= 3",
        'int(keras.__version__.split(".")[0]) == 3',
        'int(keras.__version__.split(".")[1]) >= 7',
        'float(".".join(keras.__version__.split(".")[:2])) < 3.7',
        'tuple(map(int, keras.__version__.split(".")[:2])) >= (3, 7)',
        '(3, 5) <= tuple(int(part) for part in keras.__version__.split(".")[:2]) < (3, 7)',
        '[3, 5] <= [int(part) for part in keras.__version__.split(".")] < [3, 7]',
        '[int(part) for part in keras.__version__.split(".")[:2]] == [3, 5]',
        'keras.__version__.split(".")[:2] in (["3", "5"], ["3", "6"])',
        'keras.__version__.rsplit(".", 1)[0] in ("3.5", "3.6")',
        'keras.__version__.partition(".")[2].partition(".")[0] in ("5", "6")',
        '350 <= int(keras.__version__.replace(".", "")) < 370',
        'f"{keras.__version__.split(chr(46))[0]}.{keras.__version__[2]}" in ("3.5", "3.6")',
        '"%s.%s" % tuple(keras.__version__.split(".")[:2]) in ("3.5", "3.6")',
        'any(keras.__version__.startswith(known) for known in ("3.5.", "3.6."))',
        'all(not keras.__version__.startswith(known) for known in ("3.5.", "3.6."))',
        "len(keras.__version__) == 6",
        'max((3, 7), tuple(map(int, keras.__version__.split(".")[:2]))) == (3, 7)',
        'keras.version() in ("3.5.0", "3.6.0")',
        '{"3.5.0": True, "3.6.0": True}.get(keras.__version__)',
        '(False, True)[keras.__version__ in ("3.5.0", "3.6.0")]',
        'True if keras.__version__ < "3.5" else keras.__version__ > "3.7"',
        'getattr(keras, "__version__", "0").count(".") == 2 and keras.__version__.find("3.1") == 0',
    ],
)
def test_a_condition_in_plain_python(condition: str) -> None:
    true = by_python("", condition)
    assert by_keraslint("", condition) == (true, set(RELEASES) - true)


@pytest.mark.parametrize(
    ("before", "condition"),
    [
        ("from packaging import version", 'version.parse(keras.__version__) >= version.parse("3.7")'),
        ("from packaging.version import parse", 'parse("3.5") <= parse(keras.__version__) < parse("3.7.0")'),
        ("from packaging.version import Version", "Version(keras.__version__).minor in (5, 6)"),
        ("from packaging.version import Version", "(3, 5) <= Version(keras.__version__).release[:2] < (3, 7)"),
        ("from packaging.version import Version", 'Version(keras.__version__) in [Version("3.5"), Version("3.6")]'),
        ("from packaging.specifiers import SpecifierSet", 'keras.__version__ in SpecifierSet(">=3.5,<3.7")'),
        ("from packaging.specifiers import SpecifierSet", 'SpecifierSet("~=3.5").contains(keras.__version__)'),
        ("from packaging.specifiers import Specifier", 'Specifier("!=3.5.0").contains(keras.__version__)'),
        ("import re", r're.match(r"3\.[56]\.", keras.__version__)'),
        ("import re", r'int(re.search(r"\.(\d+)\.", keras.__version__).group(1)) in (5, 6)'),
        ("major, minor, patch = map(int, keras.__version__.split('.'))", "major == 3 and minor in (5, 6)"),
        ("major, *rest = keras.__version__.split('.')", 'rest[0] in ("5", "6")'),
        (
            ("known = {'3.5.0'}\nknown.add('3.6.0')\nknown = {*known, '3.6.0'}"),
            'keras.__version__ in ("3.5.0", "3.6.0")',
        ),
        ("parts = keras.__version__.split('.')\ndel parts[2]", "len(parts) == 2"),
        ("is_bad = lambda known=keras.__version__: known[:3] in ('3.5', '3.6')", "is_bad()"),
        ("def is_bad(known):\n    return known[:3] in ('3.5', '3.6')", "is_bad(keras.__version__)"),
        (
            (
                "def bad(known):\n    for one in ('3.5.0', '3.6.0'):\n        if one == known:\n"
                "            return True\n"
            ),
            "bad(keras.__version__)",
        ),
        ("class Compat:\n    bad = keras.__version__ in ('3.5.0', '3.6.0')", "Compat.bad"),
        (
            ("from functools import partial\nat_least = partial(lambda low, known: known >= low, '3.7')"),
            "at_least(keras.__version__)",
        ),
        ("bad = False\nif keras.__version__[:3] in ('3.5', '3.6'):\n    bad = True", "bad"),
        ("bad = False\nwhile not bad and keras.__version__[:3] in ('3.5', '3.6'):\n    bad = True", "bad"),
        (
            (
                "try:\n    assert keras.__version__ not in ('3.5.0', '3.6.0')\n    bad = False\n"
                "except AssertionError:\n    bad = True"
            ),
            "bad",
        ),
        (
            (
                "match keras.__version__:\n    case '3.5.0' | '3.6.0':\n        bad = True\n"
                "    case _:\n        bad = False"
            ),
            "bad",
        ),
        (
            (
                "match keras.__version__.split('.'):\n"
                "    case ['3', minor, _] if int(minor) in (5, 6):\n        bad = True\n"
                "    case other:\n        bad = False"
            ),
            "bad",
        ),
        (
            (
                "match tuple(map(int, keras.__version__.split('.'))):\n    case (3, 5 | 6, *_):\n"
                "        bad = 1\n    case _:\n        bad = 0"
            ),
            "bad",
        ),
        (
            (
                "match keras.__version__ in ('3.5.0', '3.6.0'):\n    case True:\n        bad = 1\n"
                "    case False:\n        bad = 0"
            ),
            "bad",
        ),
    ],
)
def test_a_condition_on_what_is_made_of_the_version(before: str, condition: str) -> None:
    true = by_python(before, condition)
    assert by_keraslint(before, condition) == (true, set(RELEASES) - true)


@pytest.mark.parametrize(
    ("before", "condition"),
    [
        ("from keras import __version__", '__version__ in ("3.5.0", "3.6.0")'),
        ("from keras import __version__ as known", 'known[:3] in ("3.5", "3.6")'),
        ("import tensorflow as tf", 'tf.keras.__version__[:3] in ("3.5", "3.6")'),
        ("from tensorflow import keras as tk", 'tk.__version__[:3] in ("3.5", "3.6")'),
        ("from importlib.metadata import version", 'version("keras") in ("3.5.0", "3.6.0")'),
        ("import importlib.metadata", 'importlib.metadata.distribution("keras").version[:3] in ("3.5", "3.6")'),
        ("import pkg_resources", 'pkg_resources.get_distribution("keras").version[:3] in ("3.5", "3.6")'),
        ("from pkg_resources import parse_version as v", 'v("3.5") <= v(keras.__version__) < v("3.7")'),
        ("from distutils.version import LooseVersion as V", 'V("3.5") <= V(keras.__version__) < V("3.7")'),
        ("from distutils.version import LooseVersion", '"3.5" <= LooseVersion(keras.__version__) < "3.7"'),
        ("from distutils.version import LooseVersion", "[3, 5] <= LooseVersion(keras.__version__).version < [3, 7]"),
        (
            "from numpy.lib import NumpyVersion",
            'NumpyVersion(keras.__version__) >= "3.5.0" and NumpyVersion(keras.__version__) < NumpyVersion("3.7.0")',
        ),
        (
            (
                "try:\n    from packaging.version import Version\nexcept ImportError:\n"
                "    from distutils.version import LooseVersion as Version"
            ),
            'Version("3.5") <= Version(keras.__version__) < Version("3.7")',
        ),
    ],
)
def test_the_ways_to_ask_for_the_version(before: str, condition: str) -> None:
    assert by_keraslint(before, condition) == (BAD, set(RELEASES) - BAD)


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ('tf.__version__ >= "2.16"', RELEASES, ()),
        ('tf.__version__ >= "2.18"', (), ("3.4.1",)),
        ('tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 20)', (), ("3.5.0", "3.6.0")),
        ('tf.version.VERSION.startswith("1.")', (), RELEASES),
    ],
)
def test_a_condition_on_tensorflow_counts_where_its_keras_decides_it(
    condition: str, true: tuple[str, ...], false: tuple[str, ...]
) -> None:
    yes, no = by_keraslint("import tensorflow as tf", condition)
    assert yes >= set(true)
    assert no >= set(false)
    undecided = {"3.5.0", "3.6.0"} - {*true, *false}
    assert undecided.isdisjoint(yes | no)


@pytest.mark.parametrize(
    "condition",
    [
        'semver.compare(keras.__version__, "3.7.0") < 0',
        'semver.Version(*keras.__version__.split(".")) < "3.7.0"',
        "keras.__version__ in semver.BAD",
        "keras.__version__ < semver.LAST",
        "semver.check(keras)[keras.__version__]",
        'semver.STRICT and keras.__version__ in ("3.5.0", "3.6.0")',
        'keras.__version__ in ("3.5.0", "3.6.0") and semver.STRICT',
        'semver.STRICT or keras.__version__ in ("3.5.0", "3.6.0")',
        "not semver.check(keras.__version__)",
        'f"{semver.NAME}-{keras.__version__}" == "a-3.5.0"',
    ],
)
def test_a_condition_that_cant_be_evaluated_makes_nothing_certain(condition: str) -> None:
    yes, no = by_keraslint("import semver", condition)
    assert BAD.isdisjoint(yes)
    assert BAD.isdisjoint(no)


@pytest.mark.parametrize(
    "text",
    [
        f"import keras\nif keras.__version__ in ('3.5.0', '3.6.0'):\n    raise ImportError\n{MODEL}{NAMED}\n",
        f"import sys, keras\nif keras.__version__[:3] in ('3.5', '3.6'):\n    sys.exit(1)\n{MODEL}{NAMED}\n",
        f"import keras\nassert keras.__version__ not in ('3.5.0', '3.6.0')\n{MODEL}{NAMED}\n",
        (
            f"import keras\ndef check():\n    if keras.__version__[:3] in ('3.5', '3.6'):\n"
            f"        raise SystemExit\ncheck()\n{MODEL}{NAMED}\n"
        ),
        (
            f"import keras\n{MODEL}def train():\n    {NAMED}\n"
            f"if keras.__version__[:3] in ('3.5', '3.6'):\n    quit()\ntrain()\n"
        ),
        (
            f"import keras\n{MODEL}def train():\n    {NAMED}\n"
            f"if keras.__version__[:3] in ('3.5', '3.6'):\n    raise ImportError\n"
        ),
        (
            f"import keras\n{MODEL}def train():\n    {NAMED}\ndef main():\n"
            f"    if keras.__version__[:3] in ('3.5', '3.6'):\n        return\n    train()\n"
            f"if __name__ == '__main__':\n    main()\n"
        ),
        (f"import keras\n{MODEL}{NAMED}\nif keras.__version__[:3] not in ('3.5', '3.6'):\n    model.fit(x, y)\n"),
        (
            f"import keras\n{MODEL}try:\n    if keras.__version__[:3] not in ('3.5', '3.6'):\n"
            f"        raise ValueError\n    {LISTED}\nexcept ValueError:\n    {NAMED}\n"
        ),
    ],
)
def test_what_never_runs_on_a_release_does_not_count_there(text: str) -> None:
    assert releases_of(text, NAMED) == set(RELEASES) - BAD


def test_a_program_with_more_courses_than_are_followed_has_nothing_certain() -> None:
    text = f"import keras, tensorflow\nname = keras.__version__ + tensorflow.__version__\n{MODEL}{NAMED}\n"
    assert releases_of(text, NAMED) == set(RELEASES)
    text = text.replace("\nmodel", "\nlayer = keras.layers.Dense(1, name=name)\nmodel")
    assert releases_of(text, NAMED) == set()
    assert any(run.doubtful for run in analyzed(text).runs)


def test_a_program_that_only_prints_the_version_is_run_once() -> None:
    (run,) = analyzed(f"import keras\nprint(f'Keras {{keras.__version__}}')\n{MODEL}{NAMED}\n").runs
    assert run.releases is None


def test_a_constant_of_another_module_counts(tmp_path) -> None:
    from keraslint.analysis.modules import Project

    (tmp_path / "compat.py").write_text("import keras\nBY_PLACE = keras.__version__[:3] in ('3.5', '3.6')\n")
    text = f"import keras\nfrom compat import BY_PLACE\n{MODEL}{EITHER.replace('CONDITION', 'BY_PLACE')}"
    facts = analyze(Document(str(tmp_path / "train.py"), text), Project())
    named = [run for run in facts.runs for one in facts.compiles if one.run == run and one.loss.entries]
    assert {str(release) for run in named for release in run.releases or ()} == set(RELEASES) - BAD


def test_a_module_that_raises_ends_what_imports_it(tmp_path) -> None:
    from keraslint.analysis.modules import Project

    (tmp_path / "compat.py").write_text("import keras\nassert keras.__version__[:3] not in ('3.5', '3.6')\n")
    text = f"import keras\nimport compat\n{MODEL}{NAMED}\n"
    facts = analyze(Document(str(tmp_path / "train.py"), text), Project())
    assert {str(release) for one in facts.compiles for release in one.run.releases or ()} == set(RELEASES) - BAD


@pytest.mark.parametrize(
    "text",
    [
        f"import pkg_resources\npkg_resources.require('keras!=3.5.0,!=3.6.0')\n{MODEL}{NAMED}\n",
        f"import pytest\n{MODEL}@pytest.mark.skipif(keras.__version__[:3] in ('3.5', '3.6'), reason='')\n"
        f"def test_it():\n    {NAMED}\n",
        f"import pytest\n"
        f"pytestmark = pytest.mark.skipif(keras.__version__[:3] in ('3.5', '3.6'), reason='')\n"
        f"{MODEL}def test_it():\n    {NAMED}\n",
        f"import unittest\n{MODEL}class TestIt(unittest.TestCase):\n"
        f"    @unittest.skipUnless(keras.__version__[:3] not in ('3.5', '3.6'), '')\n"
        f"    def test_it(self):\n        {NAMED}\n",
        f"import unittest\n{MODEL}class TestIt(unittest.TestCase):\n    def test_it(self):\n"
        f"        if keras.__version__[:3] in ('3.5', '3.6'):\n            self.skipTest('')\n        {NAMED}\n",
        f"import pytest\n{MODEL}def test_it():\n"
        f"    if keras.__version__[:3] in ('3.5', '3.6'):\n        pytest.skip('')\n    {NAMED}\n",
        f"import argparse\nparser = argparse.ArgumentParser()\n"
        f"if keras.__version__[:3] in ('3.5', '3.6'):\n    parser.error('')\n{MODEL}{NAMED}\n",
    ],
)
def test_what_is_skipped_or_refused_on_a_release_does_not_count_there(text: str) -> None:
    assert releases_of("import keras\n" + text, NAMED) == set(RELEASES) - BAD


@pytest.mark.parametrize(
    ("before", "condition"),
    [
        ("", "compat.check([keras.__version__])"),
        ("", 'compat.check({"keras": keras.__version__})'),
        ("compat.settings.keras = keras.__version__", 'compat.settings.keras in ("3.5.0", "3.6.0")'),
        ("compat.settings['keras'] = keras.__version__", 'compat.settings["keras"] in ("3.5.0", "3.6.0")'),
        ("import os\nos.environ['KERAS'] = keras.__version__", 'os.environ.get("KERAS") in ("3.5.0", "3.6.0")'),
        (
            "import argparse\nparser = argparse.ArgumentParser()\n"
            "parser.add_argument('--keras', default=keras.__version__)\narguments = parser.parse_args()",
            'arguments.keras in ("3.5.0", "3.6.0")',
        ),
        (("class Parts(tuple):\n    pass\nparts = Parts(keras.__version__.split('.'))"), 'parts[1] in ("5", "6")'),
        ("bad = False\nfor one in compat.parts(keras.__version__):\n    bad = bad or one == '5'", "bad"),
    ],
)
def test_an_unseen_object_may_give_back_the_version_that_it_was_told(before: str, condition: str) -> None:
    yes, no = by_keraslint(f"import compat\n{before}", condition)
    assert BAD.isdisjoint(yes | no)


@pytest.mark.parametrize(
    "condition",
    [
        '{keras.__version__} & {"3.5.0", "3.6.0"}',
        'not {"3.5.0", "3.6.0"}.isdisjoint([keras.__version__])',
        '{keras.__version__} <= {"3.5.0", "3.6.0"}',
        'keras.__version__ in {"3.5.0", "3.6.0", "3.7.0"} - {"3.7.0"}',
        'keras.__version__ in {"3.5.0"} | {"3.6.0"}',
    ],
)
def test_sets_of_versions(condition: str) -> None:
    assert by_keraslint("", condition) == (BAD, set(RELEASES) - BAD)


@pytest.mark.parametrize(
    "change",
    [
        "compat.change(known)",
        "other = known\nother |= {'3.6.0'}",
        "other = known\nother -= compat.more",
        "other = known\nother.update(compat.more)",
        "known.discard(compat.one)",
        "for one in compat.more:\n    known.add(one)",
        "if compat.flag:\n    known.add('3.6.0')",
        "class Box:\n    pass\nbox = Box()\nbox.known = known\ncompat.change(box)\nknown = box.known",
        "known = known | compat.more",
        "known = {one for one in known}",
    ],
)
def test_a_set_that_may_have_changed_is_not_known(change: str) -> None:
    yes, no = by_keraslint(f"import compat\nknown = {{'3.5.0'}}\n{change}", "keras.__version__ in known")
    assert "3.6.0" not in yes | no


@pytest.mark.parametrize("copied", ["copy.copy(known)", "copy.deepcopy(known)", "known.copy()", "known - set()"])
def test_a_copy_of_a_set_is_another_one(copied: str) -> None:
    before = f"import copy\nknown = {{'3.5.0', '3.6.0'}}\nother = {copied}\nother.add('3.7.0')"
    assert by_keraslint(before, "keras.__version__ in known") == (BAD, set(RELEASES) - BAD)
