"""What Python's built-in functions, containers and standard library do to values."""
