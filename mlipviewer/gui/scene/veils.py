"""How transparent each atom is drawn, as bits of its mark; which atoms classes hide. Pure.

A sphere of level 1 to 7 leaves out that many eighths of its pixels, by a pattern of 4 x 4 that is
shifted by its phase, so that what lies behind shows through whatever the order of drawing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.session.looks import Looks

LEVELS = 8
LEVEL_BIT, PHASE_BIT = 3, 6
"""Where the three bits of the level and the two of the phase begin in a mark."""

_SCATTER = 2654435761  # Knuth's: neighbouring rows get unlike phases


def class_mask(frame: Frame, column: str, name: str) -> Mask | None:
    """(n,) the atoms of a class of a column; None where the frame has no such column."""
    values = frame.columns.get(column)
    if values is None or values.ndim != 1:
        return None
    if column in frame.classes:
        names = frame.classes[column]
        return np.asarray(values == (names.index(name) if name in names else -1))
    found = np.zeros(len(values), bool)
    if values.dtype.kind in "USO":
        return np.asarray(found | (values == name))
    if values.dtype.kind in "iub":
        for value in (one for one in np.unique(values) if str(one) == name):
            found |= values == value
    return found


def seen_by_class(frame: Frame, looks: Looks) -> Mask | None:
    """(n,) the atoms that no class hides; None: all."""
    seen: Mask | None = None
    for one in looks.classes:
        mask = class_mask(frame, one.column, one.name) if not one.visible else None
        if mask is not None:
            seen = ~mask if seen is None else seen & ~mask
    return seen


def level_of(opacity: float) -> int:
    """How many eighths of the pixels are left out; never all."""
    return int(np.clip(round((1 - opacity) * LEVELS), 0, LEVELS - 1))


def veils_of(
    frame: Frame, kinds: Kinds, looks: Looks, chosen: Mask | None
) -> NDArray[np.uint8] | None:
    """(n,) bits for the marks of the atoms; None where all are opaque.

    Of species, class and selection the most transparent one counts.
    """
    if not looks.veiled:
        return None
    table = np.zeros(256, np.uint8)
    for kind in kinds.kinds:
        table[kind.code] = level_of(looks.of_species(kind.name).opacity)
    levels: NDArray[Any] = table[kinds.codes]
    for one in looks.classes:
        mask = class_mask(frame, one.column, one.name) if one.opacity < 1 else None
        if mask is not None:
            levels[mask] = np.maximum(levels[mask], level_of(one.opacity))
    if chosen is not None and looks.selected_opacity < 1:
        levels[chosen] = np.maximum(levels[chosen], level_of(looks.selected_opacity))
    rows = np.arange(len(levels), dtype=np.uint32)
    phases = ((rows * np.uint32(_SCATTER)) >> np.uint32(30)).astype(np.uint8)
    return np.where(levels > 0, levels << LEVEL_BIT | phases << PHASE_BIT, 0).astype(np.uint8)
