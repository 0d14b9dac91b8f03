"""The density of atomistic states: how the energies of atoms are spread."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.doas_plots import draw_density, draw_overlaps, draw_widths
from mlipviewer.analysis.methods.doas_groups import (
    GROUPINGS,
    SHIFTS,
    Group,
    Read,
    groups_of,
    onset_of,
    read_run,
)
from mlipviewer.analysis.methods.energy_samples import evenly
from mlipviewer.analysis.methods.kernel_density import (
    Peak,
    common_grid,
    density,
    entropy,
    overlap,
    peaks,
    usual_bandwidth,
)
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress

LOOSE = 1e-5  # sums of energies of atoms that miss the total by more are told of


@dataclass(frozen=True)
class DoasParams(Params):
    bandwidth: float = param(
        0.0,
        "standard deviation of the kernels; 0: by Silverman's rule, the mean over the groups",
        unit="eV",
        low=0.0,
        high=0.2,
        formula="0.9 min(std, IQR/1.34) n^(-1/5), at least 0.001",
        reference="5 meV tells the sites of lithium in garnet apart, 10 meV merges two of them",
    )
    by: str = param("", "one density of all atoms, or one for each of these", choices=GROUPINGS)
    among: str = param("", AMONG)
    column: str = param("", "column of the energies; found by its name when empty", names="column")
    shift: str = param(
        "none",
        "shift the energies of each species: by its mean, its mean in the first frame, or its"
        " energy in a reference crystal. Of several models only shapes can be compared, after this",
        choices=SHIFTS,
    )
    reference: str = param(
        "",
        "energies of reference crystals: Li=-1.9, O=-4.9; for several: NAME: Li=-1.9; OTHER: ...",
    )
    most: int = param(100, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)
    parts: int = param(3, "with by = part, parts of the frames", low=1, high=12)
    method: str = param(
        "ptm", "with by = class, template matching or common neighbours", choices=("ptm", "cna")
    )
    cutoff: float = param(0.2, "largest deviation of template matching", low=0.0, high=0.5)
    axis: str = param("z", "with by = layer, across the layers", choices=("x", "y", "z"))
    plane: float = param(0.0, "where the first layer begins", unit="Å", low=-1e4, high=1e4)
    thickness: float = param(1.75, "of a layer", unit="Å", low=0.1, high=1e3)
    onset: float = param(
        1.2,
        "disorder sets in where the width is so many times that at the lowest temperature",
        low=1.0,
        high=10.0,
    )
    calculator: str = param(
        "",
        "compute the energies by this ASE calculator: module:Class, installed beside the program",
    )
    settings: str = param("", "what the calculator is made with, as JSON")
    minimise: bool = param(False, "minimise each frame first with the calculator")
    fmax: float = param(0.01, "largest force after minimising", unit="eV/Å", low=1e-9, high=10.0)


def run(inputs: Inputs, params: DoasParams, progress: Progress) -> Result:
    """g(E) = (1/N) sum_i K(E - e_i; s) with Gaussian kernels, of all chosen frames.

    Summary: n_energies, n_frames, bandwidth, mean, width (standard deviation of the density),
    entropy (-integral g ln g) of the first trajectory, n_peaks, sum_gap (largest share by which
    energies of atoms miss the total), onset (K). Tables `peaks`: group, center, width (at half
    height), population; `groups`: group, n, mean, width, entropy, temperature; `overlaps`: first,
    second, ovl, bc; `density`: energy and one column for each group. Raises AnalysisProblem,
    ReadProblem, Cancelled.
    """
    if params.by == "part" and params.parts < 1:
        raise AnalysisProblem("there is at least one part")
    reads = []
    for trajectory in inputs.overlaid():
        frames = evenly(trajectory.n_frames, params.most)
        reads.append(read_run(inputs, trajectory, params, frames, progress))
    whole, groups = groups_of(reads)
    if not len(whole.energies):
        raise AnalysisProblem("no atom takes part")
    width = params.bandwidth or _usual(groups)
    grid = common_grid([whole.energies, *(one.energies for one in groups)], width)
    curves = [density(one.energies, grid, width) for one in groups]
    of_all = density(whole.energies, grid, width)
    found = [peaks(grid, curve) for curve in curves]
    tables = _tables(groups, grid, curves, found, width)
    onset = onset_of(groups, tables["groups"]["width"], [len(one) for one in found], params.onset)
    return Result(
        summary={
            "n_energies": len(whole.energies),
            "n_frames": reads[0].n_frames,
            "bandwidth": round(width, 9),
            "mean": float(whole.energies.mean()),
            "width": _width(whole.energies, width),
            "entropy": entropy(grid, of_all),
            "n_peaks": len(peaks(grid, of_all)),
            "sum_gap": _largest([one.gap for one in reads]),
            "onset": onset,
        },
        tables=tables,
        units=_units(reads[0].unit),
        notes=_notes(reads, params),
        arrays=_arrays(reads[0], grid, curves),
        names=tuple(one.name for one in groups),
    )


def _usual(groups: list[Group]) -> float:
    """Silverman's bandwidth of each group, on the mean by their numbers: narrow crystals and broad
    disorder share one axis."""
    numbers = [len(one.energies) for one in groups]
    return float(np.average([usual_bandwidth(one.energies) for one in groups], weights=numbers))


def _width(energies: Array, bandwidth: float) -> float:
    """The standard deviation of the density: that of the energies and of the kernel."""
    return float(np.hypot(energies.std(), bandwidth))


def _tables(
    groups: list[Group],
    grid: Array,
    curves: list[Array],
    found: list[list[Peak]],
    width: float,
) -> dict[str, Any]:
    rows = [(one.name, p) for one, of_one in zip(groups, found, strict=True) for p in of_one]
    pairs = [(a, b) for a in range(len(groups)) for b in range(a)]
    shared = [overlap(grid, curves[a], curves[b]) for a, b in pairs]
    some = np.unique(np.linspace(0, len(grid) - 1, min(len(grid), 2000)).round().astype(int))
    return {
        "peaks": {
            "group": [name for name, _ in rows],
            "center": [p.center for _, p in rows],
            "width": [p.width for _, p in rows],
            "population": [p.population for _, p in rows],
        },
        "groups": {
            "group": [one.name for one in groups],
            "n": [len(one.energies) for one in groups],
            "mean": [float(one.energies.mean()) for one in groups],
            "width": [_width(one.energies, width) for one in groups],
            "entropy": [entropy(grid, curve) for curve in curves],
            "temperature": [one.kelvin for one in groups],
        },
        "overlaps": {
            "first": [groups[b].name for _, b in pairs],
            "second": [groups[a].name for a, _ in pairs],
            "ovl": [one for one, _ in shared],
            "bc": [other for _, other in shared],
        },
        "density": {
            "energy": grid[some].tolist(),
            **{
                f"density of {one.name}": curve[some].tolist()
                for one, curve in zip(groups, curves, strict=True)
            },
        },
    }


def _units(unit: str) -> dict[str, str]:
    energies = dict.fromkeys(("center", "width", "mean", "energy", "bandwidth"), unit)
    return {**energies, "temperature": "K", "onset": "K", "entropy": f"ln({unit})"}


def _largest(gaps: list[float | None]) -> float | None:
    known = [gap for gap in gaps if gap is not None]
    return max(known) if known else None


def _notes(reads: list[Read], params: DoasParams) -> tuple[str, ...]:
    notes = []
    for one in reads:
        if one.gap is not None and one.gap > LOOSE:
            notes.append(
                f"{one.name}: the energies of atoms miss the total by up to {one.gap:.1e} of it:"
                " what is shown is not all of the energy"
            )
    if len(reads) > 1 and params.shift == "none":
        notes.append(
            "energies of atoms are a choice of each model: compare models only after a shift"
        )
    return tuple(notes)


def _arrays(first: Read, grid: Array, curves: list[Array]) -> dict[str, Array]:
    ids, place = np.unique(first.ids, return_inverse=True)
    means = np.bincount(place, first.energies) / np.maximum(np.bincount(place), 1)
    return {"grid": grid, "curves": np.array(curves), "ids": ids, "means": means}


ANALYSIS = Analysis(
    name="doas",
    title="Density of atomistic states",
    about="How the energies of atoms are spread: levels, their widths, and how they overlap.",
    needs=(Needs.TRAJECTORY,),
    params=DoasParams,
    run=run,
    plots=MappingProxyType(
        {"DOAS": draw_density, "Overlap of levels": draw_overlaps, "Widths": draw_widths}
    ),
    overlay=True,
)
