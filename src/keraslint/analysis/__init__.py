"""Source to facts: what the code builds, compiles and trains. No Keras release in it."""
