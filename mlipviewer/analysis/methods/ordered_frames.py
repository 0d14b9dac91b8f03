"""The order of one frame: Warren-Cowley parameters, long-range order, c/a and entropies."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.chemistry import family_codes, read_families, species_of
from mlipviewer.analysis.methods.long_range_order import (
    L1_0,
    OWN,
    STRUCTURES,
    LongRangeOrder,
    Sublattices,
    best_order,
    chance_of_order,
    mixing_entropy,
    order_on,
    sublattice_entropy,
)
from mlipviewer.analysis.methods.neighbour_shells import (
    chance_of,
    nearest_distance,
    shell_neighbours,
    warren_cowley,
)
from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.analysis.methods.parent_lattice import CUBIC, ParentLattice, parent_lattice
from mlipviewer.analysis.methods.surfaces import BALL, touched
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.params import Params
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

FOUND = "found"
COUNTED, LEFT_OUT = "counted", "left out"


@dataclass(frozen=True)
class OrderedFrame(Params):
    """What is asked about one frame; see OrderParams."""

    edges: tuple[float, ...]
    surface: str = COUNTED
    sublattices: str = FOUND
    column: str = ""
    families: str = ""
    grouped: bool = False
    among: str = ""
    average: int = 0


def order_of_frame(frame: Frame, params: OrderedFrame) -> Computed:
    """Columns: `alpha`, `error`, `chance` (shells, k, k), centre by neighbour; `neighbours`
    (shells,) on average; `numbers` (k,) of atoms; `counts` (2, k) of sublattices, `families` (k,).
    Values: names, and the rest by name; `lattice` tells why there is no long-range order. Raises
    AnalysisProblem."""
    rows = inside(frame, taking_part(frame, params.among), params.surface)
    if len(rows) < 2:
        raise AnalysisProblem(f"frame {frame.index + 1}: fewer than two atoms take part")
    names, species = species_of(frame)
    names, species = _named(names, species[rows])
    groups = read_families(params.families)
    kinds, called = _grouped(names, species, groups) if params.grouped else (species, names)
    shares = np.bincount(kinds, minlength=len(called)) / len(rows)
    counts = shell_neighbours(frame, rows, kinds, len(called), params.edges)
    alpha, error = warren_cowley(counts, kinds, shares)
    neighbours = counts.sum(axis=2).mean(axis=1)
    numbers = np.bincount(species, minlength=len(names))
    values: dict[str, Any] = {
        "names": list(names),
        "called": list(called),
        "n_atoms": len(rows),
        "entropy_random": mixing_entropy(numbers / len(rows)),
    }
    columns: dict[str, Array] = {
        "alpha": alpha,
        "error": error,
        "chance": chance_of(len(rows), neighbours, shares),
        "neighbours": neighbours,
        "numbers": numbers,
    }
    more, of_sites = _long_range(frame, rows, (names, species), groups, params)
    return Computed({**columns, **of_sites}, {**values, **more})


def inside(frame: Frame, rows: Array, surface: str) -> Array:
    """The rows without those at the surface, where it is left out."""
    if surface == COUNTED or len(rows) < 2:
        return rows
    try:
        at_surface = touched(frame, rows, BALL * nearest_distance(frame, rows))
    except ValueError as problem:
        raise AnalysisProblem(f"frame {frame.index + 1}: {problem}") from None
    found: Array = rows[~at_surface]
    return found


def _named(names: tuple[str, ...], species: Array) -> tuple[tuple[str, ...], Array]:
    """The species that there are among the chosen atoms."""
    there, codes = np.unique(species, return_inverse=True)
    return tuple(names[i] for i in there), codes.astype(np.int32)


def _grouped(
    names: tuple[str, ...], species: Array, groups: tuple[tuple[str, ...], ...]
) -> tuple[Array, tuple[str, ...]]:
    """Numbers (m,) and names of families in place of species."""
    if not groups:
        raise AnalysisProblem("parameters of families: say which elements each has")
    codes = family_codes(names, groups)
    there, kinds = np.unique(codes[species], return_inverse=True)
    called = tuple(
        "".join(name for name, code in zip(names, codes, strict=True) if code == one)
        for one in there
    )
    return kinds.astype(np.int32), called


def _long_range(
    frame: Frame,
    rows: Array,
    species: tuple[tuple[str, ...], Array],
    groups: tuple[tuple[str, ...], ...],
    params: OrderedFrame,
) -> tuple[dict[str, Any], dict[str, Array]]:
    names, codes = species
    lattice, why = None, ""
    try:
        lattice = parent_lattice(frame, rows)
    except AnalysisProblem as problem:
        why = str(problem)
    if params.sublattices == OWN:
        own = sublattices_of_column(frame, rows, params.column)
        order: LongRangeOrder | None = order_on(own, codes, len(names), groups, names)
    elif lattice is None or len(names) < 2:
        order = None
    else:
        wanted = "" if params.sublattices == FOUND else params.sublattices
        order = best_order(lattice, codes, names, groups, wanted)
        kind = params.sublattices if wanted else "ordered"
        why = "" if order else f"the {lattice.kind} lattice in this cell allows no {kind} structure"
    found = {"lattice": why, **_of_lattice(lattice, order)}
    if order is None:
        return found, {"counts": np.zeros((2, len(names))), "families": np.zeros(len(names), int)}
    which = order.sublattices.which
    counts = np.zeros((2, len(names)))
    np.add.at(counts, (which[which >= 0], codes[which >= 0]), 1)
    found |= {
        "long_range_order": order.value,
        "order_chance": chance_of_order(order),
        "structure": order.sublattices.structure,
        "axis": order.sublattices.axis,
        "entropy": sublattice_entropy(counts),
    }
    return found, {"counts": counts, "families": order.families}


def _of_lattice(lattice: ParentLattice | None, order: LongRangeOrder | None) -> dict[str, Any]:
    if lattice is None:
        return {}
    axis = None
    if order is not None and order.sublattices.structure == L1_0:
        axis = CUBIC.index(order.sublattices.axis)
    value, edge = tetragonality(lattice.edges, axis)
    return {
        "parent": lattice.kind,
        "on_lattice": float(lattice.on_it.mean()),
        "c_over_a": value,
        "lattice_constant": edge,
    }


def tetragonality(edges: Array, axis: int | None) -> tuple[float, float]:
    """c/a and a in A of three edges: c is that along the axis, else the one that differs most."""
    if axis is None:
        axis = int(np.abs(edges - np.median(edges)).argmax())
    a = float(np.delete(edges, axis).mean())
    return float(edges[axis]) / a, a


def sublattices_of_column(frame: Frame, rows: Array, column: str) -> Sublattices:
    """Two sublattices by the two values of a column. Raises AnalysisProblem."""
    values = frame.columns.get(column)
    if values is None or values.ndim != 1:
        known = ", ".join(frame.columns) or "none"
        raise AnalysisProblem(
            f"frame {frame.index + 1} has no column {column!r} that tells sublattices;"
            f" its columns: {known}"
        )
    different, which = np.unique(np.asarray(values)[rows], return_inverse=True)
    if len(different) != 2:
        raise AnalysisProblem(
            f"column {column!r} has {len(different)} values: there are two sublattices"
        )
    sites = np.bincount(which, minlength=2)
    return Sublattices(OWN, column, which.astype(np.int8), sites / len(rows))


ORDERED = Computation(
    name="ordered-frames",
    title="Order",
    about="Short-range and long-range order of a frame.",
    params=OrderedFrame,
    run=order_of_frame,
    around=lambda params: params.average,
    columns=MappingProxyType({}),
    version=3,
)

CHOICES = (FOUND, *STRUCTURES, OWN)
