"""Where the model is made, and where from there it is compiled and trained."""

from __future__ import annotations

from dataclasses import dataclass

from .draft import Draft, indent, plain
from .earlier import earlier, trunk
from .heads import FEATURES
from .outputs import Listed, list_outputs
from .subclasses import own_call


@dataclass(frozen=True)
class Network:
    """The statements that lead to a model, the call that makes it, and what its outputs are."""

    lines: tuple[str, ...]
    model: str
    listed: Listed
    inputs: str
    outputs: str


def network(draft: Draft) -> Network:
    """A Functional model: inputs, a trunk, heads."""
    start = draft.keras("Input") if draft.chance(60) else draft.layer("Input")
    named = draft.pick(("", ', name="features"'))
    lines = [*earlier(draft), f"inputs = {start}(shape=({FEATURES},){named})"]
    middle, x = trunk(draft)
    lines += middle
    listed = list_outputs(draft, x, "inputs")
    lines += listed.code.lines
    outputs = listed.code.expr
    return Network(tuple(lines), _model(draft, "inputs", outputs), listed, "inputs", outputs)


def _model(draft: Draft, inputs: str, outputs: str) -> str:
    """The call of keras.Model."""
    inputs = draft.pick((inputs, f"[{inputs}]"))
    form = draft.choose("model", ("positional", "keywords", "models.Model", "named"))
    model = draft.keras("Model")
    if form == "keywords":
        return f"{model}(inputs={inputs}, outputs={outputs})"
    if form == "models.Model" and draft.style in ("whole", "tried"):
        return f"keras.models.Model({inputs}, {outputs})"
    if form == "named":
        return f'{model}({inputs}, {outputs}, name="net")'
    return f"{model}({inputs}, {outputs})"


@dataclass(frozen=True)
class Place:
    """A model in reach.

    before: statements at module scope. model: what stands for it where it is compiled. body: how the statements
    that compile and train it are put into the program.
    """

    before: tuple[str, ...]
    model: str
    listed: Listed
    around: tuple[str, ...] = ()  # the header under which they stand, if any
    depth: int = 0
    after: tuple[str, ...] = ()


def place_model(draft: Draft) -> Place:
    """A model, made somewhere."""
    if draft.chance(4):
        lines, listed = own_call(draft)
        return Place(tuple(lines), "model", listed)
    return draft.way("where", _WAYS)(draft, network(draft))


def _module(draft: Draft, net: Network) -> Place:
    return Place((*net.lines, f"model = {net.model}"), "model", net.listed)


def _main_block(draft: Draft, net: Network) -> Place:
    lines = indent([*net.lines, f"model = {net.model}"])
    return Place((), "model", net.listed, ('if __name__ == "__main__":', *lines), 1)


def _main_function(draft: Draft, net: Network) -> Place:
    lines = indent([*net.lines, f"model = {net.model}"])
    end = draft.pick((("main()",), ('if __name__ == "__main__":', "    main()")))
    return Place((), "model", net.listed, ("def main():", *lines), 1, end)


def _builder(draft: Draft, net: Network) -> Place:
    header, call = draft.pick(
        (
            ("def build_model():", "build_model()"),
            ("def build_model(width=3, *, extra=None):", "build_model(width=2)"),
            ("def build_model(*args, **kwargs):", 'build_model(1, rate="x")'),
        )
    )
    end = [f"return {net.model}"] if draft.chance(50) else [f"model = {net.model}", "return model"]
    return Place((header, *indent([*net.lines, *end]), "", f"model = {call}"), "model", net.listed)


