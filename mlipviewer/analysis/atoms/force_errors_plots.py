"""Plots of errors of forces: their points are atoms in a frame, which a click shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.analysis.methods.force_scores import ANGLE_LIMIT, FORCE_LIMIT, angles, size_errors
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Line, Plot, Points, Rule, Space

CROWD = 5_000
AXES = "xyz"


def draw_worst(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The atoms with the largest errors; a click shows the atom in its frame."""
    worst = result.tables["worst"]
    errors, angle = np.array(worst["error"], float), np.array(worst["angle"], float)
    frames, ids = np.array(worst["frame"], int), np.array(worst["atom"], np.int64)
    hints = tuple(
        f"frame {frame + 1}, atom {atom}: {error:.3f} eV/Å, {turn:.0f}°"
        for frame, atom, error, turn in zip(frames, ids, errors, angle, strict=True)
    )
    points = Points(
        np.arange(1.0, len(errors) + 1),
        errors,
        ids,
        Space.ATOM,
        size=8.0,
        hints=hints,
        frames=frames,
    )
    return Plot(
        title="Worst atoms",
        x=Axis("rank", whole=True),
        y=Axis("|F − F_ref| (eV/Å)"),
        marks=(points,),
        status=_status(result),
        empty="" if len(errors) else "No atom has both forces.",
    )


