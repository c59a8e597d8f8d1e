"""Forgets the contents of lists, dicts, instances and variables that code may have changed, and of all they reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keraslint.analysis.core.interpreter_core import STEPS_BETWEEN_POLLS, InterpreterCore
from keraslint.analysis.core.origins import CallOf, Draw, Stream
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Scope, SetObject
from keraslint.analysis.core.values import (
    Api,
    ApiResult,
    Array,
    Bound,
    Const,
    Function,
    Method,
    ModelLayers,
    Namespace,
    OneOf,
    Origin,
    Partial,
    Pipeline,
    Proxy,
    Ref,
    Sequence,
    Slice,
    Super,
    Suspended,
    Tensor,
    Unknown,
    Value,
    Varying,
    View,
    each_once,
)

# Packages whose functions return new objects: none is, or holds, a list or dict that was passed.
_MAKE_NEW = frozenset(
    "numpy tensorflow keras jax torch pandas sklearn scipy matplotlib seaborn wandb mlflow json yaml re math os csv"
    " h5py cv2 PIL hashlib io logging pathlib platform pprint random shutil statistics string subprocess sys tempfile"
    " textwrap time uuid tensorboard absl glob datetime".split()
)

UNSEEN_CHANGE = "something that is not seen may have changed it"
"""Why the contents of a value are not known that code out of view may have changed."""


_LEAVES = frozenset({Const, Function, Tensor, Api, ApiResult, Super, ModelLayers, Pipeline, Varying})
"""The kinds of values that hold no others, as far as ``parts_of`` says."""

_PLAIN = _LEAVES - {Function, Super, Varying, ApiResult}
"""Those of them that nothing can change, and that run nothing."""

_COMPOUNDS = frozenset({Unknown, OneOf, Sequence})

_HOLDERS = (Ref, Unknown, Sequence, OneOf, Function, Method, Bound, Partial, Suspended, View, Proxy, Namespace)


def parts_of(m: InterpreterCore, value: Value) -> tuple[Value, ...] | list[Value]:
    """The values that a value holds or may hold, one level deep; of an unknown one, what it may be a part of.

    Left out is what is nothing, and holds nothing, that code could change or run.
    """
    if type(value) in _COMPOUNDS:
        return _parts_of_compound(m, value)
    if isinstance(value, Array):
        return value.items
    if isinstance(value, (Method, Bound)):
        return (value.receiver,)
    if isinstance(value, Partial):
        return (value.function, *value.args, *(given for _, given in value.keywords))
    if isinstance(value, Suspended):
        return (*value.args, *(given for _, given in value.keywords))
    if isinstance(value, (View, Proxy)):
        return (value.mapping,)
    if isinstance(value, Slice):
        return (value.start, value.stop, value.step)
    if isinstance(value, Namespace):
        owner = m.look(value.owner)
        return (value.owner, *(owner.variables.values() if isinstance(owner, Scope) else ()))
    thing = m.look(value)
    if isinstance(thing, (ListObject, DictObject)):
        return _holding(m, thing.contents())
    return _holding(m, thing.attributes.values()) if isinstance(thing, Instance) else ()


def _parts_of_compound(m: InterpreterCore, value: Value) -> tuple[Value, ...]:
    """Those alternatives, items, or values of which an unknown one may be a part, that code could change or run."""
    waiting = [value]
    while value not in m.parts:
        parts = _direct_parts(waiting[-1])
        missing = [part for part in parts if type(part) in _COMPOUNDS and part not in m.parts]
        if missing:
            waiting += missing
        else:
            m.parts[waiting.pop()] = tuple(_holding(m, parts))
    return m.parts[value]


def _direct_parts(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Unknown):
        return tuple(_sources(value.origin))
    return value.options if isinstance(value, OneOf) else value.items if isinstance(value, Sequence) else ()


def _holding(m: InterpreterCore, values: Iterable[Value]) -> list[Value]:
    """Those of some values that code could change or run, or that hold what it could."""
    found, parts = [], m.parts
    for value in values:
        kind = type(value)
        if kind in _COMPOUNDS:
            known = parts.get(value)
            if value in m.put_in or (_parts_of_compound(m, value) if known is None else known):
                found.append(value)
        elif kind not in _PLAIN:
            found.append(value)
    return found


def _sources(origin: Origin | None) -> Iterator[Value]:
    """The values in an origin. A function that returns new objects returns none of its arguments."""
    path = origin.path if isinstance(origin, CallOf) else origin.name if isinstance(origin, Draw) else ""
    if path.partition(".")[0] in _MAKE_NEW:
        return
    waiting = list(origin.parts()) if origin is not None else []
    if isinstance(origin, (Draw, Stream)):
        waiting = [origin.sources, origin.arguments] if isinstance(origin, Draw) else [origin.sources]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(one)
        elif isinstance(one, _HOLDERS):
            yield one


def reached(m: InterpreterCore, values: Iterable[Value]) -> list[Value]:
    """Those of the values, and of all that they hold or may be a part of, that code could change or run, each once."""
    found: dict[Value, None] = {}
    waiting = _holding(m, values)
    while waiting:
        value = waiting.pop()
        if value not in found:
            found[value] = None
            if not len(found) % STEPS_BETWEEN_POLLS:
                m.poll(len(found))
            if type(value) not in _LEAVES:
                waiting += parts_of(m, value)
            if m.put_in:
                waiting += m.put_in.get(value, ())
    return list(found)


def put_into(m: InterpreterCore, holder: Value, values: Iterable[Value]) -> None:
    """Note that values are stored in one that is not followed: what is read from it may be one of them."""
    stored: dict[Value, None] = dict.fromkeys(_holding(m, values))
    wholes: dict[Value, None] = {}
    waiting = [holder] if stored else []
    while waiting:
        one = waiting.pop()
        if one not in wholes and not isinstance(m.look(one), (ListObject, DictObject)):
            wholes[one] = None
            waiting += _direct_parts(one) if type(one) in _COMPOUNDS else parts_of(m, one)
    if not wholes.keys() <= m.put_in.keys():
        m.parts.clear()  # what held nothing holds something now
    for one in wholes:
        m.put_in[one] = {**m.put_in.get(one, {}), **stored}


def forget(m: InterpreterCore, value: Value, why: str) -> None:
    """Forget the contents of a list, dict or array, which may have been changed, and of all lists and dicts in it.

    Of an unknown value: the contents of what it may be, or may be a part of.
    """
    for one in reached(m, [value]):
        forget_contents(m, one, why)


def forget_contents(m: InterpreterCore, value: Value, why: str) -> None:
    """Forget the contents of a list, dict or array; what is in it stays what it is."""
    thing = m.look(value)
    if isinstance(value, Array):
        _forget_array(m, value, why)
    elif isinstance(value, Ref) and isinstance(thing, ListObject):
        listing = m.state.writable(value.number, ListObject)
        listing.may_hold, listing.items, listing.why = each_once(*listing.contents()), None, why
    elif isinstance(value, Ref) and isinstance(thing, SetObject):
        m.state.writable(value.number, SetObject).items = None
    elif isinstance(value, Ref) and isinstance(thing, DictObject):
        mapping = m.state.writable(value.number, DictObject)
        mapping.may_hold, mapping.entries, mapping.why = each_once(*mapping.contents()), None, why


def lose_contents(m: InterpreterCore, value: Ref, why: str, *added: Value) -> None:
    """Forget the contents of a list or dict to which these values may have been added."""
    forget_contents(m, value, why)
    thing = m.look(value)
    if isinstance(thing, ListObject):
        m.state.writable(value.number, ListObject).may_hold = each_once(*thing.may_hold, *added)
    elif isinstance(thing, DictObject):
        m.state.writable(value.number, DictObject).may_hold = each_once(*thing.may_hold, *added)


def _forget_array(m: InterpreterCore, array: Value, why: str) -> None:
    """Forget the contents of an array: every variable with an equal array is forgotten."""
    for number, thing in [*m.state.objects.items()]:
        if isinstance(thing, (Scope, Instance)):
            names = thing.variables if isinstance(thing, Scope) else thing.attributes
            for name in [name for name, held in names.items() if held == array]:
                m.set_attribute(Ref(number), name, m.unknown(why, of=(array,)))
        elif isinstance(thing, (ListObject, DictObject)) and array in thing.contents():
            forget_contents(m, Ref(number), why)


def forget_attributes(m: InterpreterCore, value: Value, why: str) -> None:
    """Forget all attributes of an instance, class or module: any may have been set."""
    m.state.forget_facts_within()
    thing = m.look(value)
    if isinstance(value, Ref) and isinstance(thing, Instance):
        instance = m.state.writable(value.number, Instance)
        instance.open = True
        instance.attributes = {name: m.unknown(why, of=(old,)) for name, old in instance.attributes.items()}
    elif isinstance(value, Ref) and isinstance(thing, Scope):
        scope = m.state.writable(value.number, Scope)
        scope.variables = {name: m.unknown(why, of=(old,)) for name, old in scope.variables.items()}
    elif isinstance(value, Ref) and isinstance(thing, ClassObject):
        cls = m.state.writable(value.number, ClassObject)
        cls.attributes = {name: m.unknown(why, of=(old,)) for name, old in cls.attributes.items()}


def forget_all_modules(m: InterpreterCore) -> None:
    """Forget the variables of all modules: any may be set through ``sys.modules``."""
    for number, thing in list(m.state.objects.items()):
        if isinstance(thing, Scope) and thing.kind == "module":
            forget_attributes(m, Ref(number), "it may be set through sys.modules")


def forget_settings(m: InterpreterCore, value: Value, why: str = UNSEEN_CHANGE) -> None:
    """Forget the settings of an instance that unseen code may have changed; models in it stay what they are."""
    thing = m.look(value)
    if isinstance(value, Ref) and isinstance(thing, Instance) and thing.part is None:
        data = {name: item for name, item in thing.attributes.items() if _is_data(m, item)}
        if data or not thing.open:
            instance = m.state.writable(value.number, Instance)
            instance.open = True
            instance.attributes.update({name: m.unknown(why, of=(item,)) for name, item in data.items()})


def _is_data(m: InterpreterCore, value: Value) -> bool:
    return isinstance(value, (Const, Sequence)) or isinstance(m.look(value), (ListObject, DictObject, SetObject))


def forget_everything(m: InterpreterCore, why: str) -> None:
    """Forget the contents of all lists, dicts and instances, and the data in variables of modules and closures.

    Layers, models and tensors stay what they are, and so do functions, classes and modules.
    """
    m.state.forget_facts_within()
    m.state.counters, m.state.perhaps_all_cached = None, True
    written = m.state.unforgotten
    for number in [*m.state.objects] if written is None else sorted(written):
        thing = m.state.objects.get(number)
        if isinstance(thing, (ListObject, DictObject, SetObject)):
            forget_contents(m, Ref(number), why)
        elif isinstance(thing, Instance):
            forget_settings(m, Ref(number), why)
        elif isinstance(thing, Scope) and (thing.kind == "module" or thing.captured):
            forget_data(m, number, thing, why)
    m.state.unforgotten = set()


def forget_modules(m: InterpreterCore) -> None:
    """Forget the data in the modules of the project other than the checked one."""
    for number, thing in [*m.state.objects.items()]:
        if isinstance(thing, Scope) and thing.kind == "module" and thing.module not in ("", m.main_module):
            for value in reached(m, thing.variables.values()):
                forget_contents(m, value, UNSEEN_CHANGE)
                forget_settings(m, value)
            forget_data(m, number, thing, UNSEEN_CHANGE)


def forget_data(m: InterpreterCore, number: int, scope: Scope, why: str) -> None:
    """Forget the constants and tuples in the variables of the scope with this number."""
    data = {name: value for name, value in scope.variables.items() if isinstance(value, (Const, Sequence))}
    data.pop("__name__", None)
    if data:
        told = {name: m.unknown(why, of=(value,)) for name, value in data.items()}
        m.state.writable(number, Scope).variables.update(told)
