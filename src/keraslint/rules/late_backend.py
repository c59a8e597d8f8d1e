"""KER308: the backend of Keras is chosen after Keras was imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keraslint.analysis.facts import ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.diagnostic import Diagnostic, KerasClaim
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.wording import advise, sentence, severity
from keraslint.syntax import imported_packages

# Backends other than the one that Keras takes by default.
_CHOSEN = frozenset({"jax", "torch"})
# Words of programs for which the variable may count: other processes inherit it, and Keras may be loaded again.
_ELSEWHERE = re.compile(
    r"\b(?:subprocess|multiprocessing|Process|Popen|concurrent|joblib|ray|dask|spawn\w*|exec[vl]\w*|system|reload"
    r"|modules|runpy|set_backend|import_module|__import__|papermill|deepspeed|launch\w*)\b"
)

_IMPORTS = "import os\n\nimport keras\n"
_SET = 'os.environ["KERAS_BACKEND"] = "jax"\n'
_BUILD = "\nmodel = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])\n"


class LateBackend(Rule):
    """**What it does.** Finds `os.environ["KERAS_BACKEND"] = "jax"` (or `"torch"`) below `import keras`, in one file.

    **Why is this bad?** Keras reads the variable once, when it is imported. What is set later counts for nothing: the
    program runs with the backend of the configuration, by default TensorFlow, and nothing says so.

    It fires only where both stand at the top level of a file that does not set the variable before, starts no other
    process and loads no module again.

    **Use instead.** Set the variable before the first import of Keras, or of a package that imports it.

    **Fix safety.** There is no fix.
    """

    code = "KER308"
    name = "late-backend"
    summary = "KERAS_BACKEND is set after Keras was imported, which reads it once"
    triggers = frozenset({Trigger.LATE_BACKEND})
    measured = ("known-bad: backend_after_import",)
    examples = (
        Example("Set after the import", f"{_IMPORTS}\n{_SET}{_BUILD}", keras="3.15.1", finds=True),
        Example(
            "Set before the import",
            f"import os\n\n{_SET}import keras\n{_BUILD}",
            keras="3.15.1",
            finds=False,
        ),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The first assignment after the import."""
        found = _late(document)
        bad = {*known_bad_call("backend_after_import").releases()}
        by_run = ((run, bad & {*within(keras, run).versions}) for run in facts.runs)
        affected = tuple(sorted(surely_wrong(facts.runs, by_run)))
        if found is None or not affected or _ELSEWHERE.search(document.text):
            return
        value = ast.literal_eval(found.value)
        row = next(node.lineno for node in document.tree.body if "keras" in imported_packages(node))
        why = f"Keras read it when it was imported in line {row}"
        advice = advise("set it before the import", None, None)
        span = document.span(found)
        yield Diagnostic(
            self.code,
            self.name,
            severity(keras, affected),
            sentence(keras, affected, "ignore", f"the backend '{value}' of KERAS_BACKEND", why, advice),
            document.path,
            span,
            noqa_rows=tuple(range(span.start.row, span.end.row + 1)),
            keras=KerasClaim(keras.admitted, keras.pinned, keras.evidence),
        )


def _late(document: Document) -> ast.Assign | None:
    """The statement that sets the variable at the top level after Keras was imported there; None if all is right."""
    body = document.tree.body
    first = next((place for place, node in enumerate(body) if "keras" in imported_packages(node)), None)
    if first is None or not any(_imports_os(node) for node in body):
        return None
    if any("KERAS_BACKEND" in line for line in document.lines[: body[first].lineno]):
        return None  # set before, perhaps by a magic
    for node in body[first:]:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and _is_variable(node.targets[0]):
            chosen = isinstance(node.value, ast.Constant) and node.value.value in _CHOSEN
            return node if chosen else None
        if _names_variable(node):
            return None
    return None


def _imports_os(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import) and any(alias.name == "os" and alias.asname is None for alias in node.names)


def _is_variable(target: ast.expr) -> bool:
    """Return True for ``os.environ["KERAS_BACKEND"]``."""
    if not isinstance(target, ast.Subscript) or not isinstance(target.slice, ast.Constant):
        return False
    return target.slice.value == "KERAS_BACKEND" and ast.unparse(target.value) == "os.environ"


def _names_variable(node: ast.stmt) -> bool:
    return any(isinstance(one, ast.Constant) and "KERAS_BACKEND" in str(one.value) for one in ast.walk(node))
