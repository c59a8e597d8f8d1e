"""Edits that fix what a diagnostic reports, and their application to a file."""
