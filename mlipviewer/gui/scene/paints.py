"""What colours the atoms: species, classes, or a value on a colour map. No OpenGL here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.columns import numbers_of
from mlipviewer.core.structure_classes import hues_of
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.colours import MISSING, Rgb, categorical, colour_map
from mlipviewer.gui.scene.spheres import Kinds, places_in

Array = NDArray[Any]

SPECIES = "species"
MOST_CLASSES = 20
NO_VALUE = np.float32(3e38)
"""Stands for NaN in what is sent to the graphics card, whose NaN cannot be relied on."""


@dataclass(frozen=True)
class Swatch:
    """One class in the legend."""

    name: str
    colour: Rgb
    count: int


@dataclass(frozen=True, eq=False)
class Paint:
    """A colour for each of n atoms.

    `data` (n,) is uint8 classes into `table` (256, 3), or float32 values counted from `zero`, which
    `low`..`high` spread over the table; NO_VALUE marks missing ones.
    """

    column: str
    data: NDArray[np.uint8] | NDArray[np.float32]
    table: NDArray[np.uint8]
    swatches: tuple[Swatch, ...] = ()
    zero: float = 0.0
    low: float = 0.0
    high: float = 1.0
    n_missing: int = 0
    codes: tuple[int, ...] = ()  # of the swatches in `data`, where they are not 0, 1, 2 ...
    log: bool = False  # data, low and high are decadic logarithms of the values
    unit: str = ""  # of the values of the column

    def value_at(self, share: float) -> float:
        """The value whose colour lies at 0..1 of the bar."""
        place = self.low + share * (self.high - self.low)
        return float(10.0**place) if self.log else float(place)

    def place_of(self, value: float) -> float:
        """A value on the scale of `low` and `high`."""
        if not self.log:
            return value
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.log10(value))

    def is_of(self, name: str) -> NDArray[np.bool_]:
        """(n,) which atoms are of a class, by its name in the legend."""
        places = [i for i, one in enumerate(self.swatches) if one.name == name]
        codes = [self.codes[i] if self.codes else i for i in places]
        return np.isin(self.data, codes)

    @property
    def continuous(self) -> bool:
        return self.data.dtype == np.float32

    @property
    def times(self) -> float:
        """With `plus`: the datum v has the colour at v * times + plus of the table."""
        return 255 / ((self.high - self.low) or 1.0) if self.continuous else 1.0

    @property
    def plus(self) -> float:
        return (self.zero - self.low) * self.times if self.continuous else 0.0


def rgb_of(paint: Paint) -> NDArray[np.uint8]:
    """(n, 3) the colour of each atom."""
    if not paint.continuous:
        return np.asarray(paint.table[paint.data])
    places = np.clip(paint.data * paint.times + paint.plus + 0.5, 0, 255)
    colours: NDArray[np.uint8] = paint.table[places.astype(np.uint8)]
    colours[paint.data == NO_VALUE] = MISSING
    return colours


def stepped_back(
    colours: NDArray[np.uint8], which: NDArray[np.bool_], behind: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """(n, 3) colours, those of `which` (n,) half way to the background and nearly grey, as the
    spheres of atoms that step back are drawn."""
    own = colours[which].astype(np.float32)
    grey = 0.3 * own + 0.7 * own.mean(axis=1, keepdims=True)
    found = colours.copy()
    found[which] = np.round(0.5 * (grey + np.array(behind, np.float32)))
    return found


def paintable_columns(frame: Frame) -> tuple[str, ...]:
    """What a frame's atoms can be coloured by."""
    return (SPECIES, *(name for name, column in frame.columns.items() if column.ndim <= 2))


def is_classes(column: Array) -> bool:
    """Whether the values name classes: words, yes or no, or few whole numbers."""
    if column.ndim > 1 or column.dtype.kind not in "iubUSO":
        return False
    if column.dtype.kind in "USOb" or column.size == 0:
        return True
    return int(column.max()) - int(column.min()) < MOST_CLASSES


def species_paint(kinds: Kinds) -> Paint:
    swatches = tuple(Swatch(kind.name, kind.colour, kind.count) for kind in kinds.kinds)
    codes = tuple(kind.code for kind in kinds.kinds)
    return Paint(SPECIES, kinds.codes, kinds.colours, swatches, codes=codes)


