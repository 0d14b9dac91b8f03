"""Errors of forces on atoms, of rare events above all: size, direction, scores, worst atoms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.force_errors_plots import (
    draw_angle_curve,
    draw_directions,
    draw_parity,
    draw_residuals,
    draw_size_curve,
    draw_worst,
)
from mlipviewer.analysis.methods.calculators import CALCULATOR, SETTINGS
from mlipviewer.analysis.methods.energy_errors import robust_z
from mlipviewer.analysis.methods.force_pairs import (
    ALL,
    RARE,
    SELECTION,
    USUAL_RARE,
    Pairs,
    forces_in,
    groups_of,
    read_pairs,
    roles_in,
)
from mlipviewer.analysis.methods.force_scores import (
    ANGLE_LIMIT,
    FORCE_LIMIT,
    angles,
    cumulative,
    scores,
    size_errors,
)
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.analysis.methods.rare_of_hops import among, atoms_in_hops
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

CONDITION, HOPS = "condition", "hops"
PAPER = "Liu, He and Mo, npj Comput. Mater. 9, 174 (2023)"


@dataclass(frozen=True)
class ForceErrorsParams(Params):
    rare: str = param(
        USUAL_RARE,
        "which atoms take part in rare events, e.g. force_error > 1; r is 0 for migrating atoms",
        reference=PAPER,
    )
    rare_by: str = param(
        CONDITION,
        "atoms of rare events are those of the condition `rare`, or those in the middle of a hop"
        " between sites",
        choices=(CONDITION, HOPS),
    )
    hops: str = param(
        "", "how hops are found, as JSON; in a window as in the open panel of hops", names="hops"
    )
    floor: float = param(
        0.1,
        "direction errors of atoms with a smaller reference force are counted apart",
        unit="eV/Å",
        low=0.0,
        high=2.0,
    )
    forces: str = param("", "column of predicted forces; by its role when empty", names="column")
    reference_forces: str = param(
        "", "column of reference forces; by its role when empty", names="column"
    )
    reference_run: str = param(
        "", "another trajectory, side by side, with the reference forces of the same frames"
    )
    among: str = param("", AMONG)
    worst: int = param(50, "how many of the worst atoms to list", low=1, high=10_000)
    far: float = param(3.5, "atoms whose robust z is larger are outliers", low=0.5, high=100.0)
    most: int = param(0, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)
    calculator: str = param("", f"predict by {CALCULATOR}")
    settings: str = param("", SETTINGS)


def run(inputs: Inputs, params: ForceErrorsParams, progress: Progress) -> Result:
    """dF = | |F| - |F_ref| | (eV/A) and the angle between both forces (degrees), atom by atom.

    dNAC = 1 - (1/X) integral_0^X CDF(x) dx by the trapezoid rule on 50 points, X = 1 eV/A and 60
    degrees; sigma is the root mean square of dF. Summary of `group` (the chosen atoms, else those
    of rare events, else all): dnac_force, dnac_angle, sigma_force, n_atoms, mae and rmse of
    components, r2, n_outliers (robust z above `far`); with several models spread_mean, spread_max
    of their forces. Tables `scores` by model and group; `worst` atoms: frame (from 0), atom;
    `cumulative` shares. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    models, against = _who(inputs, params)
    pairs = [read_pairs(inputs, one, against, params, progress) for one in models]
    if params.rare_by == HOPS:
        rare = atoms_in_hops(inputs, models[0], params.hops, progress)
        pairs = [replace(one, rare=among(one.frames, one.ids, rare)) for one in pairs]
    first = pairs[0]
    if not len(first.ids):
        raise AnalysisProblem("no atom takes part")
    found = {
        (model.name, group): scores(of.predicted[mask], of.reference[mask], params.floor)
        for model, of in zip(models, pairs, strict=True)
        for group, mask in groups_of(of).items()
    }
    groups = groups_of(first)
    group = next(name for name in (SELECTION, RARE, ALL) if name in groups)
    main = asdict(found[models[0].name, group])
    spread, notes = _spread(models, pairs, groups[group])
    z = robust_z(np.linalg.norm((first.predicted - first.reference)[groups[group]], axis=1))
    named = ("dnac_force", "dnac_angle", "sigma_force", "n_atoms", "mae", "rmse", "r2")
    summary = {"group": group, **{name: main[name] for name in named}, **spread}
    summary["n_outliers"] = int((z > params.far).sum())
    return Result(
        summary={name: _plain(value) for name, value in summary.items()},
        tables={
            "scores": _table_of_scores(found),
            "worst": _worst(first, groups[group], params.worst),
            "cumulative": _table_of_curves(models, pairs),
        },
        units=_UNITS,
        notes=(*notes, *_notes(group, main, params)),
        arrays={
            "predicted": first.predicted,
            "reference": first.reference,
            "frames": first.frames,
            "ids": first.ids,
            "group": groups[group],
            "z": z,
        },
        names=tuple(f"{model}, {group}" for model, group in found),
    )


