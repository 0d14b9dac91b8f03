"""OSZICAR: energies and temperature of each ionic step of VASP."""

from __future__ import annotations

import re
from types import MappingProxyType

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.thermo.table import ThermoTable, joined, number

_STEP = re.compile(r"^\s*(\d+)\s+(?:T=|F=)")
_PAIR = re.compile(r"(T|E|F|E0|EK|SP|SK|mag|d E)\s*=\s*([-+.\dEe*]+)")
_NAMES = {"T": "temperature", "E": "total energy", "F": "free energy", "EK": "kinetic energy"}
_UNITS = {"temperature": "K", "mag": "μB"}


def looks_like_oszicar(head: str) -> bool:
    return re.search(r"(?m)^\s*N\s+E\s+dE\s+d eps", head) is not None


def read_oszicar(path: str, text: str) -> ThermoTable:
    """One row for each ionic step. Raises ReadProblem where there is none."""
    rows = []
    for line in text.splitlines():
        found = _STEP.match(line)
        if found:
            pairs = {_NAMES.get(name, name): number(value) for name, value in _PAIR.findall(line)}
            rows.append({"step": float(found.group(1)), **pairs})
    if not rows:
        raise ReadProblem("holds no ionic step", path)
    n_restarts = _counted_on(rows)
    steps, columns, _ = joined(rows, "step")
    names = {name: _UNITS.get(name, "eV") for name in columns}
    text = f"the steps begin again {n_restarts} times: they were counted on"
    notes = (Note(text, Place(path)),) if n_restarts else ()
    return ThermoTable(
        path, "oszicar", steps, MappingProxyType(columns), MappingProxyType(names), notes=notes
    )


def _counted_on(rows: list[dict[str, float]]) -> int:
    """Let the steps of a run that was continued in the same file go on; how often that was."""
    n_restarts, shift, last = 0, 0.0, rows[0]["step"] - 1
    for row in rows:
        if row["step"] <= last:
            n_restarts += 1
            shift += last
        last = row["step"]
        row["step"] += shift
    return n_restarts
