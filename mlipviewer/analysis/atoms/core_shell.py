"""Composition of particles and slabs from the surface to the middle, and of their facets."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames.surface import SurfaceParams
from mlipviewer.analysis.frames.surface import run as surface_of_frame
from mlipviewer.analysis.methods.chemistry import species_of
from mlipviewer.analysis.methods.particle_profiles import (
    COUNTED,
    PROFILES,
    SURFACE_FACETS,
    ProfileParams,
    added,
)
from mlipviewer.analysis.methods.times import TIME, along, time_column, time_units, times_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Result, param
from mlipviewer.core.computation import Computed, over_frames
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Mark, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

NO_SURFACE = "There is no surface: the crystal fills its cell."


@dataclass(frozen=True)
class CoreShellParams(SurfaceParams):
    bin: float = param(1.0, "of depth and of distance from the middle", unit="Å", low=0.05,
                       high=20.0)  # fmt: skip
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


def run(inputs: Inputs, params: CoreShellParams, progress: Progress) -> Result:
    """Means over frames of how many atoms of each element are in each shell (1: the surface, as the
    column `shell`), on each facet, and at each depth and distance from the middle.

    Summary: n_frames, n_atoms, n_surface, dispersion (share of atoms at the surface), n_shells, and
    of each element its share of the surface and of all atoms. Tables `shells` (shell, element,
    count, share of the shell), `facets`, `depth` and `radius` (A, middles of bins) alike; `frames`
    (frame, time, n_surface, the share of each element at the surface). Raises AnalysisProblem,
    ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = range(0, trajectory.n_frames, params.every)
    if not frames:
        raise AnalysisProblem(f"{trajectory.name} has no frames")
    own = {field.name: getattr(params, field.name) for field in fields(ProfileParams)}
    found = list(over_frames(inputs, PROFILES, ProfileParams(**own), frames, progress))
    names, shells = added(found, "shells")
    by = {name: added(found, name)[1] for name in COUNTED}
    surface = _surface_series(found, names)
    times = times_of(trajectory, frames)
    total = by["radii"].sum(axis=0)
    at_surface = float(surface.sum(axis=1).mean())
    shares = _shares(surface)
    return Result(
        summary={
            "n_frames": len(frames),
            "n_atoms": int(found[-1].columns["radii"].sum()),
            "n_surface": at_surface,
            "dispersion": at_surface / max(float(total.sum()), 1.0),
            "n_shells": len(shells),
            **{f"{n}_surface": _known(shares[:, i].mean()) for i, n in enumerate(names)},
            **{f"{n}_all": float(total[i] / max(total.sum(), 1)) for i, n in enumerate(names)},
        },
        tables={
            "shells": _long("shell", [*range(1, len(shells) + 1)], shells, names),
            "facets": _long("facet", list(SURFACE_FACETS), by["facets"][1:], names),
            "depth": _long("depth", _middles(by["depths"], params.bin), by["depths"], names),
            "radius": _long("radius", _middles(by["radii"], params.bin), by["radii"], names),
            "frames": _frames(frames, times, surface, names),
        },
        units={"depth": "Å", "radius": "Å", **time_units(times)},
        notes=() if at_surface else (NO_SURFACE,),
        arrays={
            "frames": np.array(frames), TIME: times, "shells": shells, "facets": by["facets"][1:],
            "depths": by["depths"], "radii": by["radii"], "surface": shares,
            "overall": total / max(float(total.sum()), 1.0),
            **_atoms(trajectory, frames[-1], params),
        },
        names=names,
    )  # fmt: skip


def _frames(
    frames: range, times: Array, surface: Array, names: tuple[str, ...]
) -> dict[str, list[Any]]:
    shares = _shares(surface)
    return {
        "frame": list(frames),
        **time_column(times),
        "n_surface": surface.sum(axis=1).tolist(),
        **{f"{n}_surface": shares[:, i].tolist() for i, n in enumerate(names)},
    }


