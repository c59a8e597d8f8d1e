"""Keras' routing by group of releases: which loss, weight and target reach which output."""
