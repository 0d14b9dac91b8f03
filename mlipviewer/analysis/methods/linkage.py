"""Average linkage of things with known mutual distances: their order, and the tree beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.table import Floats

Order = NDArray[np.int32]


def linkage_of(distance: Floats) -> Floats:
    """(m - 1, 4) mergers as of scipy: a, b, height, size; the nearest are put side by side.

    Bar-Joseph, Gifford and Jaakkola, Bioinformatics 17, S22 (2001).
    """
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    condensed = squareform(distance, checks=False)
    return np.asarray(linkage(condensed, "average", optimal_ordering=True))


def leaves_of(mergers: Floats) -> Order:
    """(m,) the leaves from the first to the last."""
    from scipy.cluster.hierarchy import leaves_list

    return np.asarray(leaves_list(mergers), np.int32)


def clustered_order(distance: Floats) -> Order:
    """(m,) leaves of average linkage in the order that puts the nearest side by side."""
    return leaves_of(linkage_of(distance))


def brackets(mergers: Floats, order: Order) -> Floats:
    """(m - 1, 3, 2) place among the leaves and height 0..1 of the lower end, the upper end and
    the join of each merger; the last join is at 1, and leaf i of the order at i + 0.5."""
    m = len(order)
    place, height = np.zeros(2 * m - 1), np.zeros(2 * m - 1)
    place[order] = np.arange(m) + 0.5
    found = np.empty((m - 1, 3, 2))
    top = max(float(mergers[:, 2].max(initial=0.0)), 1e-12)
    for k, (a, b, far, _) in enumerate(mergers):
        ends = sorted((int(a), int(b)), key=lambda i: place[i])
        place[m + k], height[m + k] = (place[ends[0]] + place[ends[1]]) / 2, far / top
        for i, end in enumerate((*ends, m + k)):
            found[k, i] = place[end], height[end]
    return found
