"""Notebooks in the command: cells as one program, places by cell, magics, broken cells, and fixes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.limits import MAX_BYTES, MAX_NOTEBOOK_BYTES
from tests.command import outcome
from tests.notebook.notebooks import COMPILED, MODEL, cell, dumped, notebook

FIXED = ['model.compile("adam", loss=("mse", "mae"))\n', "model.fit(x, [a, b])"]
ON = ("--isolated", "--keras-version", "3.5.0")


def check(folder: Path, data: bytes, *options: str) -> tuple[int, str, str]:
    (folder / "nb.ipynb").write_bytes(data)
    return outcome(folder, "check", *ON, *options)


def places(folder: Path, *cells: str) -> list[str]:
    _, out, _ = check(folder, dumped(*cells))
    return [" ".join(line.split()[:3]) for line in out.splitlines()]


def test_a_place_is_a_cell_of_any_kind_and_a_row_in_it(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, dumped(cell("# Title", "markdown"), MODEL, "%matplotlib inline", f"\n{COMPILED}"))
    assert code == 1
    assert out.startswith("nb.ipynb:cell 4:2:28: KER101 [*] Keras 3.5.0")


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "!ls -l",
        "!!ls",
        "model?",
        "??model",
        "%%time",
        "%%capture",
        "%pip install x",
        "%cd ..",
        "?f",
        "%time",
        "await f()",
        "async with f() as g: pass",
    ],
)
def test_magics_that_change_no_variable_hide_nothing(tmp_path: Path, magic: str) -> None:
    assert places(tmp_path, MODEL, f"{magic}\n{COMPILED}") == ["nb.ipynb:cell 2:2:28: KER101"]


@pytest.mark.parametrize(
    "magic",
    [
        "model = !ls",
        "model = %who_ls",
        "%run o.py",
        "found = %run o.py",
        "%store -r",
        "%pylab inline",
        "%sql x << select",
        "%%new model",
        "!echo {spoil(model)}",
        "/spoil model",
        ",spoil model",
        "%timeit spoil(model)",
        "%%timeit\nspoil(model)",
        "%%time spoil\nmodel = 3",
        "%%bash --out model\nls",
        "%%capture model\nls",
    ],
)
def test_after_magics_that_may_change_the_model_nothing_is_said_of_it(tmp_path: Path, magic: str) -> None:
    assert "KER101" not in "".join(places(tmp_path, MODEL, magic, COMPILED))


@pytest.mark.parametrize("first", ["%%bash", "%%html", "%%writefile x.py", "%%javascript", "# Install\n%%bash"])
def test_cells_of_other_languages_are_no_python(tmp_path: Path, first: str) -> None:
    assert places(tmp_path, MODEL, f"{first}\nfor (x in y) {{", COMPILED) == ["nb.ipynb:cell 3:1:28: KER101"]


def test_a_timed_line_is_python(tmp_path: Path) -> None:
    assert places(tmp_path, MODEL, f"%time {COMPILED}") == ["nb.ipynb:cell 2:1:34: KER101"]


def test_a_cell_that_does_not_parse_costs_that_cell(tmp_path: Path) -> None:
    assert places(tmp_path, MODEL, "def f(:\n    pass", COMPILED) == [
        "nb.ipynb:cell 2:1:7: KER001",
        "nb.ipynb:cell 3:1:28: KER101",
    ]
    assert places(tmp_path, MODEL, "model = (model", COMPILED) == [
        "nb.ipynb:cell 2:1:9: KER001",
        "nb.ipynb:cell 3:1:28: KER102",  # the outputs are not known after it
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [("model = (model", "a cell that does not parse may set it"), ("model = %own", "a magic may set it")],
)
def test_what_may_set_a_variable_is_named_in_words(source: str, said: str) -> None:
    found = check_source(dumped(MODEL, source, COMPILED).decode(), "nb.ipynb", keras="3.5.0")
    assert f"the order of the outputs is not known ({said})" in found[-1].message


def test_what_is_no_notebook_says_so(tmp_path: Path) -> None:
    program = f"{MODEL}\n{COMPILED}"
    whole = dumped(MODEL, COMPILED)
    for text, said in (
        (json.dumps([program]), "not a notebook: its JSON is no object"),
        (program, "not a notebook: its JSON is no object"),
        (json.dumps({"cells": {"a": program}}), "not a notebook: a list is missing at character 10"),
        (json.dumps({"metadata": program}), "not a notebook: it has no cells"),
        (whole[:-2], "not a notebook: it ends too early"),
        (whole.replace(b"import", b"# \xff\\nimport"), "byte 0xff is not UTF-8: save the file as UTF-8"),
        (whole.decode().encode("utf-16"), "byte 0xff is not UTF-8: save the file as UTF-8"),
    ):
        _, out, _ = check(tmp_path, text if isinstance(text, bytes) else text.encode())
        assert out.splitlines()[0].partition(": ")[2] == f"KER001 not checked: {said}"


def test_cells_that_only_ipython_takes(tmp_path: Path) -> None:
    indented, prompted = "  x = 1\n  y = 2", ">>> for x in y:\n...     pass\n>>> z = 1"
    for odd in (indented, prompted, f"  # a\n{indented}"):
        assert places(tmp_path, MODEL, odd, COMPILED) == ["nb.ipynb:cell 3:1:28: KER101"]
        assert places(tmp_path, odd, MODEL, COMPILED) == ["nb.ipynb:cell 3:1:28: KER101"]
    assert places(tmp_path, MODEL, f"  x = 1\n  {COMPILED.splitlines()[0]}") == ["nb.ipynb:cell 2:2:30: KER101"]


def test_a_cell_may_belong_to_a_magic_that_is_not_known(tmp_path: Path) -> None:
    assert places(tmp_path, "%md\n# It's a title", MODEL, COMPILED) == ["nb.ipynb:cell 3:1:28: KER101"]
    assert "KER101" not in "".join(places(tmp_path, MODEL, "%py\nmodel = (other", COMPILED))


def test_the_json_of_a_notebook_as_a_source(tmp_path: Path) -> None:
    (found,) = check_source(dumped(MODEL, COMPILED).decode(), "nb.ipynb", keras="3.5.0")
    assert (found.code, found.cell, found.span.start.row) == ("KER101", 2, 1)
    (found,) = check_source("keras.compile(", "nb.ipynb")
    assert (found.code, found.cell) == ("KER001", None)


def test_a_notebook_may_be_larger_than_a_script(tmp_path: Path) -> None:
    data = dumped(MODEL, COMPILED) + b" " * MAX_BYTES
    assert "nb.ipynb:cell 2:1:28: KER101" in check(tmp_path, data)[1]
    stdin = outcome(tmp_path, "check", *ON, "-", "--stdin-filename", "x.ipynb", stdin=data)
    assert "x.ipynb:cell 2:1:28: KER101" in stdin[1]
    with (tmp_path / "nb.ipynb").open("wb") as file:
        file.truncate(MAX_NOTEBOOK_BYTES + 1)
    assert outcome(tmp_path, "check", *ON)[::2] == (2, "error: nb.ipynb: can't be read: it is larger than 64 MB\n")


def test_a_return_ends_no_notebook(tmp_path: Path) -> None:
    assert places(tmp_path, MODEL, "if x:\n    return", COMPILED) == [
        "nb.ipynb:cell 2:2:5: KER001",
        "nb.ipynb:cell 3:1:28: KER101",
    ]


@pytest.mark.parametrize("magic", ["%env TF_USE_LEGACY_KERAS=1", "%set_env TF_USE_LEGACY_KERAS 1"])
def test_a_magic_sets_the_environment(tmp_path: Path, magic: str) -> None:
    model = MODEL.replace("import keras", "from tensorflow import keras")
    assert places(tmp_path, model, COMPILED) == ["nb.ipynb:cell 2:1:28: KER101"]
    assert places(tmp_path, magic, model, COMPILED) == []


def test_a_cell_of_python_2_leaves_the_functions_of_python(tmp_path: Path) -> None:
    for old in ("print model.name", "import numpy\nprint 'x'"):
        assert places(tmp_path, old, MODEL, f"print(model)\n{COMPILED}") == [
            f"nb.ipynb:cell 1:{old.count(chr(10)) + 1}:1: KER001",
            "nb.ipynb:cell 3:2:28: KER101",
        ]


def test_a_language_of_a_cell_or_of_the_kernel(tmp_path: Path) -> None:
    other = cell("y <- (", metadata={"vscode": {"languageId": "r"}})
    (tmp_path / "nb.ipynb").write_bytes(dumped(MODEL, other, COMPILED))
    assert outcome(tmp_path, "check", *ON)[1].startswith("nb.ipynb:cell 3:1:28: KER101")
    assert check(tmp_path, dumped(MODEL, COMPILED, language_info={"name": "julia"}))[:2] == (0, "")


def test_format_3(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "language": "python", "input": one, "outputs": []} for one in (MODEL, COMPILED)]
    data = json.dumps({"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}).encode()
    assert check(tmp_path, data)[1].startswith("nb.ipynb:cell 2:1:28: KER101")
    assert check(tmp_path, data, "--fix")[0] == 0
    fixed = json.loads((tmp_path / "nb.ipynb").read_bytes())["worksheets"][0]["cells"][1]["input"]
    assert fixed == "".join(FIXED)


@pytest.mark.parametrize("indent", [None, 1, 2])
@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_fix_changes_the_source_and_no_other_byte(
    tmp_path: Path, indent: int | None, as_list: bool, ascii_only: bool, end: str
) -> None:
    content = notebook(MODEL, f"# é\n%time 1\n{COMPILED}\nprint('ü')")
    if not as_list:
        for one in content["cells"]:
            one["source"] = "".join(one["source"])
    before = (json.dumps(content, indent=indent, ensure_ascii=ascii_only) + end).encode()
    if end == "\r\n":
        before = before.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
    check(tmp_path, before, "--fix")
    old, new = ('{\\"small\\": \\"mse\\", \\"big\\": \\"mae\\"}', '(\\"mse\\", \\"mae\\")')
    assert (tmp_path / "nb.ipynb").read_bytes() == before.replace(old.encode(), new.encode())


def test_a_fix_that_spans_cells_edits_each(tmp_path: Path) -> None:
    fit = 'model.fit(x, {"small": a, "big": b})'
    check(tmp_path, dumped(MODEL, COMPILED.splitlines()[0], fit), "--fix")
    cells = json.loads((tmp_path / "nb.ipynb").read_bytes())["cells"]
    assert cells[1]["source"] == [FIXED[0].rstrip("\n")]
    assert cells[2]["source"] == ["model.fit(x, (a, b))"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"{",
        b'{"cells": {}}',
        b'{"cells": [1]}',
        b'"',
        b"keras.compile",
        b'{"cells": [',
        b"\xff",
    ],
)
def test_what_is_no_notebook_is_one_clear_line(tmp_path: Path, data: bytes) -> None:
    code, out, err = check(tmp_path, data)
    assert "Traceback" not in out + err
    code, out, err = check(tmp_path, data + b" keras .compile(")
    assert (code, len(out.splitlines())) == (1, 1)
    assert "KER001 not checked: " in out


@pytest.mark.parametrize(
    "odd",
    [
        cell("x") | {"source": None},
        {"cell_type": "code"},
        cell("'\ud800'"),
        cell("x = 1\r\ny = 2"),
        cell("") | {"source": 5},
    ],
)
def test_odd_cells(tmp_path: Path, odd: dict[str, object]) -> None:
    data = b"\xef\xbb\xbf" + json.dumps(notebook(MODEL, odd, COMPILED)).encode()
    assert "nb.ipynb:cell 3:1:28: KER101" in check(tmp_path, data)[1]
    check(tmp_path, data, "--fix")
    assert (tmp_path / "nb.ipynb").read_bytes() == data.replace(
        b'{\\"small\\": \\"mse\\", \\"big\\": \\"mae\\"}', b'(\\"mse\\", \\"mae\\")'
    )


def test_stdin_and_the_list_of_files(tmp_path: Path) -> None:
    data = dumped(MODEL, COMPILED)
    code, out, _ = outcome(tmp_path, "check", *ON, "--stdin-filename", "x.ipynb", "-", stdin=data)
    assert (code, out[:22]) == (1, "x.ipynb:cell 2:1:28: K")
    _, out, _ = outcome(tmp_path, "check", *ON, "--fix", "--stdin-filename", "x.ipynb", "-", stdin=data)
    assert json.loads(out)["cells"][1]["source"] == FIXED
    (tmp_path / "y.ipynb").write_bytes(data)
    assert outcome(tmp_path, "check", "--show-files")[1] == f"{tmp_path / 'y.ipynb'}\n"


def test_a_notebook_among_other_files(tmp_path: Path) -> None:
    compile_call = COMPILED.splitlines()[0]
    (tmp_path / "fitting.py").write_text(f"def compiled(model):\n    {compile_call}\n    return model\n")
    _, out, _ = check(tmp_path, dumped("from fitting import compiled", MODEL, "compiled(model).fit(x, [a, b])"))
    assert out.startswith("fitting.py:2:32: KER101 ")
    (tmp_path / "fitting.py").write_text("import nothing\n")
    code, _, _ = check(tmp_path, dumped(MODEL, compile_call), "--fix", "--unsafe-fixes")
    assert code == 0
    assert json.loads((tmp_path / "nb.ipynb").read_bytes())["cells"][1]["source"] == [FIXED[0].rstrip("\n")]
