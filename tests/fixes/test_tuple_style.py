"""When the tuple fix is safe, when it is unsafe, when there is none, and what it writes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keraslint import check_source
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.fixes.apply import apply_fixes

MODEL = """\
import keras
from collections import OrderedDict

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
LOSS = 'loss={"small": "mse", "big": "mae"}'
TUPLE = 'loss=("mse", "mae")'
COMPILE = f'model.compile("adam", {LOSS})\n'
FIT = "model.fit(x, [a, b])\n"


def found(text: str, keras: str = "3.5.0") -> list[Diagnostic]:
    """The findings with their tuple fixes."""
    every = check_source(text, "program.py", keras=keras, select=["KER101", "KER104"])
    return [replace(one, fixes=tuple(fix for fix in one.fixes if fix.style == "tuple")) for one in every]


def kinds(body: str, keras: str = "3.5.0") -> list[str]:
    """Of each finding, what its fix is: safe, unsafe or none."""
    return [
        diagnostic.fixes[0].applicability.value if diagnostic.fixes else "none"
        for diagnostic in found(MODEL + body, keras)
    ]


def fixed_text(body: str, keras: str = "3.5.0", *, unsafe: bool = True) -> str:
    """The text below the model after all fixes; a second run must change nothing, and nothing may be refused."""

    def run(text: str) -> str:
        document = Document("program.py", text)
        result = apply_fixes(
            document, found(text, keras), unsafe=unsafe, style="tuple", recheck=lambda changed: found(changed, keras)
        )
        assert result.refused == ()
        return result.text

    once = run(MODEL + body)
    assert run(once) == once
    assert once.startswith(MODEL)
    return once.removeprefix(MODEL)


class TestWhichOutputs:
    """Condition 1: a flat list or tuple of at least two outputs with known, distinct names."""

    @pytest.mark.parametrize("outputs", ["[small, big]", "(small, big)"])
    def test_lists_and_tuples(self, outputs: str) -> None:
        body = f'other = keras.Model(inputs, {outputs})\nother.compile("adam", {LOSS})\nother.fit(x, [a, b])\n'
        assert kinds(body) == ["safe"]

    @pytest.mark.parametrize(
        "outputs", ['{"small": small, "big": big}', "[[small], big]", "[small, small]", "[small]", "outputs_of(inputs)"]
    )
    def test_no_others(self, outputs: str) -> None:
        body = f'other = keras.Model(inputs, {outputs})\nother.compile("adam", {LOSS})\nother.fit(x, [a, b])\n'
        assert [kind for kind in kinds(body) if kind != "none"] == []

    def test_a_swapped_ordered_dict_on_dict_outputs_is_found_and_not_rewritten(self) -> None:
        body = (
            'other = keras.Model(inputs, {"small": small, "big": big})\n'
            'other.compile("adam", loss=OrderedDict(small="mse", big="mae"))\n'
            'other.fit(x, {"small": a, "big": b})\n'
        )
        assert kinds(body) == ["none"]

    def test_one_call_on_models_with_different_outputs(self) -> None:
        body = (
            "def train(outputs):\n"
            "    other = keras.Model(inputs, outputs)\n"
            f'    other.compile("adam", {LOSS})\n'
            "    other.fit(x, [a, b])\n"
            "train([small, big])\n"
        )
        assert kinds(body) == ["unsafe"]
        assert kinds(body + "train([big, small])\n") == ["none"]
        assert kinds(body + "train(unseen())\n") == ["none"]


