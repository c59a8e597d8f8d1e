from __future__ import annotations

import pytest

from keraslint.pins.sources.dockerfile import DOCKERFILE

IMAGE = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.11
FROM python:${PYTHON}-slim
ARG KERAS_VERSION=3.6.0
ENV KERAS_BACKEND=jax OTHER="3.7.0"
ENV OLD 3.5.0
WORKDIR /app
COPY deps.list .
RUN apt-get update && apt-get install -y git \\
    # a comment between
    && {command}
CMD ["python", "-m", "pip", "install", "keras==3.4.1"]
"""


@pytest.mark.parametrize(
    ("command", "admitted", "strength"),
    [
        ("pip install keras==3.5.0", "==3.5.0", "exact"),
        ("pip install 'keras>=3.4,<3.7'", ">=3.4,<3.7", "range"),
        ("pip install keras==${KERAS_VERSION}", "==3.6.0", "exact"),
        ("pip install keras==$OTHER", "==3.7.0", "exact"),
        ("pip install keras==$OLD", "==3.5.0", "exact"),
        ("pip install keras", "", "bare"),
        ("uv pip install --system tensorflow==2.15.0", "<3", "range"),
    ],
)
def test_run(lay, command, admitted, strength):
    answer = lay({"Dockerfile": IMAGE.replace("{command}", command)})
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert answer.evidence == [("Dockerfile", 11, f"&& {command}")]
    assert answer.skipped == []


def test_requirements_files(lay):
    answer = lay(
        {"Dockerfile": IMAGE.replace("{command}", "pip install -r /app/deps.list"), "deps.list": "keras==3.5.0\n"}
    )
    assert answer.evidence == [("deps.list", 1, "keras==3.5.0")]


def test_the_exec_form(lay):
    answer = lay({"Dockerfile": 'FROM python\nRUN ["pip", "install", "keras>=3.5,<3.6"]\n'})
    assert answer.admitted == ">=3.5,<3.6"
    answer = lay({"Dockerfile": 'FROM python\nRUN ["bash", "-c", "pip install keras==3.6.0"]\n'})
    assert answer.admitted == "==3.6.0"


def test_here_documents(lay):
    text = "FROM python\nRUN <<EOF\npip install numpy\npip install keras==3.5.0\nEOF\nRUN pip install torch\n"
    assert lay({"Dockerfile": text}).evidence == [("Dockerfile", 4, "pip install keras==3.5.0")]


@pytest.mark.parametrize(
    ("image", "admitted", "strength"),
    [
        ("tensorflow/tensorflow:2.15.0-gpu", "<3", "range"),
        ("tensorflow/tensorflow:2.18.0", ">=3.5.0", "range"),
        ("--platform=linux/amd64 docker.io/tensorflow/tensorflow:2.16.1-jupyter AS base", ">=3.0.0", "range"),
        ("tensorflow/tensorflow", "", "bare"),
        ("tensorflow/tensorflow:latest-gpu", "", "bare"),
    ],
)
def test_images_of_tensorflow(lay, image, admitted, strength):
    answer = lay({"Dockerfile": f"FROM {image}\n"})
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert answer.evidence == [("Dockerfile", 1, f"FROM {image}")]
    assert answer.skipped == []


def test_stages(lay):
    text = """\
FROM python AS base
RUN pip install 'keras>=3.4'
FROM base AS train
RUN pip install 'keras<3.7'
FROM python AS serve
RUN pip install keras==3.9.0
"""
    answer = lay({"Dockerfile": text})
    assert answer.admitted == ">=3.4"
    assert not answer.releases.contradicts


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ("FROM python\nRUN pip install keras==$KERAS\n", 2, "variable is not known"),
        ("FROM python\nRUN pip install keras>=3.7\n", 2, "redirection"),
        ("FROM tensorflow/tensorflow:nightly\n", 1, "nightly"),
        ("FROM tensorflow/tensorflow:custom-build\n", 1, "names no release"),
        ("FROM python\nRUN pip install -r gone.txt\n", 2, "gone.txt can't be read"),
        ("FROM python\nRUN pip install keras=3.5\n", 2, "did you mean `keras==3.5`?"),
    ],
)
def test_malformed(lay, text, row, reason):
    answer = lay({"Dockerfile": text, "requirements.txt": "keras==3.7.0\n"})
    [(filename, at, said)] = answer.skipped
    assert (filename, at) == ("Dockerfile", row)
    assert reason in said
    assert answer.admitted == "==3.7.0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RUN pip install keras==3.5.0\n",
        "FROM\n",
        "FROM a\nRUN [\n",
        "FROM a\nRUN <<X\npip",
        "FROM a\nENV\nARG A\nRUN x \\",
    ],
)
def test_odd_shapes(lay, text):
    assert lay({"Dockerfile": text}).releases.strength == "none"


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("Dockerfile", True),
        ("Dockerfile.gpu", True),
        ("gpu.Dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile-dev", True),
        ("dockerfile", True),
        ("Dockerfiles", False),
        ("sub/Dockerfile", False),
        (".dockerignore", False),
    ],
)
def test_claims(name, claimed):
    assert DOCKERFILE.claims(name) is claimed
