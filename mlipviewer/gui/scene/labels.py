"""Words at atoms: what they say, and where they do not lie over each other. Pure, but for sizes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.columns import numbers_of
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.session.looks import MOST_LABELLED, Labels

Array = NDArray[Any]

ID, SPECIES = "id", "species"

_FORM = re.compile(r"(?:%%|[^%])*%[-+ #0]*\d{0,3}(?:\.\d{1,2})?[diouxXeEfgGs](?:%%|[^%])*")


def label_names(frame: Frame) -> tuple[str, ...]:
    """What atoms can be labelled with."""
    return (ID, SPECIES, *(name for name, column in frame.columns.items() if column.ndim <= 2))


def formatted(form: str, value: object) -> str:
    """A value in a printf format (`%.2f eV`); '' as it is. Raises ValueError for other formats."""
    if isinstance(value, np.generic):
        value = value.item()
    if not form:
        return f"{value:.4g}" if isinstance(value, float) else str(value)
    if not _FORM.fullmatch(form):
        raise ValueError(f"{form!r} is not a format of one value, as %.2f is")
    kind = form.replace("%%", "")
    letter = re.search(r"%[-+ #0]*\d*(?:\.\d+)?([a-zA-Z])", kind)
    assert letter is not None
    if letter[1] in "diouxX":
        if not isinstance(value, int | float) or not np.isfinite(value):
            return str(value)
        value = int(value)
    elif letter[1] != "s" and not isinstance(value, int | float):
        return str(value)
    return form % value


def labelled_rows(n_atoms: int, wish: Labels, chosen: Mask | None) -> NDArray[np.int64]:
    """The atoms that get a label: of many only those that are selected."""
    if wish.selected_only or n_atoms > MOST_LABELLED:
        rows = np.flatnonzero(chosen) if chosen is not None else np.empty(0, np.int64)
        return np.asarray(rows[:MOST_LABELLED])
    return np.arange(n_atoms)


def label_texts(frame: Frame, kinds: Kinds, wish: Labels, rows: Array) -> list[str]:
    """The words at these atoms; empty where the frame has no such column."""
    if wish.what == ID:
        return [formatted(wish.form, one) for one in frame.atom_ids[rows]]
    if wish.what == SPECIES:
        return [formatted(wish.form, kinds.name(int(row))) for row in rows]
    column = frame.columns.get(wish.what)
    if column is None:
        return []
    return [formatted(wish.form, one) for one in numbers_of(column[rows])]


def free_places(
    places: Array, depths: Array, sizes: Array, room: tuple[float, float]
) -> NDArray[np.int64]:
    """Which boxes of `sizes` (n, 2) centred at `places` (n, 2) are shown: nearer ones first, and
    none that lies over another or outside of the room (width, height). Sorted by depth."""
    taken: list[tuple[float, float, float, float]] = []
    kept = []
    for i in np.argsort(-depths, kind="stable").tolist():
        (x, y), (w, h) = places[i], sizes[i] / 2
        box = (x - w, y - h, x + w, y + h)
        if not (np.isfinite([x, y]).all() and 0 <= x <= room[0] and 0 <= y <= room[1]):
            continue
        if any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken):
            continue
        taken.append(box)
        kept.append(i)
    return np.array(kept, np.int64)
