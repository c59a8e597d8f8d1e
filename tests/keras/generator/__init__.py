"""Random training programs out of the forms people write: what the interpreter and the real Keras are compared on."""
