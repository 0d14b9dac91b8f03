"""Computations: what is found about one frame, one file each."""