def class_names(columns: Sequence[Array]) -> tuple[object, ...] | None:
    """The classes of several columns, sorted; None when one of them holds other than classes."""
    if not columns or not all(is_classes(column) for column in columns):
        return None
    found: set[object] = set()
    for column in columns:
        found.update(_different(column))
    return tuple(sorted(found, key=lambda name: (isinstance(name, str), name)))


def _different(column: Array) -> Sequence[object]:
    """Each value once; text through a set, since sorting a million words takes a second."""
    if column.dtype.kind in "USO":
        return tuple(set(column.tolist()))
    values: list[object] = np.unique(column).tolist()
    return values


@dataclass(frozen=True)
class Scale:
    """How numbers become colours: the map over (low, high), which component of vectors."""

    limits: tuple[float, float]
    map: str = "viridis"
    component: int | None = None
    log: bool = False
    reverse: bool = False


def column_paint(
    name: str, column: Array, scale: Scale, names: tuple[object, ...] | None = None
) -> Paint:
    """The paint of a per-atom column: by the classes `names`, else over the limits of a map."""
    if names is not None:
        return _class_paint(name, column, names)
    values = numbers_of(column, scale.component).astype(np.float64, copy=False)
    low, high = scale.limits
    if scale.log:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log10(values)
            low, high = np.log10([low, high]).tolist()
    zero = (low + high) / 2
    data = (values - zero).astype(np.float32)
    missing = ~np.isfinite(data)
    n_missing = int(np.count_nonzero(missing))
    if n_missing:
        data[missing] = NO_VALUE
    try:
        table = colour_map(scale.map)
    except KeyError:  # that of a plug-in which is not here
        table = colour_map(Scale.map)
    table = np.ascontiguousarray(table[::-1]) if scale.reverse else table
    return Paint(name, data, table, (), zero, low, high, n_missing, log=scale.log)


def coded_paint(
    name: str, codes: Array, classes: Sequence[str], chosen: Sequence[str] = ()
) -> Paint:
    """The paint of whole numbers that stand for classes; a class keeps its hue in all plots, unless
    a colour (`#rrggbb`) was `chosen` for it."""
    colours = [categorical(hue) for hue in hues_of(classes)]
    for place, text in enumerate(chosen):
        colours[place] = rgb_of_text(text) or colours[place]
    known = (codes >= 0) & (codes < len(classes))
    data = np.where(known, codes, 255).astype(np.uint8)
    table = np.full((256, 3), MISSING, np.uint8)
    table[: len(colours)] = colours
    counts = np.bincount(data, minlength=256)
    there = [place for place in range(len(classes)) if counts[place]]
    swatches = tuple(Swatch(classes[i], colours[i], int(counts[i])) for i in there)
    return Paint(name, data, table, swatches, n_missing=int(counts[255]), codes=tuple(there))


def recoloured(paint: Paint, own: Mapping[str, Rgb]) -> Paint:
    """The same classes with colours of one's own, by their names."""
    if paint.continuous or not any(one.name in own for one in paint.swatches):
        return paint
    table, swatches = paint.table.copy(), []
    for i, one in enumerate(paint.swatches):
        rgb = own.get(one.name, one.colour)
        table[(paint.codes[i] if paint.codes else i) % 256] = rgb
        swatches.append(replace(one, colour=rgb))
    return replace(paint, table=table, swatches=tuple(swatches))


def rgb_of_text(text: str) -> Rgb | None:
    """The colour that `#rrggbb` names; None for anything else."""
    digits = text.removeprefix("#")
    if len(digits) != 6 or not set(digits.lower()) <= set("0123456789abcdef"):
        return None
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _class_paint(name: str, column: Array, names: tuple[object, ...]) -> Paint:
    order = places_in(names, column)
    counts = np.bincount(order[order >= 0], minlength=len(names))
    table = np.array([categorical(i) for i in range(256)], np.uint8)
    swatches = tuple(
        Swatch(str(name), categorical(i), int(counts[i])) for i, name in enumerate(names)
    )
    return Paint(name, (order % 256).astype(np.uint8), table, swatches)
