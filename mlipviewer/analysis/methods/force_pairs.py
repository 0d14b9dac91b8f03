"""Predicted and reference forces of the same atoms, from wherever they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.frames import calculated_forces
from mlipviewer.analysis.methods.energy_samples import evenly
from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.core.aliases import NO_ROLES, Roles, guessed_roles
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.computation import over_frames
from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

Array = NDArray[Any]

FORCES, REFERENCE = "forces", "reference forces"
ALL, RARE, SELECTION = "all atoms", "rare events", "selection"
FAR = 1e-2
"""Atoms of the same frame in two files may be so far apart, in A: the digits of the files."""


class Wanted(Protocol):
    """The parameters that say which forces are meant, and of which atoms."""

    @property
    def forces(self) -> str: ...
    @property
    def reference_forces(self) -> str: ...
    @property
    def calculator(self) -> str: ...
    @property
    def settings(self) -> str: ...
    @property
    def among(self) -> str: ...
    @property
    def rare(self) -> str: ...
    @property
    def most(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Pairs:
    """n forces of all frames: `predicted`, `reference` (n, 3) in eV/A, `frames` and `ids` (n,) that
    say whose they are, `rare` and `chosen` (n,) whether of a rare event, of the chosen atoms."""

    predicted: Array
    reference: Array
    frames: Array
    ids: Array
    rare: Array
    chosen: Array


def groups_of(pairs: Pairs) -> dict[str, Array]:
    """(n,) which atoms are of each group; groups without atoms are left out."""
    known = {RARE: pairs.rare, SELECTION: pairs.chosen}
    return {ALL: np.ones(len(pairs.ids), bool)} | {k: v for k, v in known.items() if v.any()}


def forces_in(columns: Mapping[str, Array], name: str) -> Array | None:
    """(n, 3) a column of forces; None where there is no such column."""
    found = columns.get(name)
    fits = found is not None and found.ndim == 2 and found.shape[1] == 3
    return found if fits and found is not None and found.dtype.kind in "iuf" else None


def roles_in(frame: Frame, roles: Roles = NO_ROLES) -> Roles:
    """What the columns stand for: by choice, else by their names."""
    return {**guessed_roles(frame.columns, ()), **roles}


def read_pairs(
    inputs: Inputs,
    trajectory: Trajectory,
    against: Trajectory | None,
    params: Wanted,
    progress: Progress,
    given: Iterator[Array] | None = None,
) -> Pairs:
    """The forces of the frames, sorted by frame and id; `given` are predicted ones, frame by frame,
    that are known already. Raises AnalysisProblem, ReadProblem, Cancelled."""
    if trajectory.n_frames == 0:
        raise AnalysisProblem(f"{trajectory.name} has no frames")
    if against is not None and against.n_frames != trajectory.n_frames:
        raise AnalysisProblem(
            f"{trajectory.name} has {trajectory.n_frames} frames, {against.name}"
            f" {against.n_frames}: they are not of the same structures"
        )
    parts = []
    chosen = evenly(trajectory.n_frames, params.most)
    calculated = given or _calculated(inputs, trajectory, params, chosen, progress)
    for done, index in enumerate(chosen):
        progress.step(done, len(chosen))
        frame = trajectory.frame(index)
        predicted = next(calculated) if calculated else _predicted(trajectory, frame, params)
        reference = (
            _own_reference(trajectory, frame, params)
            if against is None
            else _beside(trajectory, against, frame, index, params)
        )
        parts.append(_part(inputs, frame, index, predicted, reference, params))
    joined = [np.concatenate(one) for one in zip(*parts, strict=True)]
    order = np.lexsort((joined[3], joined[2]))
    return Pairs(*(one[order] for one in joined))


def _part(
    inputs: Inputs, frame: Frame, index: int, predicted: Array, reference: Array, params: Wanted
) -> tuple[Array, ...]:
    rows = taking_part(frame, params.among)
    rare = np.zeros(frame.n_atoms, bool)
    if params.rare.strip() and (_names_known(params.rare, frame)):
        rare[taking_part(frame, params.rare)] = True
    ids = np.asarray(frame.atom_ids, np.int64)
    chosen = np.isin(ids, inputs.atoms) if inputs.atoms is not None else np.zeros(len(ids), bool)
    whole = (predicted, reference, np.full(len(ids), index), ids, rare, chosen)
    return tuple(np.asarray(one)[rows] for one in whole)


def _names_known(condition: str, frame: Frame) -> bool:
    """The usual condition `r == 0` is of files that carry `r`; others are to be right."""
    return condition.strip() != USUAL_RARE or "r" in frame.columns


USUAL_RARE = "r == 0"


def _calculated(
    inputs: Inputs,
    trajectory: Trajectory,
    params: Wanted,
    frames: list[int],
    progress: Progress,
) -> Iterator[Array] | None:
    """The forces by a calculator, frame by frame; None where none is named."""
    if not params.calculator.strip():
        return None
    asked = calculated_forces.CalculatedForcesParams(params.calculator, params.settings)
    found = over_frames(
        replace(inputs, trajectory=trajectory),
        calculated_forces.COMPUTATION,
        asked,
        frames,
        progress,
    )
    return (one.columns[calculated_forces.COLUMN] for one in found)


def _predicted(trajectory: Trajectory, frame: Frame, params: Wanted) -> Array:
    name = params.forces or roles_in(frame, trajectory.roles).get(FORCES, "")
    return _needed(trajectory, frame, name, "forces")


def _own_reference(trajectory: Trajectory, frame: Frame, params: Wanted) -> Array:
    roles = roles_in(frame, trajectory.roles)
    name = params.reference_forces or roles.get(REFERENCE, "")
    if not name and params.calculator.strip():
        name = roles.get(FORCES, "")  # what the file holds is compared with the calculator
    return _needed(trajectory, frame, name, "reference forces")


def _needed(trajectory: Trajectory, frame: Frame, name: str, what: str) -> Array:
    found = forces_in(frame.columns, name)
    if found is None:
        known = ", ".join(n for n in frame.columns if forces_in(frame.columns, n) is not None)
        said = f"no column {name!r}" if name else f"no {what}"
        raise AnalysisProblem(
            f"{trajectory.name}, frame {frame.index + 1}: {said} (vectors: {known or 'none'});"
            " name the column, or another file as the reference"
        )
    return found


def _beside(
    trajectory: Trajectory, against: Trajectory, frame: Frame, index: int, params: Wanted
) -> Array:
    """(n, 3) the reference forces of the other file for the atoms of this frame, by their ids."""
    other = against.frame(index)
    roles = roles_in(other, against.roles)
    name = params.reference_forces or roles.get(REFERENCE) or roles.get(FORCES, "")
    forces = _needed(against, other, name, "forces")
    rows = _matched(trajectory, against, frame, other)
    return np.asarray(forces[rows])


def _matched(first: Trajectory, second: Trajectory, frame: Frame, other: Frame) -> Array:
    """(n,) the rows of `other` that are the atoms of `frame`. Raises AnalysisProblem."""
    where = f"frame {frame.index + 1}: {first.name} and {second.name}"
    if frame.n_atoms != other.n_atoms:
        raise AnalysisProblem(f"{where} have {frame.n_atoms} and {other.n_atoms} atoms")
    order = np.argsort(other.atom_ids, kind="stable")
    places = np.minimum(np.searchsorted(other.atom_ids[order], frame.atom_ids), len(order) - 1)
    rows: Array = order[places]
    if not np.array_equal(other.atom_ids[rows], frame.atom_ids):
        raise AnalysisProblem(f"{where} do not have atoms of the same ids")
    if not np.array_equal(other.numbers[rows], frame.numbers):
        raise AnalysisProblem(f"{where} do not have the same elements")
    _check_places(where, frame, other.positions[rows])
    return rows


def _check_places(where: str, frame: Frame, positions: Array) -> None:
    apart = np.linalg.norm(nearest_images(positions - frame.positions, frame), axis=1)
    if len(apart) and not apart.max() <= FAR:
        row = int(np.argmax(apart))
        raise AnalysisProblem(
            f"{where} are not the same structure: atom {frame.atom_ids[row]} is"
            f" {apart[row]:.3g} Å apart"
        )
