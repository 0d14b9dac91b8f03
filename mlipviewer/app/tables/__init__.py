"""Dialogs about tables: what a file means, joins, steps."""
