"""One HTML file with a table, plots and atoms, linked by selection, that needs no network.

What comes from files is put in as JSON and shown as text; plots are pictures (SVG) that cannot run
anything, with the places of their marks beside them.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlipviewer.core.elements import element
from mlipviewer.core.plot import Bars, HeatMap, Line, Plot, Points, Space
from mlipviewer.core.resources import resource
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Role
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.gui.axes import Sheet, bar_corners
from mlipviewer.gui.figure import plot_picture

WIDTH, HEIGHT = 560, 420  # pixels of a plot
MOST_FRAMES, MOST_ATOMS = 40, 5000
MOST_POINTS, MOST_CELLS = 20_000, 4000  # of a plot that can be hit


def page(content: Mapping[str, Any]) -> str:
    """The page that shows what `table_part`, `plot_part` and `run_part` give."""
    text = json.dumps(_finite(content), ensure_ascii=False, allow_nan=False)
    for letter in "<>&\u2028\u2029":  # nothing in it can end the script, or be an entity
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return resource("snapshot.html").read_text(encoding="utf-8").replace("@DATA@", text)


def _finite(value: Any) -> Any:
    """NaN and infinities are null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def table_part(table: ErrorTable, rows: Rows, hidden: frozenset[str]) -> dict[str, Any]:
    """Rows of a table, each after its number; hidden columns are left out."""
    shown = [c for c in table.columns if c.role is not Role.IGNORE and c.name not in hidden]
    columns = [
        {"name": c.label or c.name, "unit": c.unit, "number": c.role is Role.ERROR} for c in shown
    ]
    cells = [
        table.metric(c.name).tolist() if c.role is Role.ERROR else list(table.text[c.name])
        for c in shown
    ]
    lines = [[int(row), *(of[row] for of in cells)] for row in rows]
    return {"name": table.name, "columns": columns, "rows": lines}


def plot_part(plot: Plot) -> dict[str, Any]:
    """A plot as a picture, with the places of what can be chosen in it."""
    svg, sheet = plot_picture(plot, (WIDTH, HEIGHT))
    points: list[list[Any]] = []
    boxes: list[list[Any]] = []
    for mark in plot.marks:
        if isinstance(mark, Points | Line) and mark.rows is not None and mark.space is not None:
            points += _points(mark.x, mark.y, mark.rows, mark.space, sheet)
        elif isinstance(mark, Bars):
            boxes += _bars(mark, sheet)
        elif isinstance(mark, HeatMap) and mark.values.size <= MOST_CELLS:
            boxes += _cells(mark, sheet)
    image = "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
    said = {"title": plot.title, "status": plot.status, "image": image}
    return {**said, "width": WIDTH, "height": HEIGHT, "points": points, "boxes": boxes}


def _points(x: Any, y: Any, rows: Any, space: Space, sheet: Sheet) -> list[list[Any]]:
    px, py = sheet.to_pixels(x, y)
    seen = np.flatnonzero(np.isfinite(px) & np.isfinite(py))[:MOST_POINTS]
    places = zip(px[seen].tolist(), py[seen].tolist(), np.asarray(rows)[seen].tolist(), strict=True)
    return [[round(a, 1), round(b, 1), space.value, row] for a, b, row in places]


def _bars(mark: Bars, sheet: Sheet) -> list[list[Any]]:
    corners = np.round(bar_corners(mark, sheet), 1).tolist()
    each = zip(corners, mark.rows, strict=True)
    return [[*c, mark.space.value, np.asarray(r).tolist()] for c, r in each if np.isfinite(c).all()]


def _cells(mark: HeatMap, sheet: Sheet) -> list[list[Any]]:
    n, m = mark.values.shape
    found = []
    for i in range(n):
        for j in range(m):
            x, y = sheet.to_pixels(np.array([j, j + 1.0]), np.array([n - i, n - i - 1.0]))
            rows = sorted({int(mark.rows[i]), int(mark.columns[j])})
            found.append([*_corners(x, y), mark.space.value, rows])
    return found


def _corners(x: Any, y: Any) -> list[float]:
    return [round(float(v), 1) for v in (x[0], y[0], x[1], y[1])]


def run_part(trajectory: Trajectory, chosen: Rows) -> dict[str, Any]:
    """Some frames of a trajectory with some of its atoms, the chosen ones among them. Raises
    ReadProblem."""
    n = trajectory.n_frames
    wanted = sorted({round(k) for k in np.linspace(0, n - 1, min(n, MOST_FRAMES)).tolist()})
    first = trajectory.frame(wanted[0])
    ids = _some_atoms(first, chosen)
    place = np.searchsorted(np.sort(first.atom_ids), ids)
    order = np.argsort(first.atom_ids, kind="stable")[place]
    numbers, kind = np.unique(first.numbers[order], return_inverse=True)
    kinds = [element(int(number)) for number in numbers]
    frames = [_frame(trajectory, k, ids) for k in wanted]
    kept = [one for one in frames if one is not None]
    note = f"{len(kept)} of {n} frames, {len(ids)} of {first.n_atoms} atoms"
    return {
        "name": trajectory.name,
        "note": note,
        "ids": ids.tolist(),
        "kind": kind.tolist(),
        "kinds": [
            {"symbol": one.symbol, "radius": one.radius, "colour": list(one.colour)}
            for one in kinds
        ],
        "frames": kept,
    }


def _some_atoms(frame: Frame, chosen: Rows) -> Any:
    """The ids of the atoms that are shown, rising."""
    every = np.sort(frame.atom_ids)
    step = -(-len(every) // MOST_ATOMS)
    kept = np.intersect1d(chosen, every)[:MOST_ATOMS]
    return every if step == 1 else np.union1d(every[::step], kept)


def _frame(trajectory: Trajectory, index: int, ids: Any) -> dict[str, Any] | None:
    """None for a frame without these atoms."""
    frame = trajectory.frame(index)
    order = np.argsort(frame.atom_ids, kind="stable")
    known = frame.atom_ids[order]
    place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    if not len(known) or not np.array_equal(known[place], ids):
        return None
    positions = np.round(frame.positions[order[place]].astype(float), 2)
    return {"index": index, "time": trajectory.time(index), "x": positions.ravel().tolist()}


def chosen_part(chosen: Mapping[Space, Sequence[int]]) -> dict[str, list[int]]:
    """What is selected when the page opens."""
    return {space.value: list(map(int, rows)) for space, rows in chosen.items()}
