"""Models of Python's built-in functions, containers and standard library."""
