"""Potentials of our own: vectorised, with analytic forces and stress, for training and testing."""
