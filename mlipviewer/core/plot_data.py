"""What a plot shows as a table of numbers, to be kept beside the figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mlipviewer.core.plot import (
    Area,
    Bars,
    Edges,
    HeatMap,
    Line,
    Plot,
    Points,
    Polylines,
    Raster,
    Rule,
    StackedAreas,
    Texts,
)

Row = tuple[str, str, str, Any, Any]
COLUMNS = ("mark", "group", "name", "x", "y")


def plot_table(plot: Plot) -> dict[str, list[Any]]:
    """A row for each number drawn: the mark it belongs to, its group and name, x and y. The columns
    of x and y have the names of the axes; cells of a matrix have x and y as names and a `value`."""
    names = (*COLUMNS[:3], plot.x.title or "x", _other(plot.y.title or "y", plot.x.title))
    rows = [row for number, mark in enumerate(plot.marks) for row in _rows(f"{number}", mark)]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    heat = [mark for mark in plot.marks if isinstance(mark, HeatMap)]
    return _heat_table(heat[0]) if heat else columns


def _other(name: str, taken: str) -> str:
    return f"{name} (y)" if name == taken else name


def _heat_table(mark: HeatMap) -> dict[str, list[Any]]:
    n, k = mark.values.shape
    found: dict[str, list[Any]] = {
        "row": [name for name in mark.row_names for _ in range(k)],
        "column": list(mark.column_names) * n,
        mark.title or "value": np.ravel(mark.values).tolist(),
    }
    return found | {name: np.ravel(values).tolist() for name, values in mark.more}


def _rows(number: str, mark: Any) -> Iterator[Row]:
    label = f"{type(mark).__name__.lower()} {number}"
    match mark:
        case Points():
            yield from _of_groups(label, mark, mark.x, mark.y, mark.hints or mark.labels)
        case Bars():
            ends, at = (mark.end, mark.at) if mark.across else (mark.at, mark.end)
            yield from _of_groups(label, mark, ends, at, mark.labels)
        case Line() | Area():
            name = getattr(mark, "name", "") or getattr(mark, "label", "")
            yield from ((label, "", name, x, y) for x, y in _pairs(mark.x, mark.y))
        case Texts():
            both = zip(mark.texts, _pairs(mark.x, mark.y), strict=True)
            yield from ((label, "", text, x, y) for text, (x, y) in both)
        case Rule():
            x, y = (mark.value, None) if mark.vertical else (None, mark.value)
            yield label, "", mark.name, x, y
        case _:
            yield from _many(label, mark)


def _many(label: str, mark: Any) -> Iterator[Row]:
    """The rows of marks that are made of several lines."""
    match mark:
        case Polylines():
            groups = _groups(mark, len(mark.y))
            for i, line in enumerate(mark.y):
                name = mark.labels[i] if i < len(mark.labels) else str(int(mark.rows[i]))
                yield from ((label, groups[i], name, x, y) for x, y in _pairs(mark.x, line))
        case StackedAreas():
            for name, heights in zip(mark.names, mark.heights, strict=True):
                yield from ((label, name, "", x, y) for x, y in _pairs(mark.x, heights))
        case Edges():
            for i, (xs, ys) in enumerate(zip(mark.x, mark.y, strict=True)):
                name = mark.labels[i] if i < len(mark.labels) else ""
                yield from ((label, str(i), name, x, y) for x, y in _pairs(xs, ys))
        case Raster():
            for line, codes in enumerate(mark.values):
                for code, x in zip(codes.tolist(), mark.x.tolist(), strict=True):
                    name = mark.names[code] if 0 <= code < len(mark.names) else ""
                    yield label, name, str(line), x, line


def _of_groups(label: str, mark: Any, x: Any, y: Any, names: Sequence[str]) -> Iterator[Row]:
    groups = _groups(mark, len(x))
    for i, (a, b) in enumerate(_pairs(x, y)):
        name = names[i] if i < len(names) else ""
        yield label, groups[i], " ".join(name.split()), a, b


def _groups(mark: Any, n: int) -> list[str]:
    if mark.group is None or not mark.group_names:
        return [""] * n
    return [mark.group_names[int(i)] if int(i) < len(mark.group_names) else "" for i in mark.group]


def _pairs(x: Any, y: Any) -> Iterator[tuple[float, float]]:
    return zip(np.asarray(x, float).tolist(), np.asarray(y, float).tolist(), strict=True)
