"""Values of a run by step, from the files that programs write beside a trajectory."""

from __future__ import annotations

from mlipviewer.io.thermo.reading import is_thermo, read_thermo
from mlipviewer.io.thermo.table import ThermoTable

__all__ = ["ThermoTable", "is_thermo", "read_thermo"]
