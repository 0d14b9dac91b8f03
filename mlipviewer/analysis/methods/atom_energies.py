"""The energies of single atoms, as a file carries them, and whether they make up the whole."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mlipviewer.core.aliases import Kind, guessed_roles, unit_guess
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.columns import Array
from mlipviewer.core.elements import elements
from mlipviewer.core.frames import unit_of
from mlipviewer.core.trajectory import Frame, Trajectory

NO_COLUMN = (
    "the frames of {name} have no energies of atoms; name the column, or a calculator that gives"
    " them"
)
CLOSE = 1e-5  # of the total energy: how near to it the sum is to be


def energy_column(trajectory: Trajectory, frame: Frame, wanted: str = "") -> str:
    """The wanted column, else the one that is the energy of atoms by its role or its name.

    Raises AnalysisProblem.
    """
    roles = {**guessed_roles(frame.columns, ()), **trajectory.roles}
    name = wanted or roles.get(str(Kind.ATOM_ENERGY), "")
    values = frame.columns.get(name)
    if values is None or values.ndim != 1 or values.dtype.kind not in "iuf":
        if wanted:
            known = ", ".join(frame.columns) or "none"
            raise AnalysisProblem(f"{wanted!r} is no column of numbers; there are: {known}")
        raise AnalysisProblem(NO_COLUMN.format(name=trajectory.name))
    return name


def energy_unit(frame: Frame, column: str) -> str:
    """The unit of a column of energies: what the file says, else eV."""
    return unit_of(frame, column, per_atom=True)[0] or unit_guess("energies", per_atom=True)


def total_energy(trajectory: Trajectory, frame: Frame, name: str = "") -> float | None:
    """The energy of the whole frame, where it carries one."""
    roles = {**guessed_roles((), frame.info), **trajectory.roles}
    value = frame.info.get(name or roles.get(str(Kind.ENERGY), ""))
    number = np.asarray(value) if value is not None else np.empty(0)
    return float(number) if number.ndim == 0 and number.dtype.kind in "iuf" else None


def gap_of(energies: Array, total: float | None) -> float | None:
    """|sum of the atoms - total| / |total|; None without a total."""
    if total is None:
        return None
    return abs(float(np.sum(energies)) - total) / max(abs(total), 1e-12)


def symbols_of(numbers: Array) -> Array:
    """(n,) element symbols."""
    names = np.array([one.symbol for one in elements()], object)
    found: Array = names[np.clip(numbers, 0, len(names) - 1)]
    return found


def references(text: str, trajectory: str) -> Mapping[str, float]:
    """Energies by species from `Li=-1.9, O=-4.9`; parts that begin with `NAME:` and end with `;`
    are for the trajectory of that name. Raises AnalysisProblem."""
    found: dict[str, float] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        name, sign, pairs = part.rpartition(":")
        if sign and name.strip() != trajectory:
            continue
        found |= dict(_pair(pair, text) for pair in pairs.split(",") if pair.strip())
    return found


def _pair(text: str, whole: str) -> tuple[str, float]:
    species, _, value = text.partition("=")
    try:
        return species.strip(), float(value)
    except ValueError:
        raise AnalysisProblem(
            f"reference {whole!r}: write Li=-1.9, O=-4.9, several trajectories as"
            " NAME: Li=-1.9; OTHER: Li=-2.0"
        ) from None
