"""Structure factors: by sums over the waves that fit into a cell, and from distances of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.progress import Cancelled, Progress

Array = NDArray[Any]

AT_ONCE = 2_000_000
LISTED = 1_000_000


def waves(cell: Array, q_max: float, bins: int, most: int, seed: int = 0) -> Array:
    """(k, 3) whole numbers h of waves q = 2 pi h cell^-1 (columns) with 0 < |q| <= q_max, one of
    each pair h and -h; at most `most` of each of `bins` shells, drawn at random.

    All waves up to the q below which there are `LISTED` of them, and random ones beyond.
    """
    rng = np.random.default_rng(seed)
    dense = float(abs(np.linalg.det(cell))) / (2 * np.pi) ** 3
    full = min(q_max, (LISTED / dense / (4 / 3 * np.pi)) ** (1 / 3))
    found = _listed(cell, full)
    if full < q_max:
        found = np.concatenate([found, _drawn(cell, (full, q_max), 3 * bins * most, rng)])
    sizes = lengths(found, cell)
    shell = np.minimum((sizes / q_max * bins).astype(int), bins - 1)
    rank = np.where(shell == 0, sizes, rng.random(len(found)))  # the longest waves are never left
    sort = np.lexsort((rank, shell))
    first = np.searchsorted(shell[sort], shell[sort])
    return np.asarray(found[sort][np.arange(len(sort)) - first < most])


def _listed(cell: Array, q_max: float) -> Array:
    """All waves up to q_max, one of each pair."""
    reach = np.ceil(q_max * np.linalg.norm(cell, axis=1) / (2 * np.pi)).astype(int)
    parts = [np.arange(-n, n + 1) for n in reach]
    planes = []
    for h in parts[0][parts[0] >= 0]:
        k, m = np.meshgrid(parts[1], parts[2], indexing="ij")
        whole = np.stack([np.full(k.size, h), k.ravel(), m.ravel()], axis=1)
        planes.append(whole[_half(whole) & (lengths(whole, cell) <= q_max)])
    return np.concatenate(planes)


def _drawn(cell: Array, between: tuple[float, float], n: int, rng: np.random.Generator) -> Array:
    """Some waves with |q| within bounds, evenly over |q| and directions, each once."""
    ways = rng.normal(size=(n, 3))
    ways /= np.linalg.norm(ways, axis=1)[:, None]
    q = ways * rng.uniform(*between, n)[:, None]
    whole = np.round(q @ cell.T / (2 * np.pi)).astype(int)
    whole = np.unique(np.where(_half(whole)[:, None], whole, -whole), axis=0)
    sizes = lengths(whole, cell)
    return np.asarray(whole[(sizes > between[0]) & (sizes <= between[1])])


def _half(whole: Array) -> Array:
    """(k,) which of h and -h a wave is; not the one of no length."""
    h, k, m = whole.T
    return np.asarray((h > 0) | ((h == 0) & ((k > 0) | ((k == 0) & (m > 0)))))


def lengths(whole: Array, cell: Array) -> Array:
    """(k,) |q| in 1/A of waves (k, 3)."""
    return np.asarray(2 * np.pi * np.linalg.norm(whole @ np.linalg.inv(cell).T, axis=1))


def amplitudes(whole: Array, scaled: Array, progress: Progress) -> Array:
    """(k,) sum over atoms of exp(2 pi i h x), with `scaled` (n, 3) positions in the cell.

    Raises Cancelled.
    """
    found = np.empty(len(whole), complex)
    batch = max(1, AT_ONCE // max(len(scaled), 1))
    for start in range(0, len(whole), batch):
        if progress.stopped:
            raise Cancelled
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
