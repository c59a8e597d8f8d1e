"""Code that several rules share: where a call is misrouted, refused or surely right, and the words of messages."""
