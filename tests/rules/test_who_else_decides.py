"""Programs in which subclasses, setattr, Keras itself or other callers decide what a call does."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_paths, check_source
from keraslint.diagnostic import Applicability

HEAD = """\
import collections, dataclasses, functools, inspect, json, numpy as np, os, sys, types, typing
from concurrent.futures import ThreadPoolExecutor
import keras

V = keras.__version__
BAD = V.startswith(("3.5", "3.6"))
x, y_wing, y_flap = np.zeros((8, 4)), np.zeros((8, 1)), np.zeros((8, 3))
units = {"wing": 1, "flap": 3}


def build(names=("wing", "flap"), of=keras.Model):
    inputs = keras.Input((4,))
    return of(inputs, [keras.layers.Dense(units[name], name=name)(inputs) for name in names])


LOSSES = {"wing": "mse", "flap": "mae"}
"""

TASK = """
class Task:
    names = ("wing", "flap")

    def losses(self):
        return LOSSES

    def run(self):
        model = build(self.names)
        model.compile("sgd", loss=self.losses())
        model.fit(x, [np.zeros((8, units[name])) for name in self.names])


class Sorted(Task):
    names = ("flap", "wing")


class Listed(Task):
    def losses(self):
        return list(super().losses().values())

"""

MADE = {
    "all subclasses": "for cls in Task.__subclasses__():\n    cls().run()",
    "one of the subclasses": "Task.__subclasses__()[0]().run()",
    "subclasses by name": "{cls.__name__: cls for cls in Task.__subclasses__()}['Sorted']().run()",
    "members of the module": (
        "for _, cls in inspect.getmembers(sys.modules[__name__], inspect.isclass):\n    cls().run()"
    ),
    "a name out of a file": "globals()[json.load(open('task.json'))['task']]().run()",
    "the order of resolution": "Sorted.__mro__[0]().run()",
    "an annotation": "def make(task: Sorted): pass\nmake.__annotations__['task']().run()",
    "arguments of a type": "typing.get_args(typing.Union[Sorted, None])[0]().run()",
    "type with three arguments": "type('Own', (Task,), {'names': ('flap', 'wing')})().run()",
    "type with attributes that are not known": "type('Own', (Task,), dict(outside.given()))().run()",
    "new_class": "types.new_class('Own', (Task,), {}, lambda ns: ns.update(names=('flap', 'wing')))().run()",
    "make_dataclass": "dataclasses.make_dataclass('Own', [('names', tuple, ('flap', 'wing'))], bases=(Task,))().run()",
    "one of two bases": "class Own(Sorted if open('mode').read() == 'sorted' else Task): pass\nOwn().run()",
    "a base out of a table": "class Own({'a': Sorted, 'b': Task}[open('mode').read()]): pass\nOwn().run()",
    "bases out of a list": "class Own(*[Sorted] * len(open('mode').read()), Task): pass\nOwn().run()",
    "setattr on a subclass": "class Own(Task): pass\nsetattr(Own, open('name').read(), ('flap', 'wing'))\nOwn().run()",
}


def found(text: str, release: str = "3.6.0") -> list[str]:
    """The codes of what is certain on a release."""
    return [one.code for one in check_source(text, "main.py", release) if one.code not in ("KER102", "KER003")]


def safely_fixed(text: str, release: str = "3.6.0") -> list[str]:
    """The codes of what a safe fix changes."""
    diagnostics = check_source(text, "main.py", release)
    return [one.code for one in diagnostics for fix in one.fixes if fix.applicability is Applicability.SAFE]


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_a_method_is_not_judged_by_the_attributes_of_its_own_class_where_a_subclass_may_run_it(made: str) -> None:
    assert not found(f"{HEAD}{TASK}{made}\n")


def test_it_is_where_no_subclass_changes_what_the_method_reads() -> None:
    plain = TASK.partition("class Sorted")[0]
    assert found(f"{HEAD}{plain}") == ["KER101"]
    assert found(f"{HEAD}{plain}class Named(Task):\n    title = 'named'\n") == ["KER101"]
    assert found(f"{HEAD}{plain}class Other(Task):\n    def run(self):\n        self.names = []\n") == ["KER101"]


def test_type_with_three_arguments_makes_a_class_that_is_followed() -> None:
    plain = TASK.partition("class Sorted")[0]
    own = "type('Own', (Task,), {'names': ('wing', 'flap'), 'title': 'own'})().run()\n"
    assert found(f"{HEAD}{plain}{own}") == ["KER101"]


BASE = f"{HEAD}{TASK.partition('class Sorted')[0]}"
PROJECTS = {
    "another order": ("class Drone(Task):\n    names = ('flap', 'wing')\n", []),
    "an attribute that is set": (
        "class Drone(Task):\n    def __init__(self):\n        self.names = ('flap', 'wing')\n",
        [],
    ),
    "an unseen base": ("from unseen import Mixin\nclass Drone(Mixin, Task): pass\n", []),
    "nothing that is read": ("class Drone(Task):\n    title = 'drone'\n", ["KER101"]),
    "no class": ("print(Task)\n", ["KER101"]),
}


@pytest.mark.parametrize(("plugin", "codes"), PROJECTS.values(), ids=PROJECTS)
def test_a_subclass_may_stand_in_another_file(tmp_path: Path, plugin: str, codes: list[str]) -> None:
    (tmp_path / "base.py").write_text(BASE)
    (tmp_path / "plugin.py").write_text(f"from base import Task\n\n\n{plugin}")
    (tmp_path / "main.py").write_text(
        "import plugin\nfrom base import Task\n\n[cls().run() for cls in Task.__subclasses__()]\n"
    )
    said = check_paths(str(tmp_path), keras="3.6.0", isolated=True)
    assert [one.code for one in said] == codes


OWN = """
class Own(keras.Model):
    pass


