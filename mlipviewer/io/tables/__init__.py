"""Error tables from files: cells as text, then roles, numbers and what the metrics mean."""

from mlipviewer.io.tables.reading import read_table, with_roles

__all__ = ["read_table", "with_roles"]
