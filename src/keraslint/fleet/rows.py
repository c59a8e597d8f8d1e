"""What is written of a repository: a row for each finding and each failure, and one that says it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from keraslint.diagnostic import Diagnostic
from keraslint.engine.repository import RepositoryReport

FINDING, FAILURE, CHECKED = "finding", "failure", "checked"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the output; ``kind`` says which of the fields count.

    checked: one for each repository, the last of its rows; ``files`` and ``seconds`` are what it took. failure:
    ``path`` is empty for the repository itself, and ``reason`` one line. seconds: of processor time. keras: the
    releases that are allowed, ``pinned`` True where an exact pin or a lock says so, ``evidence`` the lines that do.
    sha256: that of the file. run: the version of keraslint and the options.
    """

    kind: str
    repository: str
    path: str = ""
    cell: int | None = None
    row: int | None = None
    column: int | None = None
    code: str | None = None
    name: str | None = None
    severity: str | None = None
    message: str | None = None
    keras: str | None = None
    pinned: bool | None = None
    evidence: tuple[str, ...] = ()
    sha256: str | None = None
    reason: str | None = None
    files: int | None = None
    seconds: float | None = None
    run: str = ""


def rows_of(
    repository: str, report: RepositoryReport, files: Mapping[str, bytes], skipped: Mapping[str, str], seconds: float
) -> list[Row]:
    """The rows of a repository that was checked; the last is that which says so."""
    hashes = {path: _hash(files, path) for path in {one.filename for one in report.diagnostics}}
    rows = [_finding(repository, one, hashes[one.filename]) for one in report.diagnostics]
    rows += [failure(repository, path, reason) for path, reason in skipped.items()]
    rows += [failure(repository, problem.path, problem.reason) for problem in report.problems]
    return [*rows, Row(CHECKED, text(repository), files=report.files, seconds=round(seconds, 4))]


def failure(repository: str, path: str, reason: str) -> Row:
    """The row of a file, or with an empty path of a repository, that was not checked."""
    return Row(FAILURE, text(repository), text(path), reason=text(" ".join(reason.split())))


def not_checked(repository: str, reason: str) -> list[Row]:
    """The rows of a repository that could not be checked: it is done all the same."""
    return [failure(repository, "", reason), Row(CHECKED, text(repository), files=0, seconds=0.0)]


def as_record(row: Row) -> dict[str, Any]:
    """The row as an object of JSON."""
    return {**asdict(row), "evidence": list(row.evidence)}


def text(value: str) -> str:
    """A name that may hold bytes that are not text, as text."""
    return value.encode("utf-8", "backslashreplace").decode()


def _finding(repository: str, one: Diagnostic, sha256: str | None) -> Row:
    claim = one.keras
    return Row(
        FINDING,
        text(repository),
        text(one.filename),
        one.cell,
        one.span.start.row,
        one.span.start.column,
        one.code,
        one.name,
        one.severity.value,
        text(one.message),
        None if claim is None else claim.admitted,
        None if claim is None else claim.pinned,
        () if claim is None else tuple(text(f"{item.filename}:{item.row}: {item.text}") for item in claim.evidence),
        sha256,
    )


def _hash(files: Mapping[str, bytes], path: str) -> str | None:
    try:
        return hashlib.sha256(files[path]).hexdigest()
    except (OSError, KeyError):
        return None
