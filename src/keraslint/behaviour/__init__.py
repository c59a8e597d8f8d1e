"""What each Keras release does with a call, as measured on that release: measured tables and route()."""
