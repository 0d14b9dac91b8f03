"""Spectral neighbour analysis potentials (Thompson et al., J. Comput. Phys. 285, 316 (2015)): the
bispectrum by LAMMPS, the fit by least squares.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.family import Lesson
from mlipviewer.campaign.lammps_fitting import fitting, write_potential
from mlipviewer.campaign.potentials.least_squares import Normal, mean_energy, ridge


def train(lesson: Lesson, quadratic: bool) -> Mapping[str, float]:
    """Save a trained potential as LAMMPS reads it. Raises Failed."""
    choice = lesson.choice
    shift = mean_energy(lesson.train)
    weights = (float(choice["energy_weight"]), 1.0)
    normal: Normal | None = None
    symbol = lesson.train[0].get_chemical_symbols()[0]
    said = {
        "what": "snap",
        "mass": float(lesson.train[0].get_masses()[0]),
        "cutoff": float(choice["cutoff"]),
        "rfac0": float(choice["rfac0"]),
        "twojmax": int(choice["twojmax"]),
        "quadratic": quadratic,
    }
    with fitting(lesson.folder) as process:
        for atoms in lesson.train:
            sums, forces = process.ask(said, [atoms.positions, np.array(atoms.cell)])
            if normal is None:
                normal = Normal(len(sums))
            energy = atoms.info["energy"] - shift * len(atoms)
            normal.add_frame((sums, forces), energy, atoms.arrays["forces"], weights)
    assert normal is not None
    found = normal.solved(ridge(normal, float(choice["ridge"])))
    _write(lesson.folder, symbol, said, np.concatenate([[shift], found]))
    return {"parameters": len(found)}


def _write(folder: Path, symbol: str, said: Mapping[str, Any], coefficients: Any) -> None:
    lines = [f"1 {len(coefficients)}", f"{symbol} 0.5 1.0", *(f"{c:.17g}" for c in coefficients)]
    (folder / "model.snapcoeff").write_text("\n".join(lines) + "\n", encoding="utf-8")
    params = {
        "rcutfac": said["cutoff"],
        "twojmax": said["twojmax"],
        "rfac0": said["rfac0"],
        "rmin0": 0.0,
        "bzeroflag": 0,
        "quadraticflag": int(said["quadratic"]),
    }
    text = "".join(f"{name} {value}\n" for name, value in params.items())
    (folder / "model.snapparam").write_text(text, encoding="utf-8")
    write_potential(folder, symbol, "snap", f"* * model.snapcoeff model.snapparam {symbol}")
