"""Keeps the answers of releases until the table is written, so that an interrupted run can continue."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from .training import JSON, WORKER, Asked, seen_on


def kept(asked: Asked, answers: Path) -> JSON:
    """Return the kept answer for just this question, worker and interpreter, else a new one, which is kept.

    Raises RuntimeError as ``seen_on`` does; nothing is kept then.
    """
    question = "\n".join((asked.text(), WORKER.read_text(encoding="utf-8"), str(asked.python), str(asked.folder)))
    name = f"{asked.release}-{hashlib.sha256(question.encode()).hexdigest()[:16]}.json"
    place = answers / name
    if place.exists():
        found: JSON = json.loads(place.read_text(encoding="utf-8"))
        return found
    answer = seen_on(asked)
    answers.mkdir(parents=True, exist_ok=True)
    unfinished = answers / f"{name}.{os.getpid()}"
    unfinished.write_text(json.dumps(answer), encoding="utf-8")
    unfinished.replace(place)
    return answer
