"""A frame as a LAMMPS data file in metal units: box, masses, atoms, charges, velocities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.elements import atomic_number
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.masses import MASSES
from mlipviewer.io.trajectories.writing import labels_of, lammps_ids, text_rows

Array = NDArray[Any]

CHARGES = ("q", "charge", "charges", "initial_charges")
MARGIN = 1.0  # A around atoms without a cell


def data_parts(frame: Frame) -> Iterator[bytes]:
    """The file in pieces. A cell that LAMMPS takes only turned is turned, and all vectors with it.

    Raises ReadProblem for a cell that is left-handed or flat.
    """
    kinds, codes = np.unique(labels_of(frame), return_inverse=True)
    low, cell, turn = _box(frame)
    yield _head(frame, kinds.tolist(), low, cell).encode()
    charges = next((frame.columns[name] for name in CHARGES if name in frame.columns), None)
    charged = charges is not None and charges.ndim == 1 and charges.dtype.kind in "iuf"
    places = frame.positions if turn is None else (frame.positions - frame.origin) @ turn + low
    columns = [lammps_ids(frame), codes + 1]
    columns += [charges] if charged and charges is not None else []
    columns += [places, *_images(frame)]
    yield f"Atoms  # {'charge' if charged else 'atomic'}\n\n".encode()
    yield from text_rows(columns)
    speeds = frame.columns.get("velocities")
    if speeds is not None and speeds.shape == (frame.n_atoms, 3):
        turned = speeds if turn is None else speeds @ turn
        yield b"\nVelocities\n\n"
        yield from text_rows([lammps_ids(frame), turned * 1000.0])  # A/fs to A/ps


def _head(frame: Frame, kinds: list[str], low: Array, cell: Array) -> str:
    """All before the atoms. Masses are left out where one of them is not known."""
    flags = "".join("p" if flag else "f" for flag in frame.pbc)
    lines = [f"# units metal, boundary {' '.join(flags)}, frame {frame.index + 1}", ""]
    lines += [f"{frame.n_atoms} atoms", f"{len(kinds)} atom types", ""]
    ends = low + np.diag(cell)
    for axis, name in enumerate("xyz"):
        lines.append(f"{float(low[axis])!r} {float(ends[axis])!r} {name}lo {name}hi")
    tilts = [float(cell[1, 0]), float(cell[2, 0]), float(cell[2, 1])]
    if any(tilts):
        lines.append(f"{' '.join(map(repr, tilts))} xy xz yz")
    masses = [_mass(label) for label in kinds]
    if all(masses):
        pairs = enumerate(zip(masses, kinds, strict=True), 1)
        lines += ["", "Masses", "", *(f"{k} {mass!r}  # {label}" for k, (mass, label) in pairs)]
    return "\n".join([*lines, "", ""])


def _mass(label: str) -> float | None:
    number = atomic_number(str(label)) or 0
    return MASSES[number - 1] if 0 < number <= len(MASSES) else None


def _images(frame: Frame) -> list[Array]:
    images = frame.columns.get("image")
    fits = images is not None and images.shape == (frame.n_atoms, 3) and images.dtype.kind in "iu"
    return [images] if fits and images is not None else []


def _box(frame: Frame) -> tuple[Array, Array, Array | None]:
    """(lower corner (3,), lower triangular cell (3, 3), the turn (3, 3) that makes it so or None).

    Rows of vectors are turned by `rows @ turn`."""
    if frame.cell is None:
        low = frame.positions.min(axis=0, initial=0.0) - MARGIN
        high = frame.positions.max(axis=0, initial=0.0) + MARGIN
        return low, np.diag(high - low), None
    cell = frame.cell
    if not np.triu(cell, 1).any() and (np.diag(cell) > 0).all():
        return frame.origin, cell, None
    if not np.linalg.det(cell) > 0:
        raise ReadProblem(
            f"frame {frame.index + 1}: LAMMPS takes no cell that is left-handed or flat"
        )
    turn, lower = np.linalg.qr(cell.T)
    signs = np.sign(np.diag(lower))  # the diagonal of the cell is to be positive
    turn, lower = turn * signs, lower * signs[:, None]
    return frame.origin, np.tril(lower.T), turn
