from __future__ import annotations

import itertools
import pickle

import pytest

from keraslint.files.globs import PathPattern, PathPatterns


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("venv", "/p/a/venv"),
        ("*.py", "/p/a/b.py"),
        ("a/b.py", "/p/a/b.py"),
        ("./a/b.py", "/p/a/b.py"),
        ("a/*.py", "/p/a/b/c.py"),  # as in globset, a star crosses slashes
        ("**/b.py", "/p/b.py"),
        ("**/b.py", "/p/x/y/b.py"),
        ("a/**/c.py", "/p/a/c.py"),
        ("{a,b}.py", "/p/b.py"),
        ("[ab].py", "/p/a.py"),
        ("[!ab].py", "/p/c.py"),
        ("a?.py", "/p/ab.py"),
        ("/p/a", "/p/a"),
        ("venv/", "/p/venv"),
        ("a[.py", "/p/a[.py"),
        ("a{.py", "/p/a{.py"),
        ("a.b", "/p/a.b"),
    ],
)
def test_matches(pattern: str, path: str) -> None:
    assert PathPattern(pattern, "/p").matches(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("venv", "/p/venv2"),
        ("a.b", "/p/axb"),
        ("a/b.py", "/q/a/b.py"),
        ("[!ab].py", "/p/a.py"),
        ("b.py", "/p/ab.py"),
        ("/q/a", "/p/a"),
    ],
)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not PathPattern(pattern, "/p").matches(path)


def test_the_root_is_no_pattern() -> None:
    assert PathPattern("a/b.py", "/p[1]{x}*").matches("/p[1]{x}*/a/b.py")
    assert not PathPattern("a/b.py", "/p*").matches("/pq/a/b.py")


def test_covers_what_is_below() -> None:
    assert PathPatterns([PathPattern("build", "/p")]).cover("/p/build/lib/a.py")
    assert not PathPatterns([PathPattern("build", "/p")]).cover("/p/src/a.py")


GLOBS = [
    "venv",
    "*.py",
    "a/b.py",
    "./a/b.py",
    "a/**/c.py",
    "{a,b}.pyi",
    "[ab].txt",
    "/p/a",
    "x/",
    "a[.md",
    "",
    "{a",
    "*",
]


@pytest.mark.parametrize(
    "path", ["/p/venv", "/p/q/a.py", "/p/a/b.py", "/p/a/x/c.py", "/p/b.pyi", "/p/c.txt", "/p/x", "/p/q/"]
)
def test_several_patterns_match_what_one_of_them_does(path: str) -> None:
    patterns = [PathPattern(text, root) for text in GLOBS for root in ("/p", "/q")]
    for some in itertools.combinations(patterns, 2):
        assert PathPatterns(some).match(path) == any(one.matches(path) for one in some)
    assert not PathPatterns([]).match(path)


@pytest.mark.parametrize("pattern", ["*" + "a*" * 40 + "z", "{a,aa}" * 60 + "z", "**/a/" * 30 + "z", "?*" * 60 + "z"])
def test_many_stars_take_no_longer(pattern: str) -> None:
    assert not PathPattern(pattern, "/p").matches("/p/" + "a" * 200)
    assert not PathPattern(pattern, "/p").matches("/p" + "/a" * 60)
    assert PathPattern("*" + "a*" * 40, "/p").matches("/p/" + "a" * 200)


def test_alternatives_within_others() -> None:
    pattern = PathPattern("{a,b{c,d*}e,}.py", "/p")
    assert [name for name in ("a", "bce", "bdxxe", "", "b", "bc", "be") if pattern.matches(f"/p/{name}.py")] == [
        "a",
        "bce",
        "bdxxe",
        "",
    ]


def test_a_pattern_of_any_length_stands_for_something() -> None:
    assert PathPattern("/p/" + "a" * 5_000, "/p").matches("/p/" + "a" * 5_000)


def test_patterns_match_alike_in_another_process() -> None:
    patterns = PathPatterns([PathPattern("*.tmp", "/a"), PathPattern("build/**/x", "/a"), PathPattern("out", "/a")])
    again = pickle.loads(pickle.dumps(patterns))
    for path in ("/a/b.tmp", "/a/build/c/x", "/a/out", "/a/b.py"):
        assert again.match(path) == patterns.match(path) == (path != "/a/b.py")
