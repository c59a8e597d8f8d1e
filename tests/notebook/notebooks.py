"""Notebooks for tests, as Jupyter writes them."""

from __future__ import annotations

import json
from typing import Any

MODEL = """\
import keras

inputs = keras.Input((16,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])"""
COMPILED = 'model.compile("adam", loss={"small": "mse", "big": "mae"})\nmodel.fit(x, [a, b])'


def cell(source: str, kind: str = "code", **others: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}
    if kind == "code":
        entry |= {"execution_count": None, "outputs": []}
    return entry | others


def notebook(*cells: str | dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cells": [cell(one) if isinstance(one, str) else one for one in cells],
        "metadata": {"language_info": {"name": "python"}, **metadata},
        "nbformat": 4,
        "nbformat_minor": 4,
    }


def dumped(*cells: str | dict[str, Any], **metadata: Any) -> bytes:
    return (json.dumps(notebook(*cells, **metadata), indent=1, ensure_ascii=False) + "\n").encode()
