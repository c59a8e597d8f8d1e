"""The side of the playground that runs in Python: from a program and what is asked of it to an answer, in JSON."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from packaging.version import Version

from keraslint import CheckIncomplete, Diagnostic, Fix, check_paths
from keraslint.analysis import analyze
from keraslint.analysis.facts import CompileCall, ModuleFacts
from keraslint.behaviour.drawn import by_release, panels
from keraslint.behaviour.structure import Named
from keraslint.config.settings import ConfigError
from keraslint.diagnostic import Applicability
from keraslint.document import Document
from keraslint.fixes.apply import edited
from keraslint.picture import picture
from keraslint.pins.given import releases_from_option
from keraslint.pins.resolve import project_releases
from keraslint.report.summary import unified
from keraslint.rules.shared.drawing import drawn_call
from keraslint.rules.shared.wording import releases as in_words

CODE, PINS = "train.py", "requirements.txt"
PARTS = {
    "loss": "Which loss is applied to which output",
    "weight": "Which loss weight reaches which output",
    "target": "Which target reaches which output",
    "sample weight": "Which sample weight reaches which output",
    "metric": "Which target reaches the metrics of which output",
}


def answer(request: str) -> str:
    """The answer to a request.

    The request has the ``code``, the ``release`` to assume ("" where the ``pins``, a requirements.txt, decide). The
    answer has ``findings``, ``pictures`` and ``problem``, which says why there is neither.
    """
    asked = json.loads(request)
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return json.dumps(_answer(asked["code"], asked["release"] or None, asked["pins"]))
        except (ConfigError, CheckIncomplete) as error:
            return json.dumps({"findings": [], "pictures": [], "problem": str(error)})
        finally:
            os.chdir(before)


def _answer(code: str, release: str | None, pins: str) -> dict[str, Any]:
    texts = {CODE: code, PINS: pins}
    for name, text in texts.items():
        Path(name).write_text(text, encoding="utf-8", newline="")
    named = [CODE] if release or not pins.strip() else [CODE, PINS]
    found = check_paths(named, keras=release, isolated=True)
    assumed = releases_from_option(release, CODE) if release else project_releases(Path(CODE).resolve()).releases
    pictures = list(_pictures(code, assumed.versions if assumed.strength != "none" else ()))
    return {"findings": [_finding(one, texts[one.filename]) for one in found], "pictures": pictures, "problem": ""}


def _finding(found: Diagnostic, text: str) -> dict[str, Any]:
    document = Document(found.filename, text)
    start, end = found.span.start, found.span.end
    return {
        "code": found.code,
        "name": found.name,
        "url": found.url,
        "severity": found.severity.value,
        "message": found.message.replace(" (the argument keras)", ""),
        "file": found.filename,
        "row": start.row,
        "column": start.column,
        "from": _units(text[: document.offset(start)]),
        "to": _units(text[: document.offset(end)]),
        "fixes": [_fix(fix, document) for fix in found.fixes],
    }


def _units(text: str) -> int:
    """The length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fix(fix: Fix, document: Document) -> dict[str, Any]:
    after = edited(document, fix.edits)
    return {
        "style": fix.style,
        "message": fix.message,
        "safe": fix.applicability is Applicability.SAFE,
        "text": after,
        "diff": unified(document.path, document.text, after).split("\n")[2:-1],
    }


def _pictures(code: str, assumed: Iterable[Version]) -> Iterator[dict[str, str]]:
    """What reaches which output: a picture for each part of each compile call whose outputs are known."""
    try:
        facts = analyze(Document(CODE, code))
    except (SyntaxError, ValueError):  # a finding says so
        return
    yours = set(assumed)

    def title(alike: Iterable[Version]) -> str:
        versions = list(alike)
        return f"Keras {in_words(versions)}{' (yours)' if yours & {*versions} else ''}"

    for call in _calls(facts):
        for part, name in PARTS.items():
            shown = drawn_call(part, call) if _is_given(part, call) else None
            if shown is not None and any(panel.items for panel in by_release(shown).values()):
                place = f"compile, line {call.call.lineno}"
                drawn = sorted(panels(shown, title), key=lambda panel: "(yours)" not in panel.title)
                yield {"title": f"{name} ({place})", "svg": picture(drawn, f"{name}, {place}", beside=True)}


def _calls(facts: ModuleFacts) -> Iterator[CompileCall]:
    """Each compile call with several outputs, in the first context in which these are known."""
    for contexts in facts.sites():
        known = [call for call in contexts if call.model.outputs is not None and len(call.model.outputs.names) > 1]
        yield from known[:1]


def _is_given(part: str, call: CompileCall) -> bool:
    training = call.trainings[0] if call.trainings else None
    metrics = call.metrics.given or call.weighted_metrics.given
    return {
        "loss": call.loss.given,
        "weight": call.loss_weights.given,
        "target": training is not None and training.y.given,
        "sample weight": training is not None and training.sample_weight.given,
        "metric": metrics and training is not None and isinstance(training.y.structure, Named),
    }[part]
