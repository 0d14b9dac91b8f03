"""The energy of a growing metal along a trajectory, against so much bulk crystal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.atom_energies import total_energy
from mlipviewer.analysis.methods.energy_samples import LEFT_OUT, samples_of
from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.columns import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

CRYSTALS = ("bcc", "fcc", "hcp")


@dataclass(frozen=True, eq=False)
class Followed:
    """What is followed along m frames: `count` of metal atoms, `summed` energies of them (NaN
    without energies of atoms), `total` energies of everything, `area`, and (m, classes) counts and
    energies by class."""

    name: str
    frames: Array
    times: Array
    count: Array
    summed: Array
    total: Array
    area: Array
    classes: tuple[str, ...]
    numbers: Array
    energies: Array

    def crystal(self) -> tuple[float, str]:
        """(mean energy of an atom of the commonest crystal class, its name); NaN without."""
        known = [i for i, name in enumerate(self.classes) if name in CRYSTALS]
        counts = self.numbers[:, known].sum(axis=0) if known else np.zeros(0)
        if not len(counts) or not counts.max():
            return float("nan"), ""
        best = known[int(counts.argmax())]
        good = self.numbers[:, best] > 0
        sums = (self.numbers[good, best] * self.energies[good, best]).sum()
        return float(sums / self.numbers[:, best].sum()), self.classes[best]


def follow(
    inputs: Inputs, trajectory: Trajectory, params: Any, frames: Sequence[int], progress: Progress
) -> Followed:
    """Follow the metal of one run. Raises AnalysisProblem, ReadProblem, Cancelled."""
    try:
        rows = _with_atoms(inputs, trajectory, params, frames, progress)
    except AnalysisProblem:
        if params.kind == "atoms" or params.calculator or params.column:
            raise
        rows = _totals(trajectory, params, frames, progress)
    times = [trajectory.time(i) for i in frames]
    names = tuple(dict.fromkeys(name for row in rows for name in row[4]))
    return Followed(
        trajectory.name,
        np.array(frames),
        np.array([np.nan if t is None else t for t in times], float),
        np.array([row[0] for row in rows], float),
        np.array([row[1] for row in rows], float),
        np.array([row[2] for row in rows], float),
        np.array([row[3] for row in rows], float),
        names,
        np.array([[row[4].get(name, (0, np.nan))[0] for name in names] for row in rows]),
        np.array([[row[4].get(name, (0, np.nan))[1] for name in names] for row in rows], float),
    )


Row = tuple[int, float, float, float, dict[str, tuple[int, float]]]


def _with_atoms(
    inputs: Inputs, trajectory: Trajectory, params: Any, frames: Sequence[int], progress: Progress
) -> list[Row]:
    rows: list[Row] = []
    for one in samples_of(inputs, trajectory, params, frames, progress, classed=True):
        names = [str(name) for name in np.unique(one.classes.astype(str)) if name != LEFT_OUT]
        members = {name: one.classes == name for name in names}
        by_class = {n: (int(m.sum()), float(one.energies[m].mean())) for n, m in members.items()}
        total = one.total if one.total is not None else float("nan")
        area = area_across(one.frame, params.axis)
        rows.append((len(one.rows), float(one.energies.sum()), total, area, by_class))
    return rows


def _totals(
    trajectory: Trajectory, params: Any, frames: Sequence[int], progress: Progress
) -> list[Row]:
    rows: list[Row] = []
    for done, index in enumerate(frames):
        progress.step(done, len(frames))
        frame = trajectory.frame(index)
        total = total_energy(trajectory, frame)
        if total is None:
            raise AnalysisProblem(
                f"{trajectory.name}: frame {index + 1} carries neither energies of atoms nor a"
                " total energy"
            )
        count = len(taking_part(frame, params.among))
        rows.append((count, float("nan"), total, area_across(frame, params.axis), {}))
    return rows


def area_across(frame: Frame, axis: str) -> float:
    """A^2 of the cell across an axis; NaN without a cell."""
    if frame.cell is None:
        return float("nan")
    one, other = (frame.cell[i] for i in range(3) if i != "xyz".index(axis))
    found = float(np.linalg.norm(np.cross(one, other)))
    return found if found > 0 else float("nan")


def bulk_energy(runs: list[Followed], given: str, named: str) -> tuple[float, str]:
    """(eV of an atom of the bulk crystal, where that comes from). Raises AnalysisProblem."""
    if given.strip():
        try:
            return float(given), "given"
        except ValueError:
            raise AnalysisProblem(f"bulk {given!r} is no number of eV") from None
    if named:
        found = next((one for one in runs if one.name == named), None)
        if found is None:
            known = ", ".join(one.name for one in runs)
            raise AnalysisProblem(
                f"there is no run {named!r} beside the others; there are: {known}"
            )
        summed = found.summed if np.isfinite(found.summed).all() else found.total
        return float((summed / found.count).mean()), f"mean of {named}"
    energy, name = runs[0].crystal()
    if np.isfinite(energy):
        return energy, f"mean of the {name} atoms of {runs[0].name}"
    first = runs[0]
    per_atom = (first.summed if np.isfinite(first.summed[0]) else first.total) / first.count
    return float(per_atom[0]), f"mean of the first frame of {first.name}, which has no crystal"


def relative_energy(one: Followed, kind: str, bulk: float) -> Array:
    """(m,) eV: sum of e_i - N e_bulk, or E(n) - E(0) - n e_bulk with n the inserted atoms."""
    if kind == "atoms":
        return np.asarray(one.summed - one.count * bulk)
    inserted = one.count - one.count[0]
    return np.asarray(one.total - one.total[0] - inserted * bulk)


def without(runs: list[Followed], name: str) -> list[Followed]:
    """The runs but the one that is only the bulk crystal."""
    return [one for one in runs if one.name != name] or runs
