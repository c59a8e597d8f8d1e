"""How a list of texts comes about: the ways of Python to make one, in a known order."""

from __future__ import annotations

from collections.abc import Sequence

from .draft import Code, Draft, indent, plain


def texts(draft: Draft, items: Sequence[str]) -> Code:
    """An expression that can be looped over once or more, and gives these texts in this order."""
    return draft.way("sequence", _WAYS)(draft, list(items))


def _display(draft: Draft, items: list[str]) -> Code:
    return plain(draft.pick((repr(items), repr(tuple(items)))))


def _constant(draft: Draft, items: list[str]) -> Code:
    name = draft.fresh("ITEMS")
    draft.top.append(f"{name} = {items!r}")
    return plain(draft.pick((name, f"list({name})", f"{name}[:]", f"[*{name}]", f"{name}.copy()")))


def _split(draft: Draft, items: list[str]) -> Code:
    return plain(draft.pick((f'"{" ".join(items)}".split()', f'"{",".join(items)}".split(",")')))


def _reversed(draft: Draft, items: list[str]) -> Code:
    back = repr(items[::-1])
    return plain(draft.pick((f"{back}[::-1]", f"list(reversed({back}))", f"[item for item in reversed({back})]")))


def _sorted(draft: Draft, items: list[str]) -> Code:
    """Sorted by a rank that gives this order."""
    ranks = {item: rank for rank, item in enumerate(items)}
    shuffled = draft.shuffled(items)
    name = draft.fresh("order")
    line = f"{name} = {ranks!r}"
    if draft.chance(30):
        listed = draft.fresh("items")
        return Code((line, f"{listed} = {shuffled!r}", f"{listed}.sort(key=lambda item: {name}[item])"), listed)
    key = draft.pick((f"{name}.get", f"lambda item: {name}[item]", f"{name}.__getitem__"))
    if draft.chance(30):
        return Code((line,), f"sorted({shuffled!r}, key=lambda item: -{name}[item], reverse=True)")
    return Code((line,), f"sorted({shuffled!r}, key={key})")


def _appended(draft: Draft, items: list[str]) -> Code:
    name = draft.fresh("items")
    form = draft.choose("filled by", ("append", "insert", "extend", "+=", "index", "pop", "remove", "swap", "slice"))
    first, rest = items[0], items[1:]
    if form == "append":
        return Code((f"{name} = []", *(f'{name}.append("{item}")' for item in items)), name)
    if form == "insert":
        return Code((f"{name} = []", *(f'{name}.insert(0, "{item}")' for item in items[::-1])), name)
    if form == "extend":
        return Code((f"{name} = [{first!r}]", f"{name}.extend({draft.pick((repr(rest), repr(tuple(rest))))})"), name)
    if form == "+=":
        return Code((f"{name} = [{first!r}]", f"{name} += {rest!r}"), name)
    if form == "index":
        lines = [f"{name}[{place}] = {item!r}" for place, item in enumerate(items)]
        return Code((f"{name} = [None] * {len(items)}", *draft.shuffled(lines)), name)
    if form == "pop":
        extra = draft.pick(((f"{[*items, 'extra']!r}", ".pop()"), (f"{['extra', *items]!r}", ".pop(0)")))
        return Code((f"{name} = {extra[0]}", f"{name}{extra[1]}"), name)
    if form == "remove":
        place = draft.pick(range(len(items) + 1))
        more = [*items[:place], "extra", *items[place:]]
        change = draft.pick((f'{name}.remove("extra")', f"del {name}[{place}]"))
        return Code((f"{name} = {more!r}", change), name)
    if form == "swap" and len(items) > 1:
        swapped = [items[1], items[0], *items[2:]]
        return Code((f"{name} = {swapped!r}", f"{name}[0], {name}[1] = {name}[1], {name}[0]"), name)
    return Code((f"{name} = {['x', 'y']!r}", f"{name}[:] = {items!r}"), name)


def _looped(draft: Draft, items: list[str]) -> Code:
    name = draft.fresh("items")
    form = draft.choose("looped with", ("continue", "break", "while", "else", "nested", "counter"))
    mixed = [part for item in items for part in (item, "skip")]
    if form == "continue":
        body = ['if item == "skip":', "    continue", f"{name}.append(item)"]
        return Code((f"{name} = []", f"for item in {mixed!r}:", *indent(body)), name)
    if form == "break":
        body = ['if item == "end":', "    break", f"{name}.append(item)"]
        return Code((f"{name} = []", f"for item in {[*items, 'end', 'more']!r}:", *indent(body)), name)
    if form == "while":
        body = [f"{name}.append({items!r}[place])", "place += 1"]
        return Code((f"{name}, place = [], 0", f"while place < {len(items)}:", *indent(body)), name)
    if form == "else":
        lines = [f"{name} = []", f"for item in {items[:-1]!r}:", f"    {name}.append(item)", "else:"]
        return Code((*lines, f"    {name}.append({items[-1]!r})"), name)
    if form == "nested":
        rows = [items[:1], items[1:]]
        lines = [f"{name} = []", f"for row in {rows!r}:", "    for item in row:", f"        {name}.append(item)"]
        return Code(tuple(lines), name)
    pairs = [(place, item) for place, item in enumerate(items)]
    body = [f"{name}.append(dict({draft.shuffled(pairs)!r})[place])"]
    return Code((f"{name} = []", f"for place in range({len(items)}):", *indent(body)), name)