class TestWhichLosses:
    """Condition 2: exactly the outputs' names, no None, one-element lists unwrapped."""

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ('{"big": "mae", "small": "mse"}', '("mse", "mae")'),
            ('dict(big="mae", small="mse")', '("mse", "mae")'),
            ('OrderedDict([("big", "mae"), ("small", "mse")])', '("mse", "mae")'),
            ('dict((("small", "mse"), ("big", "mae")))', '("mse", "mae")'),
            ('{"small": ["mse"], "big": ("mae",)}', '("mse", "mae")'),
            ('dict([("small", ["mse"]), ("big", "mae")])', '("mse", "mae")'),
            (
                '{"small": keras.losses.Huber(0.5), "big": keras.losses.mae}',
                "(keras.losses.Huber(0.5), keras.losses.mae)",
            ),
            ('{"small": lambda y, p: p - y, "big": own.loss}', "(lambda y, p: p - y, own.loss)"),
            ('{f"sm{0 or \'all\'}": "mse", "big": "mae"}', '("mse", "mae")'),
        ],
    )
    def test_safe(self, written: str, expected: str) -> None:
        body = f'model.compile("adam", loss={written})\n{FIT}'
        assert kinds(body) == ["safe"]
        assert fixed_text(body, unsafe=False) == f'model.compile("adam", loss={expected})\n{FIT}'

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ('{"small": make(), "big": "mae"}', '(make(), "mae")'),
            ('{"small": "mse" if fast else "mae", "big": "msle"}', '("mse" if fast else "mae", "msle")'),
            ('{"small": (chosen := "mse"), "big": "mae"}', '((chosen := "mse"), "mae")'),
            ('{"small": lambda y, p, k=make(): p, "big": "mae"}', '(lambda y, p, k=make(): p, "mae")'),
            ('{"small": table[0], "big": "mae"}', '(table[0], "mae")'),
        ],
    )
    def test_unsafe_where_the_moment_of_evaluation_may_matter(self, written: str, expected: str) -> None:
        body = f'model.compile("adam", loss={written})\n{FIT}'
        assert kinds(body) == ["unsafe"]
        assert fixed_text(body, unsafe=False) == body
        assert fixed_text(body) == f'model.compile("adam", loss={expected})\n{FIT}'

    @pytest.mark.parametrize(
        "written",
        [
            '{"small": "mse", "big": "mae", "small": "mse"}',
            'OrderedDict([("big", "mae"),  # not lost\n ("small", "mse")])',
            '{"small": "mse", "big": missing} if (missing := None) else {"small": "mse", "big": "mae"}',
        ],
    )
    def test_none_where_it_is_no_plain_display(self, written: str) -> None:
        assert [kind for kind in kinds(f'model.compile("adam", loss={written})\n{FIT}') if kind != "none"] == []

    @pytest.mark.parametrize(
        "written",
        [
            '{**{"small": "mse"}, "big": "mae"}',
            '{name: loss for name, loss in (("small", "mse"), ("big", "mae"))}',
            'dict(zip(["small", "big"], ["mse", "mae"]))',
            'dict({"small": "mse"}, big="mae")',
            'dict([("small", "mse")], big="mae")',
            '{"small": "mse"} | {"big": "mae"}',
            "given()",
            '{"big": made(), "small": "mse"}',
        ],
    )
    @pytest.mark.parametrize("optimizer", ['"adam"', "chosen", "keras.optimizers.Adam(0.1)"])
    def test_what_makes_a_dict_is_held_in_a_variable(self, written: str, optimizer: str) -> None:
        functions = 'def given():\n    return {"small": "mse", "big": "mae"}\ndef made():\n    return "mae"\n'
        body = functions + f"history = model.compile({optimizer}, loss={written})\n{FIT}"
        bound = (
            f"losses_by_name = {written}\n"
            f'history = model.compile({optimizer}, loss=(losses_by_name["small"], losses_by_name["big"]))\n{FIT}'
        )
        assert kinds(body) == ["safe"]
        assert fixed_text(body, unsafe=False) == functions + bound

    @pytest.mark.parametrize(
        "call",
        [
            "model.compile(chosen(), loss={})",
            "models[0].compile('adam', loss={})",
            "if chosen: model.compile('adam', loss={})",
            "other = 1; model.compile('adam', loss={})",
            "print(model.compile('adam', loss={}))",
            "model.compile(own.optimizer, loss={})",
            "class Made:\n    model.compile('adam', loss={})",
        ],
    )
    def test_none_where_nothing_can_stand_before_the_call(self, call: str) -> None:
        body = 'def given():\n    return {"small": "mse", "big": "mae"}\nmodels = [model]\n'
        assert kinds(f"{body}{call.format('given()')}\n{FIT}") == ["none"]

    def test_none_where_a_function_binds_what_the_call_reads(self) -> None:
        given = "def given():\n    global chosen\n    chosen = 'sgd'\n    return {'small': 'mse', 'big': 'mae'}\n"
        assert kinds(f'chosen = "adam"\n{given}model.compile(chosen, loss=given())\n{FIT}') == ["none"]

    @pytest.mark.parametrize(
        ("before", "call"),
        [
            ("settings = dict(loss={})\n", 'model.compile("adam", **settings)'),
            ('settings = {{"optimizer": "adam", "loss": {}}}\n', "model.compile(**settings)"),
            ('settings = {{"optimizer": "adam"}}\nsettings["loss"] = {}\n', "model.compile(**settings)"),
            ('losses = {}\nsettings = {{"optimizer": "adam", "loss": losses}}\n', "model.compile(**settings)"),
        ],
    )
    def test_keyword_arguments_are_rewritten_where_they_are_displayed(self, before: str, call: str) -> None:
        given = before.format('{"small": "mse", "big": "mae"}') + f"{call}\n{FIT}"
        assert kinds(given) == ["safe"]
        assert fixed_text(given, unsafe=False) == before.format('("mse", "mae")') + f"{call}\n{FIT}"
        assert kinds(f"{given}print(settings)\n") == ["none"]
        assert kinds(f"{given}settings = None\n") == ["none"]

    def test_keyword_arguments_for_a_model_that_callers_pass(self) -> None:
        body = 'settings = {"loss": {"small": "mse", "big": "mae"}}\n'
        train = f'def train(model):\n    model.compile("adam", **settings)\n    {FIT}train(model)\n'
        assert kinds(body + train) == ["none"]

    def test_a_display_is_rewritten_where_a_function_is_given_it(self) -> None:
        helper = "def train(net, losses):\n    net.compile('adam', loss=losses)\n    net.fit(x, [a, b])\n"
        call = 'train(model, {"small": "mse", "big": "mae"})\n'
        assert kinds(helper + call) == ["safe"]
        assert fixed_text(helper + call, unsafe=False) == helper + 'train(model, ("mse", "mae"))\n'
        assert kinds(helper.replace("    net.fit", "    print(losses)\n    net.fit") + call) == ["unsafe"]
        assert kinds(helper + "train = print if x else train\n" + call) != ["safe"]
        assert kinds("@wrapped\n" + helper + call) != ["safe"]

    def test_a_display_in_a_class_is_rewritten_there(self) -> None:
        body = (
            "class Task:\n    def learn(self, seen):\n        net = self.made()\n"
            "        net.compile('adam', self.losses)\n        net.fit(seen, [a, b])\n"
            'class Ships(Task):\n    losses = {"small": "mse", "big": "mae"}\n'
            "    def made(self):\n        return keras.Model(inputs, [small, big])\nShips().learn(x)\n"
        )
        assert kinds(body) == ["safe"]
        assert fixed_text(body, unsafe=False) == body.replace('{"small": "mse", "big": "mae"}', '("mse", "mae")')
        assert kinds(f"{body}print(Ships.losses)\n") == ["unsafe"]
        assert kinds(f'{body}print(getattr(Ships, "losses"))\n') == ["unsafe"]

    @pytest.mark.parametrize("big", ["None", "nothing"])
    def test_none_where_a_loss_is_none(self, big: str) -> None:
        """(None, f) raises on 3.6.0 and moves on 3.4.1."""
        display = f'nothing = None\nmodel.compile("adam", loss={{"small": {big}, "big": "mse"}})\n{FIT}'
        assert kinds(display) == ["none"]
        variable = f'losses = {{"small": None, "big": "mse"}}\nmodel.compile("adam", loss=losses)\n{FIT}'
        assert kinds(variable) == ["none"]

    def test_a_variable_is_read_at_the_call_and_its_binding_stays(self) -> None:
        body = f'losses = {{"small": "mse", "big": "mae"}}\nmodel.compile("adam", loss=losses)\n{FIT}print(losses)\n'
        assert kinds(body) == ["safe"]
        assert fixed_text(body) == body.replace("loss=losses", 'loss=(losses["small"], losses["big"])')

    def test_none_where_the_same_call_first_runs_with_something_else(self) -> None:
        """Nothing is trained with the list, but its items have no names."""
        loop = "for losses in ({}, {{'small': 'mse', 'big': 'mae'}}):\n    model.compile('adam', loss=losses)\n" + FIT
        assert kinds(loop.format("['mse', 'mae']")) == ["none"]
        assert kinds(loop.format("None")) == ["none"]
        assert kinds(loop.format("{'big': 'mae', 'small': 'mse'}")) == ["safe"]

    def test_a_variable_with_a_list_in_it(self) -> None:
        body = f'losses = {{"small": ["mse"], "big": "mae"}}\nmodel.compile("adam", losses)\n{FIT}'
        assert fixed_text(body) == body.replace(", losses)", ', (losses["small"][0], losses["big"]))')

    def test_an_attribute(self) -> None:
        body = (
            f'class Config:\n    losses = {{"small": "mse", "big": "mae"}}\nmodel.compile("adam", Config.losses)\n{FIT}'
        )
        assert fixed_text(body).endswith(f'"adam", (Config.losses["small"], Config.losses["big"]))\n{FIT}')

    @pytest.mark.parametrize(
        "getter",
        [
            "class Made:\n    def __get__(self, *_):\n        return losses()\nclass Config:\n    losses = Made()\n",
            "class Config:\n    @property\n    def losses(self):\n        return losses()\n",
        ],
    )
    def test_an_attribute_that_is_made_anew_is_not_read_twice(self, getter: str) -> None:
        body = f'def losses():\n    return {{"small": "mse", "big": "mae"}}\n{getter}config = Config()\n'
        assert kinds(f'{body}model.compile("adam", loss=config.losses)\n{FIT}') == ["none"]

    def test_an_attribute_on_two_lines(self) -> None:
        body = 'class Config:\n    losses = {"small": "mse", "big": "mae"}\n'
        compiled = 'model.compile("adam", loss=Config \\\n    .losses)\n'
        expected = 'model.compile("adam", loss=(Config.losses["small"], Config.losses["big"]))\n'
        assert fixed_text(body + compiled + FIT) == body + expected + FIT

    def test_an_attribute_with_a_comment_in_it_is_not_written_twice(self) -> None:
        body = (
            'class Config:\n    losses = {"small": "mse", "big": "mae"}\n'
            f'model.compile("adam", loss=(Config  # ours\n    .losses))\n{FIT}'
        )
        assert kinds(body) == ["none"]

    def test_losses_that_come_from_elsewhere_are_left_alone(self) -> None:
        settings = 'settings = {"losses": {"small": "mse", "big": "mae"}}\n'
        assert kinds(f'{settings}model.compile("adam", settings["losses"])\n{FIT}') == ["none"]
        assert kinds(f'more = dict({LOSS})\nmodel.compile("adam", **more)\n{FIT}print(more)\n') == ["none"]

    @pytest.mark.parametrize(
        ("others", "kind"),
        [
            ('train({"small": "msle", "big": "mae"})', "unsafe"),
            ('train({"small": ["msle"], "big": "mae"})', "none"),
            ('train(["mse", "mae"])', "none"),
            ('train("mse")', "none"),
            ("train(unseen())", "none"),
        ],
    )
    def test_a_parameter_must_be_such_a_dict_whenever_the_call_runs(self, others: str, kind: str) -> None:
        body = (
            "def train(loss):\n"
            "    other = keras.Model(inputs, [small, big])\n"
            '    other.compile("adam", loss)\n'
            "    other.fit(x, [a, b])\n"
            f'train({{"small": "mse", "big": "mae"}})\n{others}\n'
        )
        assert kinds(body) == [kind]


