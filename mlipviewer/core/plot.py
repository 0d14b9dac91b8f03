"""A plot is data: marks that each carry the rows they stand for. One painter shows every plot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Space(StrEnum):
    """What a selection is made of."""

    MODEL = "model"
    METRIC = "metric"
    FRAME = "frame"
    ATOM = "atom"
    SITE = "site"  # of a trajectory, by its number in the analysis that found the sites
    POLYHEDRON = "polyhedron"  # around a possible place of an ion: another analysis, other numbers


@dataclass(frozen=True)
class Axis:
    """One axis of a plot. `hidden` axes (of graphs) have no ticks; `ticks` name places on it."""

    title: str = ""
    log: bool = False
    hidden: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    whole: bool = False  # only whole numbers mean something: frames, ranks
    metric: str | None = None  # the metric that this axis shows, where there is one


class Shape(StrEnum):
    DOT = "dot"
    STAR = "star"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    FALLING = "falling"  # a triangle on its tip
    PLUS = "plus"
    CROSS = "cross"


GROUP_SHAPES = (
    Shape.DOT,
    Shape.TRIANGLE,
    Shape.SQUARE,
    Shape.DIAMOND,
    Shape.PLUS,
    Shape.FALLING,
    Shape.CROSS,
)
"""Groups differ in shape as well as in hue: seven shapes by ten hues give seventy looks."""


@dataclass(frozen=True, eq=False)
class Points:
    """n points at x, y (n,), each standing for one of `rows` (n,) of `space`.

    `group` (n,) int: index into `group_names`, which give colour and legend; `size` in pixels,
    a number or (n,). `labels` are drawn beside the points; hover shows `hints`, else the labels.
    Dots have the shape of their group, unless they are `round` (their size means something).
    `frames` (n,): a click on an atom shows the frame that it is meant in. More than `crowd` points
    in sight are drawn as a density.
    """

    x: Array
    y: Array
    rows: Array
    space: Space
    group: Array | None = None
    group_names: tuple[str, ...] = ()
    size: Any = 6.0
    shape: Shape = Shape.DOT
    labels: tuple[str, ...] = ()
    show_labels: bool = False
    faint: bool = False
    rim: bool = False
    hints: tuple[str, ...] = ()
    round: bool = False
    movable: bool = False  # by dragging: the edit `place` of the analysis
    frames: Array | None = None
    crowd: int = 20_000


@dataclass(frozen=True, eq=False)
class Line:
    """A line through x, y (n,); with `rows` its vertices can be hit as points can.

    `steps`: a staircase that keeps y until the next x (a Pareto front seen from below).
    """

    x: Array
    y: Array
    name: str = ""
    steps: bool = False
    dashed: bool = False
    width: float = 1.5
    rows: Array | None = None
    space: Space | None = None
    colour: int = 0  # index into the palette of categories; -1: the colour of text
    pattern: int = 0  # its number among lines of one plot: they differ in dashes as well


@dataclass(frozen=True, eq=False)
class Edges:
    """m segments between points: x, y (m, 2). `weight` (m,) 0..1 sets the width; negative dashed.

    `pairs` (m, 2) are the rows of `space` at the two ends, chosen together by a click. `colour` is
    a place in the palette of categories; -1: as usual.
    """

    x: Array
    y: Array
    pairs: Array
    space: Space
    weight: Array
    negative: Array
    labels: tuple[str, ...] = ()
    colour: int = -1


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A matrix (m, k) drawn as cells; row i stands for `rows[i]`, column j for `columns[j]`.

    `low`..`high` is the colour range; `diverging` has its middle at the centre of the range.
    """

    values: Array
    rows: Array
    columns: Array
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    space: Space
    low: float = -1.0
    high: float = 1.0
    diverging: bool = True
    title: str = ""
    more: tuple[tuple[str, Array], ...] = ()  # (name, (m, k)) of what hover tells besides
    tree: Array | None = None  # (t, 3, 2) of a dendrogram: ends and join of each merger as
    """(place among the rows, height 0..1): drawn beside the rows."""


