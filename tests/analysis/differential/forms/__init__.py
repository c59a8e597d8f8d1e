"""The forms that programs are made of, by topic: templates in which ``$name`` is filled in, or becomes a fresh name."""
