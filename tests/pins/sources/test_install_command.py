from __future__ import annotations

import pytest

from keraslint.pins.sources.install_command import expand, install_commands, shell_commands
from keraslint.pins.specifier_sets import as_text


def found(text: str, **variables: str):
    return install_commands("Dockerfile", [line.strip() for line in text.split("\n")], text, 1, variables)


@pytest.mark.parametrize(
    ("text", "admitted", "row"),
    [
        ("pip install keras==3.5.0", "==3.5.0", 1),
        ("pip3 install --no-cache-dir 'keras>=3.4,<3.7'", ">=3.4,<3.7", 1),
        ('python -m pip install -U pip && python3.11 -m pip install "keras~=3.5.0"', "~=3.5.0", 1),
        ("/opt/venv/bin/pip3.11 install -q keras", "", 1),
        ("uv pip install --system keras==3.5.0", "==3.5.0", 1),
        ("uv add keras==3.5.0", "==3.5.0", 1),
        ("sudo -H pip install \\\n  numpy \\\n  keras==3.5.0", "==3.5.0", 3),
        ("pip install \\\n  numpy \\\n  keras==3.5.0 \\\n  && rm -rf /tmp", "==3.5.0", 3),
        ("apt-get update\npip install -i https://host.example keras==3.5.0", "==3.5.0", 2),
        ("pip install keras==$KERAS", "==3.6.0", 1),
        ("pip install keras==${KERAS} numpy", "==3.6.0", 1),
        ("pip install 'keras==${OTHER:-3.7.0}'", "==3.7.0", 1),
        ("conda install -y -c conda-forge -n base keras=3.5", "==3.5.*", 1),
        ("micromamba create -n a 'keras>=3.4'", ">=3.4", 1),
        ("pip install https://host.example/keras-3.5.0-py3-none-any.whl", "==3.5.0", 1),
        ("pip install git+https://github.com/keras-team/keras.git@v3.5.0", "==3.5.0", 1),
        ("pip install keras==3.5.0 > /dev/null 2>&1", "==3.5.0", 1),
        ("pip install numpy>=1 keras==3.5.0", "==3.5.0", 1),
        ('bash -c "pip install keras==3.5.0"', "==3.5.0", 1),
        ("/bin/bash -l -c 'source a && \\\n pip install \"keras>=3.4\"'", ">=3.4", 2),
        ('sh -ec "pip install \\"keras>=3.4\\""', ">=3.4", 1),
    ],
)
def test_install_commands(text, admitted, row):
    answer = found(text, KERAS="3.6.0")
    [condition] = answer.conditions
    assert (as_text(condition.alternatives), condition.row) == (admitted, row)
    assert [item for item in answer.skipped if "redirection" not in item.reason] == []


def test_files():
    answer = found("pip install -r requirements.txt -c /app/deps/limits.txt --requirement=b.txt -rd.txt")
    assert [item.path for item in answer.includes] == ["requirements.txt", "limits.txt", "b.txt", "d.txt"]
    answer = found("conda install --file environment.txt -n base")
    assert [item.path for item in answer.includes] == ["environment.txt"]


def test_an_unquoted_comparison_is_a_redirection_and_asks_for_any():
    answer = found("pip install keras>=3.7")
    assert answer.conditions[0].bare
    assert "redirection" in answer.skipped[0].reason


@pytest.mark.parametrize(
    "text", ["pip install keras==$UNKNOWN", "pip install keras${EXTRA}", "uv pip install 'keras==${A}'"]
)
def test_unknown_variables(text):
    answer = found(text)
    assert answer.conditions == ()
    assert "variable is not known" in answer.skipped[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "pip uninstall keras",
        "pip download keras==3.5.0",
        "echo 'pip install keras==3.5.0'",
        "# pip install keras==3.5.0",
        "pip install -t keras==3.5.0 numpy",
        "pip install numpy; ls keras==3.5.0",
        "pip install $PACKAGES",
        "conda activate keras",
        "npm install keras",
        "",
    ],
)
def test_no_install_of_keras(text):
    answer = found(text)
    assert (answer.conditions, answer.skipped) == ((), ())


def test_words_and_rows():
    commands = list(shell_commands("a 'b c' \\\n d\"e f\"g|h\n\ni\\ j #k", 5))
    assert [[(word.text, word.row) for word in words] for words in commands] == [
        [("a", 5), ("b c", 5), ("de fg", 6)],
        [("h", 6)],
        [("i j", 8)],
    ]


def test_expand():
    assert expand("$A ${A} ${B:-x} ${B-y} ${A:-z} $B $$", {"A": "1"}) == "1 1 x y 1 $B $$"
