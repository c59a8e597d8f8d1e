import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, activation="sigmoid", name="output_small")(inputs)
big = keras.layers.Dense(64, activation="softmax", name="output_big")(inputs)
model = keras.Model(inputs, [small, big])

model.compile(
    optimizer="adam",
    loss={
        "output_small": "binary_crossentropy",
        "output_big": "categorical_crossentropy",
    },
    loss_weights={"output_small": 1.0, "output_big": 0.2},
)


def train(x, y_small, y_big):
    model.fit(x, [y_small, y_big])
