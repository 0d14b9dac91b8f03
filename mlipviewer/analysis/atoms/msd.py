"""Mean square displacement and diffusion coefficients."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.bayesian_slope import NOTHING, bayesian_slope
from mlipviewer.analysis.methods.diffusion import (
    CM2_PER_S,
    Einstein,
    block_error,
    einstein_fit,
    fit_between,
    n_hops,
    relative_error,
    square_displacements,
)
from mlipviewer.analysis.methods.paths_of_atoms import DRIFTS, FRAMEWORK, NONE, Paths, read_paths
from mlipviewer.core.analysis import (
    Analysis,
    Edited,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Points, Shape, Space
from mlipviewer.core.progress import Progress

DIRECTIONS = ("xyz", "x", "y", "z", "xy", "xz", "yz")
SHOWN = 1000  # lags in tables and plots
MOBILE = (
    "a condition on the first frame for the mobile atoms, e.g. element == 'Li'; empty: Li, Na, K,"
    " Ag, Mg, Cu or H where other elements are there besides, else all atoms"
)
PAPER = "He, Zhu, Epstein and Mo, npj Comput. Mater. 4, 18 (2018)"


@dataclass(frozen=True)
class MsdParams(Params):
    mobile: str = param("", MOBILE)
    directions: str = param("xyz", "components of the displacement", choices=DIRECTIONS)
    dimension: int = param(
        0,
        "dimension d of D = slope / 2d, 1 for conductors with channels; 0: as many as directions",
        low=0,
        high=3,
    )
    lower: float = param(
        4.5,
        "the fit begins where the displacement reaches this; half the square of a hop is advised",
        unit="Å²",
        low=0.0,
        high=1e6,
        reference=PAPER,
    )
    upper: float = param(0.5, "the fit ends at this share of the lags", low=0.01, high=1.0)
    fit_from: float = param(
        0.0, "the fit begins at this lag instead; 0: by `lower`", unit="ps", low=0.0, high=1e9
    )
    fit_to: float = param(
        0.0, "the fit ends at this lag instead; 0: by `upper`", unit="ps", low=0.0, high=1e9
    )
    hop: float = param(3.0, "length of a hop", unit="Å", low=0.1, high=100.0)
    drift: str = param(
        FRAMEWORK,
        "what the paths are relative to: the mean of the atoms that are not mobile, the centre of"
        " mass of all, or nothing",
        choices=DRIFTS,
    )
    blocks: int = param(5, "parts of the run for the block error", low=2, high=100)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


def run(inputs: Inputs, params: MsdParams, progress: Progress) -> Result:
    """MSD(t) = <|r(t0 + t) - r(t0)|^2> over mobile atoms and all t0; D = slope / 2d.

    Summary: diffusivity_cm2_s (None where there are not enough hops, with the reason `refused`),
    relative_std = 3.43 / sqrt(n_hops) + 0.04, n_hops = N max(MSD) / a^2, block_std (of D by parts
    of the run), bayes_mean, bayes_std, bayes_low and bayes_high (of D, 95 %, with lags that are not
    independent), haven_ratio = D / D_charge, collective_cm2_s (of the mean of all mobile atoms),
    first_lag and last_lag of the fit (frames), dimension, n_atoms, carriers_per_cm3. Tables `msd`:
    time, msd, x, y, z, collective; `species`: each element's coefficient; `blocks`. Raises
    AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    chosen = inputs.atoms if inputs.atoms is not None and len(inputs.atoms) else None
    paths = read_paths(trajectory, params.mobile, params.drift, params.every, progress, chosen)
    axes = ["xyz".index(one) for one in params.directions]
    own = paths.of(paths.mobile)
    parts = square_displacements(own, progress)[1:]
    charge = square_displacements(own.mean(axis=1, keepdims=True))[1:, axes].sum(axis=1)
    times = np.arange(1, len(parts) + 1) * paths.interval
    msd = parts[:, axes].sum(axis=1)
    fit = _fit(times, msd, params)
    arrays = {
        "time": times,
        "msd": msd,
        "collective": charge * own.shape[1],
        "far": np.linalg.norm(own[-1] - own[0], axis=1),
        "ids": paths.ids[paths.mobile],
    }
    wrong, slopes = block_error(own, times, axes, (fit.first, fit.last), params.blocks)
    divide = 2 * (params.dimension or len(axes))
    summary = {
        **_coefficient(fit, msd, own.shape[1], params, divide),
        "block_std": _number(wrong / divide * CM2_PER_S),
        **_bayes(own, times, msd, axes, fit, divide),
        **_collective(paths, params, times, arrays["collective"], fit, divide),
        "dimension": divide // 2,
        **_carriers(own.shape[1], paths.volume),
    }
    blocks = [slope / divide * CM2_PER_S for slope in slopes]
    return Result(
        summary=summary,
        tables={
            "msd": _table(times, msd, parts, arrays["collective"]),
            "species": _species(paths, times, axes, params, divide),
            "blocks": {"block": list(range(1, len(blocks) + 1)), "diffusivity": blocks},
        },
        units=_UNITS,
        notes=(*paths.notes, *_notes(fit, summary)),
        arrays=arrays,
    )


