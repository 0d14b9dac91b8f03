"""The energies of atoms of one or more trajectories, put into groups on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.atom_energies import references
from mlipviewer.analysis.methods.energy_samples import (
    CLASS,
    LAYER,
    LEFT_OUT,
    SPECIES,
    Sample,
    layers_of,
    samples_of,
)
from mlipviewer.analysis.methods.temperatures import temperature_of
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.columns import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

PART = "part"
GROUPINGS = ("", SPECIES, CLASS, LAYER, PART)
NONE, MEAN, FIRST, CRYSTAL = "none", "mean", "first frame", "reference"
SHIFTS = (NONE, MEAN, FIRST, CRYSTAL)
MOST_GROUPS = 12


@dataclass(frozen=True, eq=False)
class Read:
    """What was read of one trajectory: (N,) energies, ids and group keys of all samples."""

    name: str
    energies: Array
    ids: Array
    keys: Array
    gap: float | None
    n_frames: int
    unit: str
    kelvin: float | None


@dataclass(frozen=True, eq=False)
class Group:
    """The energies that make one density."""

    name: str
    energies: Array
    kelvin: float | None = None


def read_run(
    inputs: Inputs, trajectory: Trajectory, params: Any, frames: Sequence[int], progress: Progress
) -> Read:
    """The shifted energies of one trajectory. Raises AnalysisProblem, ReadProblem, Cancelled."""
    found = list(
        samples_of(inputs, trajectory, params, frames, progress, classed=params.by == CLASS)
    )
    energies = _shifted(found, params, trajectory.name)
    keys = [_keys(one, i, len(found), params) for i, one in enumerate(found)]
    gaps = [one.gap for one in found if one.gap is not None]
    return Read(
        trajectory.name,
        np.concatenate(energies) if energies else np.empty(0),
        np.concatenate([one.ids for one in found]) if found else np.empty(0, int),
        np.concatenate(keys) if keys else np.empty(0, object),
        max(gaps) if gaps else None,
        len(found),
        found[0].unit if found else "eV",
        temperature_of(trajectory),
    )


def _shifted(found: list[Sample], params: Any, name: str) -> list[Array]:
    if params.shift == NONE or not found:
        return [one.energies for one in found]
    levels = _levels(found, params, name)
    missing = {s for one in found for s in np.unique(one.symbols.astype(str))} - levels.keys()
    if missing:
        raise AnalysisProblem(
            f"{name}: no reference energy of {', '.join(sorted(missing))}; write Li=-1.9, O=-4.9"
        )
    shifted = []
    for one in found:
        energies = one.energies.copy()
        for symbol, level in levels.items():
            energies[one.symbols == symbol] -= level
        shifted.append(energies)
    return shifted


def _levels(found: list[Sample], params: Any, name: str) -> dict[str, float]:
    """The energy that counts as zero, by species."""
    if params.shift == CRYSTAL:
        return dict(references(params.reference, name))
    used = found[:1] if params.shift == FIRST else found
    energies = np.concatenate([one.energies for one in used])
    symbols = np.concatenate([one.symbols for one in used]).astype(str)
    return {str(s): float(energies[symbols == s].mean()) for s in np.unique(symbols)}


def _keys(one: Sample, place: int, n: int, params: Any) -> Array:
    """(m,) the group of each energy of a frame, as text."""
    match params.by:
        case "species":
            return one.symbols
        case "class":
            return one.classes
        case "layer":
            layers = layers_of(one.frame, one.rows, params.axis, params.plane, params.thickness)
            return np.array([f"layer {k:>3}" if k > 0 else LEFT_OUT for k in layers], object)
        case "part":
            part = min(place * params.parts // max(n, 1), params.parts - 1)
            return np.full(len(one.energies), f"part {part + 1} of {params.parts}", object)
    return np.full(len(one.energies), "all", object)


def groups_of(reads: list[Read]) -> tuple[Group, list[Group]]:
    """(all of the first trajectory, the groups). Raises AnalysisProblem where they are too many."""
    groups = []
    for one in reads:
        for key in sorted({str(k) for k in one.keys} - {LEFT_OUT}):
            name = " ".join(key.split())
            if len(reads) > 1:
                name = one.name if key == "all" else f"{one.name}: {name}"
            groups.append(Group(name, one.energies[one.keys == key], one.kelvin))
    if len(groups) > MOST_GROUPS:
        raise AnalysisProblem(
            f"{len(groups)} groups are more than {MOST_GROUPS} curves: choose fewer atoms, or"
            " thicker layers"
        )
    if not groups:
        raise AnalysisProblem("no atom takes part")
    first = reads[0]
    inside = first.keys != LEFT_OUT
    return Group("all", first.energies[inside]), groups


def onset_of(
    groups: list[Group], widths: list[float], n_peaks: list[int], factor: float
) -> float | None:
    """The lowest temperature (K) where the density is so much wider than at the lowest, or has
    fewer peaks. None without two temperatures, or where that never happens."""
    known = [
        (one.kelvin, width, n)
        for one, width, n in zip(groups, widths, n_peaks, strict=True)
        if one.kelvin is not None
    ]
    if len({kelvin for kelvin, _, _ in known}) < 2:
        return None
    known.sort()
    _, least, most = known[0]
    later = (kelvin for kelvin, width, n in known[1:] if width > factor * least or n < most)
    return next(later, None)
