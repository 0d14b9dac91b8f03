"""The energies of atoms of a trajectory, frame by frame, with the group that each belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from mlipviewer.analysis.frames import atom_energies
from mlipviewer.analysis.methods.atom_energies import (
    energy_column,
    energy_unit,
    gap_of,
    symbols_of,
    total_energy,
)
from mlipviewer.analysis.methods.calculators import HOW
from mlipviewer.analysis.methods.labels import CLASSES, LABELS, PTM, Labelling
from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.columns import Array
from mlipviewer.core.computation import Computed, over_frames
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

LEFT_OUT = "left out"
SPECIES, CLASS, LAYER = "species", "class", "layer"


class Wanted(Protocol):
    """The parameters that say which energies are meant, and how atoms are classed."""

    @property
    def column(self) -> str: ...
    @property
    def calculator(self) -> str: ...
    @property
    def settings(self) -> str: ...
    @property
    def minimise(self) -> bool: ...
    @property
    def fmax(self) -> float: ...
    @property
    def among(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def cutoff(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Sample:
    """The energies (n,) of the atoms of one frame that take part, in eV as a rule, with their ids,
    symbols and classes ('' where these were not asked for) and the share `gap` by which the sum of
    all atoms misses the total."""

    frame: Frame
    rows: Array
    energies: Array
    ids: Array
    symbols: Array
    classes: Array
    gap: float | None
    unit: str
    total: float | None


def evenly(n: int, most: int) -> list[int]:
    """At most `most` of n frames, evenly chosen with the first and the last; 0: all."""
    if most <= 0 or n <= most:
        return list(range(n))
    if most == 1:
        return [n - 1]
    return [round(i * (n - 1) / (most - 1)) for i in range(most)]


def samples_of(
    inputs: Inputs,
    trajectory: Trajectory,
    params: Wanted,
    frames: Sequence[int],
    progress: Progress,
    classed: bool,
) -> Iterator[Sample]:
    """One sample for each of `frames`. Raises AnalysisProblem, ReadProblem, Cancelled."""
    here = replace(inputs, trajectory=trajectory)
    computed: Iterator[Computed | None] = iter([None] * len(frames))
    if params.minimise and not params.calculator:
        raise AnalysisProblem(f"to minimise frames, {HOW}")
    if params.calculator:
        asked = atom_energies.AtomEnergiesParams(
            params.calculator, params.settings, params.minimise, params.fmax
        )
        computed = over_frames(here, atom_energies.COMPUTATION, asked, frames, progress)
    how = Labelling(params.method, "", params.among)
    kept = classed and not params.minimise
    found: Iterator[Computed | None] = iter([None] * len(frames))
    if kept:
        found = over_frames(here, LABELS, how, frames, progress)
    for done, index in enumerate(frames):
        progress.step(done, len(frames))
        frame, energies, classes = trajectory.frame(index), next(computed), next(found)
        if energies is not None and params.minimise:
            frame = replace(frame, positions=energies.columns["minimised_positions"])
            classes = LABELS.run(frame, how) if classed else None
        yield _sample(trajectory, frame, params, energies, classes)


def _sample(
    trajectory: Trajectory,
    frame: Frame,
    params: Wanted,
    computed: Computed | None,
    classes: Computed | None,
) -> Sample:
    if computed is not None:
        energies = computed.columns["atom_energy"]
        total: float | None = float(computed.values["energy_computed"])
        unit = "eV"
    else:
        column = energy_column(trajectory, frame, params.column)
        energies = np.asarray(frame.columns[column], float)
        total, unit = total_energy(trajectory, frame), energy_unit(frame, column)
    rows = taking_part(frame, params.among)
    rows = rows[np.isfinite(energies[rows])]
    names = np.full(frame.n_atoms, "", object)
    if classes is not None:
        names = class_names(classes, params.method, params.cutoff)
    return Sample(
        frame,
        rows,
        energies[rows],
        frame.atom_ids[rows],
        symbols_of(frame.numbers[rows]),
        names[rows],
        gap_of(energies, total),
        unit,
        total,
    )


def class_names(found: Computed, method: str, cutoff: float) -> Array:
    """(n,) the classes by name; what deviates more than the cut-off (0: none) is `other`."""
    labels = found.columns["label"]
    if method == PTM and cutoff > 0:
        wide = (found.columns["deviation"] > cutoff) & (labels != CLASSES.index(LEFT_OUT))
        labels = np.where(wide, 0, labels)
    names: Array = np.array(CLASSES, object)[labels]
    return names


def layers_of(frame: Frame, rows: Array, axis: str, plane: float, thickness: float) -> Array:
    """(m,) which layer each atom lies in, from 1 above the plane; 0 and less below it."""
    heights = frame.positions[rows, "xyz".index(axis)]
    found: Array = np.floor((heights - plane) / thickness).astype(np.int64) + 1
    return found
