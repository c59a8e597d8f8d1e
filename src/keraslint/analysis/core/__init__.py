"""What the interpreter computes with: values, state, scopes, bounds and the record of what was seen."""
