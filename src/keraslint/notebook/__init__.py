"""Notebooks and IPython's syntax as Python: cells as one program, positions by cell, and cells back into the file."""
