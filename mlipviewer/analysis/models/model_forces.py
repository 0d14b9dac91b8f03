"""Errors of forces of all linked models, as columns of the error table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.calculators import CALCULATOR, SETTINGS
from mlipviewer.analysis.methods.chosen import of_rows
from mlipviewer.analysis.methods.force_pairs import USUAL_RARE, read_pairs
from mlipviewer.analysis.methods.force_scores import Scores, scores
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Axis, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

COLUMNS = MappingProxyType(
    {
        "dnac_force": "dNAC of sizes of forces, of rare-event atoms where there are some",
        "dnac_angle": "dNAC of directions of forces, of the same atoms",
        "sigma_force": "root mean square error of sizes of forces (eV/Å), of the same atoms",
        "force_rmse": "RMSE of components of forces of all atoms (eV/Å)",
    }
)


@dataclass(frozen=True)
class ModelForcesParams(Params):
    rare: str = param(
        USUAL_RARE, "which atoms take part in rare events; where none does, all atoms count"
    )
    floor: float = param(
        0.1, "smaller reference forces have no direction", unit="eV/Å", low=0.0, high=2.0
    )
    forces: str = param("", "column of predicted forces; by its role when empty")
    reference_forces: str = param("", "column of reference forces; by its role when empty")
    among: str = param("", AMONG)
    most: int = param(0, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)
    calculator: str = param("", f"predict, in place of the columns, by {CALCULATOR}")
    settings: str = param("", SETTINGS)


def run(inputs: Inputs, params: ModelForcesParams, progress: Progress) -> Result:
    """Scores of forces (see `force-errors`) of the linked run of each model.

    Summary: n_models, best (by dnac_force). Table `models`: model, group, the scores. Columns of
    the table: dnac_force, dnac_angle, sigma_force, force_rmse. Runs without a pair of forces are
    listed in the notes. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    table = inputs.the_table()
    found: dict[int, tuple[str, Scores, float]] = {}
    notes = []
    for done, (row, trajectory) in enumerate(inputs.runs.items()):
        progress.step(done, len(inputs.runs))
        try:
            found[row] = _of_run(inputs, trajectory, params, progress)
        except AnalysisProblem as problem:
            notes.append(f"{table.keys[row]}: {problem}")
    if not found:
        why = f": {notes[0]}" if notes else ""
        raise AnalysisProblem(f"no linked run has predicted and reference forces{why}")
    rows = sorted(found, key=lambda row: found[row][1].dnac_force)
    keys = [table.keys[row] for row in rows]
    each = [asdict(found[row][1]) for row in rows]
    named = [name for name in each[0] if name != "rmse"]
    rmse = [found[row][2] for row in rows]
    columns = {name: [one[name] for one in each] for name in list(COLUMNS)[:3]}
    at = np.array(rows, np.int32)
    order = np.argsort(at)
    return Result(
        summary={"n_models": len(rows), "best": keys[0]},
        tables={
            "models": {
                "model": keys,
                "group": [found[row][0] for row in rows],
                **{name: [one[name] for one in each] for name in named},
                "force_rmse": rmse,
            }
        },
        units=dict.fromkeys(("sigma_force", "mae", "force_rmse"), "eV/Å"),
        notes=tuple(notes),
        arrays={"row": at, **{name: np.array(v) for name, v in columns.items()},
                "force_rmse": np.array(rmse)},
        columns={
            name: of_rows(table, at[order], np.array(values)[order])
            for name, values in {**columns, "force_rmse": rmse}.items()
        },
    )  # fmt: skip


def _of_run(
    inputs: Inputs, trajectory: Trajectory, params: ModelForcesParams, progress: Progress
) -> tuple[str, Scores, float]:
    """(which atoms, their scores, RMSE of components of all atoms) of one run."""
    pairs = read_pairs(inputs, trajectory, None, params, progress)
    whole = scores(pairs.predicted, pairs.reference, params.floor)
    if not pairs.rare.any():
        return "all atoms", whole, whole.rmse
    own = scores(pairs.predicted[pairs.rare], pairs.reference[pairs.rare], params.floor)
    return "rare events", own, whole.rmse


def draw(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """dNAC of sizes against the RMSE of all atoms: who wins by which."""
    keys = inputs.the_table().keys
    rows = result.arrays["row"]
    points = Points(
        result.arrays["force_rmse"],
        result.arrays["dnac_force"],
        rows,
        Space.MODEL,
        size=9.0,
        labels=tuple(keys[row] for row in rows),
        show_labels=len(rows) <= 40,
    )
    return Plot(
        title="Rare events against average errors",
        x=Axis("force RMSE of all atoms (eV/Å)"),
        y=Axis("dNAC of sizes of forces"),
        marks=(points,),
        status=f"{len(rows)} of {len(inputs.runs)} linked models / best {result.summary['best']}",
    )


ANALYSIS = Analysis(
    name="model-forces",
    title="Force errors of models",
    about="Scores of forces of the linked run of each model, as columns of the table.",
    needs=(Needs.TABLE, Needs.RUNS),
    params=ModelForcesParams,
    run=run,
    plots=MappingProxyType({"Force errors of models": draw}),
    columns=COLUMNS,
)
