"""Source to facts: what the code builds, compiles and trains. No Keras release in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keraslint.analysis.detection import imports_keras

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document

__all__ = ["analyze"]


def analyze(document: Document) -> ModuleFacts:
    """The facts of one file.

    Raises SyntaxError (and ValueError for null bytes) where Python's own parser does.
    """
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.analysis.interpreter import Interpreter

    interpreter = Interpreter()
    tree = document.tree
    interpreter.run(tree, document.path)
    seen = interpreter.seen
    return ModuleFacts(document.path, seen.facts(), imports_keras(tree), seen.shared_trainings())
