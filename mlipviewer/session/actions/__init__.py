"""What the user can do, once each, and the keys that mean it."""
