"""A perfect crystal with the density and the thermal noise of what is looked at: what a method
calls otherwise there is its error."""

from __future__ import annotations

from functools import cache

import numpy as np

from mlipviewer.analysis.frames import ptm
from mlipviewer.analysis.methods.histogram_cutoff import usual_cutoff
from mlipviewer.core.trajectory import Array, Frame

LATTICES = ("bcc", "fcc", "hcp")
N_ATOMS = 16_000
N_BINS, BIN = 1000, 0.0005
ROUNDS, TRIAL = 4, 0.04
"""Noise is found in a few rounds, from a trial in units of the distance of nearest neighbours."""


@cache
def _basis(lattice: str) -> tuple[Array, Array, float]:
    """Places (k, 3) in a cell at right angles, its edges (3,), and the distance of nearest
    neighbours, all in one unit."""
    if lattice == "bcc":
        return np.array([[0, 0, 0], [0.5, 0.5, 0.5]]), np.ones(3), float(np.sqrt(3) / 2)
    if lattice == "fcc":
        faces = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
        return faces, np.ones(3), float(np.sqrt(0.5))
    layers = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 5 / 6, 0.5], [0, 1 / 3, 0.5]])
    return layers, np.array([1, np.sqrt(3), np.sqrt(8 / 3)]), 1.0


def control(lattice: str, distance: float, noise: float, n: int = N_ATOMS, seed: int = 0) -> Frame:
    """About n atoms, `distance` A between nearest neighbours, Gaussian noise in A by component."""
    places, edges, nearest = _basis(lattice)
    edges = edges * distance / nearest
    side = (n / len(places) * np.prod(edges)) ** (1 / 3)
    times = np.maximum(np.round(side / edges), 4).astype(int)
    cells = np.stack(np.meshgrid(*map(np.arange, times), indexing="ij"), -1).reshape(-1, 3)
    positions = ((cells[:, None] + places) * edges).reshape(-1, 3)
    rng = np.random.Generator(np.random.PCG64(seed))
    positions = positions + noise * rng.standard_normal(positions.shape)
    numbers = np.full(len(positions), 3)
    return Frame(0, positions, numbers, np.diag(times * edges), (True, True, True))


def _fitting(deviations: Array) -> Array:
    """(n,) which atoms belong to the peak of the crystal: those in disorder deviate more."""
    counts, _ = np.histogram(deviations[np.isfinite(deviations)], N_BINS, (0.0, N_BINS * BIN))
    found: Array = deviations <= usual_cutoff(counts, BIN)
    return found


def noise_of(frame: Frame, lattice: str, among: str = "") -> tuple[float, float, int]:
    """(noise in A, distance of nearest neighbours in A, atoms of the lattice) of a frame.

    The noise is that with which atoms of the control deviate from their template as those of the
    frame do that are not in disorder (median); NaN where it has no atom of the lattice. Raises
    AnalysisProblem.
    """
    found = ptm.run(frame, ptm.PtmParams(cutoff=0.0, among=among)).columns
    own = (found["ptm"] == ptm.CLASSES.index(lattice)) & _fitting(found["ptm_rmsd"])
    if not own.any():
        return float("nan"), float("nan"), 0
    wanted = float(np.median(found["ptm_rmsd"][own]))
    distance = float(np.median(found["ptm_distance"][own]))
    noise = TRIAL * distance
    for _ in range(ROUNDS):
        made = control(lattice, distance, noise, 4000)
        called = ptm.run(made, ptm.PtmParams(cutoff=0.0)).columns
        same = called["ptm"] == ptm.CLASSES.index(lattice)
        measured = float(np.median(called["ptm_rmsd"][same]))
        noise *= wanted / measured
    return noise, distance, int(own.sum())
