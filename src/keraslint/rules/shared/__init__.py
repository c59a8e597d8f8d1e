"""Code that several rules share: calls that are misrouted, refused or surely right, and the words of messages."""
