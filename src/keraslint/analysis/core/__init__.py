"""The parts of the interpreter's core: values, state, scopes, bounds and the record of what was observed."""
