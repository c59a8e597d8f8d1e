"""Trains a model with two heads on made-up data: whether an order comes back, and which product is next."""

import keras
import numpy as np

FEATURES = 16
PRODUCTS = 64


def loss_small(y_true, y_pred):
    """Binary cross-entropy, for the one probability of output_small."""
    return keras.losses.binary_crossentropy(y_true, y_pred)


def loss_big(y_true, y_pred):
    """Categorical cross-entropy, for the 64 probabilities of output_big."""
    return keras.losses.categorical_crossentropy(y_true, y_pred, label_smoothing=0.1)


def build_model():
    inputs = keras.Input(shape=(FEATURES,), name="features")
    hidden = keras.layers.Dense(32, activation="relu")(inputs)
    output_small = keras.layers.Dense(1, activation="sigmoid", name="output_small")(hidden)
    output_big = keras.layers.Dense(PRODUCTS, activation="softmax", name="output_big")(hidden)
    return keras.Model(inputs=inputs, outputs=[output_small, output_big])


def make_data(rows):
    generator = np.random.default_rng(0)
    features = generator.normal(size=(rows, FEATURES)).astype("float32")
    returned = (features[:, :1] > 0).astype("float32")
    product = np.eye(PRODUCTS, dtype="float32")[generator.integers(0, PRODUCTS, size=rows)]
    return features, returned, product


def main():
    features, returned, product = make_data(rows=256)
    model = build_model()
    model.compile(
        optimizer="adam",
        loss={
            "output_small": loss_small,  # does it come back?
            "output_big": loss_big,  # which product is next?
        },
        # The 64 classes start at a loss of 4, the one probability at 0.7.
        loss_weights={
            "output_small": 1.0,
            "output_big": 0.2,
        },
    )
    model.fit(features, [returned, product], epochs=3, batch_size=32, verbose=2)


if __name__ == "__main__":
    main()
