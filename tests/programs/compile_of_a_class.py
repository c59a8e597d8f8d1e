"""Classes whose own ``compile`` looks at the losses, and hands them to Keras as they are, or as a list."""

import keras
import numpy as np
from keras import layers


class Checked(keras.Model):
    def compile(self, optimizer, loss, **options):
        unknown = set(loss) - set(self.output_names)
        if unknown:
            raise ValueError(f"no such outputs: {sorted(unknown)}")
        self.names_of_losses = list(loss)
        super().compile(optimizer=optimizer, loss=loss, **options)  # expect[3.5.0, 3.6.0]: KER101 without fix


class InOrder:
    def compile(self, optimizer="sgd", loss=None, **options):
        if isinstance(loss, dict):
            loss = [loss.get(name) for name in self.output_names]
        super().compile(optimizer=optimizer, loss=loss, **options)


class Listed(InOrder, keras.Model):
    pass


class NeverAsked(keras.Model, InOrder):
    pass


def build(kind):
    inputs = keras.Input((4,))
    body = layers.Dense(5)(inputs)
    return kind(inputs, [layers.Dense(1, name="slope")(body), layers.Dense(3, name="aspect")(body)])


x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))

checked = build(Checked)
checked.compile("adam", {"slope": "mse", "aspect": "mae"})
checked.fit(x, [one, three], verbose=0)

listed = build(Listed)
listed.compile("adam", {"slope": "mse", "aspect": "mae"})
listed.fit(x, [one, three], verbose=0)

asked = build(NeverAsked)
asked.compile("adam", {"slope": "mse", "aspect": "mae"})  # expect[3.5.0, 3.6.0]: KER101 without fix
asked.fit(x, [one, three], verbose=0)


def prepare(model, loss):
    if isinstance(loss, dict):
        loss = [loss[name] for name in model.output_names]
    model.compile("adam", loss=loss)
    return model


prepared = prepare(build(keras.Model), {"slope": "mse", "aspect": "mae"})
prepared.fit(x, [one, three], verbose=0)