def by_place(self, optimizer, loss, **more):
    keras.Model.compile(self, optimizer, loss=[loss[name] for name in self.output_names], **more)

"""
TRAINED = """
model = build(of=Own)
model.compile("sgd", loss=LOSSES)
model.fit(x, [y_wing, y_flap])
"""
PATCHED = {
    "the name of a method": f"{OWN}setattr(Own, keras.Model.compile.__name__, by_place){TRAINED}",
    "the name of code": f"{OWN}setattr(Own, by_place.__code__.co_name, by_place){TRAINED}",
    "on an instance": (
        f"{OWN}{TRAINED}".replace(
            "model.compile",
            "object.__setattr__(model, open('n').read(), functools.partial(by_place, model))\nmodel.compile",
        )
    ),
    "by a decorator of the class": (
        "def placed(cls):\n    made = cls.compile\n"
        "    def compile(self, o, loss): return made(self, o, loss=[loss[n] for n in self.output_names])\n"
        f"    setattr(cls, made.__name__, compile)\n    return cls\n@placed\nclass Own(keras.Model): pass\n{TRAINED}"
    ),
    "getattribute": (
        "class Own(keras.Model):\n    def __getattribute__(self, name):\n"
        "        found = super().__getattribute__(name)\n"
        "        if name == 'compile':\n            return lambda o, loss: found(o, loss=[*loss.values()])\n"
        f"        return found\n{TRAINED}"
    ),
    "a base for some releases": (
        "class Placed:\n    def compile(self, o, loss): super().compile(o, loss=[loss[n] for n in self.output_names])\n"
        f"class Own(*((Placed,) if BAD else ()), keras.Model): pass\n{TRAINED}"
    ),
    "a base so many times": (
        "class Placed:\n    def compile(self, o, loss): super().compile(o, loss=[loss[n] for n in self.output_names])\n"
        f"class Own(*[Placed] * BAD, keras.Model): pass\n{TRAINED}"
    ),
}


@pytest.mark.parametrize("program", PATCHED.values(), ids=PATCHED)
def test_a_method_that_is_replaced_under_a_name_that_is_not_known(program: str) -> None:
    assert not found(HEAD + program)


def test_a_plain_class_of_a_model_is_judged() -> None:
    assert found(f"{HEAD}{OWN}{TRAINED}") == ["KER101"]
    assert found(f"{HEAD}{OWN}setattr(Own, open('n').read(), 3){TRAINED}") == ["KER101"]


TAKEN = """
model = build(settings.names)
model.compile("sgd", loss=LOSSES)
model.fit(x, [y_wing, y_flap])
"""
SPACE = "settings = types.SimpleNamespace(names=['wing', 'flap'], part=types.SimpleNamespace(names=['wing', 'flap']))\n"
REACHED = {
    "set in a part": (
        "settings.part",
        "setattr(getattr(settings, open('a').read()), open('b').read(), ['flap', 'wing'])",
    ),
    "changed": ("settings", "getattr(settings, open('a').read()).reverse()"),
    "changed in a class": (
        "settings",
        "class settings:\n    names = ['wing', 'flap']\ngetattr(settings, open('a').read()).sort()",
    ),
    "set in a class in a class": (
        "settings.part",
        "class settings:\n    class part:\n        names = ['wing', 'flap']\n"
        "setattr(getattr(settings, open('a').read()), 'names', ['flap', 'wing'])",
    ),
    "a function of collections.abc": ("settings", "collections.abc.MutableSequence.reverse(settings.names)"),
}


@pytest.mark.parametrize(("owner", "change"), REACHED.values(), ids=REACHED)
def test_what_is_reached_under_a_name_that_is_not_known_may_have_changed(owner: str, change: str) -> None:
    trained = TAKEN.replace("settings.", f"{owner}.")
    assert not found(f"{HEAD}import collections.abc\n{SPACE}{change}{trained}")
    assert found(f"{HEAD}{SPACE}{trained}") == ["KER101"]


RANGE = """
class Range:
    def __getitem__(self, part):
        self.low, self.high = part.start, part.stop
        return self

    def __contains__(self, version):
        return self.low <= version < self.high


