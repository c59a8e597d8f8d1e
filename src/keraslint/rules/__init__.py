"""One file per rule, with its documentation and its examples in it."""
