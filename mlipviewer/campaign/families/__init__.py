"""Families of potentials, one in each file."""