class TestWeights:
    """Condition 3: a dict of weights becomes a tuple of floats in the same edit."""

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ('{"small": 1.0, "big": 0.2}', "(1.0, 0.2)"),
            ('{"big": 2, "small": 1}', "(1.0, 2.0)"),
            ('{"small": -1, "big": 1_000}', "(-1.0, 1_000.0)"),
            ('{"small": 0x10, "big": 1 / 3}', "(float(0x10), 1 / 3)"),
            ("dict(small=3, big=0.5)", "(3.0, 0.5)"),
            ('OrderedDict([("big", 1), ("small", 2)])', "(2.0, 1.0)"),
            ("[1, 2]", "[1, 2]"),
            ("(0.5, 2)", "(0.5, 2)"),
            ("None", "None"),
        ],
    )
    def test_safe(self, written: str, expected: str) -> None:
        body = f'model.compile("adam", {LOSS}, loss_weights={written})\n{FIT}'
        assert kinds(body) == ["safe"]
        assert fixed_text(body) == f'model.compile("adam", {TUPLE}, loss_weights={expected})\n{FIT}'

    def test_a_missing_weight_is_1(self) -> None:
        body = f'model.compile("adam", "mse", loss_weights={{"big": 2.0}})\n{FIT}'
        assert kinds(body, "3.7.0") == ["safe"]
        assert fixed_text(body, "3.7.0") == f'model.compile("adam", ("mse", "mse"), loss_weights=(1.0, 2.0))\n{FIT}'

    def test_a_missing_weight_of_a_variable(self) -> None:
        body = f'weights = {{"small": 2}}\nmodel.compile("adam", "mse", loss_weights=weights)\n{FIT}'
        assert fixed_text(body, "3.7.0").endswith(
            f'("mse", "mse"), loss_weights=(float(weights["small"]), 1.0))\n{FIT}'
        )

    def test_arithmetic_on_known_numbers_may_change_its_order(self) -> None:
        compiled = f'model.compile("adam", {LOSS}, loss_weights={{"big": 2 * alpha, "small": 1 - alpha}})\n{FIT}'
        body = "alpha = 0.25\n" + compiled
        assert kinds(body) == ["safe"]
        assert "loss_weights=(1 - alpha, 2 * alpha))" in fixed_text(body, unsafe=False)
        assert kinds(compiled) == ["unsafe"]

    def test_a_name_of_an_integer(self) -> None:
        body = f'three = 3\nmodel.compile("adam", {LOSS}, loss_weights={{"small": three, "big": 0.5}})\n{FIT}'
        assert fixed_text(body).endswith(f"loss_weights=(float(three), 0.5))\n{FIT}")

    def test_unsafe_where_the_number_is_not_seen(self) -> None:
        body = f'model.compile("adam", {LOSS}, loss_weights={{"small": weight, "big": 0.5}})\n{FIT}'
        assert kinds(body) == ["unsafe"]
        assert fixed_text(body) == f'model.compile("adam", {TUPLE}, loss_weights=(weight, 0.5))\n{FIT}'

    @pytest.mark.parametrize("weights", ["weights", '{"small": None, "big": 2.0}', '{"small": 1, **more}'])
    def test_none_where_the_weights_are_not_seen(self, weights: str) -> None:
        """They may be a dict, which a tuple of losses would misroute on every release since 3.5.0."""
        assert kinds(f'model.compile("adam", {LOSS}, loss_weights={weights})\n{FIT}') == ["none"]

    def test_a_parameter_that_is_not_always_a_dict(self) -> None:
        body = (
            "def train(weights=None):\n"
            "    other = keras.Model(inputs, [small, big])\n"
            f'    other.compile("adam", {LOSS}, loss_weights=weights)\n'
            "    other.fit(x, [a, b])\n"
            'train({"small": 1.0, "big": 2.0})\n'
        )
        assert kinds(body) == ["unsafe"]
        assert kinds(body + "train()\n") == ["none"]

    def test_a_loss_for_all_is_written_out_only_where_it_is_a_name(self) -> None:
        weights = 'loss_weights={"small": 1.0, "big": 2.0}'
        assert fixed_text(f'one = keras.losses.Huber()\nmodel.compile("adam", one, {weights})\n{FIT}').endswith(
            f'model.compile("adam", (one, one), loss_weights=(1.0, 2.0))\n{FIT}'
        )
        assert kinds(f'model.compile("adam", keras.losses.Huber(), {weights})\n{FIT}') == ["none"]

    def test_beside_a_list_of_losses_only_the_weights_are_rewritten(self) -> None:
        body = f'model.compile("adam", ["mse", "mae"], loss_weights={{"small": 1, "big": 2}})\n{FIT}'
        assert kinds(body, "3.15.1") == ["safe"]
        assert fixed_text(body, "3.15.1") == f'model.compile("adam", ["mse", "mae"], loss_weights=(1.0, 2.0))\n{FIT}'


