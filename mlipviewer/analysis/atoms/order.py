"""Chemical order of alloys: Warren-Cowley parameters, long-range order, c/a, entropy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.order_plots import (
    ALONG,
    draw_long_range,
    draw_pairs,
    draw_preference,
    draw_shells,
    draw_temperature,
)
from mlipviewer.analysis.methods.block_averages import error_of_mean
from mlipviewer.analysis.methods.chemistry import FAMILIES, read_families
from mlipviewer.analysis.methods.neighbour_shells import MOST_SHELLS, given_edges, shell_edges
from mlipviewer.analysis.methods.neighbourhood import AMONG, AVERAGE, taking_part
from mlipviewer.analysis.methods.ordered_frames import (
    CHOICES,
    COUNTED,
    FOUND,
    LEFT_OUT,
    ORDERED,
    OrderedFrame,
)
from mlipviewer.analysis.methods.temperatures import kelvin_of_frames
from mlipviewer.analysis.methods.times import TIME, in_order, times_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.computation import Computed, over_frames
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

LOOKED_AT = 5  # frames, to find the shells
ENOUGH = 10  # frames, for an error from their spread
SERIES = ("long_range_order", "c_over_a", "lattice_constant", "on_lattice", "entropy")


@dataclass(frozen=True)
class OrderParams(Params):
    shells: int = param(4, "shells of neighbours, by the minima of g(r)", low=1, high=MOST_SHELLS)
    edges: str = param("", "outer ends of the shells in Å, with commas; empty: as found from g(r)")
    surface: str = param(
        COUNTED,
        "of particles: surface atoms are counted with the neighbours that they have, or left out",
        choices=(COUNTED, LEFT_OUT),
    )
    sublattices: str = param(
        FOUND,
        "for long-range order: those that fit best, of one structure, or by a column",
        choices=CHOICES,
    )
    column: str = param("", "with column: its two values tell the sublattices", names="column")
    families: str = param("", FAMILIES)
    grouped: bool = param(False, "Warren-Cowley parameters of these families, not of elements")
    among: str = param("", AMONG)
    average: int = param(0, AVERAGE, low=0, high=1000)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)
    shell: int = param(1, "which shell is drawn over frames", low=1, high=MOST_SHELLS)
    along: str = param(ALONG[0], "x axis of what is drawn over frames", choices=ALONG)


def run(inputs: Inputs, params: OrderParams, progress: Progress) -> Result:
    """alpha_ij = 1 - p_ij / c_j (Cowley, Phys. Rev. 77, 669 (1950)), p being the share of j among
    the actual neighbours of i in a shell; and S = r_A + r_B - 1 of Bragg and Williams on the two
    sublattices that fit best (L1_0, L1_2, L1_1 of fcc, B2 of bcc).

    Summary of the first trajectory, means over frames: n_frames, n_atoms, structure (that of most
    order), long_range_order with its error and chance (what random alloys of that size have),
    c_over_a, lattice_constant, on_lattice (share of atoms on one lattice), entropy and
    entropy_random (k_B per atom: on sublattices, all mixed). Tables: `warren_cowley` (shell,
    distance: its outer end, neighbours, pair: centre-neighbour, alpha, error, chance),
    `site_preference` (element, sublattice, share: of the element there, occupied: of the sublattice
    by it, family), `frames` (run, frame, time, temperature, alpha of unlike pairs in the first
    shell, and the summary's numbers). Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    read_families(params.families)
    progress.step(0, 1)
    runs = [_one_run(inputs, one, params, progress) for one in inputs.overlaid()]
    first = runs[0]
    lacking = [f"{one.name}: {one.why}" for one in runs if one.why]
    return Result(
        summary=_summary(first),
        tables={
            "warren_cowley": _pairs(first),
            "site_preference": _preference(first),
            "frames": _frames(runs),
        },
        units={TIME: "ps", "temperature": "K", "distance": "Å", "lattice_constant": "Å",
               "entropy": "k_B", "entropy_random": "k_B"},
        notes=tuple(lacking),
        arrays=_arrays(first, runs),
        names=first.called,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Run:
    """What is known of each frame of a trajectory: f frames, s shells, k species."""

    name: str
    frames: Array
    times: Array
    kelvin: Array
    edges: tuple[float, ...]
    called: tuple[str, ...]
    alpha: Array  # (f, s, k, k)
    error: Array
    chance: Array
    neighbours: Array  # (f, s)
    series: dict[str, Array]  # (f,)
    structures: tuple[str, ...]
    last: Computed
    ids: tuple[Array, ...]  # of the atoms of each species of the last frame
    why: str


def _one_run(
    inputs: Inputs, trajectory: Trajectory, params: OrderParams, progress: Progress
) -> Run:
    wanted = range(0, trajectory.n_frames, params.every)
    if not wanted:
        raise AnalysisProblem(f"{trajectory.name} has no frames")
    edges = given_edges(params.edges) or _edges(trajectory, params, progress)
    asked = OrderedFrame(
        edges, params.surface, params.sublattices,
        params.column if params.sublattices == "column" else "", params.families, params.grouped,
        params.among, params.average,
    )  # fmt: skip
    here = replace(inputs, trajectory=trajectory, beside=MappingProxyType({}))
    found = list(over_frames(here, ORDERED, asked, wanted, progress))
    called = tuple(sorted({name for one in found for name in one.values["called"]}))
    spread = [_spread(one, called) for one in found]
    alpha, error, chance = (np.stack([one[i] for one in spread]) for i in range(3))
    reasons = [str(one.values["lattice"]) for one in found if one.values["lattice"]]
    why = f"no long-range order of {len(reasons)} frames: {reasons[0]}" if reasons else ""
    return Run(
        trajectory.name, np.array(wanted), times_of(trajectory, wanted),
        kelvin_of_frames(trajectory, wanted), edges, called, alpha, error, chance,
        np.stack([one.columns["neighbours"] for one in found]),
        {name: np.array([one.values.get(name, np.nan) for one in found], float)
         for name in (*SERIES, "order_chance", "entropy_random", "n_atoms")},
        tuple(str(one.values.get("structure", "")) for one in found), found[-1],
        _ids(trajectory, wanted[-1], found[-1]), why,
    )  # fmt: skip


def _edges(trajectory: Trajectory, params: OrderParams, progress: Progress) -> tuple[float, ...]:
    """The ends of the shells, by a few frames of the run."""
    n = trajectory.n_frames
    looked = []
    for index in sorted({round(at) for at in np.linspace(0, n - 1, min(n, LOOKED_AT))}):
        progress.step(0, n)
        frame = trajectory.frame(index)
        looked.append((frame, taking_part(frame, params.among)))
    return shell_edges(looked, params.shells)


def _spread(found: Computed, called: tuple[str, ...]) -> tuple[Array, Array, Array]:
    """alpha, error and chance for all species of the run: NaN for those not in this frame."""
    own = [called.index(name) for name in found.values["called"]]
    k, grids = len(called), []
    for name in ("alpha", "error", "chance"):
        whole = np.full((len(found.columns["alpha"]), k, k), np.nan)
        whole[:, np.array(own)[:, None], own] = found.columns[name]
        grids.append(whole)
    return grids[0], grids[1], grids[2]


def _ids(trajectory: Trajectory, index: int, found: Computed) -> tuple[Array, ...]:
    from mlipviewer.analysis.methods.chemistry import species_of

    frame = trajectory.frame(index)
    names, codes = species_of(frame)
    own = [names.index(name) for name in found.values["names"]]
    return tuple(np.sort(frame.atom_ids[codes == one]).astype(np.int32) for one in own)


def _summary(run: Run) -> dict[str, Any]:
    order = run.series["long_range_order"]
    known = order[np.isfinite(order)]
    error = error_of_mean(known) if len(known) >= ENOUGH else None
    told: Counter[str] = Counter()
    for one, value in zip(run.structures, np.nan_to_num(order).tolist(), strict=True):
        if one:  # frames count by how ordered they are
            told[one] += value**2
    return {
        "n_frames": len(run.frames),
        "n_atoms": int(run.series["n_atoms"][-1]),
        "structure": told.most_common(1)[0][0] if told else None,
        **{name: _mean(run.series[name]) for name in SERIES},
        "long_range_order_error": error,
        "long_range_order_chance": _mean(run.series["order_chance"]),
        "long_range_order_first": _number(order[0]),
        "long_range_order_last": _number(order[-1]),
        "entropy_random": _mean(run.series["entropy_random"]),
    }


def _mean(values: Array) -> float | None:
    return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else None


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def mean_pairs(run: Run) -> tuple[Array, Array, Array]:
    """alpha, its error and that of chance (s, k, k) of all frames: the error from their spread
    where they are ten at least, else from that over atoms."""
    alpha, chance = (_nan_mean(one) for one in (run.alpha, run.chance))
    error = np.sqrt(_nan_mean(run.error**2))
    if len(run.frames) >= ENOUGH:
        for place in np.ndindex(*error.shape):
            series = run.alpha[(slice(None), *place)]
            error[place] = error_of_mean(series) if np.isfinite(series).all() else np.nan
    return alpha, error, chance


def _nan_mean(values: Array) -> Array:
    known = np.isfinite(values)
    sums = np.where(known, values, 0.0).sum(axis=0)
    found: Array = np.where(known.any(axis=0), sums / np.maximum(known.sum(axis=0), 1), np.nan)
    return found


def _pairs(run: Run) -> dict[str, list[Any]]:
    names = ("shell", "distance", "neighbours", "pair", "alpha", "error", "chance")
    table: dict[str, list[Any]] = {name: [] for name in names}
    alpha, error, chance = mean_pairs(run)
    for shell, i, j in np.ndindex(*alpha.shape):
        if not np.isfinite(alpha[shell, i, j]):
            continue
        row = (
            shell + 1, run.edges[shell], float(run.neighbours[:, shell].mean()),
            f"{run.called[i]}-{run.called[j]}", float(alpha[shell, i, j]),
            float(error[shell, i, j]), float(chance[shell, i, j]),
        )  # fmt: skip
        for name, value in zip(names, row, strict=True):
            table[name].append(value)
    return table


def _preference(run: Run) -> dict[str, list[Any]]:
    """The site-preference table of the last frame."""
    names = ("element", "sublattice", "share", "occupied", "family")
    table: dict[str, list[Any]] = {name: [] for name in names}
    counts, families = run.last.columns["counts"], run.last.columns["families"]
    if not counts.any():
        return table
    sites, atoms = counts.sum(axis=1), counts.sum(axis=0)
    for place, element in enumerate(run.last.values["names"]):
        for side in (0, 1):
            share = counts[side, place] / max(atoms[place], 1)
            row = (element, "AB"[side], float(share), float(counts[side, place] / sites[side]),
                   "AB"[int(families[place])])  # fmt: skip
            for name, value in zip(names, row, strict=True):
                table[name].append(value)
    return table


def _frames(runs: list[Run]) -> dict[str, list[Any]]:
    table: dict[str, list[Any]] = {"run": [], "frame": []}
    timed = all(in_order(one.times) for one in runs)
    warm = any(np.isfinite(one.kelvin).any() for one in runs)
    for one in runs:
        columns = {
            "run": [one.name] * len(one.frames),
            "frame": one.frames.tolist(),
            **({TIME: one.times.tolist()} if timed else {}),
            **({"temperature": one.kelvin.tolist()} if warm else {}),
            "structure": list(one.structures),
            **{name: one.series[name].tolist() for name in SERIES},
            "alpha_unlike": unlike(one, 0).tolist(),
        }
        for name, values in columns.items():
            table.setdefault(name, []).extend(values)
    return table


def unlike(run: Run, shell: int) -> Array:
    """(f,) the mean alpha of unlike pairs in a shell."""
    k = len(run.called)
    off = ~np.eye(k, dtype=bool)
    if k < 2:
        return np.full(len(run.frames), np.nan)
    return _nan_mean(run.alpha[:, shell][:, off].T)


def _arrays(first: Run, runs: list[Run]) -> dict[str, Array]:
    alpha, error, chance = mean_pairs(first)
    temperature = np.concatenate([one.kelvin for one in runs])
    return {
        "frames": first.frames,
        TIME: first.times,
        "kelvin": first.kelvin,
        "alphas": first.alpha,
        "alpha": alpha,
        "error": error,
        "chance": chance,
        "order": first.series["long_range_order"],
        "c_over_a": first.series["c_over_a"],
        "order_chance": first.series["order_chance"],
        "all_kelvin": temperature,
        "all_order": np.concatenate([one.series["long_range_order"] for one in runs]),
        "all_unlike": np.concatenate([unlike(one, 0) for one in runs]),
        "all_frames": np.concatenate([one.frames for one in runs]),
        "run": np.concatenate([np.full(len(one.frames), i) for i, one in enumerate(runs)]),
        **{f"ids {i}": ids for i, ids in enumerate(first.ids)},
    }


ANALYSIS = Analysis(
    name="order",
    title="Chemical order",
    about="Short-range and long-range order of alloys, along a run or against temperature.",
    needs=(Needs.TRAJECTORY,),
    params=OrderParams,
    run=run,
    plots=MappingProxyType(
        {
            "Warren-Cowley": draw_shells,
            "Warren-Cowley over frames": draw_pairs,
            "Long-range order": draw_long_range,
            "Against temperature": draw_temperature,
            "Site preference": draw_preference,
        }
    ),
    picture=("shell", "along"),
    overlay=True,
)