_UNITS = MappingProxyType(
    {
        **dict.fromkeys(("sigma_force", "mae", "rmse", "size_error", "error"), "eV/Å"),
        **dict.fromkeys(("reference_force", "spread_mean", "spread_max"), "eV/Å"),
        "angle": "°",
    }
)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _who(inputs: Inputs, params: ForceErrorsParams) -> tuple[list[Trajectory], Trajectory | None]:
    """(the models' trajectories, the one with the reference forces; None: each has its own)."""
    models = list(inputs.overlaid())
    if inputs.reference is not None:
        return models, inputs.reference
    if params.reference_run:
        against = next((one for one in models if one.name == params.reference_run), None)
        if against is None:
            known = ", ".join(one.name for one in models)
            raise AnalysisProblem(f"{params.reference_run!r} is not side by side; there: {known}")
    else:
        against = None if _has_own(models[0], params) or len(models) != 2 else models[1]
    others = [one for one in models if one is not against]
    if not others:
        raise AnalysisProblem("the reference is compared with itself: show another beside it")
    return others, against


def _has_own(trajectory: Trajectory, params: ForceErrorsParams) -> bool:
    if params.calculator.strip() or params.reference_forces:
        return True
    frame = trajectory.frame(0)
    roles = roles_in(frame, trajectory.roles)
    return forces_in(frame.columns, roles.get("reference forces", "")) is not None


def _table_of_scores(found: dict[tuple[str, str], Any]) -> dict[str, list[Any]]:
    table: dict[str, list[Any]] = {
        "model": [model for model, _ in found],
        "group": [group for _, group in found],
    }
    rows = [asdict(one) for one in found.values()]
    return table | {name: [row[name] for row in rows] for name in rows[0]}


def _worst(pairs: Pairs, mask: Array, most: int) -> dict[str, Any]:
    """The atoms of the group with the largest |F - F_ref|, and how far out they are: the distance
    from the median over that of the middle half, as standard deviations of a normal spread."""
    errors = np.linalg.norm(pairs.predicted - pairs.reference, axis=1)
    sizes = size_errors(pairs.predicted, pairs.reference)
    turns = angles(pairs.predicted, pairs.reference)
    rows = np.flatnonzero(mask & np.isfinite(errors))
    z = np.full(len(errors), np.nan)
    z[rows] = robust_z(errors[rows])
    rows = rows[np.argsort(-errors[rows], kind="stable")][:most]
    return {
        "frame": pairs.frames[rows].tolist(),
        "atom": pairs.ids[rows].tolist(),
        "error": errors[rows].tolist(),
        "size_error": sizes[rows].tolist(),
        "angle": turns[rows].tolist(),
        "reference_force": np.linalg.norm(pairs.reference[rows], axis=1).tolist(),
        "robust_z": z[rows].tolist(),
    }


def _table_of_curves(models: Sequence[Trajectory], pairs: Sequence[Pairs]) -> dict[str, list[Any]]:
    table: dict[str, list[Any]] = {}
    for model, of in zip(models, pairs, strict=True):
        for group, mask in groups_of(of).items():
            predicted, reference = of.predicted[mask], of.reference[mask]
            by_size = cumulative(size_errors(predicted, reference), FORCE_LIMIT)
            by_angle = cumulative(angles(predicted, reference), ANGLE_LIMIT)
            table.setdefault("size_error", by_size[0].tolist())
            table.setdefault("angle", by_angle[0].tolist())
            table[f"by size: {model.name}, {group}"] = by_size[1].tolist()
            table[f"by angle: {model.name}, {group}"] = by_angle[1].tolist()
    return table


def _spread(
    models: Sequence[Trajectory], pairs: Sequence[Pairs], mask: Array
) -> tuple[dict[str, float], tuple[str, ...]]:
    """sqrt(<|F_i - <F>|^2>) over the models, 1/N: its mean and maximum over atoms of the group."""
    if len(pairs) < 2:
        return {}, ()
    first = pairs[0]
    for model, other in zip(models[1:], pairs[1:], strict=True):
        same = np.array_equal(first.frames, other.frames) and np.array_equal(first.ids, other.ids)
        if not same:
            said = f"{models[0].name} and {model.name} are of other atoms: no spread of models"
            return {}, (said,)
    forces = np.array([one.predicted for one in pairs])[:, mask]
    apart = np.sqrt(((forces - forces.mean(axis=0)) ** 2).sum(axis=2).mean(axis=0))
    known = apart[np.isfinite(apart)]
    if not len(known):
        return {}, ()
    return {"spread_mean": float(known.mean()), "spread_max": float(known.max())}, ()


def _notes(group: str, main: dict[str, Any], params: ForceErrorsParams) -> list[str]:
    notes = []
    if group == ALL and params.rare_by == HOPS:
        notes.append("no atom hops: scores are of all atoms")
    elif group == ALL and params.rare.strip():
        notes.append(f"no atom fulfils {params.rare}: scores are of all atoms")
    if main["n_below"]:
        notes.append(
            f"{main['n_below']} of {main['n_atoms']} reference forces are below"
            f" {params.floor:g} eV/Å: without them the dNAC of directions is"
            f" {main['dnac_angle_above']:.4f}"
        )
    return notes


ANALYSIS = Analysis(
    name="force-errors",
    title="Errors of forces",
    about="Predicted against reference forces, atom by atom, for atoms of rare events above all.",
    needs=(Needs.TRAJECTORY,),
    params=ForceErrorsParams,
    run=run,
    plots=MappingProxyType(
        {
            "Worst atoms": draw_worst,
            "Force parity": draw_parity,
            "Force residuals": draw_residuals,
            "Size errors, cumulative": draw_size_curve,
            "Direction errors, cumulative": draw_angle_curve,
            "Direction errors": draw_directions,
        }
    ),
    overlay=True,
    on_atoms=True,
    compares=True,
)
