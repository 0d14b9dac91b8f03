"""Properties of potentials, one in each file."""
