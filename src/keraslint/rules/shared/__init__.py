"""What several rules share: the question whether a call is misrouted, and the words of messages."""
