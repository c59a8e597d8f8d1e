"""Programs that replace parts of functions, classes and modules, or ask what the installed Keras has."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_paths, check_source

MODEL = """\
import keras
{start}
inputs = keras.Input((4,))
model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in {heads}])
model.compile("sgd", loss={{"zeta": "mse", "alpha": "mae"}})
model.fit(x, [y_alpha, y_zeta])
"""
FUNCTION = 'def heads(names=("zeta", "alpha")):\n    return list(names)\n'
CLASS = """\
class Old:
    HEADS = ["zeta", "alpha"]
class New:
    HEADS = ["alpha", "zeta"]
class Own(Old):
    pass
"""

REPLACED = {
    "defaults": (FUNCTION + 'heads.__defaults__ = (("alpha", "zeta"),)', "heads()"),
    "code": (
        FUNCTION + 'def other(names=()):\n    return ["alpha", "zeta"]\nheads.__code__ = other.__code__',
        "heads()",
    ),
    "bases": (CLASS + "Own.__bases__ = (New,)", "Own.HEADS"),
    "class": (CLASS + "own = Own()\nown.__class__ = New", "own.HEADS"),
    "cell": (
        "def make():\n    names = ['zeta', 'alpha']\n    return lambda: names\nheads = make()\n"
        "heads.__closure__[0].cell_contents = ['alpha', 'zeta']",
        "heads()",
    ),
    "globals": (
        "NAMES = ['zeta', 'alpha']\ndef heads():\n    return NAMES\nheads.__globals__['NAMES'] = ['alpha', 'zeta']",
        "heads()",
    ),
    "main": ("import __main__\nNAMES = ['zeta', 'alpha']\n__main__.NAMES = ['alpha', 'zeta']", "NAMES"),
    "patched": (
        "from unittest import mock\n" + CLASS + "mock.patch.object(Own, 'HEADS', ['alpha', 'zeta']).start()",
        "Own.HEADS",
    ),
    "patched by name": (
        "from unittest import mock\nNAMES = ['zeta', 'alpha']\n"
        "mock.patch(__name__ + '.NAMES', ['alpha', 'zeta']).start()",
        "NAMES",
    ),
    "dict of an object": (CLASS + "own = Own()\nown.__dict__ = {'HEADS': ['alpha', 'zeta']}", "own.HEADS"),
    "order of bases": (
        "class Order(type):\n    def mro(cls):\n        first, *rest, last = super().mro()\n"
        "        return [first, *rest[::-1], last]\n" + CLASS + "class Own(Old, New, metaclass=Order):\n    pass",
        "Own.HEADS",
    ),
    "restored": (
        "import copy\nclass Own:\n    def __init__(self):\n        self.heads = ['zeta', 'alpha']\n"
        "    def __setstate__(self, state):\n        self.heads = sorted(state['heads'])\nown = copy.copy(Own())",
        "own.heads",
    ),
    "reduced": (
        "import copy\n" + CLASS + "Old.__reduce_ex__ = lambda self, protocol: (New, ())\nown = copy.deepcopy(Old())",
        "own.HEADS",
    ),
    "view": (
        "import numpy as np\nheads = np.array(['zeta', 'alpha'])\nview = heads[:]\nview.sort()",
        "heads.tolist()",
    ),
    "copied to": (
        "import numpy as np\nheads = np.array(['zeta', 'alpha'])\nnp.copyto(heads, np.sort(heads))",
        "heads.tolist()",
    ),
    "function of the standard library": (
        "import operator\npick = operator.itemgetter\noperator.itemgetter = lambda *names: pick(*reversed(names))",
        "operator.itemgetter('zeta', 'alpha')({'zeta': 'zeta', 'alpha': 'alpha'})",
    ),
    "function of the standard library, by its name": (
        "import operator\nfrom unittest import mock\npick = operator.itemgetter\n"
        "mock.patch('operator.itemgetter', lambda *names: pick(*reversed(names))).start()",
        "operator.itemgetter('zeta', 'alpha')({'zeta': 'zeta', 'alpha': 'alpha'})",
    ),
    "property of the metaclass": (
        "class Order(type):\n    HEADS = property(lambda cls: ['alpha', 'zeta'])\n"
        "class Own(metaclass=Order):\n    HEADS = ['zeta', 'alpha']",
        "Own.HEADS",
    ),
    "variables of a frame": (
        "import sys\nNAMES = ['zeta', 'alpha']\ndef other():\n"
        "    sys._getframe(1).f_globals['NAMES'] = ['alpha', 'zeta']\nother()",
        "NAMES",
    ),
    "type checking": (
        "import typing\nNAMES = ['zeta', 'alpha']\nif not typing.TYPE_CHECKING:\n    NAMES = ['alpha', 'zeta']",
        "NAMES",
    ),
}


@pytest.mark.parametrize("start", REPLACED)
def test_nothing_is_said_of_what_was_replaced(start: str) -> None:
    text, heads = REPLACED[start]
    found = check_source(MODEL.format(start=text, heads=heads), keras="3.6.0")
    assert {one.code for one in found} <= {"KER102", "KER003"}


KNOWN = [
    name
    for name in REPLACED
    if name not in ("order of bases", "restored", "reduced", "view", "property of the metaclass")
]


@pytest.mark.parametrize("start", KNOWN)
def test_what_is_not_replaced_is_known(start: str) -> None:
    text, heads = REPLACED[start]
    *lines, _ = text.splitlines()
    if start in ("type checking", "code"):
        lines = lines[: -1 if start == "type checking" else -2]
    found = check_source(MODEL.format(start="\n".join(lines), heads=heads), keras="3.6.0")
    assert [one.code for one in found] == ["KER101"]


def test_a_module_that_is_reached_by_sys_modules_is_the_imported_one(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text('NAMES = ["zeta", "alpha"]\n')
    (tmp_path / "order.py").write_text('import sys\nsys.modules["settings"].NAMES = ["alpha", "zeta"]\n')
    program = tmp_path / "train.py"
    through_all = "import settings, sys\nfor module in sys.modules.values():\n    module.NAMES = ['alpha', 'zeta']"
    for imports, is_known in (("import settings, order", False), (through_all, False), ("import settings", True)):
        program.write_text(MODEL.format(start=imports, heads="settings.NAMES"))
        found = check_paths([program], isolated=True, keras="3.6.0")
        assert ("KER101" in [one.code for one in found]) == is_known


CHOICE = """\
import inspect
import keras
inputs = keras.Input((4,))
zeta = keras.layers.Dense(1, name="zeta")(inputs)
alpha = keras.layers.Dense(1, name="alpha")(inputs)
model = keras.Model(inputs, [zeta, alpha])
losses = {{"zeta": "mse", "alpha": "mae"}}
{choice}
model.compile("sgd", loss=losses)
model.fit(x, [y_zeta, y_alpha])
"""


@pytest.mark.parametrize(
    "test",
    [
        'hasattr(keras.ops, "diagflat")',
        '"diagflat" in dir(keras.ops)',
        'getattr(keras.ops, "diagflat", None) is not None',
        '"axis" in inspect.signature(keras.ops.diagflat).parameters',
    ],
)
def test_a_question_about_the_installed_keras_depends_on_the_version(test: str) -> None:
    choice = f"if not {test}:\n    losses = [losses[name] for name in model.output_names]"
    assert not check_source(CHOICE.format(choice=choice), keras="3.6.0")


def test_a_part_of_keras_that_may_be_missing() -> None:
    choice = (
        "try:\n    keras.ops.diagflat\n    model.compile('sgd', loss=losses)\nexcept AttributeError:\n"
        "    model.compile('sgd', loss=['mse', 'mae'])\nmodel.fit(x, [y_zeta, y_alpha])\nlosses = 'mse'"
    )
    assert not check_source(CHOICE.format(choice=choice), keras="3.6.0")
    always = choice.replace("keras.ops.diagflat", "keras.layers.Dense")
    assert [one.code for one in check_source(CHOICE.format(choice=always), keras="3.6.0")] == ["KER101"]


def test_an_error_that_the_program_expects_is_not_reported() -> None:
    choice = (
        "for metrics in (['mae'], [['mae'], ['mae']]):\n    try:\n"
        "        model.compile('sgd', ['mse', 'mae'], metrics=metrics)\n        model.fit(x, [y_zeta, y_alpha])\n"
        "        break\n    except ValueError:\n        print('again')\nlosses = 'mse'"
    )
    assert not check_source(CHOICE.format(choice=choice), keras="3.6.0")
    plain = "model.compile('sgd', ['mse', 'mae'], metrics=['mae'])\nmodel.fit(x, [y_zeta, y_alpha])\nlosses = 'mse'"
    assert [one.code for one in check_source(CHOICE.format(choice=plain), keras="3.6.0")] == ["KER116"]


@pytest.mark.parametrize(
    "copy",
    [
        "y.copy()",
        "y[:]",
        "np.asarray(y)",
        "np.array(y)",
        "np.copy(y)",
        "y.astype('float32')",
        "copy.deepcopy(y)",
        "keras.ops.cast(y, 'int8')",
    ],
)
def test_a_copy_is_the_same_target(copy: str) -> None:
    choice = (
        f"import copy\nimport numpy as np\ny = load()\nmodel.compile('sgd', loss=['mse', 'mae'])\n"
        f"model.fit(x, {{'zeta': {copy}, 'alpha': y}})\nlosses = 'mse'"
    )
    assert not check_source(CHOICE.format(choice=choice), keras="3.6.0")
    other = choice.replace("'alpha': y}", "'alpha': y[:, 1:]}")
    assert [one.code for one in check_source(CHOICE.format(choice=other), keras="3.6.0")] == ["KER103"]


def test_a_refusal_of_training_that_the_program_expects() -> None:
    choice = (
        "model.compile('sgd', ['mse', 'mae'], metrics=['mae'])\ntry:\n    model.fit(x, [y_zeta, y_alpha])\n"
        "except ValueError:\n    print('refused')\nlosses = 'mse'"
    )
    assert not check_source(CHOICE.format(choice=choice), keras="3.6.0")


@pytest.mark.parametrize("key", ["names.pop()", "(name := 'zeta')", "key('zeta')"])
def test_keys_that_do_something_stay_in_the_source(key: str) -> None:
    start = "names = ['zeta']\nkey = str\n"
    compiled = f"model.compile('sgd', loss={{{key}: 'mse', 'alpha': 'mae'}})\nmodel.fit(x, [y_zeta, y_alpha])\n"
    choice = f"{start}{compiled}losses = 'mse'"
    found = check_source(CHOICE.format(choice=choice), keras="3.6.0")
    assert [one.code for one in found] == ["KER101"]
    written = [edit.content for fix in found[0].fixes if fix.style == "tuple" for edit in fix.edits]
    assert not written or key in "".join(written)


SORTED = """\
import keras
inputs = keras.Input((4,))
outputs = {{name: keras.layers.Dense(1, name=name)(inputs) for name in ("zeta", "alpha")}}
model = keras.Model(inputs, outputs)
weights = {{"zeta": 1.0, "alpha": 0.1}}
model.compile("sgd", loss={{"zeta": "mse", "alpha": "mae"}}, loss_weights={weights})
model.fit(x, {{"zeta": y_zeta, "alpha": y_alpha}})
"""


def test_weights_that_are_sorted_as_keras_sorts() -> None:
    ordered, listed = (
        SORTED.format(weights=weights) for weights in ("[weights[name] for name in sorted(weights)]", "[1.0, 0.1]")
    )
    assert not check_source(ordered, keras="3.6.0")
    assert [one.code for one in check_source(listed, keras="3.6.0")] == ["KER113"]


COMPILED = """\
import keras
inputs = keras.Input((4,))
zeta = keras.layers.Dense(1, name="zeta")(inputs)
alpha = keras.layers.Dense(1, name="alpha")(inputs)
model = keras.Model(inputs, [zeta, alpha])
{before}
model.compile("sgd", loss={{"zeta": "mse", "alpha": "mae"}})
{after}
model.fit(x, [y_zeta, y_alpha])
"""
ORDERED = (
    "def ordered(self, optimizer, loss):\n"
    "    return original(self, optimizer, loss=[loss[name] for name in self.output_names])\n"
)


@pytest.mark.parametrize(
    "after",
    [
        'model._compile_loss = CompileLoss(["mse", "mae"], None)',
        'model._compile_loss._user_loss = ["mse", "mae"]',
        'setattr(model._compile_loss, "_user_loss", ["mse", "mae"])',
        'getattr(model, "_compile_loss")._user_loss = ["mse", "mae"]',
        'vars(model)["_compile_loss"]._user_loss = ["mse", "mae"]',
    ],
)
def test_nothing_is_said_where_the_inner_losses_of_a_model_may_be_replaced(after: str) -> None:
    assert check_source(COMPILED.format(before="", after=after), keras="3.6.0") == []


@pytest.mark.parametrize(
    "before",
    [
        "for base in type(model).__mro__:\n    if 'compile' in vars(base):\n        base.compile = ordered",
        "next(one for one in keras.Model.__mro__ if one.__name__ == 'Trainer').compile = ordered",
        "type(model).mro()[1].compile = ordered",
        "setattr(keras.Model.__bases__[-1], 'compile', ordered)",
    ],
)
def test_nothing_is_said_where_compile_is_replaced_in_a_base_class(before: str) -> None:
    found = check_source(
        COMPILED.format(before=f"original = keras.Model.compile\n{ORDERED}{before}", after=""), keras="3.6.0"
    )
    assert {one.code for one in found} <= {"KER003"}
