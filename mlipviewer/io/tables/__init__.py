"""Error tables from files: cells as text, then roles, numbers and what the metrics mean."""

from mlipviewer.io.tables.choices import Pivot, TableChoices, choices_from, choices_of
from mlipviewer.io.tables.reading import read_table, with_roles

__all__ = ["Pivot", "TableChoices", "choices_from", "choices_of", "read_table", "with_roles"]
