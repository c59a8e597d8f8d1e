"""Scripts that were notebooks: exports with magics, cells of ``# %%``, files of Databricks, and marimo's notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import outcome
from tests.notebook.notebooks import COMPILED, MODEL

COMPILE, FIT = COMPILED.splitlines()
INDENTED = MODEL.replace("\n", "\n    ")
MARIMO = f"""\
import marimo

app = marimo.App()


@app.cell
def _(a, b, model, x):
    {COMPILE}
    {FIT}
    return


@app.cell(hide_code=True)
def _(keras):
    {INDENTED.split(chr(10), 2)[2].strip()}
    return big, model, small


@app.cell
def _():
    import keras
    return (keras,)


if __name__ == "__main__":
    app.run()
"""


def found(folder: Path, text: str, *options: str) -> list[str]:
    (folder / "train.py").write_text(text)
    out = outcome(folder, "check", "--isolated", *options)[1]
    return [" ".join(line.split()[:2]).removeprefix("train.py:") for line in out.splitlines()]


@pytest.mark.parametrize(
    "head",
    [
        "!pip install -q numpy",
        "%matplotlib inline",
        "try:\n    # only in Colab\n#     %tensorflow_version 2.x\nexcept Exception:\n    pass",
        "if True:\n  !ls\n  %cd ..",
        "# %%\n%%bash\nfor (x in y) { '\n# %%",
        "#%%\n%%html\n<b>it's\n#%%",
        "# In[1]:\n\n%load_ext autoreload",
        "files = !ls\n?files",
    ],
)
def test_an_export_is_python_but_for_its_magics(tmp_path: Path, head: str) -> None:
    row = head.count("\n") + MODEL.count("\n") + 3
    assert found(tmp_path, f"{head}\n{MODEL}\n{COMPILED}\n") == [f"{row}:28: KER101"]
    assert found(tmp_path, f"{head}\n{MODEL}\n{COMPILED}\n", "--fix", "--keras-version", "3.5.0") == []
    assert (tmp_path / "train.py").read_text() == f"{head}\n{MODEL}\n" + COMPILED.replace(
        '{"small": "mse", "big": "mae"}', '("mse", "mae")'
    ) + "\n"


def test_what_is_no_magic_is_still_said(tmp_path: Path) -> None:
    assert found(tmp_path, f"%matplotlib inline\n{MODEL}\nmodel = (\n") == ["8:9: KER001"]
    assert found(tmp_path, 'import keras\nmodel.fit(x)\nprint "loss"\n') == ["3:1: KER001"]


def test_pins_of_an_export(tmp_path: Path) -> None:
    pinned = f"!pip install keras==3.5.0\n{MODEL}\n{COMPILED}\n"
    assert found(tmp_path, pinned) == ["1:14: KER201", "8:28: KER101"]
    cells = f"# %%\n%%bash\npip install keras==3.5.0\n# %%\n{MODEL}\n{COMPILED}\n"
    assert found(tmp_path, cells) == ["3:13: KER201", "11:28: KER101"]
    assert found(tmp_path, f'"""\n!pip install keras==3.7.0\n"""\n{MODEL}\n{COMPILED}\n') == ["10:28: KER101"]


def test_databricks(tmp_path: Path) -> None:
    head = "# Databricks notebook source\n# MAGIC %pip install keras==3.6.0\n\n# COMMAND ----------\n\n"
    assert found(tmp_path, f"{head}{MODEL}\n{COMPILE}\n") == ["2:22: KER201", "12:28: KER101"]
    shared = f"{head}{MODEL}\n# MAGIC %run ./settings\n{COMPILE}\n"
    assert found(tmp_path, shared, "--ignore", "KER102") == ["2:22: KER201"]


def test_cells_of_marimo_run_in_the_order_of_their_variables(tmp_path: Path) -> None:
    assert found(tmp_path, MARIMO, "--keras-version", "3.5.0") == ["8:32: KER101"]
    assert found(tmp_path, MARIMO, "--keras-version", "3.5.0", "--fix") == []
    assert (tmp_path / "train.py").read_text() == MARIMO.replace('{"small": "mse", "big": "mae"}', '("mse", "mae")')


def test_variables_of_a_cell_of_marimo_that_is_not_followed_are_unknown(tmp_path: Path) -> None:
    early = MARIMO.replace("    return big, model", "    if small:\n        return\n    return big, model")
    assert "KER101" not in "".join(found(tmp_path, early, "--keras-version", "3.5.0"))
    last = MARIMO.replace("    return (keras,)", "    if keras:\n        return (keras,)")
    assert "KER101" not in "".join(found(tmp_path, last, "--keras-version", "3.5.0"))


def test_what_a_notebook_of_marimo_shares_comes_before_its_cells(tmp_path: Path) -> None:
    text = f"""\
import marimo

app = marimo.App()

with app.setup:
    import keras


@app.cell
def _(build):
    build().{COMPILE.partition(".")[2]}
    return


@app.function
def build():
    {INDENTED.split(chr(10), 2)[2].strip()}
    return model
"""
    assert found(tmp_path, text, "--keras-version", "3.5.0") == ["11:34: KER101"]
