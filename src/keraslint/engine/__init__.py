"""Files to reports: discovery, the check of each file, parallel work, and errors that stay with their file."""
