"""Before and after: a model, and the same retrained on data rich in rare events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.retraining_plots import draw_changes, draw_frames, draw_pairs
from mlipviewer.analysis.methods.force_pairs import (
    ALL,
    RARE,
    SELECTION,
    USUAL_RARE,
    groups_of,
)
from mlipviewer.analysis.methods.force_scores import ANGLE_LIMIT, FORCE_LIMIT, angles, size_errors
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.analysis.methods.paired_change import Change, dnac_parts, mean_change
from mlipviewer.analysis.methods.predictions import (
    PREDICTIONS,
    Prediction,
    predictions_of,
    sources_of,
)
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress


@dataclass(frozen=True)
class RetrainingParams(Params):
    before: str = param("", f"the model or models before: {PREDICTIONS}; empty: the first there is")
    after: str = param("", "and after, named likewise; empty: the second there is")
    rare: str = param(
        USUAL_RARE, "which atoms take part in rare events; where none does, all atoms count"
    )
    floor: float = param(
        0.1, "smaller reference forces have no direction", unit="eV/Å", low=0.0, high=2.0
    )
    reference_forces: str = param("", "column of reference forces; by its role when empty")
    among: str = param("", AMONG)
    draws: int = param(2000, "how often frames are drawn again", low=0, high=100_000)
    seed: int = param(0, "of the draws", low=0, high=1_000_000)
    worst: int = param(50, "how many of the atoms that got worst to list", low=1, high=10_000)
    most: int = param(0, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)


def run(inputs: Inputs, params: RetrainingParams, progress: Progress) -> Result:
    """Errors of forces before and after on the same atoms, and the change of their scores with 95 %
    intervals by drawing frames again. Several models on one side are taken together: the error of
    an atom is their mean.

    Summary: group, n_atoms, n_frames, n_before, n_after, dnac_force_before, dnac_force_after,
    dnac_force_change, dnac_force_low, dnac_force_high, the same of dnac_angle and sigma_force,
    share_better (atoms with a smaller error after). Tables `changes`: group, score, before, after,
    change, low, high; `atoms` that got worst: frame (from 0), atom, before, after, change.
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    before, after, notes = _sides(inputs, params, progress)
    first = before[0].pairs
    groups = groups_of(first)
    group = next(name for name in (SELECTION, RARE, ALL) if name in groups)
    changes = {
        (name, score): found
        for name, mask in groups.items()
        for score, found in _changes(before, after, mask, params).items()
    }
    mask = groups[group]
    old, new = (_lengths(side, mask) for side in (before, after))
    frames, ids = first.frames[mask], first.ids[mask]
    n_frames = len(np.unique(frames))
    if n_frames < 2:
        notes.append("one frame alone tells no interval")
    return Result(
        summary={
            "group": group,
            "n_atoms": len(ids),
            "n_frames": n_frames,
            "n_before": len(before),
            "n_after": len(after),
            **_told(changes, group),
            "share_better": float((new < old).mean()),
        },
        tables={
            "changes": _table(changes),
            "atoms": _worse(frames, ids, old, new, params.worst),
        },
        units=_UNITS,
        notes=tuple(notes),
        arrays={"before": old, "after": new, "frames": frames, "ids": ids},
        names=(_called(before), _called(after)),
    )


TOLD = ("dnac_force", "dnac_angle", "sigma_force")
PARTS = ("before", "after", "change", "low", "high")
_UNITS = MappingProxyType(dict.fromkeys((f"sigma_force_{part}" for part in PARTS), "eV/Å"))


def _told(changes: dict[tuple[str, str], Change], group: str) -> dict[str, Any]:
    return {
        f"{score}_{part}": _plain(value)
        for score in TOLD
        for part, value in asdict(changes[group, score]).items()
    }


