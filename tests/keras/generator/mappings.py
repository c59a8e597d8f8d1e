"""How a dict of losses, weights or targets is written."""

from __future__ import annotations

from collections.abc import Sequence

from .draft import Code, Draft, indent, plain
from .names import text
from .sequences import texts

Entries = Sequence[tuple[str, str]]
"""Keys, and the expressions of their values."""


def mapping(draft: Draft, topic: str, entries: Entries) -> Code:
    """A dict with these keys and values, in this order."""
    return draft.way(topic, _WAYS, often=("dict(zip())", "loop"))(draft, list(entries))


def constant_mapping(entries: Entries) -> str:
    """A dict display with these keys as literals and these values."""
    return "{" + ", ".join(f'"{key}": {value}' for key, value in entries) + "}"


def _literal(_: Draft, entries: Entries) -> Code:
    return plain(constant_mapping(entries))


def _named_keys(draft: Draft, entries: Entries) -> Code:
    keys = [text(draft, key) for key, _ in entries]
    lines = tuple(line for key in keys for line in key.lines)
    pairs = zip(keys, entries, strict=True)
    return Code(lines, "{" + ", ".join(f"{key.expr}: {value}" for key, (_, value) in pairs) + "}")


def _variable(draft: Draft, entries: Entries) -> Code:
    name = draft.fresh("table")
    annotation = draft.pick(("", "", ": dict", ": dict[str, object]"))
    return Code((f"{name}{annotation} = {constant_mapping(entries)}",), name)


def _top_variable(draft: Draft, entries: Entries) -> Code:
    """Far above: only for values that need nothing but imports."""
    name = draft.fresh("TABLE")
    draft.top.append(f"{name} = {constant_mapping(entries)}")
    return plain(name)


def _items(draft: Draft, entries: Entries) -> Code:
    name = draft.fresh("table")
    start = draft.pick(("{}", "dict()"))
    return Code((f"{name} = {start}", *(f'{name}["{key}"] = {value}' for key, value in entries)), name)


def _update(draft: Draft, entries: Entries) -> Code:
    name = draft.fresh("table")
    cut = draft.pick(range(len(entries)))
    more = constant_mapping(entries[cut:])
    change = draft.pick((f"{name}.update({more})", f"{name} |= {more}", f"{name}.update(**{more})"))
    return Code((f"{name} = {constant_mapping(entries[:cut])}", change), name)


def _setdefault(draft: Draft, entries: Entries) -> Code:
    name = draft.fresh("table")
    rest = [f'{name}.setdefault("{key}", {value})' for key, value in (*entries[1:], entries[0])]
    return Code((f"{name} = {constant_mapping(entries[:1])}", *rest), name)


def _dict_call(draft: Draft, entries: Entries) -> Code:
    plain_keys = [(key, value) for key, value in entries if key != "class"]
    rest = [(key, value) for key, value in entries if key == "class"]
    call = ", ".join(f"{key}={value}" for key, value in plain_keys)
    if rest:
        call = f"{constant_mapping(rest)}, {call}"
    return plain(f"dict({call})")


def _pairs(_: Draft, entries: Entries) -> Code:
    return plain("dict([" + ", ".join(f'("{key}", {value})' for key, value in entries) + "])")


def _fromkeys(draft: Draft, entries: Entries) -> Code:
    """``dict.fromkeys`` where all values are alike, then the others are set."""
    name, first = draft.fresh("table"), entries[0][1]
    keys = [key for key, _ in entries]
    rest = [f'{name}["{key}"] = {value}' for key, value in entries if value != first]
    source = draft.pick((repr(keys), repr(tuple(keys))))
    return Code((f"{name} = dict.fromkeys({source}, {first})", *rest), name)


def _zipped(draft: Draft, entries: Entries) -> Code:
    keys = texts(draft, [key for key, _ in entries])
    values = ", ".join(value for _, value in entries)
    return Code(keys.lines, f"dict(zip({keys.expr}, [{values}]))")


def _comprehension(draft: Draft, entries: Entries) -> Code:
    values = ", ".join(value for _, value in entries)
    keys = [key for key, _ in entries]
    return plain(
        draft.pick(
            (
                f"{{key: value for key, value in zip({keys!r}, [{values}])}}",
                f"{{key: [{values}][place] for place, key in enumerate({keys!r})}}",
                f"{{key: value for key, value in {constant_mapping(entries)}.items()}}",
            )
        )
    )


def _loop(draft: Draft, entries: Entries) -> Code:
    name, keys = draft.fresh("table"), texts(draft, [key for key, _ in entries])
    values = ", ".join(value for _, value in entries)
    loop = f"for key, value in zip({keys.expr}, [{values}]):"
    return Code((*keys.lines, f"{name} = {{}}", loop, *indent([f"{name}[key] = value"])), name)


