"""Edits that mend a diagnostic, and their application to a file."""
