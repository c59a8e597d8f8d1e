from __future__ import annotations

import pytest

from keraslint import Diagnostic, check_source

MODEL = """\
import keras

inputs = keras.Input((8,))
model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs))
"""
FIT = "model.fit(x, y, validation_data=(v, w), epochs=5, callbacks=[watch])\n"
CHECKPOINT = 'keras.callbacks.ModelCheckpoint("best.keras", monitor="{}", save_best_only=True)'
PLATEAU = 'keras.callbacks.ReduceLROnPlateau(monitor="{}")'


def found(metrics: str, callback: str, keras: str = "3.6.0", fit: str = FIT) -> list[Diagnostic]:
    compiled = f'model.compile("adam", "binary_crossentropy", metrics={metrics})\n'
    return check_source(f"{MODEL}{compiled}watch = {callback}\n{fit}", keras=keras, select=["KER301"])


@pytest.mark.parametrize(
    ("metrics", "callback"),
    [
        ("[keras.metrics.AUC()]", CHECKPOINT.format("val_auc")),
        ('[keras.metrics.AUC(name="roc")]', PLATEAU.format("val_roc")),
        ('["AUC"]', CHECKPOINT.format("val_AUC")),
        ('["mae", keras.metrics.Recall()]', PLATEAU.format("val_recall")),
        ("[keras.metrics.Recall()]", PLATEAU.format("recall_1")),
        ("[keras.metrics.F1Score()]", CHECKPOINT.format("val_f1_score")),
        ("[keras.metrics.R2Score()]", CHECKPOINT.format("val_r2_score")),
        ('[keras.metrics.MeanIoU(2, name="iou")]', CHECKPOINT.format("val_iou")),
        ("[keras.metrics.Precision()]", 'keras.callbacks.ReduceLROnPlateau("val_precision", 0.1, 5, mode="auto")'),
    ],
)
def test_what_is_found(metrics: str, callback: str) -> None:
    (diagnostic,) = found(metrics, callback)
    assert "minimises '" in diagnostic.message
    assert diagnostic.message.endswith('; pass mode="max" or use keras>=3.11')

    (fix,) = diagnostic.fixes
    assert fix.applicability.value == "safe"
    assert found(metrics, callback, keras="3.11.0") == []


def test_targets_that_are_seen_change_no_release_in_the_advice_for_one_output() -> None:
    seen = "import numpy as np\ny = w = np.random.randint(0, 2, 200)\n" + FIT
    (diagnostic,) = found('["accuracy", keras.metrics.AUC(name="roc")]', CHECKPOINT.format("val_roc"), fit=seen)
    assert diagnostic.message.endswith('; pass mode="max" or use keras>=3.11')


@pytest.mark.parametrize(
    ("metrics", "callback"),
    [
        ('["mae"]', CHECKPOINT.format("val_mae")),
        ('["accuracy"]', CHECKPOINT.format("val_accuracy")),
        ('[keras.metrics.AUC(name="acc_auc")]', CHECKPOINT.format("val_acc_auc")),
        ("[keras.metrics.AUC()]", CHECKPOINT.format("val_loss")),
        ("[keras.metrics.AUC()]", CHECKPOINT.format("val_auc").replace(")", ', mode="max")')),
        ("[keras.metrics.AUC()]", CHECKPOINT.format("val_auc").replace(")", ', mode="min")')),
        ("[keras.metrics.AUC()]", CHECKPOINT.format("val_auc").replace(", save_best_only=True", "")),
        ("[keras.metrics.AUC()]", 'keras.callbacks.EarlyStopping(monitor="val_auc")'),
        ("[keras.metrics.FalseNegatives()]", CHECKPOINT.format("val_false_negatives")),
        ("[keras.metrics.MeanSquaredError()]", PLATEAU.format("val_mean_squared_error")),
        ("[keras.metrics.BinaryCrossentropy()]", CHECKPOINT.format("val_binary_crossentropy")),
        ("[lambda y, p: auc(y, p)]", CHECKPOINT.format("val_auc")),
        ("own_metrics", CHECKPOINT.format("val_auc")),
        ("[keras.metrics.AUC(name=name)]", CHECKPOINT.format("val_auc")),
        ('[keras.metrics.MeanSquaredError(name="auc")]', CHECKPOINT.format("val_auc")),
        ("[keras.metrics.AUC()]", 'keras.callbacks.ModelCheckpoint("best.keras", "val_auc", 0, True, False, "max")'),
        ("[keras.metrics.AUC()]", 'keras.callbacks.ReduceLROnPlateau(monitor="val_auc", mode=mode)'),
        ("[keras.metrics.AUC()]", "type('Own', (keras.callbacks.Callback,), {})()"),
    ],
)
def test_what_looks_wrong_and_is_right(metrics: str, callback: str) -> None:
    assert found(metrics, callback) == []