def _tuple_builder(draft: Draft, net: Network) -> Place:
    body = ["def build_model():", *indent([*net.lines, f"made = {net.model}"])]
    form = draft.choose("builder's result", ("model, extras", "extras, model", "index", "dict", "named tuple"))
    if form == "index":
        return Place((*body, "    return made, 3", "", "model = build_model()[0]"), "model", net.listed)
    if form == "dict":
        lines = (*body, '    return {"model": made, "size": 3}', "", 'model = build_model()["model"]')
        return Place(lines, "model", net.listed)
    if form == "named tuple":
        draft.need("from collections import namedtuple")
        draft.top.append('Built = namedtuple("Built", ["model", "size"])')
        return Place((*body, "    return Built(made, 3)", "", "model = build_model().model"), "model", net.listed)
    pair = "made, {3: 4}" if form == "model, extras" else "[1], made"
    names = "model, extras" if form == "model, extras" else "extras, model"
    return Place((*body, f"    return {pair}", "", f"{names} = build_model()"), "model", net.listed)


def _nested_function(draft: Draft, net: Network) -> Place:
    inner = ["def build():", *indent([*net.lines, f"return {net.model}"]), ""]
    form = draft.choose("nested", ("called inside", "returned", "closure"))
    if form == "called inside":
        lines = ["def outer():", *indent([*inner, "return build()"]), "", "model = outer()"]
    elif form == "returned":
        lines = ["def outer():", *indent([*inner, "return build"]), "", "model = outer()()"]
    else:
        inner = ["def build():", *indent([f"return {net.model}"]), ""]
        lines = [
            "def outer():",
            *indent([*net.lines, *inner, "return build"]),
            "",
            "build = outer()",
            "model = build()",
        ]
    return Place(tuple(lines), "model", net.listed)


def _lambda(draft: Draft, net: Network) -> Place:
    if draft.chance(50):
        return Place((*net.lines, f"build = lambda: {net.model}", "model = build()"), "model", net.listed)
    made = net.model.replace(net.inputs, "ins", 1) if net.outputs not in net.model else net.model
    return Place((*net.lines, f"build = lambda ins={net.inputs}: {made}", "model = build()"), "model", net.listed)


def _partial(draft: Draft, net: Network) -> Place:
    draft.need("import functools")
    lines = ["def build(width, depth=1):", *indent([*net.lines, f"return {net.model}"]), ""]
    lines += ["make = functools.partial(build, depth=2)", "model = make(3)"]
    return Place(tuple(lines), "model", net.listed)


def _decorated(draft: Draft, net: Network) -> Place:
    form = draft.choose("decorator", ("own", "own with arguments", "lru_cache", "keeps"))
    draft.need("import functools")
    if form == "own":
        wrapped = [
            "@functools.wraps(function)",
            "def inner(*args, **kwargs):",
            "    return function(*args, **kwargs)",
            "",
        ]
        draft.top += ["def logged(function):", *indent([*wrapped, "return inner"]), ""]
        line = "@logged"
    elif form == "own with arguments":
        wrapped = ["def inner(*args, **kwargs):", "    return function(*args, **kwargs)", "", "return inner"]
        outer = ["def decorate(function):", *indent(wrapped), "", "return decorate"]
        draft.top += ["def logged(level):", *indent(outer), ""]
        line = "@logged(3)"
    elif form == "keeps":
        draft.top += ["def register(function):", "    return function", ""]
        line = "@register"
    else:
        line = draft.pick(("@functools.lru_cache", "@functools.lru_cache(maxsize=1)", "@functools.cache"))
    lines = [line, "def build():", *indent([*net.lines, f"return {net.model}"]), "", "model = build()"]
    return Place(tuple(lines), "model", net.listed)


def _early_return(draft: Draft, net: Network) -> Place:
    guard = draft.pick(("if size is None:", "if size < 0:", "if not size:"))
    lines = ["def build(size):", *indent([guard, "    return None", *net.lines, f"return {net.model}"])]
    return Place((*lines, "", "model = build(4)"), "model", net.listed)


def _raises(draft: Draft, net: Network) -> Place:
    guard = ["if kind != 'two':", "    raise ValueError(kind)"]
    lines = ["def build(kind='two'):", *indent([*guard, *net.lines, f"return {net.model}"])]
    return Place((*lines, "", "model = build()"), "model", net.listed)


