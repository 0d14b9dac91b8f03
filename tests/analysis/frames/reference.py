"""Crystals whose labels OVITO 3.17.2 told: bcc, fcc and hcp with noise, the lithium example.

`reference_labels.npz` beside this holds, by `cna_NAME` and `ptm_NAME`, the structure types of its
CommonNeighborAnalysisModifier (adaptive) and PolyhedralTemplateMatchingModifier (rmsd_cutoff 0.1;
fcc, hcp, bcc, ico) on exactly these positions: 0 other, 1 fcc, 2 hcp, 3 bcc, 4 ico.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk

from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.opening import open_trajectory

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[2] / "resources/examples/lithium/crystallization.extxyz.gz"
EXAMPLE_FRAME = 60


def noisy(kind: str) -> Atoms:
    """A crystal of some 4000 atoms, cold at one end and 0.25 A of noise at the other."""
    cells = {
        "bcc": bulk("Li", "bcc", a=3.44, cubic=True).repeat((8, 8, 32)),
        "fcc": bulk("Al", "fcc", a=4.3, cubic=True).repeat((6, 6, 28)),
        "hcp": bulk("Mg", "hcp", a=3.1, c=3.1 * np.sqrt(8 / 3)).repeat((12, 12, 14)),
    }
    crystal = cells[kind]
    noise = np.random.Generator(np.random.PCG64(7)).standard_normal(crystal.positions.shape)
    up = crystal.get_scaled_positions()[:, 2:]
    crystal.positions += noise * 0.25 * up
    return crystal


@cache
def example_frame() -> Frame:
    return open_trajectory(EXAMPLE).frame(EXAMPLE_FRAME)


def labels(name: str) -> np.ndarray:
    with np.load(HERE / "reference_labels.npz") as known:
        found: np.ndarray = known[name]
    return found
