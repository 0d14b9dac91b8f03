"""Trajectories from files: one file per format, recognised by content.

`open_trajectory(path)` is the way in. A format is one entry of FORMATS: to add one, write its file
and enter it there.
"""

from __future__ import annotations

from mlipviewer.io.trajectories.describe import describe
from mlipviewer.io.trajectories.opening import (
    FORMATS,
    Format,
    open_in_order,
    open_sequence,
    open_trajectory,
    sniff,
)
from mlipviewer.io.trajectories.structures_json import holds_structures

__all__ = [
    "FORMATS",
    "Format",
    "describe",
    "holds_structures",
    "open_in_order",
    "open_sequence",
    "open_trajectory",
    "sniff",
]
