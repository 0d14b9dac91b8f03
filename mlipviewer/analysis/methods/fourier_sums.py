"""Structure factors: by sums over the waves that fit into a cell, and from distances of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

AT_ONCE = 2_000_000


def waves(cell: Array, q_max: float, bins: int, most: int, seed: int = 0) -> Array:
    """(k, 3) whole numbers h of waves q = 2 pi h cell^-1 (columns) with 0 < |q| <= q_max, one of
    each pair h and -h; at most `most` of each of `bins` shells, drawn at random."""
    reach = np.ceil(q_max * np.linalg.norm(cell, axis=1) / (2 * np.pi)).astype(int)
    parts = [np.arange(-n, n + 1) for n in reach]
    parts[0] = parts[0][parts[0] >= 0]
    rng = np.random.default_rng(seed)
    planes = []
    for h in parts[0]:
        k, m = np.meshgrid(parts[1], parts[2], indexing="ij")
        whole = np.stack([np.full(k.size, h), k.ravel(), m.ravel()], axis=1)
        sizes = lengths(whole, cell)
        half = (h > 0) | (whole[:, 1] > 0) | ((whole[:, 1] == 0) & (whole[:, 2] > 0))
        planes.append(whole[half & (sizes <= q_max)])
    found = np.concatenate(planes)
    shell = np.minimum((lengths(found, cell) / q_max * bins).astype(int), bins - 1)
    order = rng.permutation(len(found))
    found, shell = found[order], shell[order]
    sort = np.argsort(shell, kind="stable")
    first = np.searchsorted(shell[sort], shell[sort])
    return np.asarray(found[sort][np.arange(len(sort)) - first < most])


def lengths(whole: Array, cell: Array) -> Array:
    """(k,) |q| in 1/A of waves (k, 3)."""
    return np.asarray(2 * np.pi * np.linalg.norm(whole @ np.linalg.inv(cell).T, axis=1))


def amplitudes(whole: Array, scaled: Array) -> Array:
    """(k,) sum over atoms of exp(2 pi i h x), with `scaled` (n, 3) positions in the cell."""
    found = np.empty(len(whole), complex)
    batch = max(1, AT_ONCE // max(len(scaled), 1))
    for start in range(0, len(whole), batch):
        part = whole[start : start + batch]
        found[start : start + batch] = np.exp(2j * np.pi * (part @ scaled.T)).sum(axis=1)
    return found


def from_pairs(q: Array, edges: Array, mean: Array, density: float, lorch: bool) -> Array:
    """(k,) sum over shells of (neighbours - those of an even spread) sin(qr) / (qr).

    `mean` (bins,) neighbours of a centre in shells with `edges` (bins + 1,) in A; `density` 1/A^3
    of neighbours, 0 for a particle. `lorch`: its window, which takes off the ripples of the end.
    """
    r = (edges[1:] + edges[:-1]) / 2
    over = mean - density * 4 / 3 * np.pi * np.diff(edges**3)
    if lorch:
        over = over * np.sinc(r / edges[-1])
    return np.asarray(np.sinc(np.outer(q, r) / np.pi) @ over)
