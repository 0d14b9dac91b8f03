"""Analyses of error tables: one file, one analysis; its plots beside it where they are long."""
