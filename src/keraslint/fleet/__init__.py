"""Many repositories: where they are found, how each is read and checked within bounds, and what becomes of the rows."""