@dataclass(frozen=True, eq=False)
class Bars:
    """n bars at `at` (n,) from `base` to `end` (n,); `across`: they lie, with `at` on the y axis.

    `rows` are those that each bar stands for (models of a family, of a bin ...), none where empty.
    `low` and `high` (n,) are the ends of error bars. `base` and `thick` are numbers or (n,).
    """

    at: Array
    end: Array
    rows: tuple[Array, ...]
    space: Space
    base: Any = 0.0
    thick: Any = 0.8
    across: bool = False
    group: Array | None = None
    group_names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    low: Array | None = None
    high: Array | None = None
    faint: bool = False

    def boxes(self) -> tuple[Array, Array]:
        """x, y (n, 2): the opposite corners of each bar."""
        half = np.broadcast_to(np.asarray(self.thick, float) / 2, self.at.shape)
        base = np.broadcast_to(np.asarray(self.base, float), self.at.shape)
        sides = np.stack((self.at - half, self.at + half), axis=1)
        ends = np.stack((base, np.asarray(self.end, float)), axis=1)
        return (ends, sides) if self.across else (sides, ends)


@dataclass(frozen=True, eq=False)
class Polylines:
    """n lines over the same m places: x (m,) rising, y (n, m), NaN where a line has a gap.

    Each stands for one of `rows` (n,) of `space`; groups as of Points; `labels` say what hover
    shows.
    """

    x: Array
    y: Array
    rows: Array
    space: Space
    group: Array | None = None
    group_names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    faint: bool = False


@dataclass(frozen=True, eq=False)
class Area:
    """A closed outline x, y (n,) filled in the colour of a group: the body of a violin.

    Hit anywhere inside, it stands for all of its rows, and for `frames` where there are some.
    `solid`: in the full colour, as the node of a diagram of flows.
    """

    x: Array
    y: Array
    rows: Array
    space: Space
    group: int = 0
    label: str = ""
    frames: Array | None = None
    solid: bool = False


@dataclass(frozen=True, eq=False)
class StackedAreas:
    """k areas upon each other over the same m places: x (m,) not falling, heights (k, m), the first
    lowest. Each place stands for one of `rows` (m,) of `space`: a click or a drag chooses these.

    `colours` (k,) are places in the palette of categories; `names` (k,) stand in the legend.
    """

    x: Array
    heights: Array
    rows: Array
    names: tuple[str, ...]
    colours: tuple[int, ...]
    space: Space = Space.FRAME
    unit: str = ""

    @property
    def tops(self) -> Array:
        """(k, m) the upper edges; what is missing has no height."""
        found: Array = np.cumsum(np.nan_to_num(self.heights), axis=0)
        return found


@dataclass(frozen=True, eq=False)
class Raster:
    """An image (m, k) of class numbers, the first line on top: line i stands for the atoms
    `rows[i]`, column j for the frame `frames[j]` at x[j]; x (k,) rises, the edges lie between.

    `colours` are the places in the palette of the classes 0, 1 ...; -1 means that there is nothing.
    """

    values: Array
    x: Array
    rows: tuple[Array, ...]
    frames: Array
    names: tuple[str, ...]
    colours: tuple[int, ...]
    space: Space = Space.ATOM

    @property
    def edges(self) -> Array:
        """(k + 1,) where the columns begin and end on the x axis."""
        x = np.asarray(self.x, float)
        if len(x) < 2:
            return np.array([x[0] - 0.5, x[0] + 0.5]) if len(x) else np.array([0.0, 1.0])
        between = (x[1:] + x[:-1]) / 2
        return np.concatenate(([x[0] * 2 - between[0]], between, [x[-1] * 2 - between[-1]]))

    def place_of(self, frame: int) -> float | None:
        """Where a frame lies on the x axis: that of the last column that began by then."""
        column = int(np.searchsorted(self.frames, frame, "right")) - 1
        return float(self.x[column]) if 0 <= column < len(self.x) else None

    @property
    def line_edges(self) -> Array:
        """(m + 1,) how many atoms lie above each line's upper edge."""
        return np.concatenate(([0], np.cumsum([len(one) for one in self.rows]))).astype(float)


