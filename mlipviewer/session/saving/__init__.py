"""Session files: the Document as JSON, where its files lie, whom to trust, what a crash left."""
