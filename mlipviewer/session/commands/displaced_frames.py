"""Conditions on frames and atoms that ask how far atoms have come since a frame."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from mlipviewer.core.atoms import AtomNames
from mlipviewer.core.differences import DISPLACED, displaced_names, displacements
from mlipviewer.core.frames import frame_fits
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.query import matching_mask, names_in
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame, Trajectory

LARGEST, RMS = f"largest_{DISPLACED}", f"rms_{DISPLACED}"
"""What conditions on frames may ask of the displacements of all atoms, in A."""


class Conditions:
    """Asked of the frames of a trajectory; displacements count from frame `since`."""

    def __init__(self, trajectory: Trajectory, since: int) -> None:
        self._trajectory, self._since = trajectory, since

    @cached_property
    def _reference(self) -> Frame:
        n = self._trajectory.n_frames
        if not 0 <= self._since < n:
            said = f"has frames 0 to {n - 1}: none {self._since} to count displacements from"
            raise ReadProblem(said, self._trajectory.source.path)
        return self._trajectory.frame(self._since)

    def fits(self, condition: str, index: int) -> bool:
        """Whether a frame is wanted. Raises QueryProblem, ReadProblem."""
        info = dict(self._trajectory.info(index))
        if {LARGEST, RMS} & set(names_in(condition)):
            info = self._moved(self._trajectory.frame(index)) | info
        return frame_fits(condition, index, info)

    def _moved(self, frame: Frame) -> dict[str, Any]:
        """How far its atoms have come, of those that have a place in both frames."""
        lengths = np.linalg.norm(displacements(self._reference, frame), axis=1)
        lengths = lengths[np.isfinite(lengths)]
        if not len(lengths):
            return {}
        return {LARGEST: float(lengths.max()), RMS: float(np.sqrt((lengths**2).mean()))}

    def atoms(self, condition: str, frame: Frame) -> Mask:
        """(n,) which atoms of a frame are wanted. Raises QueryProblem, ReadProblem."""
        more = {}
        if DISPLACED in condition and DISPLACED not in frame.columns:
            made = displaced_names(lambda: self._reference, frame)
            more = {name: values() for name, values in made.items()}
        return matching_mask(condition, AtomNames(frame, more), frame.n_atoms)