@dataclass(frozen=True, eq=False)
class Texts:
    """n texts centred at x, y (n,); `strong` (n,) 0..1 makes them larger and darker. They are made
    smaller where they would be wider than `room` on the x axis, if that is given. Those that are to
    lie `apart` move up where they would lie upon each other."""

    x: Array
    y: Array
    texts: tuple[str, ...]
    strong: Array | None = None
    room: float = 0.0
    apart: bool = False


@dataclass(frozen=True)
class Rule:
    """A reference line across the plot at one value of x or y."""

    value: float
    name: str
    vertical: bool
    dashed: bool = True


@dataclass(frozen=True)
class Cursor:
    """The place of the shown frame in a plot over frames."""

    value: float


@dataclass(frozen=True)
class Upright:
    """An upright axis within the plot, at x `at`. It can be dragged by its name (the edit `move`),
    turned over (`flip`) and brushed (`brush`): `low`..`high` is the brushed part of the y axis."""

    at: float
    name: str
    low: float | None = None
    high: float | None = None


Mark = (
    Points
    | Line
    | Edges
    | HeatMap
    | Bars
    | Polylines
    | Area
    | StackedAreas
    | Raster
    | Texts
    | Rule
    | Cursor
)


@dataclass(frozen=True, eq=False)
class Plot:
    """All that a plot shows. `status` is its line of counts; `empty` says why nothing shows."""

    title: str = ""
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    marks: tuple[Mark, ...] = ()
    status: str = ""
    empty: str = ""
    uprights: tuple[Upright, ...] = ()
    square: bool = False  # one unit is as long on x as on y: graphs; heat maps fill their place

    @property
    def spaces(self) -> tuple[Space, ...]:
        """The spaces whose rows this plot shows."""
        found = (getattr(mark, "space", None) for mark in self.marks)
        return tuple(dict.fromkeys(space for space in found if space is not None))


def finite(mark: Points, x_log: bool, y_log: bool) -> Array:
    """(n,) which points can be drawn: finite, and positive on log axes."""
    good = np.isfinite(mark.x) & np.isfinite(mark.y)
    if x_log:
        good &= mark.x > 0
    if y_log:
        good &= mark.y > 0
    return good


def may_be_log(plot: Plot, name: str) -> bool:
    """Whether the axis `x` or `y` of a plot can show all it shows on a logarithmic scale too."""
    axis = getattr(plot, name)
    if axis.hidden or axis.ticks or axis.whole or plot.square or plot.empty:
        return False
    values = [_along(mark, name) for mark in plot.marks]
    shown = np.concatenate([np.ravel(np.asarray(one, float)) for one in values] or [np.empty(0)])
    shown = shown[np.isfinite(shown)]
    return bool(shown.size) and bool((shown > 0).all())


def _along(mark: Mark, name: str) -> Array:
    if isinstance(mark, Points | Line | Edges | Polylines | Area | Texts):
        return np.asarray(getattr(mark, name))
    if isinstance(mark, Bars):
        return np.asarray(mark.end if mark.across == (name == "x") else mark.at)
    if isinstance(mark, Rule) and mark.vertical == (name == "x"):
        return np.array([mark.value])
    return np.empty(0)


def with_logs(plot: Plot, logs: tuple[tuple[str, bool], ...]) -> Plot:
    """The plot with the scales that the user chose, where they can show it."""
    axes = {
        name: replace(getattr(plot, name), log=log) for name, log in logs if may_be_log(plot, name)
    }
    return replace(plot, **axes) if axes else plot
