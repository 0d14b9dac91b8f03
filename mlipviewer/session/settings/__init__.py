"""What a user has set or said, kept from one start to the next, and where."""
