"""Energies along a chain of images, as a nudged elastic band leaves them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mlipviewer.analysis.methods.atom_energies import total_energy
from mlipviewer.core.aliases import guessed_roles
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.columns import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

FINE = 40  # places of the curve between two images


@dataclass(frozen=True, eq=False)
class Chain:
    """Images of one run: `length` (m,) along the path in A, `energy` (m,) in eV above the first,
    and a curve through them; `smooth`: its slopes are those of the forces."""

    name: str
    length: Array
    energy: Array
    curve_x: Array
    curve_y: Array
    smooth: bool

    @property
    def forward(self) -> float:
        return float(self.curve_y.max())

    @property
    def backward(self) -> float:
        return float(self.curve_y.max() - self.energy[-1])


def read_chain(trajectory: Trajectory, progress: Progress) -> Chain:
    """Lengths are sqrt(sum |dr|^2) over all atoms, by nearest images. Raises AnalysisProblem,
    ReadProblem, Cancelled."""
    n = trajectory.n_frames
    if n < 2:
        raise AnalysisProblem(f"{trajectory.name}: a path has two images at least")
    frames = []
    for index in range(n):
        progress.step(index, n)
        frames.append(trajectory.frame(index))
    energies = [total_energy(trajectory, one) for one in frames]
    if None in energies:
        missing = energies.index(None) + 1
        raise AnalysisProblem(f"{trajectory.name}: image {missing} carries no energy")
    steps = [_step(a, b, trajectory.name) for a, b in pairwise(frames)]
    lengths = np.concatenate([[0.0], np.cumsum([np.linalg.norm(one) for one in steps])])
    if (np.diff(lengths) <= 0).any():
        raise AnalysisProblem(f"{trajectory.name}: two neighbouring images are the same")
    energy = np.array(energies, float) - float(energies[0] or 0.0)
    slopes = _slopes(trajectory, frames, steps)
    x, y = _curve(lengths, energy, slopes)
    return Chain(trajectory.name, lengths, energy, x, y, slopes is not None)


def _step(one: Frame, other: Frame, name: str) -> Array:
    """(n, 3) from one image to the next, atoms by their ids."""
    if one.n_atoms != other.n_atoms:
        raise AnalysisProblem(
            f"{name}: images {one.index + 1} and {other.index + 1} differ in atoms"
        )
    a, b = (frame.positions[np.argsort(frame.atom_ids, kind="stable")] for frame in (one, other))
    moved: Array = b - a
    if one.cell is not None and any(one.pbc):
        from ase.geometry import find_mic

        moved = find_mic(moved, one.cell, one.pbc)[0]
    return moved


def _slopes(trajectory: Trajectory, frames: list[Frame], steps: list[Array]) -> Array | None:
    """(m,) dE/ds in eV/A: minus the force along the path; None without forces."""
    roles = {**guessed_roles(frames[0].columns, ()), **trajectory.roles}
    name = roles.get("forces", "")
    if any(name not in one.columns for one in frames):
        return None
    found = []
    for i, frame in enumerate(frames):
        along = sum(steps[max(i - 1, 0) : i + 1])
        forces = frame.columns[name][np.argsort(frame.atom_ids, kind="stable")]
        found.append(-float((forces * along).sum()) / float(np.linalg.norm(along)))
    return np.array(found)


def _curve(x: Array, y: Array, slopes: Array | None) -> tuple[Array, Array]:
    from scipy.interpolate import CubicHermiteSpline, PchipInterpolator

    curve = PchipInterpolator(x, y) if slopes is None else CubicHermiteSpline(x, y, slopes)
    parts = [np.linspace(a, b, FINE, endpoint=False) for a, b in pairwise(x)]
    fine = np.concatenate([*parts, x[-1:]])
    return fine, np.asarray(curve(fine))
