"""What colours the atoms: species, classes, or a value on a colour map. No OpenGL here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def paintable_columns(frame: Frame) -> tuple[str, ...]:
    """What a frame's atoms can be coloured by."""
    return (SPECIES, *(name for name, column in frame.columns.items() if column.ndim <= 2))


def numbers_of(column: Array) -> Array:
    """(n,) the values of a per-atom column; vectors (n, k) by their norm."""
    if column.ndim == 1:
        return column
    flat = column.reshape(len(column), -1).astype(np.float64, copy=False)
    norms: Array = np.sqrt(np.einsum("ij,ij->i", flat, flat))
    return norms


def is_classes(column: Array) -> bool:
    """Whether the values name classes: words, yes or no, or few whole numbers."""
    if column.ndim > 1 or column.dtype.kind not in "iubUSO":
        return False
    if column.dtype.kind in "USOb" or column.size == 0:
        return True
    return int(column.max()) - int(column.min()) < MOST_CLASSES


def value_range(columns: Sequence[Array]) -> tuple[float, float]:
    """(low, high) of the finite values of several columns; (0, 1) where there are none."""
    numeric = (column for column in columns if column.dtype.kind in "iufb")
    ends = [_ends(numbers_of(column)) for column in numeric]
    known = [pair for pair in ends if pair is not None]
    if not known:
        return 0.0, 1.0
    return min(low for low, _ in known), max(high for _, high in known)


def _ends(values: Array) -> tuple[float, float] | None:
    if values.size == 0:
        return None
    low, high = values.min(), values.max()
    if np.isfinite(low) and np.isfinite(high):
        return float(low), float(high)
    good = values[np.isfinite(values)]
    return (float(good.min()), float(good.max())) if good.size else None


def species_paint(kinds: Kinds) -> Paint:
    swatches = tuple(Swatch(kind.name, kind.colour, kind.count) for kind in kinds.kinds)
    return Paint(SPECIES, kinds.codes, kinds.colours, swatches)


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


def column_paint(
    name: str,
    column: Array,
    limits: tuple[float, float],
    map_name: str,
    names: tuple[object, ...] | None = None,
) -> Paint:
    """The paint of a per-atom column: by the classes `names`, else over the limits of a map."""
    if names is not None:
        return _class_paint(name, column, names)
    low, high = limits
    values = numbers_of(column).astype(np.float64, copy=False)
    zero = (low + high) / 2
    data = (values - zero).astype(np.float32)
    missing = ~np.isfinite(data)
    n_missing = int(np.count_nonzero(missing))
    if n_missing:
        data[missing] = NO_VALUE
    return Paint(name, data, colour_map(map_name), (), zero, low, high, n_missing)


def _class_paint(name: str, column: Array, names: tuple[object, ...]) -> Paint:
    order = places_in(names, column)
    counts = np.bincount(order[order >= 0], minlength=len(names))
    table = np.array([categorical(i) for i in range(256)], np.uint8)
    swatches = tuple(
        Swatch(str(name), categorical(i), int(counts[i])) for i, name in enumerate(names)
    )
    return Paint(name, (order % 256).astype(np.uint8), table, swatches)
