"""Few nodes that stand for all: by PageRank, as a smallest dominating set, by regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask
from mlipviewer.core.table import Floats

DAMPING = 0.85
TIE = 1e-5  # ranks that differ by less are equal
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Locks:
    """Nodes that are to be chosen, and nodes that are not."""

    kept: tuple[int, ...] = ()
    left_out: tuple[int, ...] = field(default=())


def pagerank(weight: Floats, damping: float = DAMPING) -> Floats:
    """(m,) PageRank of nodes with weights (m, m) of the links from row to column; the sum is 1.

    The exact solution of the linear system of Brin and Page (1998); a node without links goes
    anywhere. Empty for no nodes.
    """
    m = len(weight)
    total = weight.sum(axis=1, keepdims=True)
    step = np.where(total > 0, weight / np.where(total > 0, total, 1.0), 1.0 / max(m, 1))
    found = np.linalg.solve(np.eye(m) - damping * step.T, np.full(m, (1.0 - damping) / max(m, 1)))
    return np.asarray(found)


def by_pagerank(joined: Mask, strength: Floats, seed: int, locks: Locks | None = None) -> list[int]:
    """Greedy cover of a graph, adjacency `joined` (m, m), in the order of choice.

    Liu and Mo (2024): nodes without neighbours are chosen; then, again and again, the node of the
    highest PageRank (unweighted; ties by the seed), which leaves with its neighbours; nodes left
    without neighbours are chosen. Without locks the answer is independent and dominating. A node
    that is left out and alone gets its strongest allowed neighbour, if it has one.
    """
    locks = locks or Locks()
    rng = np.random.default_rng(seed)
    joined = joined & ~np.eye(len(joined), dtype=bool)
    left = np.ones(len(joined), bool)
    banned = np.zeros(len(joined), bool)
    banned[list(locks.left_out)] = True
    chosen = list(locks.kept)
    for node in chosen:
        left &= ~joined[node]
    left[chosen] = False
    while left.any():
        alone = left & ~joined[:, left].any(axis=1)
        chosen += np.flatnonzero(alone & ~banned).tolist()
        left &= ~alone
        if not (left & ~banned).any():
            break
        if left.any():
            node = _top(joined, left, banned, rng)
            chosen.append(node)
            left &= ~joined[node]
            left[node] = False
    return _with_substitutes(chosen, joined, strength, banned)


def _top(joined: Mask, left: Mask, banned: Mask, rng: np.random.Generator) -> int:
    nodes = np.flatnonzero(left)
    allowed = ~banned[nodes]
    rank = pagerank(joined[np.ix_(nodes, nodes)].astype(float))
    best = nodes[allowed & (rank >= rank[allowed].max() - TIE)]
    return int(rng.choice(best))


def _with_substitutes(chosen: list[int], joined: Mask, strength: Floats, banned: Mask) -> list[int]:
    """The choice, and the strongest allowed neighbour of each node that it does not cover."""
    for node in np.flatnonzero(~covered(joined, chosen)):
        near = np.flatnonzero(joined[node] & ~banned)
        if near.size and not joined[node, chosen].any():
            chosen.append(int(near[np.argmax(strength[node, near])]))
    return list(dict.fromkeys(chosen))


def covered(joined: Mask, chosen: Sequence[int]) -> Mask:
    """(m,) which nodes are chosen or joined to a chosen one."""
    mask: Mask = np.asarray(joined[:, list(chosen)].any(axis=1))
    mask[list(chosen)] = True
    return mask


def smallest(
    joined: Mask, strength: Floats, locks: Locks | None = None, progress: Progress | None = None
) -> list[int]:
    """A smallest dominating set, component by component; of several, one of the strongest edges.

    An integer programme solved exactly (HiGHS by scipy): least sum of x with, for every node, the
    sum of x over it and its neighbours at least 1. Nodes that only left-out ones could cover are
    given up.
    """
    locks = locks or Locks()
    chosen: list[int] = []
    components = _components(joined)
    for done, nodes in enumerate(components):
        if progress is not None:
            progress.step(done, len(components))
        chosen += _smallest_of(nodes, joined, strength, locks)
    return chosen


def _components(joined: Mask) -> list[Ints]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(csr_array(joined.astype(np.int8)), directed=False)
    return [np.flatnonzero(label == i) for i in np.unique(label)]


def _smallest_of(nodes: Ints, joined: Mask, strength: Floats, locks: Locks) -> list[int]:
    from scipy.optimize import Bounds, LinearConstraint, milp

    kept, banned = np.isin(nodes, locks.kept), np.isin(nodes, locks.left_out)
    if len(nodes) == 1:
        return [] if banned[0] else [int(nodes[0])]
    near = joined[np.ix_(nodes, nodes)] | np.eye(len(nodes), dtype=bool)
    possible = (near & ~banned).any(axis=1)
    reach = (np.nan_to_num(strength[np.ix_(nodes, nodes)]) * near).sum(axis=1)
    cost = 1.0 - 0.5 * reach / max(float(reach.max()), 1e-12) / (len(nodes) + 1)
    solved = milp(
        cost,
        integrality=np.ones(len(nodes), int),
        bounds=Bounds(kept.astype(float), (~banned).astype(float)),
        constraints=LinearConstraint(near[possible].astype(float), lb=1.0),
    )
    return [int(node) for node in nodes[np.asarray(solved.x) > 0.5]]


def by_regression(r: Floats, count: int, locks: Locks | None = None) -> list[int]:
    """`count` nodes from a correlation matrix r (m, m), each time the one whose linear regression,
    with those chosen before, explains most of the variance of all (forward selection).

    A column's share of the rest of all others is the sum of squares of their residual covariances
    with it over its own residual variance.
    """
    locks = locks or Locks()
    rest = _nearest_gram(r)
    chosen: list[int] = []
    while len(chosen) < count:
        waiting = [node for node in locks.kept if node not in chosen]
        own = np.diag(rest).copy()
        gain = np.where(own > 1e-9, (rest**2).sum(axis=0) / np.maximum(own, 1e-9), -1.0)
        gain[chosen] = -2.0
        gain[list(locks.left_out)] = -2.0
        node = waiting[0] if waiting else int(np.argmax(gain))
        if gain[node] < -1.0 and not waiting:
            break
        chosen.append(node)
        if own[node] > 1e-9:
            rest = rest - np.outer(rest[:, node], rest[node]) / own[node]
    return chosen


def explained(r: Floats, chosen: Sequence[int]) -> Floats:
    """(len(chosen),) mean over all nodes of the variance explained by the first 1, 2 ... chosen."""
    rest, found = _nearest_gram(r), []
    for node in chosen:
        if rest[node, node] > 1e-9:
            rest = rest - np.outer(rest[:, node], rest[node]) / rest[node, node]
        found.append(1.0 - float(np.clip(np.diag(rest), 0.0, 1.0).mean()))
    return np.array(found)


def _nearest_gram(r: Floats) -> Floats:
    """r with unknown entries as 0, and with a unit diagonal as scalar products can make it."""
    known = np.nan_to_num(r, nan=0.0)
    np.fill_diagonal(known, 1.0)
    values, vectors = np.linalg.eigh(known)
    gram = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = np.sqrt(np.maximum(np.diag(gram), 1e-12))
    return np.asarray(gram / np.outer(scale, scale))
