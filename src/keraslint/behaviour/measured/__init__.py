"""The shipped table of what was measured on real Keras releases, and its typed reader."""
