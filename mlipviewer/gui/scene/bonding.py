"""Bonds as rods: the half that is an atom's own has the atom's colour. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.bonds import BondList, bonds_of, listed_bonds
from mlipviewer.core.elements import element
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import Arranged
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.session.looks import Bonds

Floats = NDArray[np.float32]


def bond_lengths(kinds: Kinds, bonds: Bonds) -> NDArray[np.float64]:
    """(256, 256) the longest bond of each pair of codes in A; 0 where none is made."""
    lengths = np.zeros((256, 256))
    codes = [kind.code for kind in kinds.kinds]
    radii = np.array([element(kind.number).radius for kind in kinds.kinds])
    lengths[np.ix_(codes, codes)] = bonds.factor * (radii[:, None] + radii)
    by_name = {kind.name: kind.code for kind in kinds.kinds}
    for first, second, length in bonds.lengths:
        if first in by_name and second in by_name:
            a, b = by_name[first], by_name[second]
            lengths[a, b] = lengths[b, a] = length
    return lengths


def find_bonds(frame: Frame, kinds: Kinds, bonds: Bonds) -> BondList:
    """The bonds of a frame, each from both of its ends: those of the file where it lists them."""
    if frame.bonds is not None:
        return listed_bonds(frame)
    return bonds_of(frame, kinds.codes, bond_lengths(kinds, bonds))


def half_bonds(found: BondList, how: Arranged, home: Any) -> tuple[Floats, NDArray[np.int64]]:
    """Ends (m, 6), counted from `home`, of the halves of drawn bonds, and whose half each is (m,).

    Bonds through the cell's walls end at their middles. Both atoms must be drawn.
    """
    ends, whose = [], []
    for image, shift in enumerate(how.shifts):
        kept = how.kept_of(image)
        drawn = slice(None) if kept is None else kept[found.first] & kept[found.second]
        first, vectors = found.first[drawn], found.vectors[drawn]
        starts = how.places[first] + (shift - home)
        ends.append(np.concatenate([starts, starts + 0.5 * vectors], axis=1).astype(np.float32))
        whose.append(first)
    return np.concatenate(ends), np.concatenate(whose)
