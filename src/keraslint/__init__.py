"""keraslint: finds Keras compile calls whose losses, weights or targets reach the wrong output."""

__version__ = "0.1.0"
