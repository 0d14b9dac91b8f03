"""Energy along a path of images, of several models over each other."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.image_paths import Chain, read_chain
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Axis, Cursor, Line, Mark, Plot, Points, Space
from mlipviewer.core.progress import Progress

ABSOLUTE, RELATIVE = "A", "share"


@dataclass(frozen=True)
class NebParams(Params):
    length: str = param(
        ABSOLUTE,
        "along the path in Å, or as a share of each path's length",
        choices=(ABSOLUTE, RELATIVE),
    )


def run(inputs: Inputs, _params: NebParams, progress: Progress) -> Result:
    """Images in the order of the file. Lengths: sqrt(sum |dr|^2) in A; energies in eV above the
    first image; the curve has the slope of the forces where images carry them.

    Summary, of the first run: n_images, barrier and reverse_barrier (eV, of the curve), reaction
    (last minus first). Tables `barriers`: trajectory, barrier, reverse_barrier, reaction, length;
    `images`: trajectory, image, length, energy. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    chains = [read_chain(one, progress) for one in inputs.overlaid()]
    first = chains[0]
    images = [(c.name, i, x, y) for c in chains for i, (x, y) in enumerate(_pairs(c))]
    names = ("trajectory", "image", "length", "energy")
    return Result(
        summary={
            "n_images": len(first.energy),
            "barrier": first.forward,
            "reverse_barrier": first.backward,
            "reaction": float(first.energy[-1]),
        },
        tables={
            "barriers": {
                "trajectory": [c.name for c in chains],
                "barrier": [c.forward for c in chains],
                "reverse_barrier": [c.backward for c in chains],
                "reaction": [float(c.energy[-1]) for c in chains],
                "length": [float(c.length[-1]) for c in chains],
            },
            "images": {name: [row[k] for row in images] for k, name in enumerate(names)},
        },
        units={
            **dict.fromkeys(("barrier", "reverse_barrier", "reaction", "energy"), "eV"),
            "length": "Å",
        },
        notes=tuple(
            f"{c.name}: no forces: the curve is only laid through the images"
            for c in chains
            if not c.smooth
        ),
        arrays={f"{name}{i}": array for i, c in enumerate(chains) for name, array in _arrays(c)},
        names=tuple(c.name for c in chains),
    )


def _pairs(chain: Chain) -> list[tuple[float, float]]:
    return list(zip(chain.length.tolist(), chain.energy.tolist(), strict=True))


def _arrays(chain: Chain) -> tuple[tuple[str, Any], ...]:
    return (
        ("x", chain.length),
        ("y", chain.energy),
        ("curve_x", chain.curve_x),
        ("curve_y", chain.curve_y),
    )


def draw(_inputs: Inputs, params: NebParams, result: Result) -> Plot:
    """A curve for each run; the points are images, those of the first run its frames."""
    marks: list[Mark] = []
    for i, name in enumerate(result.names):
        x, y, cx, cy = (result.arrays[f"{n}{i}"] for n in ("x", "y", "curve_x", "curve_y"))
        scale = 1 / x[-1] if params.length == RELATIVE else 1.0
        marks.append(Line(cx * scale, cy, name if len(result.names) > 1 else "", colour=i))
        if i == 0:
            rows = np.arange(len(x), dtype=np.int32)
            hints = tuple(f"image {k + 1}: {e:.4f} eV" for k, e in enumerate(y.tolist()))
            marks.append(Points(x * scale, y, rows, Space.FRAME, size=8.0, hints=hints))
    about = result.summary
    unit = "share of the length" if params.length == RELATIVE else "Å"
    return Plot(
        title="Energy along the path",
        x=Axis(f"along the path ({unit})"),
        y=Axis("energy above the first image (eV)"),
        marks=(*marks, Cursor(0.0)),
        status=f"{about['n_images']} images / barrier {about['barrier']:.4f} eV, back"
        f" {about['reverse_barrier']:.4f} eV",
    )


ANALYSIS = Analysis(
    name="neb",
    title="Energy along a path",
    about="Images of a nudged elastic band: energy against path length, models over each other.",
    needs=(Needs.TRAJECTORY,),
    params=NebParams,
    run=run,
    plots=MappingProxyType({"Energy along a path": draw}),
    picture=("length",),
    overlay=True,
)