def _surface_series(found: list[Computed], names: tuple[str, ...]) -> Array:
    """(frames, species) atoms at the surface."""
    series = np.zeros((len(found), len(names)))
    for place, frame in enumerate(found):
        shells = frame.columns["shells"]
        if len(shells) > 1:  # the last line is of atoms without a shell
            series[place, [names.index(one) for one in frame.values["names"]]] = shells[0]
    return series


def _shares(counts: Array) -> Array:
    """(lines, species) shares of each line, NaN for empty ones."""
    total = counts.sum(axis=1)[:, None]
    return np.where(total > 0, counts / np.maximum(total, 1e-300), np.nan)


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _middles(counts: Array, width: float) -> list[float]:
    return [round((i + 0.5) * width, 6) for i in range(len(counts))]


def _long(name: str, lines: list[Any], counts: Array, names: tuple[str, ...]) -> dict[str, Any]:
    k = len(names)
    return {
        name: [one for one in lines for _ in range(k)],
        "element": list(names) * len(lines),
        "count": counts.ravel().tolist(),
        "share": _shares(counts).ravel().tolist(),
    }


def _atoms(trajectory: Trajectory, index: int, params: CoreShellParams) -> dict[str, Array]:
    """Of the last frame: ids, shells, facets and species of the atoms, which marks stand for."""
    frame = trajectory.frame(index)
    own = {field.name: getattr(params, field.name) for field in fields(SurfaceParams)}
    found = surface_of_frame(frame, SurfaceParams(**own)).columns
    places = np.asarray(frame.positions, float)
    radius = np.linalg.norm(places - places.mean(axis=0), axis=1)
    return {
        "ids": np.asarray(frame.atom_ids), "of_shell": found["shell"], "of_facet": found["facet"],
        "of_depth": found["depth"], "of_radius": radius, "of_species": species_of(frame)[1],
    }  # fmt: skip


def _ids(result: Result, mask: Array) -> Array:
    return np.sort(result.arrays["ids"][mask]).astype(np.int32)


def draw_shells(_inputs: Inputs, _params: CoreShellParams, result: Result) -> Plot:
    """The share of each element by shell: bars upon each other, which select their atoms."""
    shells = result.arrays["shells"]
    at = np.arange(1, len(shells) + 1, dtype=float)
    kinds = result.arrays["of_shell"]
    masks = [kinds == shell for shell in range(1, len(shells) + 1)]
    ticks = tuple((x, f"{x:g}") for x in at)
    axis = Axis("shell (1: the surface)", ticks=ticks if len(ticks) <= 12 else (), whole=True)
    return Plot(
        title="Composition by shell",
        x=axis,
        y=Axis("atoms of the shell (%)"),
        marks=(_stacked(result, at, shells, masks),) if len(at) else (),
        status=_status(result),
        empty="" if len(at) else NO_SURFACE,
    )


def draw_facets(_inputs: Inputs, _params: CoreShellParams, result: Result) -> Plot:
    """The share of each element on facets, edges and corners."""
    counts = result.arrays["facets"]
    at = np.arange(len(counts), dtype=float)
    masks = [result.arrays["of_facet"] == i + 1 for i in range(len(counts))]
    names = tuple(
        (x, f"{name} ({n:.0f})")
        for x, name, n in zip(at, SURFACE_FACETS, counts.sum(axis=1), strict=True)
    )
    return Plot(
        title="Composition of facets",
        x=Axis("atoms of the facet (%)"),
        y=Axis(ticks=names),
        marks=(replace(_stacked(result, at, counts, masks), across=True),),
        status=_status(result),
        empty="" if counts.sum() else NO_SURFACE,
    )


def _stacked(result: Result, at: Array, counts: Array, masks: list[Array]) -> Bars:
    """Bars of 100 % at each place, divided by element."""
    shares = 100 * np.nan_to_num(_shares(counts))
    tops = np.cumsum(shares, axis=1)
    k, species = len(result.names), result.arrays["of_species"]
    rows = tuple(_ids(result, mask & (species == i)) for mask in masks for i in range(k))
    labels = tuple(
        f"{share:.1f} % {name}, {count:.1f} atoms"
        for line, many in zip(shares, counts, strict=True)
        for name, share, count in zip(result.names, line, many, strict=True)
    )
    return Bars(
        np.repeat(at, k), tops.ravel(), rows, Space.ATOM, base=(tops - shares).ravel(),
        group=np.tile(np.arange(k), len(at)), group_names=result.names, labels=labels,
    )  # fmt: skip


