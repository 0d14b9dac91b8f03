"""Pictures of the density of atomistic states."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Bars, Line, Plot, Points, Space, Texts
from mlipviewer.core.structure_classes import hues_of

STRIP = 0.14  # of the height of the plot: where the atoms lie below it
DRAWN = 1500  # places of a curve
MOST_HINTS = 20_000  # atoms; more are drawn as a density


def draw_density(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The densities, and below them one point for each atom of the first trajectory at its mean
    energy: what is chosen there is chosen in 3D."""
    grid, curves = result.arrays["grid"], result.arrays["curves"]
    ids, means = result.arrays["ids"], result.arrays["means"]
    top = float(curves.max())
    some = np.unique(np.linspace(0, len(grid) - 1, min(DRAWN, len(grid))).round().astype(int))
    lines = tuple(
        Line(
            grid[some],
            curve[some],
            name if len(curves) > 1 else "",
            colour=hue,
            pattern=i,
        )
        for i, (name, curve, hue) in enumerate(
            zip(result.names, curves, hues_of(result.names), strict=True)
        )
    )
    unit = result.units.get("energy", "eV")
    atoms = Points(
        means,
        _strip(len(ids), top),
        ids.astype(np.int32),
        Space.ATOM,
        size=4.0,
        hints=_hints(ids, means, unit),
    )
    about = result.summary
    said = [
        f"{about['n_energies']} energies of {about['n_frames']} frames",
        f"bandwidth {_milli(float(about['bandwidth'] or 0.0), unit)}",
        f"width {_milli(float(about['width'] or 0.0), unit)}",
        f"{about['n_peaks']} peak{'' if about['n_peaks'] == 1 else 's'}",
        *result.notes,
    ]
    return Plot(
        title="Density of atomistic states",
        x=Axis(f"energy of an atom ({unit})"),
        y=Axis(f"density (1/{unit})"),
        marks=(atoms, *lines),
        status=" / ".join(said),
    )


def _hints(ids: Array, means: Array, unit: str) -> tuple[str, ...]:
    if len(ids) > MOST_HINTS:
        return ()
    pairs = zip(ids.tolist(), means.tolist(), strict=True)
    return tuple(f"atom {i}: {e:.4f} {unit}" for i, e in pairs)


def _strip(n: int, top: float) -> Array:
    """(n,) heights below zero, evenly spread and the same each time."""
    golden = 0.618033988749895
    return -top * STRIP * (0.15 + 0.85 * ((np.arange(n) * golden) % 1.0))


def _milli(value: float, unit: str) -> str:
    return f"{1000 * value:.1f} m{unit}" if unit == "eV" else f"{value:.3g} {unit}"


def draw_overlaps(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The area that each pair of densities shares; 1: they are the same."""
    table = result.tables["overlaps"]
    pairs = list(zip(table["first"], table["second"], strict=True))
    ovl, bc = np.array(table["ovl"], float), np.array(table["bc"], float)
    at = np.arange(len(pairs), dtype=float)
    labels = tuple(
        f"{first}, {second}: overlap {o:.3f}, Bhattacharyya {b:.3f}"
        for (first, second), o, b in zip(pairs, ovl, bc, strict=True)
    )
    ticks = tuple((float(i), f"{first} | {second}") for i, (first, second) in enumerate(pairs))
    none = tuple(np.empty(0, np.int32) for _ in pairs)
    n = len(result.names)
    return Plot(
        title="Overlap of densities",
        x=Axis("shared area"),
        y=Axis(ticks=ticks),
        marks=(Bars(at, ovl, none, Space.FRAME, across=True, labels=labels),),
        status=f"{n} densit{'y' if n == 1 else 'ies'} / {len(pairs)} pairs",
    )


def draw_widths(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The width of each density, against temperature where it is known."""
    table, unit = result.tables["groups"], result.units.get("width", "eV")
    kelvin = np.array([np.nan if k is None else k for k in table["temperature"]], float)
    widths = np.array(table["width"], float)
    onset = result.summary["onset"]
    status = f"{len(widths)} densities / onset {f'{onset:g} K' if onset else 'not found'}"
    title, y = "Width of the density", Axis(f"standard deviation ({unit})")
    if len(np.unique(kelvin[np.isfinite(kelvin)])) > 1:
        order = np.argsort(kelvin)
        texts = Texts(kelvin, widths, result.names)
        marks = (Line(kelvin[order], widths[order]), texts)
        return Plot(title, Axis("temperature (K)"), y, marks, status)
    at = np.arange(len(widths), dtype=float)
    none = tuple(np.empty(0, np.int32) for _ in widths)
    names = tuple((float(i), name) for i, name in enumerate(result.names))
    bars = Bars(at, widths, none, Space.FRAME, across=True)
    return Plot(title, y, Axis(ticks=names), (bars,), status)
