"""NetCDF of AMBER and of LAMMPS' `dump netcdf`, through scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import netcdf_file

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.part import Part, cell_of_lengths, known_numbers
from mlipviewer.io.trajectories.indexed.units import length_factor, time_factor, unit_text

Array = NDArray[Any]

_ELEMENTS = ("atomic_numbers", "atomic_number", "Z")
_NAMES = {"atom_types": "type", "identifier": "id"}
_OWN = {"coordinates", "time", "cell_lengths", "cell_angles", "cell_origin", *_ELEMENTS}


class NetcdfReader:
    """The frames of a file that follows AMBER's convention, with every per-atom variable."""

    losses: tuple[str, ...] = ()

    def __init__(self, path: str) -> None:
        self._file = netcdf_file(path, "r", mmap=True, maskandscale=False)
        self._variables = self._file.variables
        if "coordinates" not in self._variables:
            raise ReadProblem("not supported: NetCDF without `coordinates` (AMBER convention)")
        shape = self._variables["coordinates"].shape
        if len(shape) == 2:
            raise ReadProblem("not supported: an AMBER restart file, which is one frame")
        self.n_frames, self._n_atoms = int(shape[0]), int(shape[1])
        self._notes: list[str] = []
        self._length = self._factor("coordinates")
        self.notes = tuple(self._notes)

    def _factor(self, name: str) -> float:
        unit = getattr(self._variables[name], "units", None)
        factor = length_factor(unit)
        if factor is None:
            said = f"in {unit_text(unit)!a}" if unit else "without a unit"
            self._notes.append(f"{name} are {said}: taken as A")
        return factor or 1.0

    def _values(self, name: str, index: int) -> Array:
        """The values at a frame, times the scale factor of the convention; as float or int64."""
        variable = self._variables[name]
        per_frame = variable.dimensions[:1] == ("frame",)
        values = np.array(variable[index] if per_frame else variable[:])
        values = values.astype(values.dtype.newbyteorder("="))
        scale = float(getattr(variable, "scale_factor", 1.0))
        if values.dtype.kind == "f" or scale != 1.0:
            return values.astype(float) * scale
        return values.astype(np.int64) if values.dtype.kind in "iu" else values

    def frame(self, index: int) -> Part:
        cell = self._cell(index)
        origin = [0.0] * 3
        if "cell_origin" in self._variables:
            origin = (self._values("cell_origin", index) * self._length).tolist()
        names = [name for name in _ELEMENTS if name in self._variables]
        numbers = np.zeros(self._n_atoms, np.int32)
        if names:
            numbers = known_numbers(self._values(names[0], index))
        columns, units = self._columns(index)
        return Part(
            positions=self._values("coordinates", index) * self._length,
            numbers=numbers,
            cell=cell,
            pbc=[cell is not None] * 3,
            origin=origin,
            columns=columns,
            info=self._info(index),
            units=units,
        )

    def _cell(self, index: int) -> Array | None:
        if "cell_lengths" not in self._variables or "cell_angles" not in self._variables:
            return None
        lengths = self._values("cell_lengths", index) * self._length
        return cell_of_lengths(lengths, self._values("cell_angles", index))

    def _columns(self, index: int) -> tuple[dict[str, Array], dict[str, str]]:
        columns: dict[str, Array] = {}
        units: dict[str, str] = {}
        for name, variable in self._variables.items():
            dimensions = tuple(d for d in variable.dimensions if d != "frame")
            if name in _OWN or dimensions[:1] != ("atom",) or variable.typecode() == "c":
                continue
            shown = _NAMES.get(name, name)
            values = self._values(name, index)
            columns[shown] = values.reshape(self._n_atoms, -1) if values.ndim > 2 else values
            units[shown] = unit_text(getattr(variable, "units", ""))
        return columns, {name: unit for name, unit in units.items() if unit}

    def _info(self, index: int) -> dict[str, Any]:
        info: dict[str, Any] = {}
        for name, variable in self._variables.items():
            if variable.dimensions == ("frame",) and name != "time":
                info[name] = self._values(name, index).item()
        if "time" in self._variables:
            factor = time_factor(getattr(self._variables["time"], "units", None))
            info["Time"] = self._values("time", index).item() * (factor or 1.0)
            if factor is not None:
                info["Time_unit"] = "ps"
        return info
