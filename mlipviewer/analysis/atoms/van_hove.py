"""Van Hove functions: where atoms are a while later, themselves and the others."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.msd import MOBILE
from mlipviewer.analysis.methods.paths_of_atoms import DRIFTS, FRAMEWORK, Paths, read_paths
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Line, Plot, Space
from mlipviewer.core.progress import Progress

ORIGINS = 200  # time origins of each lag, evenly chosen
MOST_PAIRS = 4_000_000  # of a lag; fewer origins are looked at where there are more
AT_ONCE = 250_000  # pairs


@dataclass(frozen=True)
class VanHoveParams(Params):
    mobile: str = param("", MOBILE)
    lags: str = param("", "lags in ps, with commas between; empty: four, to half of the run")
    reach: float = param(8.0, "largest distance", unit="Å", low=0.5, high=1000.0)
    bins: int = param(160, "bins of distance", low=10, high=2000)
    drift: str = param(FRAMEWORK, "what the paths are relative to", choices=DRIFTS)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


def run(inputs: Inputs, params: VanHoveParams, progress: Progress) -> Result:
    """4 pi r^2 G_s(r, t): the probability per A that an atom is r away from where it was t before;
    and G_d(r, t) / density: how likely another mobile atom is there, against chance.

    Summary: n_atoms, n_lags, reach. Table `van_hove`: r and for each lag `self` (1/A) and, in a
    periodic cell, `distinct`. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    chosen = inputs.atoms if inputs.atoms is not None and len(inputs.atoms) else None
    trajectory = inputs.the_trajectory()
    paths = read_paths(trajectory, params.mobile, params.drift, params.every, progress, chosen)
    own = paths.of(paths.mobile)
    reach, notes = _reach(paths, params.reach)
    edges = np.linspace(0.0, reach, params.bins + 1)
    lags = _lags(params.lags, len(own), paths.interval)
    selves, others = [], []
    for done, lag in enumerate(lags):
        progress.step(done, len(lags))
        selves.append(_self(own, lag, edges))
        if paths.cell is not None and own.shape[1] > 1:
            others.append(_distinct(own, lag, edges, paths, progress))
    r = (edges[1:] + edges[:-1]) / 2
    times = np.array(lags) * paths.interval
    table: dict[str, Any] = {"r": r.tolist()}
    for time, one in zip(times, selves, strict=True):
        table[f"self {time:g} ps"] = one.tolist()
    for time, one in zip(times, others, strict=False):
        table[f"distinct {time:g} ps"] = one.tolist()
    return Result(
        summary={"n_atoms": own.shape[1], "n_lags": len(lags), "reach": reach},
        tables={"van_hove": table},
        units=MappingProxyType({"r": "Å", "reach": "Å"}),
        notes=(*paths.notes, *notes),
        arrays={
            "r": r,
            "lags": np.array(lags) * params.every,
            "times": times,
            "self": np.array(selves),
            "distinct": np.array(others).reshape(-1, len(r)),
        },
    )


def _reach(paths: Paths, wanted: float) -> tuple[float, list[str]]:
    """Distances to the nearest image are whole up to half the height of the cell."""
    if paths.cell is None:
        return wanted, []
    heights = 1 / np.linalg.norm(np.linalg.inv(paths.cell), axis=0)
    most = float(heights[list(paths.pbc)].min() / 2) if any(paths.pbc) else wanted
    if wanted <= most:
        return wanted, []
    return most, [f"distances end at {most:.3g} Å, half of the cell"]


def _lags(text: str, m: int, interval: float) -> list[int]:
    """Lags in frames. Raises AnalysisProblem."""
    if not text.strip():
        return sorted({round(x) for x in np.geomspace(1, max(m // 2, 1), 4)})
    try:
        wanted = [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise AnalysisProblem(f"lags {text!r}: write numbers of ps: 1, 10, 100") from None
    found = sorted({round(one / interval) for one in wanted})
    if not found or found[0] < 1 or found[-1] >= m:
        longest = (m - 1) * interval
        raise AnalysisProblem(f"lags are from {interval:g} to {longest:g} ps, not {text}")
    return found


def _origins(m: int, lag: int) -> Array:
    n = m - lag
    return np.unique(np.linspace(0, n - 1, min(n, ORIGINS)).round().astype(int))


def _self(places: Array, lag: int, edges: Array) -> Array:
    """(bins,) the probability of each distance, per A."""
    start = _origins(len(places), lag)
    far = np.linalg.norm(places[start + lag] - places[start], axis=2).ravel()
    counts = np.histogram(far, edges)[0]
    return np.asarray(counts / (len(far) * np.diff(edges)))


def _distinct(places: Array, lag: int, edges: Array, paths: Paths, progress: Progress) -> Array:
    """(bins,) the density of other atoms at each distance over the mean density."""
    n = places.shape[1]
    cell = np.asarray(paths.cell)
    inverse, repeats = np.linalg.inv(cell), np.array(paths.pbc)
    start = _origins(len(places), lag)
    start = start[:: max(1, len(start) * n * n // MOST_PAIRS)]
    counts = np.zeros(len(edges) - 1)
    step = max(1, AT_ONCE // n)
    blocks = [(at, row) for at in start for row in range(0, n, step)]
    for done, (at, row) in enumerate(blocks):
        progress.step(done, len(blocks))
        vectors = (places[at + lag] - places[at, row : row + step, None]) @ inverse
        vectors -= np.round(vectors) * repeats
        far = np.linalg.norm(vectors @ cell, axis=2)
        far[np.arange(len(far)), row + np.arange(len(far))] = np.inf  # no atom is its own other
        counts += np.histogram(far, edges)[0]
    shells = 4 / 3 * np.pi * np.diff(edges**3)
    density = (n - 1) / float(paths.volume or 1.0)
    return np.asarray(counts / (len(start) * n * shells * density))


def draw_self(_inputs: Inputs, _params: VanHoveParams, result: Result) -> Plot:
    """How far atoms are from where they were, a curve for each lag."""
    return _draw(result, "self", "Van Hove, self", "4πr² G_s (1/Å)")


def draw_distinct(_inputs: Inputs, _params: VanHoveParams, result: Result) -> Plot:
    """How likely another mobile atom is at a distance from where one was."""
    return _draw(result, "distinct", "Van Hove, distinct", "G_d / density")


def _draw(result: Result, name: str, title: str, axis: str) -> Plot:
    r, curves, times = (result.arrays[key] for key in ("r", name, "times"))
    lags = result.arrays["lags"]
    lines = tuple(
        Line(
            r, curve, f"{time:g} ps", colour=k, pattern=k, space=Space.FRAME,
            rows=np.full(len(r), lag, np.int32),
        )
        for k, (curve, time, lag) in enumerate(zip(curves, times, lags, strict=False))
    )  # fmt: skip
    return Plot(
        title=title,
        x=Axis("distance (Å)"),
        y=Axis(axis),
        marks=lines,
        status=f"{result.summary['n_atoms']} atoms / {len(lines)} lags",
        empty="" if lines else "Other atoms are counted in periodic cells.",
    )


ANALYSIS = Analysis(
    name="van-hove",
    title="Van Hove functions",
    about="Where mobile atoms are a while later: themselves, and the others.",
    needs=(Needs.TRAJECTORY,),
    params=VanHoveParams,
    run=run,
    plots=MappingProxyType({"Van Hove, self": draw_self, "Van Hove, distinct": draw_distinct}),
    on_atoms=True,
)
