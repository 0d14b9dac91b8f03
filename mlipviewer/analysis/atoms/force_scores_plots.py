"""Plots of the force errors of many models: a click shows the atom in its frame, or the frames."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Bars, Line, Plot, Points, Space

LARGE = 0.5
"""eV/A: the error of size above which Liu, He and Mo count an atom as badly predicted."""
CROWD = 5_000


def draw_scores(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """dNAC of sizes against the RMSE of all atoms; a click shows the worst atom of the model."""
    table, worst = result.tables["models"], result.tables["worst"]
    first = [worst["model"].index(name) for name in result.names]
    x, y = (np.array(table[name], float) for name in ("force_rmse", "dnac_force"))
    angle, sigma = (np.array(table[name], float) for name in ("dnac_angle", "sigma_force"))
    hints = tuple(
        f"{name}: dNAC {size:.4f} of sizes, {turn:.4f} of directions, σ {s:.3f} eV/Å; worst atom"
        f" {worst['atom'][k]} in frame {worst['frame'][k] + 1}"
        for name, size, turn, s, k in zip(result.names, y, angle, sigma, first, strict=True)
    )
    points = Points(
        x,
        y,
        np.array([worst["atom"][k] for k in first], np.int64),
        Space.ATOM,
        size=9.0,
        labels=result.names,
        show_labels=len(x) <= 40,
        hints=hints,
        frames=np.array([worst["frame"][k] for k in first], int),
    )
    return Plot(
        title="Rare events against average errors",
        x=Axis("force RMSE of all atoms (eV/Å)"),
        y=Axis(f"dNAC of sizes, {result.summary['group']}"),
        marks=(points,),
        status=_status(result),
    )


def draw_worst(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The worst atoms above each model; a click shows the atom in its frame."""
    worst = result.tables["worst"]
    at = np.array([result.names.index(name) for name in worst["model"]], float)
    error = np.array(worst["error"], float)
    hints = tuple(
        f"{m}: frame {f + 1}, atom {a}: {e:.3f} eV/Å, {t:.0f}°"
        for m, f, a, e, t in zip(*worst.values(), strict=True)
    )
    points = Points(
        at,
        error,
        np.array(worst["atom"], np.int64),
        Space.ATOM,
        size=7.0,
        hints=hints,
        frames=np.array(worst["frame"], int),
    )
    return Plot(
        title="Worst atoms by model",
        x=Axis("", ticks=tuple((float(k), name) for k, name in enumerate(result.names))),
        y=Axis("|F − F_ref| (eV/Å)"),
        marks=(points,),
        status=_status(result),
    )


def draw_frames(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """How many atoms are badly predicted; a click chooses the frames in which they are."""
    frames, bad = result.arrays["frames"], result.arrays["sizes"] > LARGE
    share = 100 * bad.mean(axis=1)
    rows = tuple(np.unique(frames[one]).astype(np.int32) for one in bad)
    labels = tuple(
        f"{name}: {value:.1f} %, in {len(of)} frames"
        for name, value, of in zip(result.names, share, rows, strict=True)
    )
    at = np.arange(len(share), dtype=float)
    return Plot(
        title=f"Errors of size above {LARGE:g} eV/Å",
        x=Axis(f"share of {result.summary['group']} (%)"),
        y=Axis("", ticks=tuple((float(k), name) for k, name in enumerate(result.names))),
        marks=(Bars(at, share, rows, Space.FRAME, across=True, labels=labels),),
        status=_status(result),
    )


def draw_disagreement(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The error of the mean force of all models over their spread, atom by atom."""
    spread, centre = result.arrays["spread"], result.arrays["centre"]
    frames, ids = result.arrays["frames"], result.arrays["ids"]
    ends = np.array([0.0, spread.max()])
    points = Points(
        spread,
        centre,
        ids,
        Space.ATOM,
        size=5.0,
        hints=_hints(frames, ids, spread) if len(spread) <= CROWD else (),
        frames=frames,
        crowd=CROWD,
    )
    return Plot(
        title="Where models disagree",
        x=Axis("spread of the models' forces (eV/Å)"),
        y=Axis("|mean force − F_ref| (eV/Å)"),
        marks=(Line(ends, ends, dashed=True, colour=-1), points),
        status=_status(result),
    )


def _hints(frames: Array, ids: Array, spread: Array) -> tuple[str, ...]:
    of = zip(frames, ids, spread, strict=True)
    return tuple(f"frame {f + 1}, atom {a}: spread {s:.3f} eV/Å" for f, a, s in of)


def _status(result: Result) -> str:
    about = result.summary
    told = f"{about['group']}: {about['n_atoms']} atoms / {about['n_models']} models"
    told += f" / best {about['best']}"
    if "spread_mean" in about:
        told += f" / spread {about['spread_mean']:.3g}, at most {about['spread_max']:.3g} eV/Å"
    return told
