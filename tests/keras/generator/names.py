"""Where the name of an output comes from: the ways to write a text."""

from __future__ import annotations

from .draft import Code, Draft, plain

POOLS = (
    ("output_small", "output_big", "output_mid"),
    ("zebra", "ant", "bee"),
    ("box", "class", "mask"),
    ("y1", "y0", "y2"),
    ("head_2", "head_10", "head_1"),
    ("Beta", "alpha", "gamma"),
    ("age", "gender", "race"),
    ("_value", "policy", "Reward"),
)


def draw_names(draft: Draft, count: int) -> list[str]:
    """Distinct names of outputs in the order in which the model has them."""
    names = list(draft.pick(POOLS))
    chosen = []
    for _ in range(count):
        name = draft.pick(names)
        names.remove(name)
        chosen.append(name)
    return chosen


def text(draft: Draft, value: str) -> Code:
    """An expression that gives this text."""
    return draft.way("name", _WAYS)(draft, value)


def _literal(_: Draft, value: str) -> Code:
    return plain(f'"{value}"')


def _variable(draft: Draft, value: str) -> Code:
    name = draft.fresh("title")
    return Code((f'{name} = "{value}"',), name)


def _constant(draft: Draft, value: str) -> Code:
    name = draft.fresh("NAME")
    draft.top.append(f'{name} = "{value}"')
    return plain(name)


def _split(draft: Draft, value: str) -> tuple[str, str]:
    place = draft.pick(range(1, len(value)))
    return value[:place], value[place:]


def _f_string(draft: Draft, value: str) -> Code:
    start, end = _split(draft, value)
    part = draft.fresh("part")
    if end.isdigit():
        return Code((f"{part} = {int(end)}",), f'f"{start}{{{part}}}"')
    return Code((f'{part} = "{end}"',), f'f"{start}{{{part}}}"')


def _percent(draft: Draft, value: str) -> Code:
    start, end = _split(draft, value)
    if end.isdigit():
        return plain(f'"{start}%d" % {int(end)}')
    return plain(draft.pick((f'"%s{end}" % "{start}"', f'"%s%s" % ("{start}", "{end}")')))


def _format(draft: Draft, value: str) -> Code:
    start, end = _split(draft, value)
    return plain(
        draft.pick((f'"{start}{{}}".format("{end}")', f'"{{a}}{{b}}".format(a="{start}", b="{end}")')),
    )


def _concatenated(draft: Draft, value: str) -> Code:
    start, end = _split(draft, value)
    name = draft.fresh("PREFIX")
    draft.top.append(f'{name} = "{start}"')
    return plain(draft.pick((f'{name} + "{end}"', f'"{start}" "{end}"', f'"".join([{name}, "{end}"])')))


def _enum(draft: Draft, value: str) -> Code:
    draft.need("import enum")
    name = draft.fresh("Head")
    base = draft.pick(("enum.Enum", "str, enum.Enum"))
    draft.top += [f"class {name}({base}):", f'    ONE = "{value}"', '    OTHER = "other"', ""]
    return plain(f"{name}.ONE.value")


def _config(draft: Draft, value: str) -> Code:
    name = draft.fresh("CONFIG")
    draft.top.append(f'{name} = {{"heads": {{"first": "{value}", "size": 3}}, "names": ["{value}", "x"]}}')
    return plain(
        draft.pick((f'{name}["heads"]["first"]', f'{name}["names"][0]', f'{name}["heads"].get("first", "none")'))
    )


def _dataclass(draft: Draft, value: str) -> Code:
    draft.need("import dataclasses")
    name, made = draft.fresh("Settings"), draft.fresh("SETTINGS")
    decorator = draft.pick(("@dataclasses.dataclass", "@dataclasses.dataclass(frozen=True)"))
    draft.top += [decorator, f"class {name}:", f'    title: str = "{value}"', "    width: int = 2", ""]
    draft.top.append(draft.pick((f"{made} = {name}()", f"{made} = {name}(width=4)", f'{made} = {name}("{value}", 1)')))
    return plain(f"{made}.title")


def _class_attribute(draft: Draft, value: str) -> Code:
    name = draft.fresh("Names")
    draft.top += [f"class {name}:", f'    TITLE = "{value}"', ""]
    return plain(f"{name}.TITLE")


def _function(draft: Draft, value: str) -> Code:
    start, end = _split(draft, value)
    name = draft.fresh("name_of")
    draft.top += [f'def {name}(end, start="{start}"):', '    return f"{start}{end}"', ""]
    return plain(f'{name}("{end}")')


def _unpacked(draft: Draft, value: str) -> Code:
    one, two = draft.fresh("one"), draft.fresh("two")
    return Code((f'{one}, {two} = "{value}", "rest"',), one)


def _method(draft: Draft, value: str) -> Code:
    ways = [f'" {value} ".strip()', f'"{value}.h5".split(".")[0]', f'"x-{value}".replace("x-", "")', f'str("{value}")']
    if value.islower():
        ways.append(f'"{value.upper()}".lower()')
    return plain(draft.pick(ways))


def _conditional(draft: Draft, value: str) -> Code:
    name = draft.fresh("FLAG")
    draft.top.append(f"{name} = True")
    return plain(draft.pick((f'"{value}" if {name} else "none"', f'"none" if not {name} else "{value}"')))


def _walrus(draft: Draft, value: str) -> Code:
    return plain(f'({draft.fresh("shown")} := "{value}")')


_WAYS = {
    "literal": _literal,
    "variable": _variable,
    "constant": _constant,
    "f-string": _f_string,
    "percent": _percent,
    "format": _format,
    "concatenation": _concatenated,
    "enum": _enum,
    "config dict": _config,
    "dataclass": _dataclass,
    "class attribute": _class_attribute,
    "function result": _function,
    "unpacking": _unpacked,
    "text method": _method,
    "conditional": _conditional,
    "walrus": _walrus,
}
