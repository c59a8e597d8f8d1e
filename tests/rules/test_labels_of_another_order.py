"""Predictions for shuffled data that are compared with labels in another order (KER317)."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import keras
import numpy as np
import tensorflow as tf
from sklearn import metrics
from sklearn.metrics import accuracy_score, confusion_matrix

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
plain = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)
data = plain.shuffle(100)
model.fit(data)

"""
PREDICTED = "predicted = np.argmax(model.predict(data), axis=1)\n"
LABELS = "labels = np.concatenate([y for x, y in data])\n"
ACCURACY = "print(accuracy_score(labels, predicted))\n"


def found(body: str, keras: str = "3.15.1") -> list[str]:
    return [one.code for one in check_source(HEAD + body, keras=keras) if one.code == "KER317"]


@pytest.mark.parametrize(
    "body",
    [
        PREDICTED + LABELS + ACCURACY,
        LABELS + PREDICTED + ACCURACY,
        PREDICTED + LABELS + "print((labels == predicted).mean())\n",
        PREDICTED + LABELS + "print(np.mean(np.equal(labels, predicted)))\n",
        PREDICTED
        + LABELS
        + "with open('report') as out:\n    out.write(metrics.classification_report(labels, predicted))\n",
        PREDICTED + LABELS + "for label, guess in zip(labels, predicted):\n    print(label, guess)\n",
        PREDICTED + LABELS + "errors = labels - predicted\n",
        PREDICTED + LABELS + "metric = keras.metrics.Accuracy()\nmetric.update_state(labels, predicted)\n",
        PREDICTED + "labels = np.concatenate([np.argmax(y, axis=-1) for x, y in data], axis=0)\n" + ACCURACY,
        PREDICTED + "labels = [int(y) for x, y in data.unbatch()]\n" + ACCURACY,
        PREDICTED + "labels = np.concatenate(list(data.map(lambda x, y: y).as_numpy_iterator()))\n" + ACCURACY,
        PREDICTED + "labels = np.array([one for _, y in data for one in y.numpy()])\n" + ACCURACY,
        PREDICTED + "labels = tf.concat([y for x, y in data], axis=0)\n" + ACCURACY,
        PREDICTED + "labels = []\nfor x, y in data:\n    labels.extend(y.numpy())\n" + ACCURACY,
        PREDICTED + "labels = []\nfor i, (x, y) in enumerate(data):\n    labels.append(y)\n"
        "labels = np.concatenate(labels)\n" + ACCURACY,
        PREDICTED
        + "labels = []\nfor x, y in data:\n    y = y.numpy().astype(int)\n    labels.extend(y)\n"
        + "matrix = confusion_matrix(y_true=labels, y_pred=predicted)\n",
        "scores = model.predict(data, verbose=0)\npredicted = []\n"
        "for score in scores:\n    predicted.append(np.argmax(score))\n" + LABELS + ACCURACY,
        "scores = model.predict(x=data)\npredicted = [1 if score > 0.5 else 0 for score in scores]\n"
        + LABELS
        + ACCURACY,
        "scores = model.predict(data)[:, 0]\npredicted = (scores > 0.5).astype('int32').ravel()\n" + LABELS + ACCURACY,
        "def judge(model, data):\n    labels = np.concatenate([y for x, y in data], axis=0)\n"
        "    return confusion_matrix(labels, model.predict(data).argmax(axis=1))\n\njudge(model, data)\n",
        "part = data.take(3)\nlabels = np.concatenate([y for x, y in part])\n"
        "predicted = model.predict(part).argmax(1)\n" + ACCURACY,
        "folder = keras.utils.image_dataset_from_directory('images')\npredicted = model.predict(folder).argmax(1)\n"
        "labels = np.concatenate([y for x, y in folder])\n" + ACCURACY,
    ],
)
def test_labels_beside_predictions(body: str) -> None:
    assert found(body) == ["KER317"]
    assert found(body, keras="<3") == []


