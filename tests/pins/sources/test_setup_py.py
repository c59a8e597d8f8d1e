from __future__ import annotations

import pytest


def setup(arguments: str, before: str = "") -> dict[str, str]:
    return {"setup.py": f"from setuptools import setup\n{before}\nsetup(\n    name='a',\n    {arguments},\n)\n"}


@pytest.mark.parametrize(
    ("arguments", "before", "admitted", "row"),
    [
        ("install_requires=['numpy', 'keras==3.5.0']", "", "==3.5.0", 5),
        ("install_requires=[\n'numpy',\n'keras==3.5.0']", "", "==3.5.0", 7),
        ("install_requires=('keras>=3.5,<3.7',)", "", ">=3.5,<3.7", 5),
        ("install_requires='keras==3.6.0'", "", "==3.6.0", 5),
        ("install_requires='''\nnumpy\nkeras==3.6.0  # x\n'''", "", "==3.6.0", 7),
        ("install_requires=REQUIRED", "REQUIRED = ['keras==3.7.0']", "==3.7.0", 2),
        ("install_requires=A + ['numpy']", "A = [\n 'keras==3.7.0']", "==3.7.0", 3),
        ("install_requires=[*A, 'numpy']", "A = B\nB = ['keras>=3.4']", ">=3.4", 3),
        ("install_requires=A", "A = []\nA.append('keras==3.5.0')", "==3.5.0", 3),
        ("install_requires=A", "A = []\nA += ['keras==3.5.0']", "==3.5.0", 3),
        ("install_requires=[f'keras=={VERSION}']", "VERSION = '3.5.0'", "==3.5.0", 5),
        ("install_requires=['keras==' + VERSION]", "VERSION: str = '3.5.0'", "==3.5.0", 5),
        ("install_requires=['keras==%s' % VERSION]", "VERSION = '3.5.0'", "==3.5.0", 5),
        ("install_requires=['%s==%s' % ('keras', VERSION)]", "VERSION = '3.5.0'", "==3.5.0", 5),
        ("install_requires=['keras=={}'.format(VERSION)]", "VERSION = '3.5.0'", "==3.5.0", 5),
        ("**options", "options = dict(install_requires=['keras==3.5.0'])", "==3.5.0", 2),
        ("**{'install_requires': ['keras==3.5.0']}", "", "==3.5.0", 5),
        ("extras_require={'old': ['keras==3.5.0'], **more}", "more = {'new': 'keras==3.7.0'}", "==3.5.0 or ==3.7.0", 5),
        ("install_requires=['keras==3.5.0'] if gpu else ['keras==3.6.0']", "", "==3.5.0 or ==3.6.0", 5),
        (
            "install_requires=A",
            "if gpu:\n    A = ['tensorflow-gpu']\nelse:\n    A = ['tensorflow==2.18.0']",
            "<3 or >=3.5.0",
            3,
        ),
    ],
)
def test_requirements(lay, arguments, before, admitted, row):
    answer = lay(setup(arguments, before))
    assert answer.admitted == admitted
    assert answer.evidence[0][:2] == ("setup.py", row)
    assert answer.skipped == []
    assert not answer.releases.contradicts


@pytest.mark.parametrize(
    "value", ["'keras==%s' % find()", "'keras=={0}'.format('3.5.0')", "'%s' % 1", "'%d' % VERSION"]
)
def test_what_only_running_it_could_tell_is_skipped(lay, value):
    answer = lay(setup(f"install_requires=[{value}]", "VERSION = '3.5.0'"))
    assert answer.admitted == ""
    assert [skip[:2] for skip in answer.skipped] == [("setup.py", 5)]


def test_a_path_in_parts(lay):
    before = "import os\nhere = os.path.dirname(__file__)"
    answer = lay(
        setup("install_requires=open(os.path.join(here, 'reqs', 'base.txt')).read().split()", before)
        | {"reqs/base.txt": "keras==3.5.0\n", "base.txt": "keras==3.7.0\n"}
    )
    assert ("reqs/base.txt", 1, "keras==3.5.0") in answer.evidence
    assert answer.skipped == []


@pytest.mark.parametrize(
    ("arguments", "before"),
    [
        ("install_requires=open('deps.txt').read().splitlines()", ""),
        ("install_requires=[line.strip() for line in open('deps.txt')]", ""),
        ("install_requires=parse_requirements('deps.txt', session=False)", ""),
        ("install_requires=read()", "def read():\n    with open('deps.txt') as f:\n        return f.readlines()"),
        ("install_requires=read(FILE)", "FILE = 'deps.txt'"),
        ("install_requires=A", "with open('deps.txt') as f:\n    A = f.read().splitlines()"),
    ],
)
def test_a_list_read_from_a_file(lay, arguments, before):
    answer = lay(setup(arguments, before) | {"deps.txt": "keras==3.5.0\n"})
    assert answer.evidence == [("deps.txt", 1, "keras==3.5.0")]
    assert answer.skipped == []


def test_the_declared_python_decides_markers(lay):
    files = setup("install_requires=['keras==3.5.0; python_version<\"3.9\"', 'numpy'], python_requires='>=3.10'")
    assert lay(files).releases.strength == "none"


@pytest.mark.parametrize(
    ("files", "row", "reason"),
    [
        ({"setup.py": "\nsetup(install_requires=['keras==3.5.0')\n"}, 2, "not valid Python"),
        ({"setup.py": "print 'keras'\nsetup()\n"}, 1, "not valid Python"),
        ({"setup.py": "x = '\0'"}, 0, "not valid Python"),
        (setup("install_requires=['keras=>3']"), 5, "not a requirement"),
        (setup("install_requires=compute()"), 5, "without running it"),
        (setup("install_requires=[f'keras=={version()}']"), 5, "without running it"),
        (setup("extras_require=extras()"), 5, "without running it"),
        (setup("install_requires=open('gone.txt').readlines()"), 5, "gone.txt can't be read"),
    ],
)
def test_malformed(lay, files, row, reason):
    answer = lay(files | {"requirements.txt": "keras==3.7.0\n"})
    [(filename, at, said)] = answer.skipped
    assert (filename, at) == ("setup.py", row)
    assert reason in said
    assert answer.admitted == "==3.7.0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import setuptools\nsetuptools.setup()\n",
        "A = A\nB = [*B]\nsetup(install_requires=B, extras_require=A, **A)\n",
        "setup(install_requires=3, python_requires=3)\n",
        "setup(install_requires=" + "[" * 300 + "]" * 300 + ")\n",
        "x = " + "-" * 5000 + "1\n",
        "setup(install_requires=[" + "+".join(["'a'"] * 900) + "])\n",
    ],
)
def test_odd_shapes_do_not_stop_the_run(lay, text):
    answer = lay({"setup.py": text, "requirements.txt": "keras==3.7.0\n"})
    assert answer.admitted == "==3.7.0"


def test_nothing_is_run(lay, tmp_path):
    lay({"setup.py": f"open({str(tmp_path / 'ran')!r}, 'w')\nfrom setuptools import setup\nsetup()\n"})
    assert not (tmp_path / "ran").exists()
