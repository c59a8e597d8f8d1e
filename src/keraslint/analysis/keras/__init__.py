"""What the names of the Keras API do to values."""