def _merged(draft: Draft, entries: Entries) -> Code:
    one, two = draft.fresh("some"), draft.fresh("others")
    cut = draft.pick(range(len(entries)))
    lines = (f"{one} = {constant_mapping(entries[:cut])}", f"{two} = {constant_mapping(entries[cut:])}")
    return Code(lines, draft.pick((f"{{**{one}, **{two}}}", f"{one} | {two}", f"dict({one}, **{two})")))


def _ordered(draft: Draft, entries: Entries) -> Code:
    draft.need("from collections import OrderedDict")
    pairs = ", ".join(f'("{key}", {value})' for key, value in entries)
    if draft.chance(30):
        name = draft.fresh("table")
        return Code(
            (f"{name} = OrderedDict()", *(f'{name}["{key}"] = {value}' for key, value in entries)),
            name,
        )
    return plain(draft.pick((f"OrderedDict([{pairs}])", f"OrderedDict({constant_mapping(entries)})")))


def _function(draft: Draft, entries: Entries) -> Code:
    name = draft.fresh("make_table")
    lines = [f"return {constant_mapping(entries)}"]
    if draft.chance(40):
        lines = ["table = {}", *(f'table["{key}"] = {value}' for key, value in entries), "return table"]
    return Code((f"def {name}():", *indent(lines), ""), f"{name}()")


def _method(draft: Draft, entries: Entries) -> Code:
    name = draft.fresh("Tables")
    body = ["def table(self):", f"    return {constant_mapping(entries)}"]
    decorator = draft.pick(("", "@property", "@staticmethod", "@classmethod"))
    if decorator == "@staticmethod":
        body[0] = "def table():"
    use = f"{name}().table" + ("" if decorator == "@property" else "()")
    if decorator:
        body.insert(0, decorator)
    return Code((f"class {name}:", *indent(body), ""), use)


def _class_attribute(draft: Draft, entries: Entries) -> Code:
    name = draft.fresh("Tables")
    return Code((f"class {name}:", f"    TABLE = {constant_mapping(entries)}", ""), f"{name}.TABLE")


def _instance_attribute(draft: Draft, entries: Entries) -> Code:
    name, made = draft.fresh("Tables"), draft.fresh("tables")
    body = ["def __init__(self):", f"    self.table = {constant_mapping(entries)}"]
    return Code((f"class {name}:", *indent(body), "", f"{made} = {name}()"), f"{made}.table")


def _conditional(draft: Draft, entries: Entries) -> Code:
    flag = draft.fresh("FLAG")
    draft.top.append(f"{flag} = {draft.pick(('True', '1', '3 > 2'))}")
    return plain(f"{constant_mapping(entries)} if {flag} else None")


def _branches(draft: Draft, entries: Entries) -> Code:
    """Branches that can't be told apart, and that agree."""
    draft.need("import os")
    name, first = draft.fresh("table"), constant_mapping(entries)
    again = constant_mapping(entries[::-1] if draft.chance(50) else entries)
    test = 'if os.environ.get("KERASLINT_NOT_SET"):'
    return Code((test, *indent([f"{name} = {first}"]), "else:", *indent([f"{name} = {again}"])), name)


def _copied(draft: Draft, entries: Entries) -> Code:
    one, two = draft.fresh("table"), draft.fresh("table")
    draft.need("import copy")
    copy = draft.pick((f"{one}.copy()", f"dict({one})", f"copy.deepcopy({one})", f"copy.copy({one})"))
    changed = draft.pick((f'{one}["{entries[0][0]}"] = "mse"', f"{one}.clear()", f'{one}.pop("{entries[0][0]}")'))
    return Code((f"{one} = {constant_mapping(entries)}", f"{two} = {copy}", changed), two)


def _changed(draft: Draft, entries: Entries) -> Code:
    """An entry too many is taken out again, or one is replaced."""
    name, (key, value) = draft.fresh("table"), entries[0]
    more = constant_mapping([*entries, ("extra", entries[0][1])])
    if draft.chance(50):
        out = draft.pick((f'del {name}["extra"]', f'{name}.pop("extra")', f'{name}.pop("extra", None)'))
        return Code((f"{name} = {more}", out), name)
    other = constant_mapping([(key, "None"), *entries[1:]])
    return Code((f"{name} = {other}", f'{name}["{key}"] = {value}'), name)


_WAYS = {
    "literal": _literal,
    "named keys": _named_keys,
    "variable": _variable,
    "variable far above": _top_variable,
    "item assignment": _items,
    "update": _update,
    "setdefault": _setdefault,
    "dict()": _dict_call,
    "dict of pairs": _pairs,
    "fromkeys": _fromkeys,
    "dict(zip())": _zipped,
    "comprehension": _comprehension,
    "loop": _loop,
    "merged": _merged,
    "OrderedDict": _ordered,
    "function result": _function,
    "method result": _method,
    "class attribute": _class_attribute,
    "instance attribute": _instance_attribute,
    "conditional": _conditional,
    "agreeing branches": _branches,
    "copy": _copied,
    "changed": _changed,
}