class TestTargets:
    """Condition 4: every training call in view, and dict targets and sample weights rewritten with the losses."""

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ('fit(x, {"big": b, "small": a})', "fit(x, (a, b))"),
            ("fit(x=x, y=dict(big=b, small=a), epochs=2)", "fit(x=x, y=(a, b), epochs=2)"),
            ('train_on_batch(x, {"small": a, "big": b})', "train_on_batch(x, (a, b))"),
            (
                "fit(x, {'small': a, 'big': b}, sample_weight={'big': t, 'small': s})",
                "fit(x, (a, b), sample_weight=(s, t))",
            ),
            (
                'fit(x, [a, b], validation_data=(v, {"small": c, "big": d}))',
                "fit(x, [a, b], validation_data=(v, (c, d)))",
            ),
            (
                'fit(x, [a, b], validation_data=(v, {"small": c, "big": d}, {"small": s, "big": t}))',
                "fit(x, [a, b], validation_data=(v, (c, d), (s, t)))",
            ),
        ],
    )
    def test_safe(self, before: str, after: str) -> None:
        body = f"{COMPILE}model.{before}\n"
        assert kinds(body) == ["safe"]
        assert fixed_text(body) == f'model.compile("adam", {TUPLE})\nmodel.{after}\n'

    def test_every_call_is_rewritten(self) -> None:
        calls = 'model.{}(x, {{"small": a, "big": b}})\n'
        methods = ["fit", "evaluate", "train_on_batch", "test_on_batch"]
        body = COMPILE + "".join(calls.format(method) for method in methods)
        assert kinds(body) == ["safe"]
        assert fixed_text(body) == f'model.compile("adam", {TUPLE})\n' + "".join(
            f"model.{method}(x, (a, b))\n" for method in methods
        )

    def test_a_variable(self) -> None:
        body = f'targets = {{"small": a, "big": b}}\n{COMPILE}model.fit(x, targets)\n'
        assert kinds(body) == ["safe"]
        assert fixed_text(body).endswith('model.fit(x, (targets["small"], targets["big"]))\n')

    @pytest.mark.parametrize(
        "call",
        [
            "fit(x, y)",
            "fit(data)",
            "fit(*data)",
            "fit(x, [a, b], validation_data=validation)",
            "fit(x, [a, b], **options)",
            'fit(x, {"small": a, "big": b}, sample_weight=weights)',
            'fit(x, {"small": targets[:, 0], "big": targets[:, 1:]})',
            'fit(x, {"small": make(), "big": b})',
        ],
    )
    def test_unsafe_where_something_is_not_seen(self, call: str) -> None:
        assert kinds(f"{COMPILE}model.{call}\n") == ["unsafe"]

    @pytest.mark.parametrize(
        "body",
        [
            COMPILE,
            f"{COMPILE}handed_on(model)\n{FIT}",
            f"{COMPILE}registry['model'] = model\n{FIT}",
            f"{COMPILE}{FIT}model.evaluate(x, y)\n",
            f'def build():\n    m = keras.Model(inputs, [small, big])\n    m.compile("adam", {LOSS})\n    return m\n',
        ],
    )
    def test_unsafe_where_others_may_train_the_model(self, body: str) -> None:
        assert kinds(body) == ["unsafe"]

    @pytest.mark.parametrize(
        ("trained", "kind"),
        [
            ("for _ in range(rounds):\n        {}\n    return m", "safe"),
            ("while rounds():\n        {}\n    return m", "safe"),
            ("while True:\n        {}\n        if rounds():\n            return m", "safe"),
            ("for _ in range(rounds):\n        if rounds:\n            {}\n    return m", "unsafe"),
            ("if rounds:\n        {}\n    return m", "unsafe"),
            ("if rounds:\n        for _ in range(rounds):\n            {}\n    return m", "unsafe"),
            ("for _ in range(rounds):\n        handed_on(m)\n        {}\n    return m", "unsafe"),
        ],
    )
    def test_a_model_that_a_loop_trains_before_it_is_returned(self, trained: str, kind: str) -> None:
        made = f"    m = keras.Model(inputs, [small, big])\n    m.compile('adam', {LOSS})\n"
        assert kinds(f"def build(rounds):\n{made}    {trained.format('m.fit(x, [a, b])')}\n") == [kind]

    def test_items_of_known_arrays_whose_order_stays(self) -> None:
        table = 'import numpy as np\ntable = {"small": np.ones((4, 1)), "big": np.zeros((4, 2))}\n'
        fit = 'model.fit(x, {"small": table["small"], "big": table["big"][:]})\n'
        assert kinds(table + COMPILE + fit) == ["safe"]
        assert fixed_text(table + COMPILE + fit, unsafe=False).endswith('(x, (table["small"], table["big"][:]))\n')
        assert kinds(table + COMPILE + 'model.fit(x, {"big": table["big"][:], "small": table["small"]})\n') == ["safe"]
        made = 'model.fit(made(), {"big": table["big"][:], "small": table["small"]})\n'
        assert kinds(table + COMPILE + made) == ["unsafe"]

    def test_safe_where_the_model_goes_elsewhere_afterwards(self) -> None:
        assert kinds(f"{COMPILE}{FIT}handed_on(model)\n") == ["safe"]

    def test_none_where_the_dict_is_built_elsewhere(self) -> None:
        body = f'data = (v, {{"small": c, "big": d}})\n{COMPILE}model.fit(x, [a, b], validation_data=data)\n'
        assert kinds(body) == ["none"]

    def test_a_list_in_a_dict_of_targets_is_never_unwrapped(self) -> None:
        """It is a batch of one row, or no target at all."""
        body = f'model.compile("adam", {LOSS})\nmodel.fit(x, {{"small": [a], "big": b}})\n'
        assert [kind for kind in kinds(body) if kind != "none"] == []

    @pytest.mark.parametrize(
        "other",
        [
            'keras.Model(inputs, {"small": small, "big": big})',
            "keras.Model(inputs, [big, small])",
            "keras.models.load_model('other.keras')",
        ],
    )
    @pytest.mark.parametrize("compiled", ['other.compile("adam", "mse")\n', ""])
    def test_a_call_that_also_trains_another_model(self, other: str, compiled: str) -> None:
        body = f"other = {other}\n{compiled}{COMPILE}for one in (model, other):\n    one.fit(x, "
        assert kinds(body + '{"small": a, "big": b})\n') == ["none"]
        assert kinds(body + "[a, b])\n") == ["safe"]

    def test_a_call_that_also_trains_a_model_with_a_training_step_of_its_own(self) -> None:
        body = (
            "class Own(keras.Model):\n"
            "    def train_step(self, data):\n"
            '        return {"loss": data[1]["small"]}\n'
            f'other = Own(inputs, [small, big])\nother.compile("adam", {LOSS})\n{COMPILE}'
            'for one in (model, other):\n    one.fit(x, {"small": a, "big": b})\n'
        )
        assert kinds(body) == ["none"]

    @pytest.mark.parametrize("other", ["keras.models.load_model('other.keras')", "unseen()"])
    def test_a_call_that_may_train_another_model(self, other: str) -> None:
        body = (
            f"if resume:\n    one = {other}\n"
            f'else:\n    one = keras.Model(inputs, [small, big])\n    one.compile("adam", {LOSS})\n'
            'one.fit(x, {"small": a, "big": b})\n'
        )
        assert kinds(body) == ["none"]

    @pytest.mark.parametrize(
        ("others", "kind"),
        [
            ('train({"big": d, "small": c})', "unsafe"),
            ("train([c, d])", "none"),
            ("train(unseen())", "none"),
            ('train({"small": c})', "none"),
        ],
    )
    def test_targets_must_be_such_a_dict_whenever_the_call_runs(self, others: str, kind: str) -> None:
        body = f'def train(y):\n    model.fit(x, y)\n{COMPILE}train({{"small": a, "big": b}})\n{others}\n'
        assert kinds(body) == [kind]


