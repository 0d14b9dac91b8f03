"""Analyses of trajectories and atoms: one file, one analysis."""
