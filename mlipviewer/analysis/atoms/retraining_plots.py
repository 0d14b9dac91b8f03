"""Plots of errors before and after: their points are atoms in a frame, or frames."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Bars, Line, Plot, Points, Rule, Space

CROWD = 5_000
SCORES = {
    "dnac_force": "dNAC of sizes",
    "dnac_angle": "dNAC of directions",
    "sigma_force": "σ of sizes (eV/Å)",
}


def draw_pairs(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The error of each atom after over that before; below the line it got better."""
    old, new, frames, ids = (result.arrays[n] for n in ("before", "after", "frames", "ids"))
    top = float(np.nanmax(np.concatenate([old, new, [1e-9]])))
    ends = np.array([0.0, top])
    points = Points(
        old,
        new,
        ids,
        Space.ATOM,
        group=(new > old).astype(int),
        group_names=("better", "worse"),
        size=5.0,
        hints=_hints(result) if len(ids) <= CROWD else (),
        frames=frames,
        crowd=CROWD,
    )
    return Plot(
        title="Errors of forces before and after",
        x=Axis(f"|F − F_ref| (eV/Å), {result.names[0]}"),
        y=Axis(f"|F − F_ref| (eV/Å), {result.names[1]}"),
        marks=(Line(ends, ends, dashed=True, colour=-1), points),
        status=_status(result),
        square=True,
    )


def _hints(result: Result) -> tuple[str, ...]:
    of = zip(*(result.arrays[n] for n in ("frames", "ids", "before", "after")), strict=True)
    return tuple(f"frame {f + 1}, atom {a}: {b:.3f} → {c:.3f} eV/Å" for f, a, b, c in of)


def draw_changes(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The change of each score with its interval; below zero the model got better. A click chooses
    the frames in which the mean error fell, or rose."""
    about = result.summary
    change = np.array([about[f"{name}_change"] or 0.0 for name in SCORES], float)
    low, high = (_side(result, part, change) for part in ("low", "high"))
    frames, mean = _by_frame(result)
    better, worse = (frames[side].astype(np.int32) for side in (mean < 0, mean > 0))
    at = np.arange(len(change), dtype=float)
    labels = tuple(
        f"{title}: {about[f'{name}_before']:.4f} → {about[f'{name}_after']:.4f},"
        f" change {value:+.4f} [{a:+.4f}, {b:+.4f}]"
        for (name, title), value, a, b in zip(SCORES.items(), change, low, high, strict=True)
    )
    bars = Bars(
        at,
        change,
        tuple(better if value < 0 else worse for value in change),
        Space.FRAME,
        group=(change > 0).astype(int),
        group_names=("better", "worse"),
        labels=labels,
        low=low,
        high=high,
    )
    return Plot(
        title="Change of scores, with 95 % intervals",
        x=Axis("", ticks=tuple(zip(at.tolist(), SCORES.values(), strict=True))),
        y=Axis("after − before"),
        marks=(bars, Rule(0.0, "", vertical=False)),
        status=_status(result),
    )


def _side(result: Result, part: str, change: Array) -> Array:
    ends = [result.summary[f"{name}_{part}"] for name in SCORES]
    return np.array([one if isinstance(one, float) else change[k] for k, one in enumerate(ends)])


def draw_frames(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The mean change of the errors of each frame."""
    frames, mean = _by_frame(result)
    points = Points(
        frames.astype(float) + 1,
        mean,
        frames.astype(np.int32),
        Space.FRAME,
        group=(mean > 0).astype(int),
        group_names=("better", "worse"),
        hints=tuple(f"frame {f + 1}: {c:+.3f} eV/Å" for f, c in zip(frames, mean, strict=True)),
    )
    return Plot(
        title="Change by frame",
        x=Axis("frame number", whole=True),
        y=Axis("mean change of |F − F_ref| (eV/Å)"),
        marks=(points, Rule(0.0, "", vertical=False)),
        status=_status(result),
    )


def _by_frame(result: Result) -> tuple[Array, Array]:
    """(frames, the mean change of the errors of their atoms)."""
    frames, at = np.unique(result.arrays["frames"], return_inverse=True)
    change = np.nan_to_num(result.arrays["after"] - result.arrays["before"])
    return frames, np.bincount(at, change) / np.bincount(at)


def _status(result: Result) -> str:
    about = result.summary
    told = [f"{about['group']}: {about['n_atoms']} atoms in {about['n_frames']} frames"]
    for name, title in (("dnac_force", "dNAC size"), ("dnac_angle", "direction")):
        value, low, high = (about[f"{name}_{part}"] for part in ("change", "low", "high"))
        if isinstance(value, float):
            between = f" [{low:+.3f}, {high:+.3f}]" if isinstance(low, float) else ""
            told.append(f"{title} {value:+.4f}{between}")
    told.append(f"{100 * float(about['share_better'] or 0):.0f} % better")
    return " / ".join(told)
