"""The graph of strongly correlated columns at a threshold: edges, components, communities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.table import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Graph:
    """k edges between m nodes: `pairs` (k, 2), strongest first; per node (m,) its degree, its
    component and its community, both numbered from the largest (0) on."""

    pairs: Ints
    degree: Ints
    component: Ints
    community: Ints

    @property
    def n_isolated(self) -> int:
        return int((self.degree == 0).sum())

    @property
    def n_components(self) -> int:
        return len(np.unique(self.component))

    @property
    def n_communities(self) -> int:
        return len(np.unique(self.community))


def graph_above(strength: Floats, threshold: float, weight: Floats, seed: int) -> Graph:
    """An edge wherever `strength` (m, m) exceeds the threshold; NaN is no edge.

    Communities are those of Louvain (Blondel et al. 2008) with the weights, seeded.
    """
    first, second = np.nonzero(np.triu(np.nan_to_num(strength, nan=-1.0) > threshold, 1))
    order = np.argsort(-strength[first, second], kind="stable")
    pairs = np.column_stack((first, second))[order]
    m = len(strength)
    degree = np.bincount(pairs.ravel(), minlength=m)
    component = _components(pairs, m)
    community = _communities(pairs, weight, component, seed)
    return Graph(pairs, degree, component, community)


def _components(pairs: Ints, m: int) -> Ints:
    """The smallest label reachable from each node, renumbered by size."""
    label = np.arange(m)
    while len(pairs):
        least = np.minimum(label[pairs[:, 0]], label[pairs[:, 1]])
        new = label.copy()
        np.minimum.at(new, pairs.ravel(), np.repeat(least, 2))
        new = new[new]  # a node's label is a node: jump to its label, halving the way
        if np.array_equal(new, label):
            break
        label = new
    return by_size(label)


def _communities(pairs: Ints, weight: Floats, component: Ints, seed: int) -> Ints:
    if not len(pairs):
        return component
    import networkx

    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from(np.unique(pairs).tolist())
    weights = weight[pairs[:, 0], pairs[:, 1]]
    graph.add_weighted_edges_from(
        zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), weights.tolist(), strict=True)
    )
    label = np.arange(len(component))  # nodes without an edge are communities of their own
    for members in networkx.community.louvain_communities(graph, seed=seed):
        label[list(members)] = min(members)
    return by_size(label)


def by_size(label: Ints) -> Ints:
    """Labels renumbered 0, 1 ...: the largest first, equal ones by their first node."""
    _, first, group, size = np.unique(
        label, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(size), np.int64)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    return rank[group]
