"""Many models on the same frames: their force errors side by side, and where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.force_scores_plots import (
    draw_disagreement,
    draw_frames,
    draw_scores,
    draw_worst,
)
from mlipviewer.analysis.methods.energy_errors import shifted
from mlipviewer.analysis.methods.force_pairs import USUAL_RARE, Pairs
from mlipviewer.analysis.methods.force_scores import Scores, angles, scores, size_errors
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.analysis.methods.predictions import (
    PREDICTIONS,
    Prediction,
    predictions_of,
    reference_energies,
    sources_of,
)
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress

ALL, RARE, SELECTION = "all atoms", "rare events", "selection"


@dataclass(frozen=True)
class ForceScoresParams(Params):
    models: str = param("", f"{PREDICTIONS}; empty: every column of forces, and runs side by side")
    rare: str = param(
        USUAL_RARE, "which atoms take part in rare events; where none does, all atoms count"
    )
    floor: float = param(
        0.1, "smaller reference forces have no direction", unit="eV/Å", low=0.0, high=2.0
    )
    reference_forces: str = param("", "column of reference forces; by its role when empty")
    among: str = param("", AMONG)
    worst: int = param(5, "how many of the worst atoms of each model to list", low=1, high=1000)
    most: int = param(0, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)


def run(inputs: Inputs, params: ForceScoresParams, progress: Progress) -> Result:
    """Scores of forces (see `force-errors`) of each model, and the spread of all of them.

    Summary: group (the chosen atoms, else those of rare events, else all), n_models, n_atoms, best
    (by dnac_force); of several models spread_mean and spread_max, of sqrt(<|F_i - <F>|^2>) with 1/N
    over atoms of the group. Tables `models`: model, group, the scores of the group, force_rmse and
    force_mae of all atoms (eV/A), energy_rmse (meV/atom, without the mean difference); `worst`:
    model, frame (from 0), atom, error, angle. A model that cannot be had is a note.
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    sources = sources_of(params.models, inputs, params)
    found, notes = predictions_of(inputs, sources, params, progress)
    first = found[0].pairs
    if not len(first.ids):
        raise AnalysisProblem("no atom takes part")
    group, mask = _group(first)
    each = [_scores(one.pairs, mask, params.floor) for one in found]
    whole = [_scores(one.pairs, np.ones(len(mask), bool), params.floor) for one in found]
    energies = _energy_errors(inputs, found, params)
    spread, centre = _spread(found, mask)
    names = tuple(one.source.name for one in found)
    best = int(np.nanargmin([_least(one.dnac_force) for one in each]))
    return Result(
        summary={
            "group": group,
            "n_models": len(found),
            "n_atoms": each[0].n_atoms,
            "best": names[best],
            **(_told(spread) if len(found) > 1 else {}),
        },
        tables={
            "models": _table(names, group, each, whole, energies),
            "worst": _worst(found, mask, params.worst),
        },
        units=_UNITS,
        notes=tuple(notes),
        arrays={
            "reference": first.reference[mask],
            "frames": first.frames[mask],
            "ids": first.ids[mask],
            "sizes": np.array(
                [size_errors(one.pairs.predicted[mask], one.pairs.reference[mask]) for one in found]
            ),
            "spread": spread,
            "centre": centre,
        },
        names=names,
    )


_FORCES = ("sigma_force", "mae", "rmse", "force_rmse", "force_mae", "spread_mean", "spread_max")
_UNITS = MappingProxyType(
    {**dict.fromkeys((*_FORCES, "error"), "eV/Å"), "angle": "°", "energy_rmse": "meV/atom"}
)


def _group(pairs: Pairs) -> tuple[str, Array]:
    known = ((SELECTION, pairs.chosen), (RARE, pairs.rare))
    found = next(((name, mask) for name, mask in known if mask.any()), None)
    return found or (ALL, np.ones(len(pairs.ids), bool))


def _scores(pairs: Pairs, mask: Array, floor: float) -> Scores:
    return scores(pairs.predicted[mask], pairs.reference[mask], floor)


def _least(value: float) -> float:
    return value if np.isfinite(value) else np.inf


def _lengths(pairs: Pairs, mask: Array) -> Array:
    return np.asarray(np.linalg.norm(pairs.predicted[mask] - pairs.reference[mask], axis=1))


def _energy_errors(
    inputs: Inputs, found: Sequence[Prediction], params: ForceScoresParams
) -> list[float | None]:
    """RMSE in meV per atom of each model that tells energies."""
    reference, sizes, _ = reference_energies(inputs, params)
    errors = [shifted(one.energies, reference, sizes) for one in found]
    known = [one[np.isfinite(one)] for one in errors]
    return [1e3 * float(np.sqrt((one**2).mean())) if len(one) > 1 else None for one in known]


def _table(
    names: Sequence[str],
    group: str,
    each: Sequence[Scores],
    whole: Sequence[Scores],
    energies: Sequence[float | None],
) -> dict[str, list[Any]]:
    rows = [asdict(one) for one in each]
    return {
        "model": list(names),
        "group": [group] * len(names),
        **{name: [row[name] for row in rows] for name in rows[0]},
        "force_rmse": [one.rmse for one in whole],
        "force_mae": [one.mae for one in whole],
        "energy_rmse": list(energies),
    }


def _worst(found: Sequence[Prediction], mask: Array, most: int) -> dict[str, list[Any]]:
    """The worst atoms of each model, one below the other."""
    table: dict[str, list[Any]] = {n: [] for n in ("model", "frame", "atom", "error", "angle")}
    at = np.flatnonzero(mask)
    for one in found:
        errors = _lengths(one.pairs, mask)
        order = np.argsort(-np.nan_to_num(errors, nan=-1.0), kind="stable")[:most]
        turned = angles(one.pairs.predicted[at[order]], one.pairs.reference[at[order]])
        table["model"] += [one.source.name] * len(order)
        table["frame"] += one.pairs.frames[at[order]].tolist()
        table["atom"] += one.pairs.ids[at[order]].tolist()
        table["error"] += errors[order].tolist()
        table["angle"] += turned.tolist()
    return table


def _spread(found: Sequence[Prediction], mask: Array) -> tuple[Array, Array]:
    """((n,) sqrt(<|F_i - <F>|^2>) over the models, (n,) |<F> - F_ref|), eV/A."""
    forces = np.array([one.pairs.predicted[mask] for one in found])
    mean = forces.mean(axis=0)
    spread = np.sqrt(((forces - mean) ** 2).sum(axis=2).mean(axis=0))
    return spread, np.linalg.norm(mean - found[0].pairs.reference[mask], axis=1)


def _told(spread: Array) -> dict[str, float]:
    known = spread[np.isfinite(spread)]
    if not len(known):
        return {}
    return {"spread_mean": float(known.mean()), "spread_max": float(known.max())}


ANALYSIS = Analysis(
    name="force-scores",
    title="Force errors side by side",
    about="Scores of forces of many models on the same frames: columns, runs and calculators.",
    needs=(Needs.TRAJECTORY,),
    params=ForceScoresParams,
    run=run,
    plots=MappingProxyType(
        {
            "Rare events and RMSE": draw_scores,
            "Worst atoms by model": draw_worst,
            "Large errors by model": draw_frames,
            "Where models disagree": draw_disagreement,
        }
    ),
    overlay=True,
    on_atoms=True,
    compares=True,
)
