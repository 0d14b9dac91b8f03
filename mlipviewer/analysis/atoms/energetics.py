"""What crystallizing costs: energies by class, and of the metal against bulk crystal by area."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.energetics_plots import draw_classes, draw_metal
from mlipviewer.analysis.methods.block_averages import Barrier, Blocks, barrier_of, block_averages
from mlipviewer.analysis.methods.energy_samples import evenly
from mlipviewer.analysis.methods.metal_energies import (
    Followed,
    bulk_energy,
    follow,
    relative_energy,
    without,
)
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress

AUTO, ATOMS, TOTAL = "auto", "atoms", "total"
FRAME, TIME, INSERTED = "frame", "time", "inserted"


@dataclass(frozen=True)
class EnergeticsParams(Params):
    kind: str = param(
        AUTO,
        "of the metal: sums of energies of atoms (a choice of each model), or the total energy"
        " against that of the first frame, which is not; auto: the first where there are any",
        choices=(AUTO, ATOMS, TOTAL),
        formula="atoms: (sum e_i - N e_bulk) / A; total: (E(n) - E(0) - n e_bulk) / A",
    )
    among: str = param("", "the metal: " + AMONG)
    bulk: str = param(
        "", "energy of an atom of the bulk crystal; see bulk run when empty", unit="eV"
    )
    bulk_run: str = param(
        "", "the run beside that is the bulk crystal; else the crystal atoms of the first run count"
    )
    against: str = param(
        FRAME, "over frames, time or inserted atoms", choices=(FRAME, TIME, INSERTED)
    )
    sides: int = param(1, "interfaces in the cell that share the energy", low=1, high=2)
    axis: str = param("z", "the area is that of the cell across", choices=("x", "y", "z"))
    blocks: int = param(
        0, "blocks for averages; 0: 20, or each frame of up to 40", low=0, high=10_000
    )
    most: int = param(400, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)
    method: str = param("ptm", "how atoms are classed", choices=("ptm", "cna"))
    cutoff: float = param(0.2, "largest deviation of template matching", low=0.0, high=0.5)
    column: str = param("", "column of the energies; found by its name when empty", names="column")
    calculator: str = param("", "compute the energies by this ASE calculator: module:Class")
    settings: str = param("", "what the calculator is made with, as JSON")
    minimise: bool = param(False, "minimise each frame first with the calculator")
    fmax: float = param(0.01, "largest force after minimising", unit="eV/Å", low=1e-9, high=10.0)


def run(inputs: Inputs, params: EnergeticsParams, progress: Progress) -> Result:
    """Energies along the run. Summary: n_frames, kind, bulk (eV), area (A^2, of the first frame),
    and of the first trajectory barrier, barrier_error (eV/A^2, or eV without a cell).

    The barrier is the largest rise of block averages above the lowest before. Tables `metal`:
    trajectory, frame, time, atoms, inserted, energy; `blocks`: trajectory, first, last, x, energy,
    error; `barriers`: trajectory, barrier, error, from_first, from_last, to_first, to_last;
    `classes`: trajectory, frame, class, count, energy. Raises AnalysisProblem, ReadProblem,
    Cancelled.
    """
    runs = []
    for trajectory in inputs.overlaid():
        frames = evenly(trajectory.n_frames, params.most)
        runs.append(follow(inputs, trajectory, params, frames, progress))
    bulk, source = bulk_energy(runs, params.bulk, params.bulk_run)
    shown = without(runs, params.bulk_run)
    kind = _kind(params.kind, shown)
    by_area = all(np.isfinite(one.area).all() for one in shown)
    curves = [_curve(one, kind, bulk, params, by_area) for one in shown]
    blocks = [
        block_averages(one.frames, _along(one, params.against), curve, params.blocks)
        for one, curve in zip(shown, curves, strict=True)
    ]
    barriers = [barrier_of(one.y, one.error) for one in blocks]
    unit = "eV/Å²" if by_area else "eV"
    return Result(
        summary={
            "n_frames": len(shown[0].frames),
            "kind": kind,
            "bulk": bulk,
            "area": float(shown[0].area[0]) if by_area else None,
            "barrier": barriers[0].height,
            "barrier_error": barriers[0].error,
        },
        tables=_tables(shown, curves, blocks, barriers),
        units={
            **dict.fromkeys(("energy", "barrier", "barrier_error", "error"), unit),
            "bulk": "eV", "area": "Å²", "time": "ps",
        },
        notes=_notes(kind, source, by_area),
        arrays=_arrays(shown, blocks),
        names=tuple(one.name for one in shown),
    )  # fmt: skip


def _kind(wanted: str, runs: list[Followed]) -> str:
    with_atoms = all(np.isfinite(one.summed).all() for one in runs)
    kind = wanted if wanted != AUTO else (ATOMS if with_atoms else TOTAL)
    if kind == TOTAL and not all(np.isfinite(one.total).all() for one in runs):
        raise AnalysisProblem("some frames carry no total energy")
    return kind


def _curve(one: Followed, kind: str, bulk: float, params: EnergeticsParams, by_area: bool) -> Array:
    energy = relative_energy(one, kind, bulk)
    return np.asarray(energy / (params.sides * one.area)) if by_area else energy


def _along(one: Followed, against: str) -> Array:
    """(m,) the x axis. Raises AnalysisProblem where times are unknown."""
    if against == INSERTED:
        return np.asarray(one.count - one.count[0])
    if against == TIME:
        if not np.isfinite(one.times).all():
            raise AnalysisProblem(
                f"{one.name}: it is not known when its frames are; say it with Time > What the"
                " trajectory is, or --frame-interval PS"
            )
        return one.times
    return np.asarray(one.frames + 1.0)


def _notes(kind: str, source: str, by_area: bool) -> tuple[str, ...]:
    notes = [f"bulk crystal: {source}"]
    if kind == ATOMS:
        notes.append("sums of energies of atoms depend on how a model shares its energy")
    if not by_area:
        notes.append("without a cell there is no area: energies are in eV")
    return tuple(notes)


def _tables(
    runs: list[Followed], curves: list[Array], blocks: list[Blocks], barriers: list[Barrier]
) -> dict[str, Any]:
    metal: dict[str, list[Any]] = {n: [] for n in METAL}
    averaged: dict[str, list[Any]] = {n: [] for n in BLOCKS}
    risen: dict[str, list[Any]] = {n: [] for n in BARRIERS}
    for one, curve, block, barrier in zip(runs, curves, blocks, barriers, strict=True):
        inserted = (one.count - one.count[0]).astype(int)
        _extend(metal, one.name, one.frames, one.times, one.count.astype(int), inserted, curve)
        _extend(averaged, one.name, block.first, block.last, block.x, block.y, block.error)
        ends = [block.first[barrier.bottom], block.last[barrier.bottom]]
        ends += [block.first[barrier.top], block.last[barrier.top]]
        _extend(risen, one.name, *([value] for value in (barrier.height, barrier.error, *ends)))
    return {"barriers": risen, "metal": metal, "blocks": averaged, "classes": _classes(runs)}


METAL = ("trajectory", "frame", "time", "atoms", "inserted", "energy")
BLOCKS = ("trajectory", "first", "last", "x", "energy", "error")
BARRIERS = ("trajectory", "barrier", "error", "from_first", "from_last", "to_first", "to_last")


def _extend(table: dict[str, list[Any]], name: str, *columns: Any) -> None:
    first, *others = table
    table[first] += [name] * len(columns[0])
    for key, values in zip(others, columns, strict=True):
        table[key] += np.asarray(values).tolist()


def _classes(runs: list[Followed]) -> dict[str, list[Any]]:
    rows = [
        (one.name, int(frame), name, int(one.numbers[i, j]), float(one.energies[i, j]))
        for one in runs
        for i, frame in enumerate(one.frames)
        for j, name in enumerate(one.classes)
    ]
    names = ("trajectory", "frame", "class", "count", "energy")
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def _arrays(runs: list[Followed], blocks: list[Blocks]) -> dict[str, Array]:
    found: dict[str, Array] = {"frames": runs[0].frames}
    for i, one in enumerate(blocks):
        found |= {f"x{i}": one.x, f"y{i}": one.y, f"e{i}": one.error}
    return found


ANALYSIS = Analysis(
    name="energetics",
    title="Energetics",
    about="Energies by class, and of the metal against bulk crystal by area, with barriers.",
    needs=(Needs.TRAJECTORY,),
    params=EnergeticsParams,
    run=run,
    plots=MappingProxyType({"Energy of the metal": draw_metal, "Energy by class": draw_classes}),
    overlay=True,
)
