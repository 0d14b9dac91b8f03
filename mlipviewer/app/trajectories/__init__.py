"""Dialogs about trajectories: what a file means, links, several files."""
