"""Measurements: distances, angles, dihedrals, coordination and planes of chosen atoms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.measures import angle, dihedral, distance, separation
from mlipviewer.core.neighbours import coordination
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


class Measure(StrEnum):
    DISTANCE = "distance"
    ANGLE = "angle"
    DIHEDRAL = "dihedral"
    COORDINATION = "coordination"
    PLANE = "plane"


N_ATOMS = {Measure.DISTANCE: (2, 2), Measure.ANGLE: (3, 3), Measure.DIHEDRAL: (4, 4),
           Measure.COORDINATION: (1, 64), Measure.PLANE: (3, 256)}  # fmt: skip
"""Least and most atoms of each measure."""

UNITS = {Measure.DISTANCE: "Å", Measure.ANGLE: "°", Measure.DIHEDRAL: "°",
         Measure.COORDINATION: "", Measure.PLANE: "Å"}  # fmt: skip

CUTOFF = 3.0


@dataclass(frozen=True)
class Measurement:
    """Something that is measured of atoms (ids, in order) of a trajectory.

    `cutoff` in A matters for coordination only. `periodic`: by the minimum image.
    """

    number: int
    owner: str
    kind: Measure
    atoms: tuple[int, ...]
    name: str
    colour: str
    cutoff: float = CUTOFF
    periodic: bool = True


def measures_of(n_atoms: int) -> tuple[Measure, ...]:
    """What can be measured of so many atoms, the most usual first."""
    usual = {2: Measure.DISTANCE, 3: Measure.ANGLE, 4: Measure.DIHEDRAL}.get(n_atoms)
    possible = [kind for kind, (low, high) in N_ATOMS.items() if low <= n_atoms <= high]
    return tuple(sorted(possible, key=lambda kind: kind is not usual))


def rows_of_ids(frame: Frame, ids: Sequence[int]) -> Array:
    """(k,) the row of each id in a frame, -1 where the frame has no such atom."""
    if frame.ids is None:
        wanted = np.asarray(ids, np.int64)
        return np.where((wanted >= 0) & (wanted < frame.n_atoms), wanted, -1)
    found = (np.flatnonzero(frame.ids == one) for one in ids)
    return np.array([places[0] if len(places) else -1 for places in found], np.int64)


def value(
    frame: Frame,
    kind: Measure,
    rows: Sequence[int],
    cutoff: float = CUTOFF,
    periodic: bool = True,
) -> float:
    """The measured number: A, degrees, a mean count, or the plane's RMS distance in A.

    NaN where an atom is missing (row -1) or has no place.
    """
    places = [int(row) for row in rows]
    if min(places, default=-1) < 0 or not np.isfinite(frame.positions[places]).all():
        return float("nan")
    seen = frame if periodic else replace_pbc(frame)
    match kind:
        case Measure.DISTANCE:
            return distance(seen, places[0], places[1])
        case Measure.ANGLE:
            return angle(seen, *places[:3])
        case Measure.DIHEDRAL:
            a, b, c, d = places[:4]
            return dihedral(seen, (a, b, c, d))
        case Measure.COORDINATION:
            return float(np.mean([coordination(frame, i, cutoff, periodic) for i in places]))
        case Measure.PLANE:
            return plane(together(seen, places))[2]


def replace_pbc(frame: Frame) -> Frame:
    """The frame as if nothing repeated."""
    return replace(frame, pbc=(False, False, False))


def together(frame: Frame, rows: Sequence[int]) -> Array:
    """(k, 3) places in A: the first atom's, and from each the nearest image of the next."""
    places = [np.array(frame.positions[rows[0]], float)]
    for before, after in pairwise(rows):
        places.append(places[-1] + separation(frame, before, after))
    return np.array(places)


def plane(points: Array) -> tuple[Array, Array, float]:
    """Centre (3,), unit normal (3,) and RMS distance in A of the plane that fits points (k, 3)."""
    centre = points.mean(axis=0)
    _, sizes, directions = np.linalg.svd(points - centre, full_matrices=True)
    least = float(sizes[2]) if len(sizes) > 2 else 0.0
    return centre, directions[2], least / float(np.sqrt(len(points)))


def path_of(measured: Measurement, frame: Frame) -> Array | None:
    """(k, 3) places in A that a line through the measured atoms joins, None where some are gone."""
    rows = rows_of_ids(frame, measured.atoms)
    if (rows < 0).any() or not np.isfinite(frame.positions[rows]).all():
        return None
    return together(frame if measured.periodic else replace_pbc(frame), rows.tolist())


def value_words(kind: Measure, number: float) -> str:
    """`2.8432 Å`, `109.47°`, `12`; a dash where there is none."""
    if np.isnan(number):
        return "–"
    match kind:
        case Measure.DISTANCE | Measure.PLANE:
            return f"{number:.4f} Å"
        case Measure.COORDINATION:
            return f"{number:.4g}"
        case _:
            return f"{number:.2f}°"
