"""Pictures of energetics."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Axis, Cursor, Line, Mark, Plot, Rule, Space
from mlipviewer.core.structure_classes import hues_of

X = {"frame": "frame number", "time": "time (ps)", "inserted": "inserted atoms"}


def draw_metal(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Block averages of the energy of the metal, with one error to each side, and the barrier of
    the first run between its two levels."""
    marks: list[Mark] = []
    first = np.array(result.tables["blocks"]["first"])
    owners = np.array(result.tables["blocks"]["trajectory"], object)
    for i, name in enumerate(result.names):
        x, y, error = (result.arrays[f"{letter}{i}"] for letter in "xye")
        if error.any():
            for shifted in (y - error, y + error):
                marks.append(Line(x, shifted, width=0.75, dashed=True, colour=i))
        rows = first[owners == name].astype(np.int32) if i == 0 else None
        space = Space.FRAME if i == 0 else None
        several = len(result.names) > 1
        marks.append(Line(x, y, name if several else "", rows=rows, space=space, colour=i))
    height, wrong = (float(result.summary[n] or 0.0) for n in ("barrier", "barrier_error"))
    unit = result.units["energy"]
    if height > 0:
        y = result.arrays["y0"]
        top = int((y - np.minimum.accumulate(y)).argmax())
        low = float(y[: top + 1].min())
        marks.append(Rule(low, "", vertical=False))
        marks.append(Rule(low + height, f"barrier {height:.4g}", vertical=False))
    return Plot(
        title="Energy of the metal against bulk crystal",
        x=Axis(X[params.against], whole=params.against != "time"),
        y=Axis(f"energy ({unit})"),
        marks=(*marks, *_cursor(params)),
        status=f"{result.summary['n_frames']} frames / barrier {height:.4g} ± {wrong:.2g} {unit} / "
        + " / ".join(result.notes),
    )


def _cursor(params: Any) -> tuple[Mark, ...]:
    return (Cursor(0.0),) if params.against == "frame" else ()


def draw_classes(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The mean energy of an atom of each class along the first run."""
    table = result.tables["classes"]
    owners = np.array(table["trajectory"], object)
    names = np.array(table["class"], object)
    frames, energies = np.array(table["frame"]), np.array(table["energy"], float)
    marks: list[Mark] = []
    classes = [str(name) for name in dict.fromkeys(names[owners == result.names[0]])]
    for name, hue in zip(classes, hues_of(classes), strict=True):
        own = (owners == result.names[0]) & (names == name) & np.isfinite(energies)
        rows = frames[own].astype(np.int32)
        marks.append(
            Line(
                rows + 1.0, energies[own], name, rows=rows, space=Space.FRAME,
                colour=hue,
            )
        )  # fmt: skip
    return Plot(
        title="Energy by class",
        x=Axis("frame number", whole=True),
        y=Axis("mean energy of an atom (eV)"),
        marks=(*marks, Cursor(0.0)),
        status=f"{len(result.arrays['frames'])} frames / {len(marks)} classes",
        empty="" if marks else "There are no energies of atoms; name a calculator to compute them.",
    )
