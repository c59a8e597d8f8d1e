from __future__ import annotations

import pytest

from keraslint.document import Document
from keraslint.rules.known_bad_keras_pin import KnownBadKerasPin
from keraslint.rules.shared.pin_advice import Surroundings

WORKFLOW = """\
name: tests
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        keras: ["3.5.0"]
    steps:
      - uses: actions/checkout@v4
      - name: keras==3.4.1
        run: |
          python -m pip install -U pip
          {command}
      - run: pytest
"""
NAME = ".github/workflows/test.yml"


@pytest.mark.parametrize(
    ("command", "admitted", "affected"),
    [
        ("pip install keras==3.5.0", "==3.5.0", True),
        ("pip install 'keras>=3.5,<3.7' numpy", ">=3.5,<3.7", True),
        ("uv pip install keras==3.7.0", "==3.7.0", False),
        ("pip install 'keras>=3.4'", ">=3.4", True),
        ("pip install tensorflow==2.15.0", "<3", False),
    ],
)
def test_steps(lay, command, admitted, affected):
    answer = lay({NAME: WORKFLOW.replace("{command}", command)})
    assert (answer.admitted, answer.releases.strength) == (admitted, "range")
    assert ("3.5.0" in answer.versions) is affected
    assert answer.evidence == [(NAME, 14, command)]
    assert answer.skipped == []


def test_a_plain_run(lay):
    jobs = "jobs:\n  a:\n    steps:\n    - run: pip install keras==3.5.0\n"
    text = jobs + "  b:\n    steps:\n    - run: pip install keras==3.7.0\n"
    answer = lay({NAME: text})
    assert answer.admitted == "==3.5.0 or ==3.7.0"
    assert not answer.releases.contradicts
    assert [row for _, row, _ in answer.evidence] == [4, 7]


def test_an_expression_is_skipped_once(lay):
    answer = lay({NAME: WORKFLOW.replace("{command}", "pip install keras==${{ inputs.keras }}")})
    assert len(answer.skipped) == 1


MATRIX = """\
env:
  KERAS: 3.7.0
jobs:
  test:
    env: {JAX: 0.4.30, TENSORFLOW: "2.16.1"}
    strategy:
      matrix:
        {matrix}
    steps:
      - run: pip install {what}
        env: {step}
"""


@pytest.mark.parametrize(
    ("matrix", "what", "step", "admitted"),
    [
        ('keras: ["3.4.1", "3.5.0"]', "keras==${{ matrix.keras }}", "{}", "==3.4.1 or ==3.5.0"),
        ("keras: [3.4.1, 3.5.0]", "keras==${{matrix.keras}} numpy", "{}", "==3.4.1 or ==3.5.0"),
        ('keras: ["==3.5.0", "<3", ""]', '"keras${{ matrix.keras }}"', "{}", ""),
        ("keras: [3.10.*]", "keras==${{ matrix.keras }}", "{}", "==3.10.*"),
        ("keras: [3.10]", "keras~=${{ matrix.keras }}", "{}", "~=3.1"),
        (
            "keras: [{version: 3.5.0}, {version: 3.6.0}]",
            "keras==${{ matrix.keras.version }}",
            "{}",
            "==3.5.0 or ==3.6.0",
        ),
        ("os: [a, b]\n        include: [{os: a, keras: 3.5.0}]", "keras==${{ matrix.keras }}", "{}", "==3.5.0"),
        ("include: [{keras: 3.5.0}, {keras: 3.6.0}]", "keras==${{ matrix.keras }}", "{}", "==3.5.0 or ==3.6.0"),
        (
            "keras: [3.4.1, 3.5.0]\n        os: [a, b]\n        exclude: [{keras: 3.5.0, os: a}, {keras: 3.5.0}]",
            "keras==${{ matrix.keras }}",
            "{}",
            "==3.4.1",
        ),
        ("os: [a]", "keras==$KERAS", "{}", "==3.7.0"),
        ("os: [a]", "keras==${{ env.KERAS }}", "{}", "==3.7.0"),
        ("os: [a]", "keras==$KERAS", "{KERAS: 3.5.0}", "==3.5.0"),
        ("keras: [3.5.0]", "keras==$WANTED", "{WANTED: '${{ matrix.keras }}'}", "==3.5.0"),
        ("os: [a]", "tensorflow==${TENSORFLOW}", "{}", ">=3.0.0"),
    ],
)
def test_values_of_the_matrix_and_the_environment_are_known(lay, matrix, what, step, admitted):
    text = MATRIX.replace("{matrix}", matrix).replace("{what}", what).replace("{step}", step)
    answer = lay({NAME: text})
    assert answer.admitted == admitted
    assert not answer.releases.contradicts
    assert len(answer.evidence) == 1


@pytest.mark.parametrize(
    ("matrix", "what", "step"),
    [
        ("keras: ${{ fromJSON(needs.a.outputs.b) }}", "keras==${{ matrix.keras }}", "{}"),
        ("os: [a]\n        include: ${{ fromJSON('[]') }}", "keras==${{ matrix.keras }}", "{}"),
        ("os: [a]", "keras==$KERAS", "{KERAS: '${{ inputs.keras }}'}"),
        (f"keras: [3.5.0]\n        a: {list(range(300))}", "keras==${{ matrix.keras }}", "{}"),
    ],
)
def test_values_that_only_a_run_knows_are_skipped(lay, matrix, what, step):
    text = MATRIX.replace("{matrix}", matrix).replace("{what}", what).replace("{step}", step)
    answer = lay({NAME: text})
    assert answer.releases.strength == "none"
    assert "variable is not known" in answer.skipped[0][2]


def test_a_matrix_that_tries_an_affected_release_among_others_is_no_pin_to_it():
    def found(matrix):
        text = MATRIX.replace("{matrix}", f"keras: [{matrix}]").replace("{step}", "{}")
        document = Document(NAME, text.replace("{what}", "keras==${{ matrix.keras }}"))
        return list(KnownBadKerasPin().check_dependencies(document, Surroundings({}, tuple, lambda: None)))

    assert found("3.4.1, 3.5.0") == []
    (item,) = found("3.5.0")
    assert item.message.endswith("; use keras>=3.7")
    assert item.fixes == ()


def test_any_other_version_in_the_project_counts_more(lay):
    text = WORKFLOW.replace("{command}", "pip install keras==3.5.0")
    for line, admitted in (("keras>=3.7", ">=3.7"), ("tensorflow>=2.20", ">=3.10.0"), ("keras", "==3.5.0")):
        answer = lay({NAME: text, "requirements.txt": f"{line}\n"})
        assert (answer.admitted, answer.releases.contradicts) == (admitted, False)


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        (WORKFLOW.replace("{command}", "pip install keras==${{ matrix.kera }}"), 14, "variable is not known"),
        (WORKFLOW.replace("{command}", "pip install keras>=3.7"), 14, "redirection"),
        ("jobs:\n  a: [keras\n", 3, "not valid YAML"),
    ],
)
def test_malformed(lay, text, row, reason):
    answer = lay({NAME: text, "requirements.txt": "keras==3.7.0\n"})
    assert answer.skipped[0][:2] == (NAME, row)
    assert reason in answer.skipped[0][2]
    assert answer.admitted == "==3.7.0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "keras",
        "jobs: keras",
        "jobs:\n  a: keras",
        "jobs:\n  a:\n    steps: keras",
        "jobs:\n  a:\n    steps: {run: keras}",
        "jobs:\n  a:\n    steps: [keras, {run: [keras]}]",
    ],
)
def test_odd_shapes(lay, text):
    assert lay({NAME: text}).releases.strength == "none"