def _class(draft: Draft, net: Network) -> Place:
    """``self.model`` set in one method, compiled in another."""
    form = draft.choose("class", ("__init__", "build", "returned", "property", "cached property", "static", "base"))
    make = [*net.lines, f"self.model = {net.model}"]
    give = [*net.lines, f"return {net.model}"]
    model = "self.model"
    bases = ""
    use = "Trainer().train()"
    if form == "__init__":
        parts = ["def __init__(self, rate=0.1):", *indent(["self.rate = rate", *make])]
    elif form == "build":
        parts = ["def __init__(self):", *indent(["self.model = None"]), "", "def build(self):", *indent(make)]
        use = "trainer = Trainer()\ntrainer.build()\ntrainer.train()"
    elif form == "returned":
        parts = ["def __init__(self):", *indent(["self.model = self._make()"]), "", "def _make(self):", *indent(give)]
    elif form == "property":
        parts = ["@property", "def model(self):", *indent(["return self._model"]), ""]
        parts += ["def __init__(self):", *indent([*net.lines, f"self._model = {net.model}"])]
    elif form == "cached property":
        draft.need("import functools")
        parts = ["@functools.cached_property", "def model(self):", *indent(give)]
    elif form == "static":
        parts = [draft.pick(("@staticmethod", "@classmethod"))]
        own = "cls" if parts == ["@classmethod"] else ""
        parts += [f"def make({own}):", *indent(give), ""]
        parts += ["def __init__(self):", *indent(["self.model = self.make()"])]
    else:
        init = ["def __init__(self):", *indent(make)]
        draft_base = ["class Base:", *indent(init), ""]
        parts = ["def other(self):", "    return 3"]
        bases = "(Base)"
        if draft.chance(50):
            parts = ["def __init__(self):", "    super().__init__()", "    self.rate = 3", "", *parts]
        header = (*draft_base, f"class Trainer{bases}:", *indent(parts), "", "    def train(self):")
        return Place((), model, net.listed, header, 2, tuple(use.split("\n")))
    header = (f"class Trainer{bases}:", *indent(parts), "", "    def train(self):")
    return Place((), model, net.listed, header, 2, tuple(use.split("\n")))


def _compiled_outside(draft: Draft, net: Network) -> Place:
    lines = ["class Wrapper:", *indent(["def __init__(self):", *indent([*net.lines, f"self.net = {net.model}"])]), ""]
    if draft.chance(40):
        lines += ["wrapper = Wrapper()", "model = wrapper.net"]
        return Place(tuple(lines), "model", net.listed)
    return Place((*lines, "wrapper = Wrapper()"), "wrapper.net", net.listed)


def _dataclass(draft: Draft, net: Network) -> Place:
    draft.need("import dataclasses")
    lines = ["@dataclasses.dataclass", "class Bundle:", "    model: object", "    size: int = 3", ""]
    made = draft.pick((f"Bundle({net.model})", f"Bundle(size=4, model={net.model})"))
    return Place((*net.lines, *lines, f"bundle = {made}"), "bundle.model", net.listed)


def _subclass(draft: Draft, net: Network) -> Place:
    """A class that gives inputs and outputs to the constructor of keras.Model."""
    base = draft.keras("Model")
    passed = draft.pick((f"{net.inputs}, {net.outputs}", f"inputs={net.inputs}, outputs={net.outputs}"))
    more = draft.pick(("", ', name="net"', ", **kwargs"))
    init = ["def __init__(self, **kwargs):", *indent([*net.lines, f"super().__init__({passed}{more})"])]
    body = draft.pick(([], ["", "def describe(self):", "    return 3"]))
    return Place((f"class Net({base}):", *indent([*init, *body]), "", "model = Net()"), "model", net.listed)


