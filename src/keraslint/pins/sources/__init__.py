"""One module per kind of dependency file: how it is recognised, read and edited."""
