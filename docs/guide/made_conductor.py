"""A made lithium conductor for the pictures of the guide: lithium on sites of antifluorite Li2S,
some of them empty; a hop to an empty neighbour takes a few frames, all atoms tremble."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

EDGE, CELLS = 5.7, 3  # A, cells along each edge
FRAMES, FEMTOSECONDS = 600, 50.0
EMPTY = 14  # sites without lithium
TRANSIT = 4  # frames of a hop
SULFUR = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])


def write_conductor(path: Path, seed: int = 2) -> Path:
    """Write the run as extended XYZ, with the time of each frame."""
    rng = np.random.default_rng(seed)
    side = EDGE * CELLS
    corners = np.stack(np.meshgrid(*(np.arange(CELLS),) * 3, indexing="ij"), -1).reshape(-1, 3)
    sulfur = (corners[:, None] + SULFUR).reshape(-1, 3) * EDGE
    lithium = _walk(rng)
    names = ["Li"] * lithium.shape[1] + ["S"] * len(sulfur)
    lines = []
    for k, of_lithium in enumerate(lithium):
        at = np.concatenate([of_lithium, sulfur])
        at = (at + rng.normal(0, 0.12, at.shape)) % side
        lines += [str(len(at)), _head(side, k)]
        lines += [f"{n} {x:.4f} {y:.4f} {z:.4f}" for n, (x, y, z) in zip(names, at, strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _head(side: float, k: int) -> str:
    cell = f"{side} 0 0 0 {side} 0 0 0 {side}"
    time = k * FEMTOSECONDS / 1000
    return (
        f'Lattice="{cell}" Properties=species:S:1:pos:R:3 time={time:.3f} time_unit=ps pbc="T T T"'
    )


def _walk(rng: np.random.Generator) -> Any:
    """(FRAMES, n, 3) places of the lithium, unwrapped."""
    n = 2 * CELLS  # sites along each edge
    taken = np.full((n, n, n), -1)
    sites = rng.permutation(n**3)[EMPTY:]
    taken.ravel()[sites] = np.arange(len(sites))
    at = np.stack(np.unravel_index(sites, taken.shape), axis=1).astype(float)
    busy = np.zeros(len(sites), int)
    places = np.empty((FRAMES, len(sites), 3))
    steps = np.concatenate([np.eye(3, dtype=int), -np.eye(3, dtype=int)])
    going = np.zeros((len(sites), 3))
    for k in range(FRAMES):
        for _ in range(2):
            atom = rng.integers(len(sites))
            step = steps[rng.integers(6)]
            old, new = tuple(at[atom].astype(int) % n), tuple((at[atom] + step).astype(int) % n)
            if taken[new] < 0 and not busy[atom]:
                taken[old], taken[new] = -1, atom
                at[atom] += step
                going[atom], busy[atom] = step, TRANSIT
        places[k] = (at - going * (busy / TRANSIT)[:, None] + 0.5) * EDGE / 2
        busy = np.maximum(busy - 1, 0)
    return places