def draw_depth(_inputs: Inputs, params: CoreShellParams, result: Result) -> Plot:
    """The share of each element by depth below the surface."""
    return _profile(result, params, "depths", "of_depth", "depth below the surface (Å)")


def draw_radius(_inputs: Inputs, params: CoreShellParams, result: Result) -> Plot:
    """The share of each element by distance from the middle."""
    return _profile(result, params, "radii", "of_radius", "distance from the middle (Å)")


def _profile(result: Result, params: CoreShellParams, name: str, of: str, title: str) -> Plot:
    counts = result.arrays[name]
    shares = 100 * _shares(counts)
    x = (np.arange(len(counts)) + 0.5) * params.bin
    there = counts.sum(axis=1) > 0
    marks: list[Mark] = []
    for i, species in enumerate(result.names):
        marks.append(Line(x[there], shares[there, i], species, colour=i, pattern=i))
    # one atom of each bin stands for it: a click shows where it lies
    bins = np.floor(np.nan_to_num(result.arrays[of], nan=-1.0) / params.bin).astype(int)
    first = {b: int(p) for p, b in reversed(list(enumerate(bins.tolist()))) if b >= 0}
    known = [b for b in sorted(first) if b < len(x)]
    if known:
        rows = np.array([result.arrays["ids"][first[b]] for b in known], np.int32)
        hints = tuple(_hint(result, shares[b], counts[b], x[b]) for b in known)
        marks.append(
            Points(x[known], shares[known, 0], rows, Space.ATOM, size=4.0, hints=hints, faint=True)
        )
    return Plot(
        title="Composition by depth" if name == "depths" else "Radial composition",
        x=Axis(title),
        y=Axis("atoms (%)"),
        marks=tuple(marks),
        status=_status(result),
        empty="" if there.any() else NO_SURFACE,
    )


def _hint(result: Result, shares: Array, counts: Array, at: float) -> str:
    parts = [f"{share:.0f} % {name}" for name, share in zip(result.names, shares, strict=True)]
    return f"{at:.2f} Å: {', '.join(parts)} of {counts.sum():.3g} atoms"


def draw_frames(_inputs: Inputs, _params: CoreShellParams, result: Result) -> Plot:
    """The share of each element at the surface along the run: segregation."""
    arrays = result.arrays
    x, axis = along(arrays["frames"], arrays[TIME])
    rows = arrays["frames"].astype(np.int32)
    lines: tuple[Mark, ...] = tuple(
        Line(x, 100 * arrays["surface"][:, i], name, rows=rows, space=Space.FRAME, colour=i,
             pattern=i)
        for i, name in enumerate(result.names)
    )  # fmt: skip
    return Plot(
        title="Composition of the surface",
        x=axis,
        y=Axis("atoms of the surface (%)"),
        marks=(*lines, Cursor(0.0)),
        status=_status(result),
        empty="" if np.isfinite(arrays["surface"]).any() else NO_SURFACE,
    )


def _status(result: Result) -> str:
    about = result.summary
    return (
        f"{about['n_frames']} frames / {about['n_atoms']} atoms / {about['n_shells']} shells"
        f" / {about['dispersion']:.1%} at the surface"
    )


ANALYSIS = Analysis(
    name="core-shell",
    title="Core and shell",
    about="Composition of a particle by shell, depth, distance from the middle and facet.",
    needs=(Needs.TRAJECTORY,),
    params=CoreShellParams,
    run=run,
    plots=MappingProxyType(
        {
            "Shells": draw_shells,
            "Depth": draw_depth,
            "Radius": draw_radius,
            "Facets": draw_facets,
            "Surface over frames": draw_frames,
        }
    ),
)
