"""Runs a module on abstract values, one construct of the language per function."""
