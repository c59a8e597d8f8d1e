"""Questions whether the installed Keras has something: the answers depend on its version."""

from __future__ import annotations

from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import Api, Unknown, Value, one_of
from keraslint.analysis.keras.names import may_lack

_QUESTIONS = ("builtins.hasattr", "builtins.dir", "inspect.")


def note_question(m: InterpreterCore, path: str, asked: list[Value], answer: Value) -> Value:
    """Return the answer of a function; record that it depends on the version if it is asked about a part of Keras."""
    about_keras = any(isinstance(one, Api) and one.path.partition(".")[0] in ("keras", "tensorflow") for one in asked)
    if about_keras and path.startswith(_QUESTIONS) and isinstance(answer, Unknown):
        m.varies = True
        m.tell(answer)
    return answer


def or_default(m: InterpreterCore, part: Value, default: Value) -> Value:
    """What ``getattr`` with a default returns where ``part`` is the attribute of a release that has it."""
    if not isinstance(part, Api) or not may_lack(part):
        return part
    m.varies = True
    m.tell(part)
    return one_of([part, default])