losses = LOSSES
if {guard}:
    losses = [*LOSSES.values()]
model = build()
model.compile("sgd", loss=losses)
model.fit(x, [y_wing, y_flap])
"""


@pytest.mark.parametrize(
    "guard",
    [
        "V in Range()['3.5':'3.7']",
        "outside.given(V) in Range()",
        "[1, V].count(outside.given())",
        "f'{outside.given(V)}' > '3.5'",
        "sorted([outside.given(), V])[0] == V",
        "len({one: 1 for one in [V] if outside.given(one)})",
    ],
)
def test_a_question_about_the_release_that_goes_through_containers(guard: str) -> None:
    assert not found(HEAD + RANGE.format(guard=guard))


CALLED = {
    "get_config": "def get_config(self):\n        names.sort()\n        return super().get_config()",
    "compute_output_shape": "def compute_output_shape(self, shape):\n        names.sort()\n        return shape",
    "__setattr__": "def __setattr__(self, name, new):\n        names.sort()\n        super().__setattr__(name, new)",
    "add_weight": "def add_weight(self, *all, **more):\n        names.sort()\n        return super().add_weight(*all)",
}
SORTED = "names = ['wing', 'flap']\n\n\nclass Part(keras.layers.Dense):\n    {method}\n\n\n{use}\n"


@pytest.mark.parametrize("method", CALLED.values(), ids=CALLED)
def test_methods_that_keras_calls_by_itself(method: str) -> None:
    trained = TAKEN.replace("settings.", "")
    part = SORTED.format(method=method, use="keras.layers.serialize(Part(1))")
    assert not found(f"{HEAD}{part}{trained}")
    harmless = SORTED.format(method=method.replace("names.sort()", "own = []; own.append(1)"), use="Part(1)")
    assert found(f"{HEAD}{harmless}{trained}") == ["KER101"]


SEEN = f"{HEAD}model = build()\nmodel.compile('sgd', loss=LOSSES)\nmodel.fit(x, [y_wing, y_flap])\n"
RUN = "class Run:\n    def __init__(self, m): self.m = m\n    def {method}(self): return {value}\n"
AS_TEXT = RUN.format(method="__repr__", value="f'{self.m.loss}'")
READERS = {
    "a text of an object": f"{AS_TEXT}print(Run(model))",
    "a text in a list": f"{AS_TEXT}print([Run(model)])",
    "an index": RUN.format(method="__index__", value="'flap' in self.m.loss") + "['n', 'y'][Run(model)]",
    "a missing key": "class Run(dict):\n    def __missing__(self, key): return key.loss\nRun()[model]",
    "a frame": "def f(): return sys._getframe(1).f_globals['model'].loss\nf()",
    "getattr_static": "inspect.getattr_static(model, 'loss')",
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_no_fix_is_safe_where_python_reads_the_losses_by_itself(reader: str) -> None:
    assert not safely_fixed(f"{SEEN}{reader}\n")


@pytest.mark.parametrize(
    "reader", ["def show(args): return args.loss", "class C:\n    def show(self): return self.loss"]
)
def test_settings_of_that_name_are_no_losses_of_a_model(reader: str) -> None:
    assert safely_fixed(f"{SEEN}{reader}\n") == ["KER101"]


SORTED_BY_PLACE = {
    "zip": "dict(zip(sorted(model.output_names), ['mse', 'mae']))",
    "enumerate": "{name: ['mse', 'mae'][place] for place, name in enumerate(sorted(model.output_names))}",
    "zip of a variable": "dict(zip(names, ['mse', 'mae']))",
}


@pytest.mark.parametrize("losses", SORTED_BY_PLACE.values(), ids=SORTED_BY_PLACE)
def test_losses_that_are_computed_for_sorted_names(losses: str) -> None:
    """They are right on 3.5.0 and 3.6.0 alone, whatever their names say."""
    program = f"{HEAD}model = build()\nnames = sorted(model.output_names)\nmodel.compile('sgd', loss={losses})\n"
    assert not found(f"{program}model.fit(x, [y_wing, y_flap])\n")


def test_no_fix_is_safe_where_names_are_sorted_for_something_else() -> None:
    program = f"{HEAD}model = build()\nprint(sorted(model.output_names))\nmodel.compile('sgd', loss=LOSSES)\n"
    assert found(f"{program}model.fit(x, [y_wing, y_flap])\n") == ["KER101"]
    assert not safely_fixed(f"{program}model.fit(x, [y_wing, y_flap])\n")


HELPER = f"""{HEAD}
LISTED = [y_wing, y_flap]