class TestWhoElseReads:
    """Condition 5: nobody reads the losses by name."""

    @pytest.mark.parametrize("reader", ["model.loss", "model.loss_weights", 'getattr(model, "loss")'])
    def test_none_where_the_program_reads_them(self, reader: str) -> None:
        assert kinds(f"{COMPILE}{FIT}print({reader})\n") == ["none"]

    def test_safe_where_it_reads_something_else(self) -> None:
        assert kinds(f"{COMPILE}{FIT}print(model.losses, model.name)\n") == ["safe"]

    @pytest.mark.parametrize(
        "reader",
        [
            "json.loads(model.to_json())['compile_config']",
            "h5py.File('m.h5').attrs.get('training_config')",
            "'compile_config' in settings",
            "zipfile.ZipFile('m.keras').read('config.json')",
        ],
    )
    def test_none_where_the_settings_of_a_saved_model_are_read(self, reader: str) -> None:
        assert kinds(f"{COMPILE}{FIT}print({reader})\n") == ["none"]

    @pytest.mark.parametrize(
        "reader",
        [
            "'{0.loss[small]}'.format(model)",
            "TEMPLATE.format(made=model)",
            "model.__getattribute__('loss')['small']",
            "object.__getattribute__(model, 'loss_weights')",
            "dict(inspect.getmembers(model))",
            "[one.loss for one in gc.get_objects() if isinstance(one, keras.Model)]",
            "'small' in model.to_json()",
            "hashlib.md5(model.to_json().encode()).hexdigest()",
        ],
    )
    def test_none_where_they_are_read_by_another_way(self, reader: str) -> None:
        assert kinds(f"TEMPLATE = '{{made.loss}}'\n{COMPILE}{FIT}print({reader})\n") == ["none"]

    def test_the_text_of_a_model_may_be_written(self) -> None:
        assert kinds(f"{COMPILE}{FIT}open('model.json', 'w').write(model.to_json())\n") == ["safe"]

    @pytest.mark.parametrize("copied", ["copy.deepcopy(model)", "pickle.loads(pickle.dumps(model))"])
    def test_unsafe_where_a_copy_is_trained_on_a_dict(self, copied: str) -> None:
        start = f"import copy, pickle\n{COMPILE}{FIT}twin = {copied}\n"
        assert kinds(f"{start}twin.evaluate(x, {{'small': a, 'big': b}})\n") == ["unsafe"]
        assert kinds(f"{start}twin.predict(x)\n") == ["safe"]

    def test_an_archive_or_a_file_of_settings_alone_says_nothing(self) -> None:
        rest = "print(open('config.json').read())\n"
        assert kinds(f"{COMPILE}{FIT}{rest}") == ["safe"]
        assert kinds(f"{COMPILE}{FIT}print(zipfile.ZipFile('data.zip').read('a.csv'))\n") == ["safe"]

    @pytest.mark.parametrize("method", ["compile", "compute_loss", "compute_metrics", "train_step", "test_step"])
    def test_nothing_is_said_of_a_class_that_routes_by_itself(self, method: str) -> None:
        body = (
            f"class Own(keras.Model):\n    def {method}(self, *args, **kwargs):\n        return act(self, args)\n"
            f'own = Own(inputs, [small, big])\nown.compile("adam", {LOSS})\nown.fit(x, [a, b])\n'
        )
        assert kinds(body) == []

    def test_a_class_that_changes_nothing_of_it(self) -> None:
        body = (
            "class Own(keras.Model):\n    pass\n"
            f'own = Own(inputs, [small, big])\nown.compile("adam", {LOSS})\nown.fit(x, [a, b])\n'
        )
        assert kinds(body) == ["safe"]


