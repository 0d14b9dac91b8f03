"""Paths of all atoms across the boundaries of their cell, without the drift of the framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.atom_energies import symbols_of
from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.analysis.methods.times import interval_of
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.periodic import periodic_cell
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

Array = NDArray[Any]

CARRIERS = ("Li", "Na", "K", "Ag", "Mg", "Cu", "H")
"""Taken for the mobile ions where other elements are there besides, the first that is present."""
FARTHEST = 0.4
"""Of a cell: an atom that moves farther between two frames may as well have gone the other way."""
MOST_NUMBERS = 150_000_000
FRAMEWORK, WHOLE, NONE = "framework", "all", "none"
DRIFTS = (FRAMEWORK, WHOLE, NONE)


@dataclass(frozen=True, eq=False)
class Paths:
    """`places` (m, n, 3) in A of n atoms in m frames, in the mean cell; `mobile` (n,) which count;
    `interval` ps between frames; `volume` A^3 of the mean cell, None without one."""

    places: Array
    ids: Array
    symbols: Array
    mobile: Array
    interval: float
    volume: float | None
    cell: Array | None
    pbc: tuple[bool, bool, bool]
    notes: tuple[str, ...]
    drift: Array  # (m, 3) what was taken from the places of each frame, in A

    def of(self, mask: Array) -> Array:
        """(m, k, 3) the paths of some atoms."""
        return np.asarray(self.places[:, mask])


def read_paths(
    trajectory: Trajectory,
    mobile: str,
    drift: str,
    every: int,
    progress: Progress,
    chosen: Array | None = None,
    timed: bool = True,
) -> Paths:
    """Paths by image flags, else by the nearest image from frame to frame, in fractions of the cell
    of each frame and then in the mean cell, so that a breathing cell moves nothing.

    `mobile` is a condition on the first frame; empty: the first of CARRIERS, else all atoms; or the
    `chosen` ids. The interval is NaN where times are not known and need not be (not `timed`).
    Raises AnalysisProblem (also where a step is too long for the nearest image), ReadProblem,
    Cancelled.
    """
    known = timed or trajectory.clock.known
    interval = interval_of(trajectory) * every if known else float("nan")
    frames = range(0, trajectory.n_frames, every)
    if len(frames) < 4:
        raise AnalysisProblem(f"{trajectory.name}: {len(frames)} frames tell no displacement")
    first = trajectory.frame(frames[0])
    if len(frames) * first.n_atoms * 3 > MOST_NUMBERS:
        raise AnalysisProblem(
            f"{len(frames)} frames of {first.n_atoms} atoms are too many; look at every"
            f" {every * 2} or more of the frames"
        )
    order = np.argsort(first.atom_ids, kind="stable")
    mask = mobile_atoms(first, mobile, chosen)[order]
    scaled, cells = _followed(trajectory, frames, first, progress)
    cell = None if cells is None else cells.mean(axis=0)
    places = scaled if cell is None else scaled @ cell
    taken = _take_drift(places, mask, first.numbers[order], drift)
    return Paths(
        places=places,
        ids=np.asarray(first.atom_ids)[order],
        symbols=symbols_of(first.numbers[order]),
        mobile=mask,
        interval=interval,
        volume=None if cell is None else float(abs(np.linalg.det(cell))),
        cell=cell,
        pbc=first.pbc,
        notes=_notes(cells),
        drift=taken,
    )


def mobile_atoms(frame: Frame, mobile: str, chosen: Array | None = None) -> Array:
    """(n,) which atoms of the first frame are followed: see read_paths. Raises AnalysisProblem."""
    found = np.zeros(frame.n_atoms, bool)
    if chosen is not None:
        found[np.isin(frame.atom_ids, chosen)] = True
    elif mobile.strip():
        found[taking_part(frame, mobile)] = True
    else:
        symbols = symbols_of(frame.numbers)
        kinds = set(symbols.tolist())
        carrier = next((one for one in CARRIERS if one in kinds and len(kinds) > 1), None)
        found[:] = symbols == carrier if carrier else True
    if not found.any():
        raise AnalysisProblem("no atom takes part")
    return found


def _followed(
    trajectory: Trajectory, frames: range, first: Frame, progress: Progress
) -> tuple[Array, Array | None]:
    """((m, n, 3) unwrapped fractions of the cell, by rising id; (m, 3, 3) cells); positions in A
    and None without a periodic cell."""
    ids = np.sort(first.atom_ids)
    periodic = periodic_cell(first) is not None
    path = np.empty((len(frames), len(ids), 3))
    cells = np.empty((len(frames), 3, 3))
    images = np.zeros((len(ids), 3))
    for k, index in enumerate(frames):
        progress.step(k, len(frames))
        frame = trajectory.frame(index)
        order = np.argsort(frame.atom_ids, kind="stable")
        if not np.array_equal(frame.atom_ids[order], ids):
            raise AnalysisProblem(f"frame {index + 1} has other atoms than the first")
        found = periodic_cell(frame)
        if (found is not None) != periodic:
            raise AnalysisProblem(f"frame {index + 1}: only some frames have a periodic cell")
        if found is None:
            path[k] = frame.positions[order]
            continue
        cells[k], repeats = found
        now = (frame.positions[order] - frame.origin) @ np.linalg.inv(cells[k])
        flags = frame.columns.get("image")
        if flags is not None and flags.shape == frame.positions.shape:
            path[k] = now + flags[order]
            continue
        if k:
            step = now + images - path[k - 1]
            images -= np.round(step) * repeats
            _check_step(now + images - path[k - 1], repeats, index, ids)
        path[k] = now + images
    return path, cells if periodic else None


def _check_step(step: Array, repeats: Array, index: int, ids: Array) -> None:
    longest = np.abs(step[:, repeats]).max(axis=1, initial=0.0)
    row = int(np.argmax(longest))
    if longest[row] > FARTHEST:
        raise AnalysisProblem(
            f"frame {index + 1}: atom {ids[row]} moved {longest[row]:.2f} of the cell since the"
            " frame before, so the nearest image is not sure: frames nearer in time, or image"
            " flags (ix iy iz), are needed"
        )


def _take_drift(places: Array, mobile: Array, numbers: Array, drift: str) -> Array:
    """Without the mean path of the framework, or the path of the centre of mass of all; (m, 3) what
    was taken."""
    if drift == NONE:
        return np.zeros((len(places), 3))
    if drift == FRAMEWORK and not mobile.all():
        of_all = places[:, ~mobile].mean(axis=1)
    else:
        masses = _masses(numbers)
        of_all = np.einsum("mnk,n->mk", places, masses / masses.sum())
    taken: Array = of_all - of_all[0]
    places -= taken[:, None]
    return taken


def _masses(numbers: Array) -> Array:
    from ase.data import atomic_masses

    return np.asarray(atomic_masses[np.clip(numbers, 1, len(atomic_masses) - 1)])


def _notes(cells: Array | None) -> tuple[str, ...]:
    if cells is None or np.allclose(cells, cells[0], rtol=1e-6):
        return ()
    return ("the cell changes: paths are in fractions of it, drawn in the mean cell",)
