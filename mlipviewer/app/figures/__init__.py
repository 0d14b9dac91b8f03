"""Figures, movies and pages for the web: asked for, drawn, written."""
