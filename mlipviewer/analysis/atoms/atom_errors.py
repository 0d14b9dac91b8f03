"""Models by their force error on chosen atoms: from atoms in 3D back to rows of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.core.aliases import NO_ROLES, Roles, guessed_roles
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows, member
from mlipviewer.core.trajectory import Frame, Trajectory


@dataclass(frozen=True)
class AtomErrorsParams(Params):
    predicted: str = param("", "column of the model's forces; guessed when empty")
    reference: str = param("", "column of the reference forces; guessed when empty")


def run(inputs: Inputs, params: AtomErrorsParams, progress: Progress) -> Result:
    """Root mean square of |F - F_ref| over the chosen atoms of all frames, for each linked run.

    eV/A, over atoms and frames: sqrt(mean_i |F_i - F_ref_i|^2), i.e. sqrt(3) times the usual
    component RMSE. Summary: n_models, n_atoms, best. Table `models`: model, rmse, n_forces, best
    first. Runs without a pair of force columns are listed in the notes.
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    table = inputs.the_table()
    if inputs.atoms is None or len(inputs.atoms) == 0:
        raise AnalysisProblem("no atoms are chosen")
    total = sum(run.n_frames for run in inputs.runs.values())
    done, found, notes = 0, [], []
    for row, trajectory in inputs.runs.items():
        error, count = _error(trajectory, inputs.atoms, params, progress, (done, total))
        done += trajectory.n_frames
        if count:
            found.append((error, row, count))
        else:
            notes.append(f"{table.keys[row]}: {trajectory.name} has no forces and reference forces")
    if not found:
        raise AnalysisProblem("no linked run has both forces and reference forces of these atoms")
    found.sort()
    errors, rows, counts = zip(*found, strict=True)
    keys = [table.keys[row] for row in rows]
    return Result(
        summary={"n_models": len(rows), "n_atoms": len(inputs.atoms), "best": keys[0]},
        tables={"models": {"model": keys, "rmse": list(errors), "n_forces": list(counts)}},
        units={"rmse": "eV/Å"},
        notes=tuple(notes),
        arrays={"rmse": np.array(errors), "row": np.array(rows, np.int32)},
    )


def _error(
    trajectory: Trajectory,
    atoms: Rows,
    params: AtomErrorsParams,
    progress: Progress,
    at: tuple[int, int],
) -> tuple[float, int]:
    """(root mean square, number of forces) of one run; (NaN, 0) where it has no pair of columns."""
    squares, count = 0.0, 0
    for index in range(trajectory.n_frames):
        progress.step(at[0] + index, at[1])
        frame = trajectory.frame(index)
        pair = force_pair(frame, params, trajectory.roles)
        if pair is None:
            continue
        own = member(frame.atom_ids, atoms)
        difference = ((pair[0] - pair[1])[own] ** 2).sum(axis=1)
        good = np.isfinite(difference)
        squares += float(difference[good].sum())
        count += int(good.sum())
    return (float(np.sqrt(squares / count)), count) if count else (float("nan"), 0)


def force_pair(
    frame: Frame, params: AtomErrorsParams, chosen: Roles = NO_ROLES
) -> tuple[Array, Array] | None:
    """(n, 3) predicted and reference forces, where the frame has both: as the parameters name them,
    else by the roles of the trajectory, else by their names."""
    roles = {**guessed_roles(frame.columns, ()), **chosen}
    predicted = _forces(frame.columns, params.predicted or roles.get("forces", ""))
    reference = _forces(frame.columns, params.reference or roles.get("reference forces", ""))
    if predicted is None or reference is None:
        return None
    return predicted, reference


def _forces(columns: Mapping[str, Array], name: str) -> Array | None:
    found = columns.get(name)
    return found if found is not None and found.ndim == 2 and found.shape[1] == 3 else None


def draw(inputs: Inputs, _params: AtomErrorsParams, result: Result) -> Plot:
    """One point a model, best first."""
    rmse, rows = result.arrays["rmse"], result.arrays["row"]
    keys = inputs.the_table().keys
    n = len(rmse)
    points = Points(
        x=np.arange(1.0, n + 1),
        y=rmse,
        rows=rows,
        space=Space.MODEL,
        size=10.0,
        labels=tuple(keys[row] for row in rows),
        show_labels=True,
    )
    return Plot(
        title=f"Force error on {result.summary['n_atoms']} selected atoms",
        x=Axis("rank of the model", whole=True),
        y=Axis("RMS force error (eV/Å)"),
        marks=(points,),
        status=f"{n} of {len(inputs.runs)} linked models have reference forces",
    )


ANALYSIS = Analysis(
    name="atom-errors",
    title="Models on these atoms",
    about="Linked models ranked by their force error on chosen atoms.",
    needs=(Needs.TABLE, Needs.ATOMS, Needs.RUNS),
    params=AtomErrorsParams,
    run=run,
    plots=MappingProxyType({"Models on these atoms": draw}),
)