_BAYES = ("bayes_mean", "bayes_std", "bayes_low", "bayes_high")
_UNITS = MappingProxyType(
    {
        **dict.fromkeys(("msd", "x", "y", "z", "collective"), "Å²"),
        "time": "ps",
        **dict.fromkeys(
            ("diffusivity_cm2_s", "diffusivity", "block_std", "collective_cm2_s", *_BAYES), "cm²/s"
        ),
        "carriers_per_cm3": "1/cm³",
    }
)


def _fit(times: Array, msd: Array, params: MsdParams) -> Einstein:
    found = einstein_fit(times, msd, params.lower, params.upper)
    if not params.fit_from and not params.fit_to:
        return found
    slack = 1e-9 * times[-1]
    first = found.first
    if params.fit_from:
        first = int(np.searchsorted(times, params.fit_from - slack))
    last = found.last
    if params.fit_to:
        last = int(np.searchsorted(times, params.fit_to + slack))
    return fit_between(times, msd, first, last)


def _coefficient(
    fit: Einstein, msd: Array, n: int, params: MsdParams, divide: int
) -> dict[str, Any]:
    hops = n_hops(n, msd, params.hop)
    return {
        "diffusivity_cm2_s": _number(fit.slope / divide * CM2_PER_S),
        "relative_std": _number(relative_error(hops)),
        "n_hops": hops,
        "refused": fit.refused,
        "first_lag": fit.first + 1,
        "last_lag": fit.last,
    }


def _bayes(
    own: Array, times: Array, msd: Array, axes: list[int], fit: Einstein, divide: int
) -> dict[str, Any]:
    """The coefficient from the same window where the lags are not taken to be independent."""
    window = (fit.first, fit.last)
    found = NOTHING if fit.refused else bayesian_slope(own, times, msd, axes, window)
    scale = CM2_PER_S / divide
    return {f"bayes_{name}": _number(value * scale) for name, value in asdict(found).items()}


def _collective(
    paths: Paths, params: MsdParams, times: Array, msd: Array, fit: Einstein, divide: int
) -> dict[str, Any]:
    """Of the centre of the mobile atoms, times their number: of the current, where all carry the
    same charge. None where that centre is what the paths are relative to."""
    still = params.drift != NONE and bool(paths.mobile.all())
    if fit.refused or still:
        return {"collective_cm2_s": None, "haven_ratio": None}
    of_all = fit_between(times, msd, fit.first, fit.last)
    ratio = fit.slope / of_all.slope if of_all.slope > 0 else np.nan
    return {
        "collective_cm2_s": _number(of_all.slope / divide * CM2_PER_S),
        "haven_ratio": _number(ratio),
    }


def _carriers(n: int, volume: float | None) -> dict[str, Any]:
    return {"n_atoms": n, "carriers_per_cm3": None if volume is None else n / volume * 1e24}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _some(n: int) -> Array:
    """Indices of at most SHOWN of n lags."""
    return np.unique(np.linspace(0, n - 1, min(n, SHOWN)).round().astype(int))


def _table(times: Array, msd: Array, parts: Array, collective: Array) -> dict[str, list[float]]:
    some = _some(len(times))
    columns = (times, msd, *parts.T, collective)
    names = ("time", "msd", "x", "y", "z", "collective")
    return {name: one[some].tolist() for name, one in zip(names, columns, strict=True)}


def _species(
    paths: Paths, times: Array, axes: list[int], params: MsdParams, divide: int
) -> dict[str, list[Any]]:
    """Each element that is there, by the same rules."""
    table: dict[str, list[Any]] = {"element": [], "n_atoms": [], "diffusivity": [], "n_hops": []}
    for symbol in sorted(set(paths.symbols.tolist())):
        mask = paths.symbols == symbol
        msd = square_displacements(paths.of(mask))[1:, axes].sum(axis=1)
        fit = _fit(times, msd, params)
        table["element"].append(symbol)
        table["n_atoms"].append(int(mask.sum()))
        table["diffusivity"].append(_number(fit.slope / divide * CM2_PER_S))
        table["n_hops"].append(n_hops(int(mask.sum()), msd, params.hop))
    return table


def _notes(fit: Einstein, summary: dict[str, Any]) -> list[str]:
    if fit.refused:
        return [fit.refused]
    if (summary["relative_std"] or 0) > 0.5:
        return [f"only {summary['n_hops']:.0f} hops: the coefficient is hardly known"]
    return []