class TestWhatMayHappenMeanwhile:
    """A branch that is not known, and callbacks of the program: what they do counts before a fix is called safe."""

    BRANCH = "import sys\nif len(sys.argv) > 5:\n    {}\n"
    CALLBACK = "class Own(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n        {}\n"

    @pytest.mark.parametrize(
        ("before", "branch", "loss", "kind"),
        [
            ('losses = {"small": "mse", "big": "mae"}', 'losses["small"] = None', "losses", "unsafe"),
            ('losses = {"small": "mse", "big": "mae"}', 'losses["small"] = ["mse"]', "losses", "unsafe"),
            ('one = "mse"', "one = None", '{"small": one, "big": "mae"}', "unsafe"),
            ('losses = {"small": "mse", "big": "mae"}', "losses = None", "losses", "none"),
        ],
    )
    def test_a_loss_that_may_be_none(self, before: str, branch: str, loss: str, kind: str) -> None:
        """(None, f) raises on 3.6.0 and moves on 3.4.1, where the dict is right."""
        body = f'{before}\n{self.BRANCH.format(branch)}model.compile("adam", loss={loss})\n{FIT}'
        assert kinds(body) == [kind]

    @pytest.mark.parametrize(("branch", "kind"), [("weights = None", "none"), ('weights["big"] = None', "unsafe")])
    def test_weights_that_may_be_none(self, branch: str, kind: str) -> None:
        body = (
            f'weights = {{"small": 1.0, "big": 2.0}}\n{self.BRANCH.format(branch)}'
            f'model.compile("adam", {LOSS}, loss_weights=weights)\n{FIT}'
        )
        assert kinds(body) == [kind]

    @pytest.mark.parametrize(
        ("act", "kind"),
        [
            ("print(self.model.name)", "safe"),
            ('self.model.evaluate(x, {"small": a, "big": b})', "safe"),
            ("self.model.evaluate(x, targets_of(epoch))", "unsafe"),
            ('weights["big"] *= 2', "none"),
            ("print(self.model.get_compile_config())", "none"),
            ("print(self.model.compute_loss(y=a, y_pred=b))", "unsafe"),
        ],
    )
    def test_what_a_callback_does(self, act: str, kind: str) -> None:
        """Keras 3.4.1 reads the weights after on_train_begin."""
        body = (
            f'weights = {{"small": 1.0, "big": 2.0}}\n{self.CALLBACK.format(act)}'
            f'model.compile("adam", {LOSS}, loss_weights=weights)\n'
            "model.fit(x, [a, b], callbacks=[Own()])\n"
        )
        assert kinds(body) == [kind]

    def test_a_callback_is_handed_the_weights(self) -> None:
        body = (
            "class Own(keras.callbacks.Callback):\n    def __init__(self, held):\n        self.held = held\n"
            '    def on_train_begin(self, logs=None):\n        self.held["big"] = 7.0\n'
            f'weights = {{"small": 1.0, "big": 2.0}}\nmodel.compile("adam", {LOSS}, loss_weights=weights)\n'
            "model.fit(x, [a, b], callbacks=[Own(weights)])\n"
        )
        assert kinds(body) == ["none"]

    @pytest.mark.parametrize(
        ("method", "callbacks"),
        [
            ("def set_model(self, model):\n        print(model.loss)", "[Own()]"),
            ("def on_epoch_end(self, epoch, logs=None):\n        print(self.model.loss)", "Own()"),
            (
                "def on_epoch_end(self, epoch, logs=None):\n        print(self.model.loss)",
                "keras.callbacks.CallbackList([Own()], model=model)",
            ),
        ],
    )
    def test_callbacks_however_they_are_handed_over(self, method: str, callbacks: str) -> None:
        own = f"class Own(keras.callbacks.Callback):\n    {method}\n"
        assert kinds(f"{own}{COMPILE}model.fit(x, [a, b], callbacks={callbacks})\n") == ["none"]

    @pytest.mark.parametrize(
        "after", ["weights = None", "weights = [1.0, 2.0]", 'weights["big"] = [2.0]', 'weights.pop("big")']
    )
    @pytest.mark.parametrize("loop", ["for _ in sys.argv:", "while unseen():"])
    def test_what_a_loop_changes_for_its_next_turn(self, loop: str, after: str) -> None:
        turn = f'    model.compile("adam", {LOSS}, loss_weights=weights)\n    {FIT}    {after}\n'
        body = f'import sys\nweights = {{"small": 1.0, "big": 2.0}}\n{loop}\n{turn}'
        assert [kind for kind in kinds(body) if kind == "safe"] == []

    def test_a_loop_that_changes_nothing_of_it(self) -> None:
        turn = f'    model.compile("adam", {LOSS}, loss_weights=weights)\n    {FIT}    best = model.history\n'
        body = f'best, weights = None, {{"small": 1.0, "big": 2.0}}\nfor _ in unseen():\n{turn}'
        assert kinds(body) == ["safe"]

    def test_targets_in_a_callback_are_rewritten_too(self) -> None:
        evaluates = 'lambda epoch, logs: model.evaluate(x, {"small": a, "big": b})'
        body = (
            f"{COMPILE}watch = keras.callbacks.LambdaCallback(on_epoch_end={evaluates})\n"
            "model.fit(x, [a, b], callbacks=[watch])\n"
        )
        assert fixed_text(body, unsafe=False) == body.replace(LOSS, TUPLE).replace('{"small": a, "big": b}', "(a, b)")

    @pytest.mark.parametrize("method", ["compute_loss", "train_step", "test_step", "compute_metrics"])
    def test_unsafe_where_the_program_computes_losses_by_itself(self, method: str) -> None:
        (fix,) = [fix for one in found(f"{MODEL}{COMPILE}{FIT}model.{method}(x, y)\n") for fix in one.fixes]
        assert "losses computed in a way that is not followed" in fix.message

    @pytest.mark.parametrize(
        "call",
        [
            'pool.submit(model.evaluate, x, {"small": a, "big": b})',
            'Thread(target=model.evaluate, args=(x, {"small": a, "big": b})).start()',
            'getattr(model, sys.argv[1])(x, {"small": a, "big": b})',
        ],
    )
    def test_unsafe_where_a_method_of_the_model_is_called_out_of_view(self, call: str) -> None:
        body = f"import sys\nfrom threading import Thread\nfrom pools import pool\n{COMPILE}{FIT}"
        assert kinds(body + "pool.submit(model.summary)\n") == ["safe"]
        assert kinds(f"{body}{call}\n") == ["unsafe"]

    def test_none_where_a_class_names_the_outputs_itself(self) -> None:
        own = 'class Own(keras.Model):\n    @property\n    def output_names(self):\n        return ["big", "small"]\n'
        assert kinds(f'{own}own = Own(inputs, [small, big])\nown.compile("adam", {LOSS})\nown.fit(x, [a, b])\n') == []

    @pytest.mark.parametrize("method", ["call", "__call__"])
    def test_none_where_another_call_decides_what_the_outputs_are(self, method: str) -> None:
        """Measured: such a model with a dict of outputs is misrouted by a tuple from 3.5.0 on."""
        own = (
            f"class Own(keras.Model):\n    def {method}(self, inputs):\n"
            f'        one, two = super().{method}(inputs)\n        return {{"small": one, "big": two}}\n'
            f'own = Own(inputs, [small, big])\nown.compile("adam", {LOSS})\nown.fit(x, {{"small": a, "big": b}})\n'
        )
        assert kinds(own) == []
        assert kinds(f'model.{method} = other\n{COMPILE}model.fit(x, {{"small": a, "big": b}})\n') == []


