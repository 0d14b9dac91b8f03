"""What plug-ins may bring besides analyses, columns, families and properties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class Reader:
    """A format of trajectories. `names` are patterns of file names in lower case (`*.abc`); `sniff`
    judges the first 64 kB. `read` gives the frames in order and raises ReadProblem with what is
    wrong in the file. All frames are kept in memory. Formats that the program knows come first."""

    name: str
    title: str
    names: tuple[str, ...]
    read: Callable[[Path], Iterable[Frame]]
    sniff: Callable[[bytes], bool] | None = None


@dataclass(frozen=True)
class Export:
    """Files of one suffix (`.abc`): what a frame is there, what a table of columns is there."""

    name: str
    title: str
    suffix: str
    frame: Callable[[Frame], bytes] | None = None
    table: Callable[[Mapping[str, Sequence[Any]]], bytes] | None = None


@dataclass(frozen=True, eq=False)
class ColourMap:
    """Colours from low to high: (k, 3) numbers from 0 to 1, k at least 2, evenly spaced."""

    name: str
    colours: Sequence[Sequence[float]]

    def table(self) -> NDArray[np.uint8]:
        """(256, 3). Raises ValueError where they are no colours."""
        known = np.asarray(self.colours, float)
        if known.ndim != 2 or known.shape[1] != 3 or len(known) < 2:
            raise ValueError("a colour map is (k, 3) numbers, k at least 2")
        if not ((known >= 0) & (known <= 1)).all():
            raise ValueError("the colours of a map are from 0 to 1")
        at, places = np.linspace(0, 1, 256), np.linspace(0, 1, len(known))
        parts = [np.interp(at, places, known[:, k]) for k in range(3)]
        return np.round(255 * np.stack(parts, axis=1)).astype(np.uint8)
