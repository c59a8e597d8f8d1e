"""IPython's syntax as Python in the same rows: in the cells of notebooks, and in scripts that were notebooks."""
