"""Pictures of all that the program shows, to be looked at."""
