"""Density profiles: how much of each element lies where along an axis, or around a centre."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.atom_energies import symbols_of
from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.analysis.methods.pair_distances import BEGIN, END, frames_of, mask_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.periodic import nearest_images, periodic_cell, whole_cell
from mlipviewer.core.plot import Array, Axis, Bars, Line, Plot, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member
from mlipviewer.core.trajectory import Frame

RADIAL, CYLINDER = "radial", "around z"
ALONG = ("z", "y", "x", RADIAL, CYLINDER)
NUMBER, MASS = "number", "mass"
GRAMS = 1.66053906660
"""g/cm^3 of one amu in a cubic A."""
SYMBOL, ALL = "element", "together"


@dataclass(frozen=True)
class DensityProfileParams(Params):
    along: str = param(
        "z", "an axis of the cell, or distances from a centre or from its z axis", choices=ALONG
    )
    of: str = param("*", "whose density: an element, a species, a condition, or * for all")
    by: str = param(SYMBOL, "a curve for each element, or one of all", choices=(SYMBOL, ALL))
    weight: str = param(NUMBER, "atoms in 1/Å³, or mass in g/cm³", choices=(NUMBER, MASS))
    origin: str = param(
        "",
        "the middle of these atoms is the place 0, frame by frame: a condition, e.g. element =="
        " 'Pt'; empty: the corner of the cell, or the middle of all for distances",
    )
    width: float = param(0.1, "of a bin", unit="Å", low=0.001, high=100.0)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)
    begin: int = param(1, BEGIN, low=1)
    end: int = param(0, END, low=0)


def run(inputs: Inputs, params: DensityProfileParams, progress: Progress) -> Result:
    """Mean density over frames in bins of a distance; of chosen atoms, only these count.

    Along an axis the distance is that between planes of the other two vectors of the cell; around a
    centre shells end at half of the lowest height of the cell. Without a cell that repeats in all
    directions numbers are per A along an axis. Summary: n_frames, n_atoms (mean), mean_density
    (over what is shown), highest and highest_at (of all curves). Table `profile`: distance and a
    column for each curve. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    looked = (params.every, progress, params.begin, params.end)
    first = next(frames_of(inputs, *looked), None)
    if first is None:
        raise AnalysisProblem("there are no frames")
    plane = params.along in "xyz" and whole_cell(first) is not None
    if params.weight == MASS and params.along in "xyz" and not plane:
        raise AnalysisProblem("densities of mass along an axis need a periodic cell")
    edges = _edges(inputs, first, params, looked)
    sums: dict[str, Array] = {}
    volumes, n, k, last = np.zeros(len(edges) - 1), 0, 0, (np.zeros(0), np.zeros(0, np.int64))
    for frame in frames_of(inputs, *looked):
        if (whole_cell(frame) is None) != (whole_cell(first) is None):
            raise AnalysisProblem("only some frames have a cell that repeats in all directions")
        mask = mask_of(frame, params.of)
        if inputs.atoms is not None:
            mask &= member(frame.atom_ids, inputs.atoms)
        places, shells = _places(frame, params, edges, plane)
        _add(sums, frame, mask, (places, edges), params)
        volumes, n, k = volumes + shells, n + int(mask.sum()), k + 1
        last = places[mask], np.asarray(frame.atom_ids)[mask]
    if not n:
        raise AnalysisProblem("no atom takes part")
    return _result(edges, sums, volumes, last, (params, plane, k, n))


def _add(
    sums: dict[str, Array],
    frame: Frame,
    mask: Array,
    where: tuple[Array, Array],
    params: DensityProfileParams,
) -> None:
    """Add the atoms of a frame to the bins of their curves."""
    places, edges = where
    weights = _masses(frame) if params.weight == MASS else np.ones(frame.n_atoms)
    symbols = symbols_of(frame.numbers)
    names = ["all"] if params.by == ALL else sorted(set(symbols[mask].tolist()))
    for name in names:
        own = mask if params.by == ALL else mask & (symbols == name)
        found = np.histogram(places[own], edges, weights=weights[own])[0]
        sums[name] = sums.get(name, 0.0) + found


Looked = tuple[int, Progress, int, int]


def _edges(inputs: Inputs, first: Frame, params: DensityProfileParams, looked: Looked) -> Array:
    """The edges of the bins in A; along a periodic axis those of the first frame, which others are
    scaled to."""
    cell = whole_cell(first)
    if cell is not None:
        heights = _heights(cell)
        if params.along in "xyz":
            high = float(heights["xyz".index(params.along)])
            shift = high / 2 if params.origin.strip() else 0.0
        else:
            high, shift = float(heights[: 2 if params.along == CYLINDER else 3].min()) / 2, 0.0
        return np.linspace(0.0, high, max(round(high / params.width), 1) + 1) - shift
    lows, highs = [], []
    for frame in frames_of(inputs, *looked):
        places = _places(frame, params, None, False)[0]
        lows.append(places.min())
        highs.append(places.max())
    low = float(min(lows)) if params.along in "xyz" else 0.0
    high = max(float(max(highs)), low + params.width) + 1e-9
    return np.linspace(low, high, max(round((high - low) / params.width), 1) + 1)


def _heights(cell: Array) -> Array:
    """(3,) A between opposite faces."""
    return np.asarray(1 / np.linalg.norm(np.linalg.inv(cell), axis=0))


