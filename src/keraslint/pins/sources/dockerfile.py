"""Dockerfile: the packages that its install commands and base images install; .env files, which set variables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from packaging.specifiers import SpecifierSet

from keraslint.pins.interface import ReadResult, Role, Source, in_group, joined
from keraslint.pins.requirement_line import ANY, Line, stated
from keraslint.pins.sources.install_command import BUILD_IN_COMMAND, Word, argument_command, expand, install_commands

_DOTENV_PAIR = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*'|[^#\n]*)""", re.MULTILINE
)
_VARIABLE = "TF_USE_LEGACY_KERAS"
# The values that TensorFlow 2.21.0 takes as true (python/util/lazy_loader.py).
_ON = ("1", "true", "True")


def legacy_keras(variables: Mapping[str, str]) -> bool | None:
    """Return True or False if the environment variables make ``tf.keras`` Keras 2 or Keras 3, else None."""
    value = variables.get(_VARIABLE)
    return None if value is None else value in _ON


def _read_dotenv(_filename: str, text: str) -> ReadResult:
    """Read the variable that makes ``tf.keras`` Keras 2."""
    pairs = {match.group("name"): match.group("value").strip().strip("'\"") for match in _DOTENV_PAIR.finditer(text)}
    return ReadResult(legacy=legacy_keras(pairs))


# Not .env.example and the like.
DOTENV = Source(
    _read_dotenv,
    re.compile(r"\.env(?:\.(?!example|sample|template|dist)[\w-]+)?|[\w-]+\.env", re.IGNORECASE),
    Role.HINTS,
)


_INSTRUCTION = re.compile(r"\s*(?P<name>[A-Za-z]+)\s+(?P<rest>.*)", re.DOTALL)
_IMAGE = re.compile(r"(?:.*/)?tensorflow/tensorflow(?::(?P<tag>[^\s@]+))?(?:@.*)?")
_RELEASE = re.compile(r"v?(?P<version>\d+\.\d+(?:\.\d+)?(?:rc\d+)?)(?:-.*)?")
_HEREDOC = re.compile(r"<<-?\s*['\"]?(?P<end>\w+)['\"]?")
_PAIR = re.compile(r"""(?P<name>\w+)=(?P<value>"[^"]*"|'[^']*'|\S*)""")


def _read(filename: str, text: str) -> ReadResult:
    """Read the conditions of each stage, together with those of the stage that it builds on."""
    written = text.split("\n")
    lines = [line.strip() for line in written]
    variables: dict[str, str] = {}
    environment: dict[str, str] = {}
    stages: list[tuple[str, ReadResult]] = []
    for row, name, rest in _instructions(written):
        line = Line(filename, row, lines[row - 1])
        if name == "FROM":
            stages.append(_stage(line, expand(rest, variables), stages))
        elif name in ("ARG", "ENV"):
            pairs = dict(_variables(rest, variables))
            variables.update(pairs)
            environment.update(pairs if name == "ENV" else {})
        elif name == "RUN" and stages:
            label, found = stages[-1]
            stages[-1] = (label, joined((found, _run(filename, lines, rest, row, variables))))
    # One of several stages is a group of its own.
    groups = (f"stage {index}" if len(stages) > 1 else "" for index in range(len(stages)))
    found = joined(in_group(found, group) for (_, found), group in zip(stages, groups, strict=True))
    return replace(found, legacy=legacy_keras(environment))


def _instructions(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Row, name in capitals, and the rest with its line breaks, of each instruction."""
    parts: list[str] = []
    start = 0
    waiting: list[str] = []
    for row, line in enumerate(lines, 1):
        comment = line.lstrip().startswith("#")
        if not parts and not waiting and (comment or not line.strip()):
            continue
        if not parts:
            start = row
        parts.append("\\" if comment and not waiting else line)
        if waiting:
            waiting = waiting[1:] if line.strip() == waiting[0] else waiting
        elif not comment:
            waiting = (
                [match.group("end") for match in _HEREDOC.finditer(line)]
                if parts[0].lstrip()[:4].upper() == "RUN "
                else []
            )
        if not waiting and not parts[-1].rstrip().endswith("\\"):
            yield from _instruction(start, parts)
            parts = []
    yield from _instruction(start, parts)


def _instruction(row: int, parts: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    match = _INSTRUCTION.fullmatch("\n".join(parts))
    if match is not None:
        yield row, match.group("name").upper(), match.group("rest")


def _stage(line: Line, rest: str, stages: Sequence[tuple[str, ReadResult]]) -> tuple[str, ReadResult]:
    """The label of a stage, and the result for its image: TensorFlow's own, or an earlier stage."""
    words = [word for word in rest.split() if not word.startswith("--")]
    image = words[0] if words else ""
    label = words[2] if len(words) > 2 and words[1].upper() == "AS" else ""
    earlier = next((found for name, found in reversed(stages) if name and name.lower() == image.lower()), None)
    if earlier is not None:
        return label, earlier
    match = _IMAGE.fullmatch(image)
    if match is None:
        return label, ReadResult()
    tag = match.group("tag") or "latest"
    if tag.startswith("nightly"):
        return label, stated(line, "tf-nightly", (ANY,))
    release = _RELEASE.fullmatch(tag)
    specifiers = SpecifierSet(f"=={release.group('version')}") if release else ANY
    found = stated(line, "tensorflow", (specifiers,))
    unknown = not release and not tag.startswith("latest")
    return label, joined((found, line.skip(f"the tag names no release: {tag}"))) if unknown else found


def _variables(rest: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    pairs = [(match.group("name"), match.group("value").strip("'\"")) for match in _PAIR.finditer(rest)]
    if not pairs and len(words := rest.split(maxsplit=1)) == 2:
        pairs = [(words[0], words[1].strip())]
    for name, value in pairs:
        yield name, expand(value, known)


def _run(filename: str, lines: Sequence[str], rest: str, row: int, variables: Mapping[str, str]) -> ReadResult:
    """Read the commands of one RUN: a JSON array of arguments, or shell text."""
    if rest.lstrip().startswith("["):
        try:
            arguments = json.loads(rest.replace("\\\n", "\n"))
        except (ValueError, RecursionError):
            return install_commands(filename, lines, rest, row, variables)
        words = [Word(str(item), row) for item in arguments]
        inner = words[2].text if len(words) == 3 and words[1].text == "-c" else None
        if inner is None:
            return argument_command(filename, lines, words, variables)
        return install_commands(filename, lines, inner.replace("\n", " "), row, variables)
    return install_commands(filename, lines, rest, row, variables)


DOCKERFILE = Source(
    _read,
    re.compile(r"(?!.*/)(?:(?:Docker|Container)file(?:[-_.].+)?|.+\.(?:Docker|Container)file)", re.IGNORECASE),
    build=BUILD_IN_COMMAND,
    in_shell=True,
)
