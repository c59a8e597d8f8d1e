"""Models of the Keras API."""