def _clone(draft: Draft, net: Network) -> Place:
    clone = "keras.models.clone_model" if draft.style in ("whole", "tried") else None
    if clone is None:
        draft.need("from keras.models import clone_model")
        clone = "clone_model"
    draft.written &= net.listed.keys is not None  # releases number the operations of a clone differently
    return Place((*net.lines, f"base = {net.model}", f"model = {clone}(base)"), "model", net.listed)


def _reused_outputs(draft: Draft, net: Network) -> Place:
    model = draft.keras("Model")
    listed = net.listed
    forms = ["output"]
    if listed.container in ("list", "tuple"):
        forms += ["outputs", "reordered", "get_layer", "output[i]"]
    form = draft.choose("reuse", forms)
    count = len(listed.shapes)
    order = list(range(count))
    container = listed.container
    inputs = draft.pick(("base.input", "base.inputs"))
    if form == "output":
        outputs = "base.output"
    elif form == "outputs":
        outputs, container = "base.outputs", "list"
    elif form == "reordered":
        outputs, container, order = "base.outputs[::-1]", "list", order[::-1]
    elif form == "output[i]":
        order, container = order[::-1], "list"
        outputs = "[" + ", ".join(f"base.output[{place}]" for place in order) + "]"
    else:
        if listed.keys is None or not _MODELS.isdisjoint(draft.forms):
            return _module(draft, net)
        order, container = order[::-1], "list"
        outputs = "[" + ", ".join(f'base.get_layer("{listed.keys[i]}").output' for i in order) + "]"
    keys = None if listed.keys is None else tuple(listed.keys[i] for i in order)
    now = Listed(plain(""), container, keys, tuple(listed.shapes[i] for i in order))
    return Place((*net.lines, f"base = {net.model}", f"model = {model}({inputs}, {outputs})"), "model", now)


# Heads that are models: get_layer gives the model, whose output is not the one that it has where it is called.
_MODELS = frozenset({"last layer: nested model", "last layer: Sequential", "last layer: grown Sequential"})


def _called(draft: Draft, net: Network) -> Place:
    """A model that is called as a layer: every output has its name."""
    start, model = draft.keras("Input"), draft.keras("Model")
    lines = [*net.lines, f"base = {net.model}", f"again = {start}(({FEATURES},))"]
    listed = net.listed
    if listed.container == "dict":
        return Place((*lines, f"model = {model}(again, base(again))"), "model", listed)
    if listed.container == "tensor":
        listed = Listed(listed.code, "tensor", None, listed.shapes)
        return Place((*lines, f"model = {model}(again, base(again))"), "model", listed)
    listed = Listed(listed.code, listed.container, None, listed.shapes)
    if draft.chance(50):
        return Place((*lines, "results = base(again)", f"model = {model}(again, results)"), "model", listed)
    names = [draft.fresh("part") for _ in listed.shapes]
    listed = Listed(listed.code, "list", None, listed.shapes)
    lines += [f"{', '.join(names)} = base(again)", f"model = {model}(again, [{', '.join(names)}])"]
    return Place(tuple(lines), "model", listed)


def _reassigned(draft: Draft, net: Network) -> Place:
    other = f"{draft.keras('Model')}(first_input, [{draft.layer('Dense')}(1, name='zz')(first_input)])"
    lines = [f"first_input = {draft.keras('Input')}(({FEATURES},))", f"model = {other}"]
    form = draft.choose("reassigned", ("again", "shadowed", "swapped"))
    if form == "again":
        return Place((*lines, *net.lines, f"model = {net.model}"), "model", net.listed)
    if form == "shadowed":
        inner = ["def train_it():", *indent([*net.lines, f"model = {net.model}"])]
        return Place(tuple(lines), "model", net.listed, tuple(inner), 1, ("train_it()",))
    return Place((*lines, *net.lines, f"other = {net.model}", "model, other = other, model"), "model", net.listed)