class TestText:
    def test_two_findings(self) -> None:
        second = 'model.compile("sgd", loss={"big": "msle", "small": "mse"})\n'
        body = COMPILE + FIT + second + FIT
        assert kinds(body) == ["safe", "safe"]
        assert (
            fixed_text(body)
            == f'model.compile("adam", {TUPLE})\n{FIT}model.compile("sgd", loss=("mse", "msle"))\n{FIT}'
        )

    def test_two_compile_calls_with_one_training_call(self) -> None:
        body = (
            f'if fast:\n    model.compile("sgd", {LOSS})\nelse:\n    model.compile("adam", {LOSS})\n'
            'model.fit(x, {"small": a, "big": b})\n'
        )
        assert kinds(body) == ["safe", "safe"]
        assert fixed_text(body).count(TUPLE) == 2
        assert fixed_text(body).endswith("model.fit(x, (a, b))\n")

    def test_comments_and_layout_stay(self) -> None:
        body = """\
tiny = keras.layers.Dense(2, name="a")(inputs)
three = keras.Model(inputs, (small, big, tiny))
three.compile(
    "adam",
    loss={  # one for each
        # the first
        "small": "mse",  # s
        # the last
        "a": "mae",  # a
        "big": "msle",
        # that is all
    },
    loss_weights={"a": 2, "big": 3, "small": 4},  # heavy
)
three.fit(x, [1, 2, 3])
"""
        assert (
            fixed_text(body)
            == """\
tiny = keras.layers.Dense(2, name="a")(inputs)
three = keras.Model(inputs, (small, big, tiny))
three.compile(
    "adam",
    loss=(  # one for each
        # the first
        "mse",  # s
        "msle",
        # the last
        "mae",  # a
        # that is all
    ),
    loss_weights=(4.0, 3.0, 2.0),  # heavy
)
three.fit(x, [1, 2, 3])
"""
        )

    def test_line_ends_and_wide_characters(self) -> None:
        before = 'model.compile("\N{GRINNING FACE}é", loss={\n    "small": "mse",  # ä\n    "big": "mae",\n})\n'
        after = 'model.compile("\N{GRINNING FACE}é", loss=(\n    "mse",  # ä\n    "mae",\n))\n'
        text = (MODEL + before + FIT).replace("\n", "\r\n")
        result = apply_fixes(Document("p.py", text), found(text), unsafe=False, style="tuple", recheck=found)
        assert result.text == (MODEL + after + FIT).replace("\n", "\r\n")

    @pytest.mark.parametrize(
        ("name", "quoted"), [("out_1", '"out_1"'), ('say "no"', "'say \"no\"'"), ("back\\slash", "'back\\\\slash'")]
    )
    def test_names_are_quoted_as_they_must_be(self, name: str, quoted: str) -> None:
        body = (
            f"odd = keras.layers.Dense(2, name={name!r})(inputs)\n"
            "other = keras.Model(inputs, [small, odd])\n"
            f'losses = {{{name!r}: "mse", "small": "mae"}}\n'
            'other.compile("adam", loss=losses)\n'
            "other.fit(x, [a, b])\n"
        )
        assert fixed_text(body) == body.replace("loss=losses", f'loss=(losses["small"], losses[{quoted}])')

    def test_the_message_names_what_is_rewritten(self) -> None:
        body = (
            f'model.compile("adam", {LOSS}, loss_weights={{"small": 1.0, "big": 2.0}})\n'
            'model.fit(x, {"small": a, "big": b}, sample_weight={"small": s, "big": t})\n'
        )
        (diagnostic,) = found(MODEL + body)
        (fix,) = diagnostic.fixes
        assert fix.style == "tuple"
        assert fix.message == "Pass the losses, loss weights, targets and sample weights in output order"