@pytest.mark.parametrize(
    "body",
    [
        # Data that keeps its order.
        (PREDICTED + LABELS + ACCURACY).replace("data", "plain"),
        "data = plain.shuffle(100, reshuffle_each_iteration=False)\n" + PREDICTED + LABELS + ACCURACY,
        "data = data.cache()\n" + PREDICTED + LABELS + ACCURACY,
        "data = plain.shuffle(100).take(3).snapshot(path)\n" + PREDICTED + LABELS + ACCURACY,
        "data = keras.utils.image_dataset_from_directory('images', shuffle=False)\n" + PREDICTED + LABELS + ACCURACY,
        "data = keras.utils.image_dataset_from_directory('images', shuffle=shuffled)\n" + PREDICTED + LABELS + ACCURACY,
        "_, data = keras.utils.image_dataset_from_directory('images', subset='both', validation_split=0.2, seed=1)\n"
        + PREDICTED
        + LABELS
        + ACCURACY,
        "data = unseen(data)\n" + PREDICTED + LABELS + ACCURACY,
        # Both in one loop, or both from what was read once.
        "labels, predicted = [], []\nfor x, y in data:\n    labels.extend(y)\n"
        "    predicted.extend(model.predict(x).argmax(1))\n" + ACCURACY,
        "labels = []\npredicted = []\nfor x, y in data:\n    labels.append(y)\n    predicted.append(model.predict(x))\n"
        "labels = np.concatenate(labels)\npredicted = np.concatenate(predicted).argmax(1)\n" + ACCURACY,
        "batches = list(data)\npredicted = np.concatenate([model.predict(x) for x, y in batches])\n"
        "labels = np.concatenate([y for x, y in batches])\n" + ACCURACY,
        "inputs = np.concatenate([x for x, y in data])\npredicted = model.predict(inputs).argmax(1)\n"
        + LABELS.replace("data", "plain")
        + ACCURACY,
        # Other labels, or other predictions.
        PREDICTED + "labels = np.concatenate([y for x, y in plain])\n" + ACCURACY,
        PREDICTED + LABELS + "labels = y_test\n" + ACCURACY,
        PREDICTED + LABELS + "predicted = model.predict(plain).argmax(1)\n" + ACCURACY,
        PREDICTED + "data = plain\n" + LABELS + ACCURACY,
        LABELS + "data = other.shuffle(100)\n" + PREDICTED + ACCURACY,
        PREDICTED + "labels = np.concatenate([x for x, y in data])\n" + ACCURACY,
        PREDICTED + "labels = [y for x, y in data if keep(x)]\n" + ACCURACY,
        PREDICTED + LABELS + "if again:\n    labels, predicted = both(data)\n" + ACCURACY,
        PREDICTED + LABELS + "for labels, predicted in pairs:\n    print(accuracy_score(labels, predicted))\n",
        PREDICTED + LABELS + "print([accuracy_score(labels, one) for labels, one in pairs])\n",
        # Not compared one by one.
        PREDICTED + LABELS + "print(np.bincount(labels), np.bincount(predicted))\n",
        PREDICTED + LABELS + "print(accuracy_score(np.sort(labels), np.sort(predicted)))\n",
        PREDICTED + LABELS + "print(labels.mean() - predicted.mean())\n",
        PREDICTED + LABELS + "print(len(labels) == len(predicted))\n",
        PREDICTED + LABELS + "print(set(labels) - set(predicted))\n",
        PREDICTED + LABELS + "plot(labels, predicted)\n",
        # Programs that are not followed.
        "def read():\n    global labels\n    labels = y_test\n\n" + PREDICTED + LABELS + "read()\n" + ACCURACY,
        "def judge(data):\n    return model.predict(data)\n\npredicted = judge(data).argmax(1)\n" + LABELS + ACCURACY,
        "labels = []\nfor x, y in data:\n    if len(labels) > 9:\n        break\n    labels.extend(y)\n"
        + PREDICTED
        + "print(accuracy_score(labels, predicted[:10]))\n",
    ],
)
def test_labels_in_the_same_order_or_in_doubt(body: str) -> None:
    assert found(body) == []


FLOW = """\
from tensorflow.keras.preprocessing.image import ImageDataGenerator

generator = ImageDataGenerator(rescale=1 / 255)
images = generator.flow_from_directory("images", target_size=(9, 9))
plain = generator.flow_from_directory("images", target_size=(9, 9), shuffle=False)
"""
GUESSED = "predicted = np.argmax(model.predict(images, steps=9), axis=1)\n"
MATRIX = "print(confusion_matrix(images.classes, predicted))\n"


@pytest.mark.parametrize(
    "body",
    [
        GUESSED + MATRIX,
        "images.reset()\n" + GUESSED + "true = images.classes\nprint(metrics.classification_report(true, predicted))\n",
        GUESSED + "print((images.labels == predicted).mean())\n",
        "predicted = (model.predict(images) > 0.5).astype(int).flatten()\n" + MATRIX,
        "images = generator.flow_from_directory('images', (9, 9), shuffle=True)\n" + GUESSED + MATRIX,
        "images = generator.flow_from_dataframe(frame, x_col='file', y_col='kind')\n" + GUESSED + MATRIX,
        "images = ImageDataGenerator().flow_from_directory('images', seed=1)\n" + GUESSED + MATRIX,
        "def judge(images):\n    guessed = model.predict(images).argmax(1)\n"
        "    return accuracy_score(images.classes, guessed)\n\njudge(images)\n",
    ],
)
def test_classes_of_shuffled_images(body: str) -> None:
    assert found(FLOW + body) == ["KER317"]
    assert found(FLOW + body, keras="<3") == []


@pytest.mark.parametrize(
    "body",
    [
        (GUESSED + MATRIX).replace("images", "plain"),
        "images = generator.flow_from_directory('images', (9, 9), 'rgb', None, 'binary', 32, False)\n"
        + GUESSED
        + MATRIX,
        "images = generator.flow_from_directory('images', shuffle=shuffled)\n" + GUESSED + MATRIX,
        "images = generator.flow_from_directory('images', **options)\n" + GUESSED + MATRIX,
        "images.shuffle = False\n" + GUESSED + MATRIX,
        GUESSED + "print(confusion_matrix(images.classes[images.index_array], predicted))\n",
        GUESSED + "print(confusion_matrix(plain.classes, predicted))\n",
        GUESSED + "images = plain\n" + MATRIX,
        GUESSED + "print(np.bincount(images.classes), np.bincount(predicted))\n",
        GUESSED + "names = list(images.class_indices)\nprint([names[one] for one in predicted])\n",
        "batch, labels = next(images)\npredicted = model.predict(batch).argmax(1)\n" + ACCURACY,
        "images = own.flow_from_directory('images')\n" + GUESSED + MATRIX,
    ],
)
def test_classes_in_the_order_of_the_images_or_in_doubt(body: str) -> None:
    assert found(FLOW + body) == []
