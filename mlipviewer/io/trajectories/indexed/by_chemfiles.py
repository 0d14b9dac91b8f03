"""XTC, TRR, TNG and GRO through the library chemfiles, which is an optional part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.part import Part, cell_of_lengths
from mlipviewer.io.trajectories.indexed.tng_blocks import check_blocks
from mlipviewer.io.trajectories.indexed.xdr_heads import heads_of
from mlipviewer.io.trajectories.species import numbers_and_labels

Array = NDArray[Any]

MISSING = (
    "needs the package chemfiles: install it with `pip install mlipviewer[formats]`, "
    "or convert the file"
)


class ChemfilesReader:
    """The frames of a file of GROMACS. Lengths come in A, times in ps, velocities in A/ps."""

    notes: tuple[str, ...] = ()

    def __init__(self, path: str, format: str) -> None:
        try:
            import chemfiles
        except ImportError:
            raise ReadProblem(f"{format}: {MISSING}") from None
        if format == "TNG":
            check_blocks(path)
        self._heads = heads_of(path, format)
        chemfiles.set_warnings_callback(lambda _text: None)
        try:
            self._file = chemfiles.Trajectory(path, "r", format)
        except chemfiles.ChemfilesError as error:
            raise ReadProblem(f"cannot be read as {format}: {error}") from None
        self._problem = chemfiles.ChemfilesError
        self.n_frames = int(self._file.nsteps)
        self.losses = self._heads.losses(self.n_frames)

    def frame(self, index: int) -> Part:
        if reason := self._heads.problem(index):
            raise ReadProblem(reason)
        try:
            found = self._file.read_step(index)
        except self._problem as error:
            raise ReadProblem(str(error)) from None
        cell = cell_of_lengths(found.cell.lengths, found.cell.angles)
        numbers, labels = _species(found)
        columns, units = {}, {}
        if found.has_velocities():
            columns["velocities"] = _vectors(found.velocities)
            units["velocities"] = "Å/ps"
        info: dict[str, Any] = {"Timestep": int(found.step)}
        if "time" in found.list_properties():
            info |= {"Time": float(found["time"]), "Time_unit": "ps"}
        return Part(
            positions=_vectors(found.positions),
            numbers=numbers,
            cell=cell,
            pbc=[cell is not None] * 3,
            columns=columns,
            info=info,
            labels=labels,
            units=units,
        )


def _vectors(values: Any) -> Array:
    """(n, 3); of no atoms the library makes (3, 0)."""
    return np.array(values, float).reshape(-1, 3)


def _species(found: Any) -> tuple[Array, Array | None]:
    """Elements and names where the file has them (GRO has, the others have not)."""
    names = [atom.type or atom.name for atom in found.atoms]
    if not any(names):
        return np.zeros(len(names), np.int32), None
    labels = sorted(set(names))
    places = {name: k for k, name in enumerate(labels)}
    return numbers_and_labels(np.array([places[name] for name in names], np.int64), labels)
