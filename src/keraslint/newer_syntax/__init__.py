"""Reads syntax that is newer than the running Python: with LibCST, and rewritten in place to what ``ast`` parses."""
