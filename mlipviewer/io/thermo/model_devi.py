"""model_devi.out of DeePMD-kit: how far several models disagree, by step."""

from __future__ import annotations

import re
from types import MappingProxyType

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.thermo.table import ThermoTable, joined, number

_UNITS = {"devi_f": "eV/Å", "devi_v": "eV", "devi_e": "eV"}


def looks_like_model_devi(head: str) -> bool:
    return re.match(r"#\s+step\s+\S*devi_", head) is not None


def read_model_devi(path: str, text: str) -> ThermoTable:
    """Raises ReadProblem where no row is complete."""
    lines = text.splitlines()
    names = lines[0].lstrip("#").split()
    if names[:1] != ["step"]:
        raise ReadProblem("its first column is not `step`", path)
    rows = []
    for line in lines[1:]:
        words = line.split()
        if line.startswith("#") or len(words) < len(names):
            continue
        row = dict(zip(names, map(number, words), strict=False))
        if row["step"] == row["step"]:
            rows.append(row)
    if not rows:
        raise ReadProblem("holds no complete row", path)
    steps, columns, repeated = joined(rows, "step")
    said = f"{repeated} steps stand twice (a restart): the later counts"
    notes = (Note(said, Place(path)),) if repeated else ()
    units = {name: unit for name in columns for part, unit in _UNITS.items() if name.endswith(part)}
    return ThermoTable(
        path, "model-devi", steps, MappingProxyType(columns), MappingProxyType(units), notes=notes
    )