def _comprehension(draft: Draft, items: list[str]) -> Code:
    mixed = [part for item in items for part in (item, "")]
    pairs = list(enumerate(items))
    ways = (
        f"[item for item in {mixed!r} if item]",
        f"[item for row in {[items[:1], items[1:]]!r} for item in row]",
        f"[item for _, item in sorted({draft.shuffled(pairs)!r})]",
        f"[{items!r}[place] for place in range({len(items)})]",
        f"[dict({draft.shuffled(pairs)!r})[place] for place in {list(range(len(items)))!r}]",
        f"list(filter(None, {mixed!r}))",
        f"list(map(str.strip, {[' ' + item for item in items]!r}))",
        f"list(map(lambda item: item, {items!r}))",
        f"[item for item, _ in zip({items!r}, range(9))]",
        f"list(dict.fromkeys({[*items, items[0]]!r}))",
        f"list(zip(*{[(item, 1) for item in items]!r}))[0]",
    )
    return plain(draft.pick(ways))


def _of_dict(draft: Draft, items: list[str]) -> Code:
    name = draft.fresh("mapping")
    keyed = {item: place for place, item in enumerate(items)}
    valued = dict(enumerate(items))
    form = draft.choose("from a dict", ("keys", "values", "items", "grown", "default", "grouped", "moved", "merged"))
    if form == "keys":
        return Code((f"{name} = {keyed!r}",), draft.pick((name, f"list({name})", f"list({name}.keys())", f"[*{name}]")))
    if form == "values":
        return Code((f"{name} = {valued!r}",), draft.pick((f"list({name}.values())", f"[*{name}.values()]")))
    if form == "items":
        return Code((f"{name} = {keyed!r}",), f"[key for key, _ in {name}.items()]")
    if form == "grown":
        shown = draft.fresh("shown")
        start = (f"{name} = {{{items[0]!r}: 0}}", f"{shown} = {name}.keys()")
        return Code((*start, *(f"{name}[{item!r}] = 1" for item in items[1:])), f"list({shown})")
    if form == "default":
        draft.need("from collections import defaultdict")
        lines = [f"{name} = defaultdict(list)", *(f'{name}["all"].append({item!r})' for item in items)]
        return Code(tuple(lines), f'{name}["all"]')
    if form == "grouped":
        lines = [f"{name} = {{}}", *(f'{name}.setdefault("all", []).append({item!r})' for item in items)]
        return Code(tuple(lines), f'{name}["all"]')
    if form == "moved":
        first = {items[0]: 0, **dict.fromkeys(items[1:], 1)}
        mixed = dict([*list(first.items())[1:], (items[0], 0)])
        lines = [f"{name} = {mixed!r}", *(f"{name}[{item!r}] = {name}.pop({item!r})" for item in items[1:])]
        return Code(tuple(lines), f"list({name})")
    half = len(items) // 2
    one, two = dict.fromkeys(items[:half], 1), dict.fromkeys([*items[half:], *items[:half]], 2)
    return Code((f"{name} = {one!r}", f"{name}.update({two!r})"), f"list({{**{name}}})")


def _function(draft: Draft, items: list[str]) -> Code:
    name = draft.fresh("list_items")
    form = draft.choose(
        "from a function", ("returned", "generator", "filled", "default", "starred", "recursive", "global")
    )
    if form == "returned":
        draft.top += [f"def {name}(first, *rest, last=None):", "    return [first, *rest]", ""]
        return plain(f"{name}({', '.join(map(repr, items))})")
    if form == "generator":
        body = draft.pick(([f"yield {item!r}" for item in items], [f"yield from {items!r}"]))
        draft.top += [f"def {name}():", *indent(body), ""]
        return plain(f"list({name}())")
    if form == "filled":
        listed = draft.fresh("items")
        draft.top += [f"def {name}(target, item):", "    target.append(item)", ""]
        return Code((f"{listed} = []", *(f"{name}({listed}, {item!r})" for item in items)), listed)
    if form == "default":
        draft.top += [f"def {name}(item, kept=[]):", "    kept.append(item)", "    return kept", ""]
        return Code(tuple(f"{name}({item!r})" for item in items[:-1]), f"{name}({items[-1]!r})")
    if form == "starred":
        draft.top += [f"def {name}(*args, **kwargs):", "    return [*args, *kwargs.values()]", ""]
        return plain(f"{name}({items[0]!r}, " + ", ".join(f"k{i}={item!r}" for i, item in enumerate(items[1:])) + ")")
    if form == "recursive":
        body = ["if not items:", "    return []", f"return [items[0], *{name}(items[1:])]"]
        draft.top += [f"def {name}(items):", *indent(body), ""]
        return plain(f"{name}({items!r})")
    kept = draft.fresh("KEPT")
    draft.top += [f"{kept} = []", f"def {name}(item):", f"    global {kept}", f"    {kept} = [*{kept}, item]", ""]
    return Code(tuple(f"{name}({item!r})" for item in items), kept)