class TestOtherCallers:
    """Other code may call the function around the compile call, or make the instance, in another way."""

    TRAIN = "    model = keras.Model(inputs, [small, big])\n"

    @pytest.mark.parametrize(
        ("program", "kind"),
        [
            (f"def train(epochs, rate=0.1):\n{TRAIN}    model.compile(rate, {LOSS})\n    {FIT}train(3)\n", "safe"),
            (f"def train():\n{TRAIN}    model.compile('sgd', {LOSS})\n    {FIT}train()\n", "safe"),
            (
                f"def fit(epochs):\n{TRAIN}    model.compile('sgd', {LOSS})\n    {FIT}"
                "def main():\n    fit(3)\nmain()\n",
                "safe",
            ),
            (f"def train(model):\n    model.compile('sgd', {LOSS})\n    {FIT}train(model)\n", "unsafe"),
            (
                f"class Trainer:\n    def __init__(self, rate):\n        self.rate = rate\n"
                f"        self.model = keras.Model(inputs, [small, big])\n"
                f"    def run(self):\n        self.model.compile(self.rate, {LOSS})\n"
                "        self.model.fit(x, [a, b])\nTrainer(0.1).run()\n",
                "safe",
            ),
            (
                f"class Trainer:\n    def __init__(self, losses):\n        self.losses = losses\n"
                f"    def run(self):\n        model.compile('sgd', self.losses)\n"
                f"        model.fit(x, [a, b])\nTrainer({LOSS.removeprefix('loss=')}).run()\n",
                "unsafe",
            ),
            (
                "from dataclasses import dataclass, field\n@dataclass\nclass Config:\n"
                "    weights: dict = field(default_factory=lambda: {'small': 1.0, 'big': 0.2})\n"
                f"def train(config: Config):\n{TRAIN}"
                f"    model.compile('sgd', {LOSS}, loss_weights=config.weights)\n    {FIT}train(Config())\n",
                "unsafe",
            ),
            (
                f"def train(y):\n{TRAIN}    model.compile('sgd', {LOSS})\n    model.fit(x, y)\n"
                "train({'small': a, 'big': b})\n",
                "unsafe",
            ),
        ],
    )
    def test_it_is_safe_where_no_argument_matters(self, program: str, kind: str) -> None:
        assert kinds(f"x, a, b = 1, 2, 3\n{program}") == [kind]


class TestModelsThatAreLoadedAgain:
    @pytest.mark.parametrize(
        ("again", "kind"),
        [
            ("loaded.fit(x, [a, b])\n", "safe"),
            ('loaded.fit(x, {"small": a, "big": b})\n', "unsafe"),
            ("loaded.fit(data)\n", "unsafe"),
            ('loaded.evaluate(x, {"small": a, "big": b})\n', "unsafe"),
            ('loaded.fit(x, [a, b], validation_data=(x, {"small": a, "big": b}))\n', "unsafe"),
            ("loaded.predict(x)\n", "safe"),
        ],
    )
    def test_their_targets_must_suit_a_tuple_too(self, again: str, kind: str) -> None:
        loaded = 'model.save("m.keras")\nloaded = keras.models.load_model("m.keras")\n'
        assert kinds(COMPILE + FIT + loaded + again) == [kind]
