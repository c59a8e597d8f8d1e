"""Measures the time and the memory that costly inputs take, each checked in a process of its own.

    python benchmarks/costly_inputs.py [WORD ...]

Prints for each input, or each with a WORD in its name, its size, the seconds of processor time and the peak memory of
``keraslint check --isolated``, its exit code, and the last line of its output. An input that takes more than 20 seconds
of processor time or 4 GB is ended.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

SECONDS = 20
BYTES = 4 * 1024**3

HEAD = """\
import keras
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
"""
MODEL = "model = keras.Model(inputs, [small, big])\n"
COMPILE = 'model.compile("sgd", loss={"small": "mse", "big": "mae"})\n'


def inputs() -> dict[str, dict[str, str]]:
    """The files of each input by its name; the first file is checked, or the folder where that is a setting."""
    return {**_programs(), **_dependencies(), **_others()}


def _programs() -> dict[str, dict[str, str]]:
    doubled = "".join("a = (a, a)\n" for _ in range(20))
    dicts = "".join('a = {"small": a, "big": a}\n' for _ in range(20))
    lists = "".join("a = [a, a]\n" for _ in range(20))
    calls = "".join("a = unseen(a, a)\n" for _ in range(25))
    sums = "".join("a = a + a\n" for _ in range(25))
    fit = "model.fit(x, a)\n"
    classes = "".join(f"class C{n}(C{n - 1}, C{n - 2}): pass\n" for n in range(2, 28))
    chain = "".join(f"class D{n}(D{n - 1}): pass\n" for n in range(1, 400))
    grid = (
        "def go(l, w, y):\n    model = keras.Model(inputs, [small, big])\n"
        "    model.compile('sgd', loss=l, loss_weights=w)\n    model.fit(x, y)\n"
    )
    loops = "for a in range({0}):\n    for b in range({0}):\n"
    turn = "        go({'small': 'mse', 'big': 'mae'}, {'small': a * 1.5, 'big': b * 1.0}, {'small': a, 'big': b})\n"
    branches = "".join(f"{'el' if n else ''}if u{n}:\n    a = {n}\n" for n in range(400))
    nested = "".join(f"if u{n}:\n    a = {n}\n" for n in range(400))
    deciding = "".join(f"{'el' if n else ''}if u{n}:\n    outputs = [small, big]\n    k = {n}\n" for n in range(400))
    models = "".join(
        f'm{n} = keras.Model(inputs, [small, big])\nm{n}.compile("sgd", loss={{"small": "mse", "big": "mae"}})\n'
        f"m{n}.fit(x, [a, b])\n"
        for n in range(400)
    )
    layers = "".join(
        f'i{n} = keras.Input((4,))\ns{n} = keras.layers.Dense(1, name="s{n}")(i{n})\n'
        f'b{n} = keras.layers.Dense(1, name="b{n}")(i{n})\nm{n} = keras.Model(i{n}, [s{n}, b{n}])\n'
        f'm{n}.compile("sgd", loss={{"s{n}": "mse", "b{n}": "mae"}})\n'
        for n in range(400)
    )
    functions = "".join(f"def f{n}():\n    {MODEL}    {COMPILE}" for n in range(1000))
    arguments = "".join(f"def f{n}(inputs, small, big):\n    {MODEL}    {COMPILE}" for n in range(1000))
    methods = "class A:\n" + "".join(f"    def f{n}(self):\n        {MODEL}        {COMPILE}" for n in range(400))
    callees = "".join(f"def f{n}():\n    {MODEL}    {COMPILE}" + f"f{n}()\n" for n in range(400))
    tries = "".join(f"try:\n    a = u{n}()\nexcept E:\n    a = {n}\n" for n in range(400))
    names = "".join(f"v{n} = {n}\n" for n in range(15_000))
    comments = "".join(f"x{n} = 1  # noqa: KER101\n" for n in range(20_000))
    texts = {
        "doubled tuple": HEAD + "a = ('mse', 'mae')\n" + doubled + MODEL + "model.compile('sgd', loss=a)\n" + fit,
        "doubled list": HEAD + "a = ['mse', 'mae']\n" + lists + MODEL + "model.compile('sgd', loss=a)\n" + fit,
        "doubled dict": HEAD + "a = 'mse'\n" + dicts + MODEL + "model.compile('sgd', loss=a)\n" + fit,
        "doubled outputs": HEAD + "a = [small, big]\n" + lists + "model = keras.Model(inputs, a)\n" + COMPILE,
        "doubled calls": HEAD
        + "if c:\n"
        + _indented("a = unseen()\n" + calls)
        + "else:\n"
        + _indented("a = unseen()\n" + calls)
        + MODEL
        + COMPILE,
        "doubled sums": HEAD + "a = unseen\n" + sums + "b = unseen\n" + sums.replace("a", "b") + MODEL + COMPILE,
        "diamond of 27 classes": HEAD
        + "class C0(keras.Model): pass\nclass C1(C0): pass\n"
        + classes
        + "model = C27(inputs, [small, big])\n"
        + COMPILE,
        "chain of 400 classes": HEAD
        + "class D0(keras.Model): pass\n"
        + chain
        + "model = D399(inputs, [small, big])\n"
        + COMPILE,
        "two loops of 40 turns": HEAD + grid + loops.format(40) + turn,
        "two loops of 128 turns": HEAD + grid + loops.format(128) + turn,
        "three loops of 30 turns": HEAD
        + grid
        + "for a in range(30):\n    for b in range(30):\n        for c in range(30):\n    "
        + turn.replace("'small': a,", "'small': c,"),
        "400 models": HEAD + models,
        "400 models of own layers": "import keras\n" + layers,
        "1,000 functions": HEAD + functions,
        "1,000 functions with arguments": "import keras\n" + arguments,
        "400 methods": HEAD + methods,
        "400 called functions": HEAD + callees,
        "400 elif": HEAD + branches + MODEL + COMPILE,
        "400 elif that decide outputs": HEAD + deciding + "model = keras.Model(inputs, outputs)\n" + COMPILE,
        "400 if": HEAD + nested + MODEL + COMPILE,
        "400 try": HEAD + tries + MODEL + COMPILE,
        "61,000 rows": HEAD + "a = 1\n" * 61_000 + MODEL + COMPILE,
        "400,000 rows": HEAD + "a=1\n" * 400_000 + MODEL + COMPILE,
        "1 MB of list": HEAD + "a = [" + "1," * 500_000 + "]\n" + MODEL + COMPILE,
        "15,000 names": HEAD + names + MODEL + COMPILE,
        "20,000 noqa comments": HEAD + comments + MODEL + COMPILE,
        "sum of 500 terms": HEAD + "a = " + " + ".join(["x"] * 500) + "\n" + MODEL + COMPILE,
        "1,000 attributes": HEAD + "a = x" + ".y" * 1000 + "\n" + MODEL + COMPILE,
        "100 nested lists": HEAD + "a = " + "[" * 90 + "]" * 90 + "\n" + MODEL + "model.compile('sgd', loss=a)\n",
        "20,000 script headers": "# /// script\n" * 20_000 + "# keras\n" + HEAD + MODEL + COMPILE,
        "punycode": "# coding: punycode\n# keras\n" + "a = 1-\n" * 100_000,
    }
    return {name: {"train.py": text} for name, text in texts.items()}


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _dependencies() -> dict[str, dict[str, str]]:
    docker = "FROM x\nENV A0=keras==3.5.0\n"
    docker += "".join(f"ENV A{n}={f'${{A{n - 1}}}' * 10}\n" for n in range(1, 9)) + "RUN pip install $A8\n"
    doubling = "from setuptools import setup\na = ['keras==3.5.0']\n" + "a = a + a\n" * 27
    formats = "from setuptools import setup\na0 = 'keras==3.5.0 '\n" + "".join(
        f"a{n} = {'%s' * 100!r} % ({f'a{n - 1}, ' * 100})\n" for n in range(1, 10)
    )
    excluded = ",".join(f"!=3.{n}.1" for n in range(10_000))
    ranges = "".join(f"keras!=3.{n}.1\n" for n in range(2_000))
    alternatives = "".join(f"keras>=3.{n};python_version=='3.{n}'\n" for n in range(200))
    table = "".join(f'[[package]]\nname = "p{n}"\nversion = "1.0"\n\n' for n in range(250_000))
    poetry = " || ".join(f"3.{n}.1" for n in range(2_000))
    return {
        "nested ENV": {"Dockerfile": docker},
        "20,000 ENV": {
            "Dockerfile": "FROM x\nENV A0=keras\n"
            + "".join(f"ENV A{n}=$A{n - 1}$A{n - 1}\n" for n in range(1, 20_000))
            + "RUN pip install $A19999\n"
        },
        "doubled list in setup.py": {"setup.py": doubling + "setup(install_requires=a)\n"},
        "doubled text in setup.py": {"setup.py": formats + "setup(install_requires=[a9])\n"},
        "10,000 !=": {"requirements.txt": f"keras{excluded}\n"},
        "10,000 != for a program": {"train.py": HEAD + MODEL + COMPILE, "requirements.txt": f"keras{excluded}\n"},
        "2,000 lines of !=": {"train.py": HEAD + MODEL + COMPILE, "requirements.txt": ranges},
        "200 markers": {"train.py": HEAD + MODEL + COMPILE, "requirements.txt": alternatives},
        "2,000 alternatives": {"pyproject.toml": f'[tool.poetry.dependencies]\nkeras = "{poetry}"\n'},
        "5,000 digits": {"requirements.txt": f"keras=={'9' * 5000}\n"},
        "10 MB of TOML": {"uv.lock": "version = 1\n" + table + '[[package]]\nname = "keras"\nversion = "3.5.0"\n'},
        "10 MB of TOML in one array": {"pyproject.toml": 'a = "keras"\nx = [' + "[], " * 2_500_000 + "]\n"},
        "5,000 included files": {
            "requirements.txt": "".join(f"-r {n}.txt\n" for n in range(5_000)) + "keras\n",
            **{f"{n}.txt": f"keras=={n}\n-r {(n + 1) % 5_000}.txt\n" for n in range(5_000)},
        },
        "YAML with shared nodes": {
            "environment.yml": "a0: &a0 [keras]\n"
            + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
            + "dependencies: *a29\n"
        },
        "shell of 100,000 words": {"Dockerfile": "FROM x\nRUN pip install keras " + "a" * 10 + " b" * 100_000 + "\n"},
        "nested bash -c": {"Dockerfile": "FROM x\nRUN " + "bash -c " * 20_000 + "'pip install keras'\n"},
    }


def _others() -> dict[str, dict[str, str]]:
    stars = "*" + "a*" * 30 + "z"
    many = "a" * 200 + ".py"
    program = HEAD + MODEL + COMPILE
    return {
        "glob of 30 stars": {many: program, "keraslint.toml": f"extend-exclude = ['{stars}']\n"},
        "glob of 30 stars for a file": {
            many: program,
            "keraslint.toml": f"[per-file-ignores]\n'{stars}' = ['KER101']\n",
        },
        "glob of 30 alternatives": {many: program, "keraslint.toml": "exclude = ['" + "{a,aa}" * 60 + "z']\n"},
        "gitignore of 30 stars": {many: program, ".gitignore": f"{stars}\n", ".git/HEAD": ""},
        "gitignore of 30 folders": {
            "a/" * 40 + many: program,
            ".gitignore": "**/a/" * 30 + "z\n",
            ".git/HEAD": "",
        },
        "10 MB of configuration": {"train.py": program, "keraslint.toml": "exclude = [" + "'a', " * 2_000_000 + "]\n"},
        "workspace of 30 stars": {
            "a" * 60 + "/train.py": program,
            "a" * 60 + "/pyproject.toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["keras"]\n',
            "pyproject.toml": f'[tool.uv.workspace]\nmembers = ["{stars}"]\n',
            "uv.lock": "version = 1\n",
        },
    }


def measure(files: Mapping[str, str]) -> tuple[int, float, float, int, str]:
    """The bytes of the files, the seconds and megabytes of their check, its exit code, and its last line."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        configured = any(name.endswith((".toml", ".gitignore")) for name in list(files)[1:])
        alone = len(files) == 1
        command = [sys.executable, "-m", "keraslint", "check", *(["--isolated"] if alone else [])]
        command += ["." if configured else next(iter(files)), "--color", "never"]
        with subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_bounded,  # noqa: PLW1509 - this process has one thread
        ) as process:
            assert process.stdout is not None
            lines = process.stdout.read().splitlines()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    size = sum(len(text.encode()) for text in files.values())
    return size, seconds, usage.ru_maxrss / 1024, process.returncode, (lines or [""])[-1]


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def main() -> None:
    """Measure each input, and print a row of a Markdown table for it."""
    print("| input | bytes | seconds | MB | exit | last line |\n|---|--:|--:|--:|--:|---|")
    for name, files in inputs().items():
        if all(word in name for word in sys.argv[1:]):
            size, seconds, megabytes, code, line = measure(files)
            print(f"| {name} | {size:,} | {seconds:.1f} | {megabytes:.0f} | {code} | {line[:100]} |", flush=True)


if __name__ == "__main__":
    main()