def draw_parity(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Components of predicted against reference forces."""
    reference, predicted = _components(result, "reference"), _components(result, "predicted")
    both = np.concatenate([reference, predicted])
    low, high = (both.min(), both.max()) if len(both) else (0.0, 1.0)
    ends = np.array([low, high])
    return Plot(
        title="Force parity",
        x=Axis("reference force (eV/Å)"),
        y=Axis("predicted force (eV/Å)"),
        marks=(
            Line(ends, ends, dashed=True, colour=-1),
            *_clouds(result, params, reference, predicted),
        ),
        status=_status(result),
        square=True,
    )


def draw_residuals(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Errors of components over the components of the reference."""
    reference, predicted = _components(result, "reference"), _components(result, "predicted")
    return Plot(
        title="Force residuals",
        x=Axis("reference force (eV/Å)"),
        y=Axis("predicted − reference (eV/Å)"),
        marks=(
            Rule(0.0, "", vertical=False),
            *_clouds(result, params, reference, predicted - reference),
        ),
        status=_status(result),
    )


def draw_directions(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """The angle between both forces over the size of the reference force."""
    own = result.arrays["group"]
    reference, predicted = result.arrays["reference"][own], result.arrays["predicted"][own]
    sizes = np.linalg.norm(reference, axis=1)
    turned = angles(predicted, reference)
    below = (sizes < params.floor).astype(int)
    points = Points(
        sizes,
        turned,
        result.arrays["ids"][own],
        Space.ATOM,
        group=below,
        group_names=("above the floor", "below it"),
        hints=_hints(result, own),
        frames=result.arrays["frames"][own],
        crowd=CROWD,
    )
    return Plot(
        title="Direction errors",
        x=Axis("reference force (eV/Å)"),
        y=Axis("angle to the reference (°)"),
        marks=(points, Rule(params.floor, "floor", vertical=True)),
        status=f"{_status(result)} / {int(below.sum())} below {params.floor:g} eV/Å",
    )


def draw_size_curve(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The share of atoms up to each error of size; the area above the curve is dNAC."""
    axis = Axis("error of size | |F| − |F_ref| | (eV/Å)")
    return _curves(result, ("size_error", "by size: ", "dnac_force"), axis, FORCE_LIMIT)


def draw_angle_curve(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The share of atoms up to each error of direction; the area above the curve is dNAC."""
    axis = Axis("error of direction (°)")
    return _curves(result, ("angle", "by angle: ", "dnac_angle"), axis, ANGLE_LIMIT)


def _curves(result: Result, names: tuple[str, str, str], axis: Axis, limit: float) -> Plot:
    column, prefix, score = names
    table, found = result.tables["cumulative"], result.tables["scores"]
    lines = []
    for k, (model, group, value) in enumerate(
        zip(found["model"], found["group"], found[score], strict=True)
    ):
        share = 100 * np.array(table[f"{prefix}{model}, {group}"], float)
        several = len(set(found["model"])) > 1
        name = f"{model}, {group}" if several else group
        lines.append(
            Line(np.array(table[column]), share, f"{name}: {value:.4f}", colour=k, pattern=k)
        )
    own = result.arrays["group"]
    forces = result.arrays["predicted"][own], result.arrays["reference"][own]
    errors = size_errors(*forces) if column == "size_error" else angles(*forces)
    return Plot(
        title=f"Cumulative errors; dNAC is the area above, to {limit:g}",
        x=axis,
        y=Axis("atoms (%)"),
        marks=(*lines, _on_curve(result, own, errors, limit)),
        status=_status(result),
    )


def _on_curve(result: Result, own: Array, errors: Array, limit: float) -> Points:
    """The atoms of the group that scores are of, where they stand on its curve."""
    hints = _hints(result, own)
    order = np.argsort(errors, kind="stable")
    order = order[np.isfinite(errors[order])]
    share = 100 * (np.arange(len(order)) + 1) / max(len(order), 1)
    seen = errors[order] <= limit
    order, share = order[seen], share[seen]
    return Points(
        errors[order],
        share,
        result.arrays["ids"][own][order],
        Space.ATOM,
        hints=tuple(hints[i] for i in order) if hints else (),
        frames=result.arrays["frames"][own][order],
        size=3.5,
        faint=True,
        crowd=CROWD,
    )


def _components(result: Result, name: str) -> Array:
    return np.asarray(result.arrays[name][result.arrays["group"]].ravel())


def _clouds(result: Result, params: Any, x: Array, y: Array) -> tuple[Points, ...]:
    """Components of all atoms, a density where they are many, and above it those of outliers."""
    far = np.repeat(np.nan_to_num(result.arrays["z"]) > params.far, 3)
    hints = _hints(result, result.arrays["group"], AXES, np.flatnonzero(far))
    few = _hints(result, result.arrays["group"], AXES, np.flatnonzero(~far))
    both = ((~far, few, 0, 5.0), (far, hints, 1, 7.0))
    return tuple(_cloud(result, x, y, *one) for one in both if one[0].any())


def _cloud(
    result: Result, x: Array, y: Array, mask: Array, hints: tuple[str, ...], of: int, size: float
) -> Points:
    own = result.arrays["group"]
    return Points(
        x[mask],
        y[mask],
        np.repeat(result.arrays["ids"][own], 3)[mask],
        Space.ATOM,
        group=np.full(int(mask.sum()), of),
        group_names=("atoms", "outliers"),
        hints=hints,
        frames=np.repeat(result.arrays["frames"][own], 3)[mask],
        size=size,
        crowd=CROWD,
    )


def _hints(
    result: Result, own: Array, axes: str = "", some: Array | None = None
) -> tuple[str, ...]:
    """What hover tells of the atoms, or of some of their components; nothing of a crowd."""
    frames, ids = result.arrays["frames"][own], result.arrays["ids"][own]
    each = len(axes) or 1
    some = np.arange(len(ids) * each) if some is None else some
    if len(some) > CROWD:
        return ()
    return tuple(
        f"frame {frames[k // each] + 1}, atom {ids[k // each]}"
        + (f", {axes[k % each]}" if axes else "")
        for k in some.tolist()
    )


def _status(result: Result) -> str:
    """n, and the errors of the components."""
    about = result.summary
    numbers = (("MAE", "mae"), ("RMSE", "rmse"), ("R²", "r2"), ("σ", "sigma_force"))
    known = [
        f"{name} {value:.4g}" for name, key in numbers if isinstance(value := about.get(key), float)
    ]
    scores = [
        f"{name} {value:.4f}"
        for name, key in (("dNAC size", "dnac_force"), ("direction", "dnac_angle"))
        if isinstance(value := about.get(key), float)
    ]
    return " / ".join([f"{about['group']}: {about['n_atoms']} atoms", *scores, *known])