def _rebuilt(draft: Draft, net: Network) -> Place:
    """Built anew in each turn of a loop."""
    loop = draft.pick(("for turn in range(2):", "for rate in (0.1, 0.01):", 'for fold, name in enumerate(["a", "b"]):'))
    if draft.chance(50):
        lines = indent([*net.lines, f"model = {net.model}"])
        return Place((), "model", net.listed, (loop, *lines), 1)
    builder = ["def build():", *indent([*net.lines, f"return {net.model}"]), ""]
    return Place(tuple(builder), "model", net.listed, (loop, "    model = build()"), 1)


def _with_block(draft: Draft, net: Network) -> Place:
    draft.need("import contextlib")
    enter = draft.pick(
        ("with contextlib.nullcontext():", "with contextlib.suppress(KeyError):", "with open('log', 'w') as log:")
    )
    lines = indent([*net.lines, f"model = {net.model}"])
    if draft.chance(50):
        return Place((), "model", net.listed, (enter, *lines), 1)
    return Place((enter, *lines), "model", net.listed)


def _match(draft: Draft, net: Network) -> Place:
    draft.top.append('MODE = "train"')
    lines = indent([*net.lines, f"model = {net.model}"], 2)
    rest = ("    case _:", "        raise ValueError(MODE)")
    case = draft.pick(('    case "train":', '    case "fit" | "train":', "    case str():"))
    first = draft.pick(((), ("    case 3:", "        model = None")))
    return Place(
        ("match MODE:", *first, case, *lines, *(rest if case[9:].startswith('"') else ())), "model", net.listed
    )


def _cache(draft: Draft, net: Network) -> Place:
    lines = ["CACHE = {}", "", "def get_model(key):"]
    build = [*net.lines, f"CACHE[key] = {net.model}"]
    lines += indent(["if key not in CACHE:", *indent(build), "return CACHE[key]"])
    return Place((*lines, "", 'model = get_model("base")'), "model", net.listed)


def _global(draft: Draft, net: Network) -> Place:
    lines = ["model = None", "", "def setup():", *indent(["global model", *net.lines, f"model = {net.model}"])]
    return Place((*lines, "", "setup()"), "model", net.listed)


def _try(draft: Draft, net: Network) -> Place:
    lines = ["try:", *indent([*net.lines, f"model = {net.model}"])]
    lines += draft.pick((["finally:", "    done = True"], ["except ValueError:", "    raise"]))
    return Place(tuple(lines), "model", net.listed)


def _walrus(draft: Draft, net: Network) -> Place:
    return Place((*net.lines, f"if (model := {net.model}) is None:", "    raise ValueError"), "model", net.listed)


def _container(draft: Draft, net: Network) -> Place:
    form = draft.choose("kept in", ("dict", "list"))
    if form == "dict":
        return Place((*net.lines, f'models = {{"two": {net.model}}}'), 'models["two"]', net.listed)
    return Place((*net.lines, f"models = [{net.model}]"), "models[0]", net.listed)


def _compiled_in_builder(draft: Draft, net: Network) -> Place:
    header = ("def build():", *indent([*net.lines, f"model = {net.model}"]))
    return Place((), "model", net.listed, header, 1, ("    return model", "", "model = build()"))


_WAYS = {
    "module scope": _module,
    "main block": _main_block,
    "main function": _main_function,
    "builder": _builder,
    "builder of several": _tuple_builder,
    "nested function": _nested_function,
    "lambda": _lambda,
    "partial": _partial,
    "decorated": _decorated,
    "early return": _early_return,
    "raises": _raises,
    "class": _class,
    "attribute": _compiled_outside,
    "dataclass": _dataclass,
    "subclass": _subclass,
    "clone": _clone,
    "reused outputs": _reused_outputs,
    "model as layer": _called,
    "reassigned": _reassigned,
    "rebuilt": _rebuilt,
    "with block": _with_block,
    "match": _match,
    "cache": _cache,
    "global": _global,
    "try": _try,
    "walrus": _walrus,
    "container": _container,
    "compiled in builder": _compiled_in_builder,
}