def _object(draft: Draft, items: list[str]) -> Code:
    name = draft.fresh("Items")
    form = draft.choose("from a class", ("attribute", "method", "iterated", "getitem", "mixin", "enum", "registered"))
    if form == "attribute":
        draft.top += [f"class {name}:", f"    ALL = {items!r}", ""]
        return plain(draft.pick((f"{name}.ALL", f"{name}().ALL")))
    if form == "method":
        body = ["def __init__(self):", "    self.items = []", "", "def add(self, item):", "    self.items.append(item)"]
        body += ["    return self"]
        draft.top += [f"class {name}:", *indent(body), ""]
        return plain(f"{name}()" + "".join(f".add({item!r})" for item in items) + ".items")
    if form == "iterated":
        draft.top += [f"class {name}:", *indent(["def __iter__(self):", f"    return iter({items!r})"]), ""]
        return plain(f"list({name}())")
    if form == "getitem":
        body = ["def __getitem__(self, place):", f"    return {items!r}[place]", "", "def __len__(self):"]
        draft.top += [f"class {name}:", *indent([*body, f"    return {len(items)}"]), ""]
        return plain(f"[{name}()[place] for place in range({len(items)})]")
    if form == "mixin":
        draft.top += [
            f"class {name}Base:",
            f"    ALL = {items[::-1]!r}",
            "",
            f"class {name}Left({name}Base):",
            "    pass",
            "",
        ]
        draft.top += [f"class {name}Right({name}Base):", f"    ALL = {items!r}", ""]
        draft.top += [f"class {name}({name}Left, {name}Right):", "    pass", ""]
        return plain(f"{name}.ALL")
    if form == "enum":
        draft.need("import enum")
        members = [f"M{place} = {item!r}" for place, item in enumerate(items)]
        draft.top += [f"class {name}(enum.Enum):", *indent(members), ""]
        return plain(f"[member.value for member in {name}]")
    kept, register = draft.fresh("REGISTRY"), draft.fresh("register")
    body = [f"{kept}.append(function())", "return function"]
    draft.top += [f"{kept} = []", f"def {register}(function):", *indent(body), ""]
    for place, item in enumerate(items):
        draft.top += [f"@{register}", f"def {kept.lower()}_{place}():", f"    return {item!r}", ""]
    return plain(kept)


def _aliased(draft: Draft, items: list[str]) -> Code:
    one, two = draft.fresh("items"), draft.fresh("same")
    draft.need("import copy")
    form = draft.choose("aliased", ("alias", "copied", "deep", "closure", "unpacked", "try", "library"))
    if form == "alias":
        return Code((f"{one} = {items[::-1]!r}", f"{two} = {one}", f"{two}.reverse()"), one)
    if form == "copied":
        return Code((f"{one} = {items!r}", f"{two} = {one}[:]", f"{two}.reverse()"), one)
    if form == "deep":
        change = f'{two}["all"].reverse()'
        return Code((f'{one} = {{"all": {items!r}}}', f"{two} = copy.deepcopy({one})", change), f'{one}["all"]')
    if form == "closure":
        inner = ["nonlocal kept", "kept = kept + [item]", "return kept"]
        body = [f"kept = {items[:1]!r}", "def add(item):", *indent(inner), "return add"]
        lines = [f"def {one}():", *indent(body), f"{two} = {one}()"]
        return Code((*lines, *(f"{two}({item!r})" for item in items[1:-1])), f"{two}({items[-1]!r})")
    if form == "unpacked":
        return Code((f"{one}, *{two} = {[*items]!r}",), f"[{one}, *{two}]")
    if form == "try":
        draft.written = False  # that nothing raises here can be known, but it takes more than reading
        body = indent([f'{one} = {{"x": 1}}["x"]', f"{two} = {items!r}"])
        return Code(("try:", *body, "except KeyError:", f"    {two} = []"), two)
    draft.need("import itertools")
    draft.need("import numpy as np")
    return plain(
        draft.pick(
            (
                f"list(itertools.chain({items[:1]!r}, {items[1:]!r}))",
                f"np.ravel([{items!r}]).tolist()",
                f"np.array({items!r}).tolist()",
            )
        )
    )


_WAYS = {
    "display": _display,
    "constant": _constant,
    "split": _split,
    "reversed": _reversed,
    "sorted": _sorted,
    "filled": _appended,
    "looped": _looped,
    "comprehension": _comprehension,
    "dict": _of_dict,
    "function": _function,
    "object": _object,
    "aliased": _aliased,
}
