"""The curves behind the numbers of a campaign's table, one file for each kind of curve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.property import CurveKind, Metric
from mlipviewer.core.curves import REFERENCE, Curve, Curves
from mlipviewer.io.tables.curves import write_curves

FOLDER = "curves"
Told = Mapping[str, Mapping[str, Any]]
"""What the journal has of the properties of one model: `values` and `curves` by name."""


def kinds_of(metrics: Iterable[Metric]) -> tuple[CurveKind, ...]:
    """Each kind of curve once."""
    return tuple(dict.fromkeys(one.curve for one in metrics if one.curve is not None))


def file_of(kind: CurveKind) -> str:
    """Its file, as the metadata of the table names it."""
    return f"{FOLDER}/{kind.name}.csv"


def curve_in(told: Told, kind: CurveKind) -> Curve | None:
    """That of one model, None where it has none."""
    if kind.at:
        value = told["values"].get(kind.name)
        found = (kind.at, value) if isinstance(value, list) else None
    else:
        found = told["curves"].get(kind.name)
    if found is None or len(found[0]) != len(found[1]):
        return None
    return np.array(found[0], float), np.array(found[1], float)


def write_behind(
    folder: Path, reference: Told, models: Mapping[str, Told], metrics: Sequence[Metric]
) -> tuple[str, ...]:
    """Write the files of those kinds that some model has; the names of these kinds. Raises
    OSError."""
    written = []
    for kind in kinds_of(metrics):
        of = {key: curve_in(told, kind) for key, told in {REFERENCE: reference, **models}.items()}
        there = {key: curve for key, curve in of.items() if curve is not None}
        if there.keys() - {REFERENCE}:
            (folder / FOLDER).mkdir(exist_ok=True)
            write_curves(folder / file_of(kind), Curves(kind.x_title, kind.y_title, there))
            written.append(kind.name)
    return tuple(written)