def test_a_mode_that_is_written_is_replaced() -> None:
    (diagnostic,) = found("[keras.metrics.AUC()]", CHECKPOINT.format("val_auc").replace("True", 'True, mode="auto"'))
    (edit,) = diagnostic.fixes[0].edits
    assert edit.content == '"max"'


def test_no_fix_where_the_mode_may_be_passed_otherwise_and_an_unsafe_one_in_a_function_with_arguments() -> None:
    (hidden,) = found("[keras.metrics.AUC()]", PLATEAU.format("val_auc").replace('")', '", **{"factor": 0.5})'))
    assert hidden.fixes == ()
    body = PLATEAU.format("val_auc")
    (inside,) = check_source(
        f"{MODEL}def train(rate):\n"
        '    model.compile("adam", "mse", metrics=[keras.metrics.AUC()])\n'
        f"    model.fit(x, y, validation_data=(v, w), epochs=5, callbacks=[{body}])\ntrain(1)\n",
        keras="3.6.0",
        select=["KER301"],
    )
    assert [fix.applicability.value for fix in inside.fixes] == ["unsafe"]


def test_the_fix_is_unsafe_where_another_model_has_another_metric_of_that_name() -> None:
    own = 'other = keras.Model(inputs, model.outputs)\nother.compile("adam", "mse", metrics=[auc])\n'
    fits = FIT + FIT.replace("model.fit", "other.fit")
    body = 'model.compile("adam", "mse", metrics=[keras.metrics.AUC()])\n'
    text = f"{MODEL}{body}{own}watch = {CHECKPOINT.format('val_auc')}\n{fits}"
    (found_there,) = check_source(text, keras="3.6.0", select=["KER301"])
    assert [fix.applicability.value for fix in found_there.fixes] == ["unsafe"]


def test_keras_2_is_left_alone() -> None:
    body = 'model.compile("adam", "mse", metrics=[keras.metrics.AUC()])\n'
    text = f"{MODEL}{body}watch = {CHECKPOINT.format('val_auc')}\n{FIT}".replace(
        "import keras", "import tf_keras as keras"
    )
    assert check_source(text, keras="3.6.0", select=["KER3"]) == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("model.fit(x, y, callbacks=[{}])\n", 0),
        ("for part in range(3):\n    model.fit(x, y, epochs=1, callbacks=[{}])\n", 0),
        ("watch = {}\nfor part in range(3):\n    model.fit(x, y, epochs=1, callbacks=[watch])\n", 1),
        ("watch = {}\nmodel.fit(x, y, callbacks=[watch])\nmodel.fit(x, y, callbacks=[watch])\n", 2),
        ("watch = {}\nmodel.fit(x, y, epochs=number, callbacks=[watch])\n", 1),
    ],
)
def test_one_epoch_leaves_nothing_to_compare(body: str, count: int) -> None:
    compiled = 'model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC()])\n'
    text = MODEL + compiled + body.format(CHECKPOINT.format("auc"))
    assert len(check_source(text, keras="3.6.0", select=["KER301"])) == count


def test_a_plateau_forgets_what_it_saw_before_a_training() -> None:
    assert found("[keras.metrics.AUC()]", PLATEAU.format("auc"), fit=FIT.replace("epochs=5", "epochs=1")) == []
