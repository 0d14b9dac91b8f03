"""Welcome, tour, pages of help and the sheet of keys."""
