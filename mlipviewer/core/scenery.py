"""What a result shows among the atoms: places, bodies around them, sticks between them. Data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlipviewer.core.plot import Array, Space
from mlipviewer.core.rows import Rows, rows


@dataclass(frozen=True, eq=False)
class Scenery:
    """n things in the frame `frame` of a trajectory (counted from 0): row i of `space`.

    `places` (n, 3) in A; `group` (n,) is a place in the palette of categories. `bodies` (n) are the
    corners (k, 3) in A of a solid around each, fewer than 4 for none. `sticks` (m, 2, 3) join the
    things `ends` (m, 2), coloured by `stick_group` (m,), `stick_radius` (m,) A thick. `atoms` (n)
    are the ids that belong to each: chosen with it.
    """

    frame: int
    space: Space
    places: Array
    group: Array
    bodies: tuple[Array, ...]
    sticks: Array
    ends: Array
    stick_group: Array
    stick_radius: Array
    atoms: tuple[Array, ...]

    def atoms_of(self, chosen: Rows) -> Rows:
        """The ids of the atoms that belong to chosen things."""
        found = [self.atoms[i] for i in chosen.tolist() if 0 <= i < len(self.atoms)]
        return rows(np.concatenate(found)) if found else rows([])
