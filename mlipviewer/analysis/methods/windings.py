"""Networks over periodic images: what is connected, and along which vectors of the cell it goes on
without end."""

from __future__ import annotations

import numpy as np

from mlipviewer.core.plot import Array

Shift = tuple[int, int, int]
HERE: Shift = (0, 0, 0)


class Windings:
    """Nodes 0..n-1 of one cell, joined one by one (union-find that knows the images)."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))
        self._shift: list[Shift] = [HERE] * n  # of a node's image, seen from its parent's
        self._cycles: dict[int, list[Shift]] = {}

    def place(self, node: int) -> tuple[int, Shift]:
        """The root of a node's part, and the image of the node that belongs to the root's own."""
        path, shift = [], HERE
        while self._parent[node] != node:
            path.append(node)
            node = self._parent[node]
        for one in reversed(path):
            shift = _plus(self._shift[one], shift)
            self._parent[one], self._shift[one] = node, shift
        return node, shift

    def join(self, first: int, second: int, image: Shift) -> Shift | None:
        """`first` in the cell meets `second` in the image. The vector, in cells, along which its
        part thereby returns to itself; None where it does not."""
        (root, here), (other, there) = self.place(first), self.place(second)
        move = _minus(_plus(here, image), there)
        if root == other:
            if move == HERE:
                return None
            self._cycles.setdefault(root, []).append(move)
            return move
        self._parent[other], self._shift[other] = root, move
        self._cycles.setdefault(root, []).extend(self._cycles.pop(other, []))
        return None

    def dimension(self, node: int) -> int:
        """In how many directions the part of a node goes on without end: 0 to 3."""
        cycles = self._cycles.get(self.place(node)[0], [])
        return int(np.linalg.matrix_rank(np.array(cycles))) if cycles else 0

    def along(self, node: int) -> tuple[bool, bool, bool]:
        """Along which vectors of the cell the part of a node goes on."""
        cycles = np.array(self._cycles.get(self.place(node)[0], []), int).reshape(-1, 3)
        a, b, c = (cycles != 0).any(axis=0).tolist()
        return a, b, c


def _plus(one: Shift, other: Shift) -> Shift:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _minus(one: Shift, other: Shift) -> Shift:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def widest_ways(n: int, ends: Array, images: Array, widths: Array) -> Array:
    """(3,) the largest width with which one can go on without end along each vector of the cell;
    NaN where there is no way. `ends` (m, 2) nodes, `images` (m, 3), `widths` (m,) of the edges.
    """
    network, found = Windings(n), np.full(3, np.nan)
    for edge in np.argsort(-widths, kind="stable").tolist():
        first, second = ends[edge].tolist()
        a, b, c = images[edge].tolist()
        cycle = network.join(first, second, (a, b, c))
        if cycle is not None:
            new = np.isnan(found) & (np.array(cycle) != 0)
            found[new] = widths[edge]
            if not np.isnan(found).any():
                break
    return found
