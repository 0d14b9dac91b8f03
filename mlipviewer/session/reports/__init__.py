"""What happened, line by line, and the bundle of it for a bug report."""
