"""Measures a check of many notebooks with outputs, against the time that ``json.loads`` takes for the same bytes.

    python benchmarks/notebooks.py [COUNT]

Makes COUNT notebooks (500) of 1 MB, of which nearly all is output: pictures, and lines of a log. One in ten trains a
model with a misrouted loss. Prints seconds of processor time of one process, and their ratio; then the seconds for one
notebook of many cells, of which each second one trains such a model.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from keraslint.api import check_paths

MODEL = """\
import keras
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
COMPILE = '%time model.compile("sgd", loss={"small": "mse", "big": "mae"})\n'
PICTURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" * 45_000}}
LOG = {"output_type": "stream", "name": "stdout", "text": ["Epoch 1/5: loss 0.5, val_loss 0.7\n"] * 13_000}


def notebook(number: int) -> bytes:
    """The bytes of a notebook of 1 MB."""
    program = MODEL + COMPILE if number % 10 == 0 else f"import keras\nprint({number})\n"
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": ["# Title\n"]}]
    for output in (PICTURE, LOG):
        source = program.splitlines(keepends=True)
        cells.append({"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": source})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1).encode()


def seconds_for_cells(count: int) -> float:
    """The seconds of processor time for a notebook of so many cells."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in (MODEL, COMPILE)] * (count // 2)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "nb.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))
        start = time.process_time()
        found = check_paths([folder], keras="3.5.0", isolated=True)
        seconds = time.process_time() - start
    assert len(found) == count // 2
    return seconds


def main() -> None:
    """Print the measurements."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"nb{number}.ipynb") for number in range(count)]
        for number, path in enumerate(paths):
            path.write_bytes(notebook(number))
        start = time.process_time()
        for path in paths:
            json.loads(path.read_bytes())
        loads = time.process_time() - start
        found = check_paths([folder], keras="3.5.0", isolated=True)
        start = time.process_time()
        found = check_paths([folder], keras="3.5.0", isolated=True)
        check = time.process_time() - start
    print(f"{count} notebooks, {len(found)} findings, processor time:")
    print(f"json.loads {loads:.2f} s, check {check:.2f} s, {check / loads:.1f} x")
    for cells in (150, 300, 600):
        print(f"{cells} cells: {seconds_for_cells(cells):.2f} s")


if __name__ == "__main__":
    main()
