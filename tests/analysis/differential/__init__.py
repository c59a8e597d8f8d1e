"""Random programs out of Python's semantics: what the interpreter says of them must be what CPython did, or unknown."""
