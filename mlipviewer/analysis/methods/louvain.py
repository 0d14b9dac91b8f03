"""Communities of a weighted graph of up to some thousand nodes, and how two partitions agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.graph import by_size
from mlipviewer.core.table import Floats

Labels = NDArray[np.int64]
LEAST_GAIN = 1e-9  # of its degree, for which a node moves
LEAST_RISE = 1e-7  # of modularity, for which communities are joined once more
MOST_PASSES = 100


def louvain(weight: Floats, seed: int) -> Labels:
    """(n,) communities 0 (the largest), 1 ... of the symmetric weights (n, n); 0 is no edge.

    Blondel, Guillaume, Lambiotte and Lefebvre, J. Stat. Mech. P10008 (2008): nodes move, in
    an order that the seed gives, to the community of most modularity; communities become nodes.
    """
    rng = np.random.default_rng(seed)
    weight = weight.copy()
    np.fill_diagonal(weight, 0.0)
    label = np.arange(len(weight))
    if not weight.any():
        return label
    small = weight / weight.sum()
    reached = modularity(small, label)
    while True:
        part, moved = _moved(small, rng)
        label = part[label]
        small = _joined(small, part)
        before, reached = reached, modularity(small, np.arange(len(small)))
        if not moved or reached - before <= LEAST_RISE:
            return by_size(label)


def _joined(weight: Floats, part: Labels) -> Floats:
    """(k, k) sums of weights (n, n) between the k parts."""
    k = int(part.max()) + 1
    cells = part[:, None] * k + part[None]
    total = np.bincount(cells.ravel(), weight.ravel(), k * k)
    return np.asarray(total, np.float64).reshape(k, k)


def _moved(weight: Floats, rng: np.random.Generator) -> tuple[Labels, bool]:
    """Communities after single nodes moved until none gains; renumbered 0, 1 ... ."""
    n = len(weight)
    degree = weight.sum(axis=1)
    own = np.diag(weight)
    near = [np.flatnonzero(row) for row in weight]
    label, total, moved = np.arange(n), degree.copy(), False
    for _ in range(MOST_PASSES):
        n_moves = 0
        for i in rng.permutation(n):
            links = near[i]
            old = label[i]
            total[old] -= degree[i]
            inside = np.bincount(label[links], weights=weight[i, links], minlength=n)
            inside[old] -= own[i]
            gain = inside - degree[i] * total
            best = int(gain.argmax())
            if gain[best] > gain[old] + LEAST_GAIN * degree[i]:
                label[i] = best
                n_moves += 1
            total[label[i]] += degree[i]
        moved = moved or n_moves > 0
        if not n_moves:
            break
    return np.unique(label, return_inverse=True)[1], moved


def modularity(weight: Floats, label: Labels) -> float:
    """Newman and Girvan (2004), of symmetric weights (n, n)."""
    share = weight / weight.sum()
    same = label[:, None] == label[None]
    degree = share.sum(axis=1)
    return float((share - np.outer(degree, degree))[same].sum())


def agreement(first: Labels, second: Labels) -> float:
    """The adjusted Rand index of two partitions: 1 for equal ones, 0 on average by chance.

    Hubert and Arabie, J. Classification 2, 193 (1985).
    """
    a, b = np.unique(first, return_inverse=True)[1], np.unique(second, return_inverse=True)[1]
    counts = np.zeros((a.max(initial=0) + 1, b.max(initial=0) + 1))
    np.add.at(counts, (a, b), 1)

    def pairs(n: Floats) -> float:
        return float((n * (n - 1) / 2).sum())

    both, one, other = pairs(counts), pairs(counts.sum(axis=1)), pairs(counts.sum(axis=0))
    every = len(a) * (len(a) - 1) / 2
    chance = one * other / every if every else 0.0
    most = (one + other) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)
