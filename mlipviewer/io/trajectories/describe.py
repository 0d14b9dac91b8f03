"""What a trajectory holds, in plain values: for `mlipviewer info` and for reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.core.trajectory import Array, Frame, FrameSource
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.species import SYMBOLS

_KINDS = {"f": "real", "i": "integer", "u": "integer", "b": "logical", "U": "text"}


def describe(source: FrameSource | str | Path) -> dict[str, Any]:
    """Format, counts, columns, cell and notes, from the first and the last frame, for JSON.

    A path is opened first. Raises ReadProblem where it, or the first frame, cannot be read.
    """
    if isinstance(source, str | Path):
        source = open_trajectory(source)
    first = source.frame(0)
    last = source.frame(source.n_frames - 1) if source.n_frames > 1 else first
    return {
        "path": source.path,
        "format": source.format,
        "n_frames": source.n_frames,
        "n_atoms_first": first.n_atoms,
        "n_atoms_last": last.n_atoms,
        "species": species_counts(first),
        "columns": {name: kind_of(values) for name, values in first.columns.items()},
        "ids": first.ids is not None,
        "cell": None if first.cell is None else first.cell.tolist(),
        "origin": first.origin.tolist(),
        "pbc": list(first.pbc),
        "info": {key: plain(value) for key, value in first.info.items()},
        "notes": [str(note) for note in source.notes],
    }


def species_counts(frame: Frame) -> dict[str, int]:
    """How many atoms of each label, or element, in order of their first letters."""
    labels = frame.species if frame.species is not None else np.array(SYMBOLS)[frame.numbers]
    names, counts = np.unique(labels, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def kind_of(values: Array) -> str:
    """`real`, `integer 3`, `text`: kind and, for vectors, width."""
    kind = _KINDS.get(values.dtype.kind, "other")
    return kind if values.ndim == 1 else f"{kind} {'x'.join(map(str, values.shape[1:]))}"


def plain(value: Any) -> Any:
    """A value as JSON knows it: arrays become lists, what is not finite becomes None."""
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, bool | int | str) or value is None else str(value)