def draw(_inputs: Inputs, params: MsdParams, result: Result) -> Plot:
    """The displacement over the lag, its fit, and the two ends of the fit, which can be dragged."""
    times, msd, about = result.arrays["time"], result.arrays["msd"], result.summary
    some = _some(len(times))
    marks: list[Mark] = [
        Line(times[some], msd[some], "mobile atoms", colour=0),
        Line(times[some], result.arrays["collective"][some], "collective", colour=1, pattern=1),
    ]
    last = min(max(int(about["last_lag"] or 1) - 1, 0), len(times) - 1)
    first = min(max(int(about["first_lag"] or 1) - 1, 0), last)
    if about["diffusivity_cm2_s"] is not None:
        fit = fit_between(times, msd, first, last + 1)
        line = times[[first, last]]
        marks.append(
            Line(line, fit.offset + fit.slope * line, "fit", colour=-1, dashed=True, width=2.5)
        )
    ends = [first, last]
    marks.append(
        Points(
            times[ends], msd[ends], _frames_at(params, ends), Space.FRAME,
            shape=Shape.SQUARE, size=10.0, movable=True,
            hints=("the fit begins here: drag it", "the fit ends here: drag it"),
        )
    )  # fmt: skip
    return Plot(
        title=f"Mean square displacement, {params.directions}",
        x=Axis("lag (ps)"),
        y=Axis("MSD (Å²)"),
        marks=tuple(marks),
        status=_status(result),
    )


def _status(result: Result) -> str:
    about = result.summary
    n = f"{about['n_atoms']} atoms"
    if about["diffusivity_cm2_s"] is None:
        return f"{n} / {about['refused']}"
    haven = "" if about["haven_ratio"] is None else f" / Haven ratio {about['haven_ratio']:.3g}"
    percent = 100 * float(about["relative_std"] or 0)
    low, high = about["bayes_low"], about["bayes_high"]
    between = f" / 95 % {low:.3g} to {high:.3g}" if isinstance(low, float) else ""
    return (
        f"{n} / D {about['diffusivity_cm2_s']:.3e} cm²/s ± {percent:.0f} %{between}"
        f" / {about['n_hops']:.0f} hops / d = {about['dimension']}{haven}"
    )


def draw_slopes(_inputs: Inputs, params: MsdParams, result: Result) -> Plot:
    """The exponent of the displacement over the lag: 1 where atoms diffuse, 2 where they fly."""
    times, msd = result.arrays["time"], result.arrays["msd"]
    places = np.unique(np.geomspace(1, len(times), 60).round().astype(int)) - 1
    places = places[msd[places] > 0]
    x, y = np.log(times[places]), np.log(msd[places])
    slopes = np.gradient(y, x) if len(places) > 2 else np.full(len(places), np.nan)
    points = Points(times[places], slopes, _frames_at(params, places), Space.FRAME, size=5.0)
    return Plot(
        title="Exponent of the displacement",
        x=Axis("lag (ps)", log=True),
        y=Axis("d log MSD / d log t"),
        marks=(points, Line(times[[0, -1]], np.ones(2), "", dashed=True, colour=-1)),
        status=_status(result),
    )


def draw_displacements(_inputs: Inputs, _params: MsdParams, result: Result) -> Plot:
    """How far each mobile atom came from where it was first."""
    far, ids = result.arrays["far"], result.arrays["ids"]
    hints = tuple(f"atom {i}: {d:.3g} Å" for i, d in zip(ids, far, strict=True))
    return Plot(
        title="Displacement from the first to the last frame",
        x=Axis("atom", whole=True),
        y=Axis("displacement (Å)"),
        marks=(Points(ids.astype(float), far, ids, Space.ATOM, hints=hints),),
        status=f"{_status(result)} / farthest {far.max():.3g} Å",
    )


def _frames_at(params: MsdParams, lags: Any) -> Array:
    """The frames as long after the first as these lags (indices, without lag 0) are."""
    return ((np.asarray(lags) + 1) * params.every).astype(np.int32)


def place_end(
    _inputs: Inputs, params: MsdParams, result: Result, _row: int, x: float, _y: float
) -> Edited:
    """Drag the nearer end of the fit to another lag."""
    times, about = result.arrays["time"], result.summary
    place = float(times[int(np.argmin(np.abs(times - x)))])
    lags = (int(about[name] or 1) - 1 for name in ("first_lag", "last_lag"))
    shown = [float(times[min(max(lag, 0), len(times) - 1)]) for lag in lags]
    ends = [params.fit_from or shown[0], params.fit_to or shown[1]]
    ends[int(np.argmin(np.abs(np.array(ends) - place)))] = place
    low, high = sorted(ends)
    return Edited(replace(params, fit_from=low, fit_to=high))


ANALYSIS = Analysis(
    name="msd",
    title="Diffusion",
    about="Mean square displacement of mobile atoms, diffusion coefficient and its error.",
    needs=(Needs.TRAJECTORY,),
    params=MsdParams,
    run=run,
    plots=MappingProxyType(
        {
            "Mean square displacement": draw,
            "Exponent": draw_slopes,
            "Displacements": draw_displacements,
        }
    ),
    edits=MappingProxyType({"place": place_end}),
    on_atoms=True,
)
