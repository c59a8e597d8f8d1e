"""Files on the disk: which are meant, how their paths are matched and printed, and how they are written."""