def _sides(
    inputs: Inputs, params: RetrainingParams, progress: Progress
) -> tuple[list[Prediction], list[Prediction], list[str]]:
    """The predictions before and after. Raises AnalysisProblem."""
    one, other = params.before.strip(), params.after.strip()
    if one and other:
        sources = [sources_of(one, inputs, params), sources_of(other, inputs, params)]
    else:
        known = sources_of(f"{one or other}", inputs, params) if one or other else []
        rest = [s for s in sources_of("", inputs, params) if s.name not in {k.name for k in known}]
        if len(rest) < (1 if known else 2):
            raise AnalysisProblem(
                "two predictions of forces are needed, one before and one after: name them"
            )
        sources = [known or rest[:1], rest[:1] if known else rest[1:2]]
        sources = sources if not other else sources[::-1]
    found, notes = zip(
        *(predictions_of(inputs, side, params, progress) for side in sources), strict=True
    )
    if not len(found[0][0].pairs.ids):
        raise AnalysisProblem("no atom takes part")
    if len(found[0][0].pairs.ids) != len(found[1][0].pairs.ids):
        raise AnalysisProblem("before and after are of other atoms")
    return found[0], found[1], [*notes[0], *notes[1]]


def _lengths(side: Sequence[Prediction], mask: Array) -> Array:
    """(n,) eV/A: |F - F_ref|, the mean over the models of a side."""
    each = [np.linalg.norm(one.pairs.predicted - one.pairs.reference, axis=1) for one in side]
    return np.asarray(np.mean(each, axis=0)[mask])


def _changes(
    before: Sequence[Prediction], after: Sequence[Prediction], mask: Array, params: RetrainingParams
) -> dict[str, Change]:
    frames = before[0].pairs.frames[mask]
    sizes, turns = [], []
    for side in (before, after):
        forces = [(one.pairs.predicted[mask], one.pairs.reference[mask]) for one in side]
        sizes.append(np.array([size_errors(*one) for one in forces]))
        turns.append(np.array([angles(*one) for one in forces]))
    above = np.linalg.norm(before[0].pairs.reference[mask], axis=1) >= params.floor
    over = [np.where(above, one, np.nan) for one in turns]
    parts = {
        "dnac_force": [dnac_parts(one, FORCE_LIMIT) for one in sizes],
        "dnac_angle": [dnac_parts(one, ANGLE_LIMIT) for one in turns],
        "dnac_angle_above": [dnac_parts(one, ANGLE_LIMIT) for one in over],
        "sigma_force": [one**2 for one in sizes],
    }
    return {
        name: mean_change(old, new, frames, params.draws, params.seed, name == "sigma_force")
        for name, (old, new) in parts.items()
    }


def _table(changes: dict[tuple[str, str], Change]) -> dict[str, list[Any]]:
    rows = [asdict(one) for one in changes.values()]
    return {
        "group": [group for group, _ in changes],
        "score": [score for _, score in changes],
        **{name: [_plain(row[name]) for row in rows] for name in rows[0]},
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _worse(frames: Array, ids: Array, old: Array, new: Array, most: int) -> dict[str, list[Any]]:
    order = np.argsort(-np.nan_to_num(new - old, nan=-np.inf), kind="stable")[:most]
    return {
        "frame": frames[order].tolist(),
        "atom": ids[order].tolist(),
        "before": old[order].tolist(),
        "after": new[order].tolist(),
        "change": (new - old)[order].tolist(),
    }


def _called(side: Sequence[Prediction]) -> str:
    return side[0].source.name if len(side) == 1 else f"{len(side)} models"


ANALYSIS = Analysis(
    name="retraining",
    title="Before and after retraining",
    about="Errors of forces of two models or groups on the same atoms, and the change of scores.",
    needs=(Needs.TRAJECTORY,),
    params=RetrainingParams,
    run=run,
    plots=MappingProxyType(
        {
            "Errors before and after": draw_pairs,
            "Change of scores": draw_changes,
            "Change by frame": draw_frames,
        }
    ),
    overlay=True,
    on_atoms=True,
    compares=True,
)