def _places(
    frame: Frame, params: DensityProfileParams, edges: Array | None, plane: bool
) -> tuple[Array, Array]:
    """((n,) the distance of each atom, (bins,) A^3 of each bin; A where there is no cell)."""
    centre = _centre(frame, params)
    cell = whole_cell(frame)
    if params.along in "xyz":
        axis = "xyz".index(params.along)
        if cell is None or edges is None or not plane:
            far = frame.positions[:, axis] - (centre[axis] if params.origin.strip() else 0.0)
            return far, np.diff(edges) if edges is not None else np.zeros(0)
        start = centre if params.origin.strip() else frame.origin
        scaled = (frame.positions - start) @ np.linalg.inv(cell)[:, axis]
        half = 0.5 if params.origin.strip() else 0.0
        scaled = (scaled + half) % 1.0 - half
        volume = abs(float(np.linalg.det(cell)))
        width = np.diff(edges) / (edges[-1] - edges[0])
        return scaled * (edges[-1] - edges[0]), width * volume
    apart = nearest_images(frame.positions - centre, frame)
    if params.along == CYLINDER:
        far = np.linalg.norm(apart[:, :2], axis=1)
        length = 1.0 if cell is None else float(_heights(cell)[2])
        return far, _rings(edges, 2, np.pi * length)
    return np.linalg.norm(apart, axis=1), _rings(edges, 3, 4 / 3 * np.pi)


def _rings(edges: Array | None, power: int, factor: float) -> Array:
    return np.zeros(0) if edges is None else np.asarray(factor * np.diff(edges**power))


def _centre(frame: Frame, params: DensityProfileParams) -> Array:
    """(3,) the middle of the atoms of the origin, around the boundaries where the cell repeats."""
    rows = taking_part(frame, params.origin)
    if not len(rows):
        raise AnalysisProblem(f"frame {frame.index + 1}: no atom fulfils {params.origin}")
    first = frame.positions[rows[0]]
    guess, found = first, periodic_cell(frame)
    if found is not None:
        cell, repeats = found
        turns = np.exp(2j * np.pi * ((frame.positions[rows] - first) @ np.linalg.inv(cell)))
        mean = turns.mean(axis=0)
        around = np.where(np.abs(mean) > 1e-9, np.angle(mean), 0.0) / (2 * np.pi)
        guess = first + np.where(repeats, around, 0.0) @ cell
    near = nearest_images(frame.positions[rows] - guess, frame)
    return np.asarray(guess + near.mean(axis=0))


def _masses(frame: Frame) -> Array:
    from ase.data import atomic_masses

    return np.asarray(atomic_masses[np.clip(frame.numbers, 0, len(atomic_masses) - 1)]) * GRAMS


def _result(
    edges: Array,
    sums: dict[str, Array],
    volumes: Array,
    last: tuple[Array, Array],
    about: tuple[DensityProfileParams, bool, int, int],
) -> Result:
    params, plane, k, n = about
    middle = (edges[1:] + edges[:-1]) / 2
    names, counts = tuple(sums), np.array(list(sums.values()))
    density = counts / volumes
    whole = density.sum(axis=0)
    per_length = not plane and params.along in "xyz"
    unit = {NUMBER: "1/Å" if per_length else "1/Å³", MASS: "g/cm³"}[params.weight]
    note = "no periodic cell: densities are by length, not by volume"
    return Result(
        summary={
            "n_frames": k,
            "n_atoms": n / k,
            "mean_density": float(counts.sum() / volumes.sum()),
            "highest": float(whole.max()),
            "highest_at": float(middle[int(whole.argmax())]),
        },
        tables={
            "profile": {
                "distance": middle.tolist(),
                **{name: one.tolist() for name, one in zip(names, density, strict=True)},
            }
        },
        units=MappingProxyType(
            {"distance": "Å", "highest_at": "Å",
             **dict.fromkeys(("mean_density", "highest", *names), unit)}
        ),
        notes=(note,) if per_length else (),
        arrays={
            "distance": middle,
            "density": density,
            "bin": np.searchsorted(edges, last[0], side="right") - 1,
            "ids": last[1],
        },
        names=(*names, unit),
    )  # fmt: skip


def draw(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """The density over the distance, a curve for each element; a click on a bin chooses the atoms
    that are there in the last frame."""
    middle, density = result.arrays["distance"], result.arrays["density"]
    *names, unit = result.names
    lines = tuple(
        Line(middle, one, name, colour=k, pattern=k)
        for k, (name, one) in enumerate(zip(names, density, strict=True))
    )
    bins, ids = result.arrays["bin"], result.arrays["ids"]
    order = np.lexsort((ids, bins))
    ends = np.searchsorted(bins[order], np.arange(len(middle) + 1))
    rows = tuple(ids[order[a:b]] for a, b in pairwise(ends))
    thick = float(middle[1] - middle[0]) if len(middle) > 1 else 1.0
    bars = Bars(middle, density.sum(axis=0), rows, Space.ATOM, thick=thick, faint=True)
    about = result.summary
    where = {RADIAL: "distance from the centre", CYLINDER: "distance from the axis"}
    return Plot(
        title=f"Density profile, {params.along}",
        x=Axis(f"{where.get(params.along, params.along)} (Å)"),
        y=Axis(f"density ({unit})"),
        marks=(bars, *lines, Rule(float(about["mean_density"] or 0), "mean", vertical=False)),
        status=f"{about['n_frames']} frames / {about['n_atoms']:.4g} atoms / mean"
        f" {about['mean_density']:.4g} {unit} / highest {about['highest']:.4g} at"
        f" {about['highest_at']:.4g} Å",
    )


ANALYSIS = Analysis(
    name="density-profile",
    title="Density profile",
    about="Densities of elements along an axis of the cell, or around a centre.",
    needs=(Needs.TRAJECTORY,),
    params=DensityProfileParams,
    run=run,
    plots=MappingProxyType({"Density profile": draw}),
    on_atoms=True,
)
