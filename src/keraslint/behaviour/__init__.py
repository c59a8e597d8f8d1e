"""The behaviour of each Keras release: route() and the measured table say what a release does with a call."""