def made():
    model = build()
    model.compile('sgd', loss=['mse', 'mae'])
    return model


def train(model, y):
    model.fit(x, y)


train(made(), {{'wing': y_wing, 'flap': y_flap}})
"""
CALLERS = {
    "a lambda for a thread": (
        "with ThreadPoolExecutor(1) as pool:\n    pool.submit(lambda: train(made(), LISTED)).result()"
    ),
    "a lambda that is kept": "outside.command(func=lambda _: train(made(), LISTED))",
    "a generator expression": "np.fromiter((train(made(), LISTED) or 1 for _ in range(1)), int)",
    "code out of view": "",
}


@pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS)
def test_no_fix_is_safe_that_depends_on_who_calls_a_function(caller: str) -> None:
    assert "KER103" in found(f"{HELPER}{caller}\n")
    assert not safely_fixed(f"{HELPER}{caller}\n")


def test_a_dict_that_the_function_makes_itself_does_not_depend_on_its_callers() -> None:
    own = HELPER.replace("    model.fit(x, y)", "    data = {'wing': y[0], 'flap': y[1]}\n    model.fit(x, data)")
    own = own.replace("train(made(), {'wing': y_wing, 'flap': y_flap})", "train(made(), LISTED)")
    assert safely_fixed(own) == ["KER103"]


def test_a_record_with_other_fields_than_are_known() -> None:
    record = (
        "@dataclasses.dataclass\nclass Config:\n    names: tuple = ('wing', 'flap')\n    def run(self):\n"
        "        model = build(self.names)\n        model.compile('sgd', loss=LOSSES)\n"
        "        model.fit(x, [y_wing, y_flap])\n"
    )
    assert not found(f"{HEAD}{record}dataclasses.replace(Config(), **json.load(open('c'))).run()\n")
    assert found(f"{HEAD}{record}dataclasses.replace(Config(), names=('wing', 'flap')).run()\n") == ["KER101"]


MADE_BY_CALL = f"""{HEAD}
def table():
    return {{'wing': 'mse', 'flap': 'mae'}}


model = build()
model.compile('sgd', loss=table())
model.fit(x, [y_wing, y_flap])
"""


@pytest.mark.parametrize("then", ["print(locals())", "print(dir())", "print([*globals()])", "print(eval('1'))"])
def test_no_fix_is_safe_that_a_program_sees_among_its_variables(then: str) -> None:
    assert safely_fixed(MADE_BY_CALL) == ["KER101"]
    assert found(f"{MADE_BY_CALL}{then}\n") == ["KER101"]
    assert not safely_fixed(f"{MADE_BY_CALL}{then}\n")


def test_no_fix_is_safe_that_makes_the_losses_before_the_model() -> None:
    lazy = """
class Lazy:
    names = ()
    made = None

    @property
    def model(self):
        if self.made is None:
            self.made = build()
            self.names = tuple(self.made.output_names)
        return self.made

    def losses(self):
        return {name: 'mse' if name == 'wing' else 'mae' for name in self.names}


lazy = Lazy()
lazy.model.compile('sgd', loss=lazy.losses())
lazy.model.fit(x, [y_wing, y_flap])
"""
    assert not safely_fixed(HEAD + lazy)


ITS_OWN_FIT = """
class Own(keras.Model):
    def fit(self, *args, **more):
        if isinstance(self.loss, dict):
            self.compile(self.optimizer, loss=[self.loss[name] for name in self.output_names])
        return super().fit(*args, **more)

"""


def test_the_losses_that_a_model_has_are_known() -> None:
    assert not found(f"{HEAD}{ITS_OWN_FIT}{TRAINED}")
    plain = ITS_OWN_FIT.replace("isinstance(self.loss, dict)", "isinstance(self.loss, list)")
    assert found(f"{HEAD}{plain}{TRAINED}") == ["KER101"]
