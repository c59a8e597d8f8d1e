"""Files on the disk: matching and printing their paths, recognising dependency files, and writing."""
