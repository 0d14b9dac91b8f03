"""H5MD, and the HDF5 files of TorchSim, through h5py."""

from __future__ import annotations

import math
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.hdf5_heaps import check_heaps
from mlipviewer.io.trajectories.indexed.part import Part, known_numbers
from mlipviewer.io.trajectories.indexed.units import length_factor, time_factor, unit_text

Array = NDArray[Any]

_NAMES = {"velocity": "velocities", "force": "forces", "mass": "masses", "charge": "charges"}
_OWN = ("position", "box", "species", "step", "time")


def open_hdf5(path: str) -> H5md | TorchSim:
    """The frames of an HDF5 file, by what it holds. Raises ReadProblem."""
    check_heaps(path)
    file = h5py.File(path, "r")
    if file.visititems_links(_leads_out):
        raise ReadProblem("names parts of other files, which are not opened")
    if "particles" in file:
        return H5md(file)
    if "data" in file and "positions" in file["data"]:
        return TorchSim(file)
    raise ReadProblem("not supported: HDF5 that is neither H5MD nor a TorchSim trajectory")


def _leads_out(_name: str, link: Any) -> bool | None:
    return isinstance(link, h5py.ExternalLink) or None


def _unit(data: Any) -> str:
    return unit_text(data.attrs.get("unit", ""))


class _Element:
    """A time-dependent (`value`, `step`, `time`) or a fixed element of H5MD."""

    def __init__(self, place: Any) -> None:
        self.moving = isinstance(place, h5py.Group)
        self._place = place
        self.value = place["value"] if self.moving else place
        self.unit = _unit(self.value)
        self._steps: Array | None = None

    def of(self, part: str, index: int) -> float | None:
        """`step` or `time` at an index: stored for each, or as a fixed increment."""
        if not self.moving or part not in self._place:
            return None
        data = self._place[part]
        if data.shape:
            return float(data[index]) if index < len(data) else None
        return float(data.attrs.get("offset", 0)) + index * float(data[()])

    def time_unit(self) -> str:
        return _unit(self._place["time"]) if self.moving and "time" in self._place else ""

    def at(self, index: int, step: float | None) -> Array | None:
        """The value at a frame: by its own steps where it was written more rarely."""
        if not self.moving:
            return np.asarray(self.value[()])
        same = index < len(self.value) and self.of("step", index) == step
        if not same and "step" in self._place and self._place["step"].shape:
            if self._steps is None:
                self._steps = np.asarray(self._place["step"][()], float)
            found = np.flatnonzero(self._steps == step)
            return np.asarray(self.value[int(found[0])]) if len(found) else None
        return np.asarray(self.value[index]) if index < len(self.value) else None


class H5md:
    """The first group of particles that has positions."""

    losses: tuple[str, ...] = ()

    def __init__(self, file: Any) -> None:
        groups = [name for name, group in file["particles"].items() if "position" in group]
        if not groups:
            raise ReadProblem("not supported: H5MD without positions")
        group = file["particles"][groups[0]]
        self._position = _Element(group["position"])
        self._elements = {name: _Element(one) for name, one in group.items() if _is_data(one)}
        self._box = group.get("box")
        self._edges = None
        if self._box is not None and "edges" in self._box:
            self._edges = _Element(self._box["edges"])
        self._observables = dict(_observables(file.get("observables"), groups[0]))
        self.n_frames = _n_stored(self._position.value) if self._position.moving else 1
        self._notes = [f"other groups are left out: {', '.join(groups[1:5])}"] if groups[1:] else []
        self._length = self._factor("position", self._position)
        self.notes = tuple(self._notes)

    def _factor(self, name: str, element: _Element) -> float:
        factor = length_factor(element.unit)
        if factor is None:
            said = f"in {element.unit!a}" if element.unit else "without a unit"
            self._notes.append(f"{name} is {said}: taken as A")
        return factor or 1.0

    def frame(self, index: int) -> Part:
        step = self._position.of("step", index)
        positions = self._position.at(index, step)
        if positions is None or positions.ndim != 2 or positions.shape[1] != 3:
            raise ReadProblem("the positions are not three numbers for each atom")
        cell = self._cell(index, step)
        columns, units = self._columns(index, step, len(positions))
        return Part(
            positions=positions.astype(float) * self._length,
            numbers=self._numbers(index, step, len(positions)),
            cell=cell,
            pbc=self._pbc(cell),
            columns=columns,
            info=self._info(index, step),
            units=units,
        )

    def _cell(self, index: int, step: float | None) -> Array | None:
        edges = None if self._edges is None else self._edges.at(index, step)
        if edges is None:
            return None
        cell = np.diag(edges) if edges.shape == (3,) else edges
        if cell.shape != (3, 3) or np.linalg.matrix_rank(cell) < 3:
            return None
        return cell.astype(float) * self._length

    def _pbc(self, cell: Array | None) -> list[bool]:
        said = self._box.attrs.get("boundary") if self._box is not None else None
        if cell is None or said is None or len(said) != 3:
            return [cell is not None] * 3
        return [_word(word) == "periodic" for word in said]

    def _numbers(self, index: int, step: float | None, n: int) -> Array:
        element = self._elements.get("species")
        values = None if element is None else element.at(index, step)
        if values is None or values.dtype.kind not in "iuf" or values.shape != (n,):
            return np.zeros(n, np.int32)
        return known_numbers(np.nan_to_num(values))

    def _columns(
        self, index: int, step: float | None, n: int
    ) -> tuple[dict[str, Array], dict[str, str]]:
        columns, units = {}, {}
        for name, element in self._elements.items():
            values = None if name in _OWN else element.at(index, step)
            if values is not None and values.shape[:1] == (n,) and values.dtype.kind in "iufb":
                shown = _NAMES.get(name, name)
                columns[shown] = values.reshape(n, -1) if values.ndim > 2 else values
                units[shown] = element.unit
        return columns, {name: unit for name, unit in units.items() if unit}

    def _info(self, index: int, step: float | None) -> dict[str, Any]:
        info: dict[str, Any] = {}
        for name, element in self._observables.items():
            value = element.at(index, step)
            if value is not None and value.size == 1 and value.dtype.kind in "iuf":
                info[name] = float(value.reshape(-1)[0])
        if step is not None:
            info["Timestep"] = int(step)
        time = self._position.of("time", index)
        factor = time_factor(self._position.time_unit())
        if time is not None:
            info["Time"] = time * (factor or 1.0)
            if factor is not None:
                info["Time_unit"] = "ps"
        return info


def _n_stored(positions: Any) -> int:
    """The frames of which something can be stored: HDF5 declares any number without keeping it.
    Raises ReadProblem where the positions lie in other files, or nowhere."""
    if positions.is_virtual or positions.external:
        raise ReadProblem("its positions lie in other files, which are not opened")
    n, stored = len(positions), int(positions.id.get_storage_size())
    if n and not stored:
        raise ReadProblem(f"declares {n} frames, but none is stored")
    if positions.chunks is None:
        return n
    sides = zip(positions.shape[1:], positions.chunks[1:], strict=True)
    per_frame = math.prod(-(-side // chunk) for side, chunk in sides)
    held = -(-positions.id.get_num_chunks() // max(per_frame, 1)) * positions.chunks[0]
    if held < n:
        raise ReadProblem(f"declares {n} frames, of which at most {held} are stored")
    return n


def _word(word: Any) -> str:
    return word.decode() if isinstance(word, bytes) else str(word)


def _is_data(place: Any) -> bool:
    return "value" in place if isinstance(place, h5py.Group) else isinstance(place, h5py.Dataset)


def _observables(place: Any, group: str) -> Any:
    """(name, element) of the scalars of the whole system and of this group of particles."""
    for where in (place, place.get(group) if place is not None else None):
        for name, one in where.items() if isinstance(where, h5py.Group) else ():
            if isinstance(one, h5py.Group) and "value" in one:
                yield name, _Element(one)


class TorchSim:
    """What TorchSim writes: arrays under `data`, their steps under `steps`."""

    notes = ("TorchSim states no units: taken as A, eV, fs",)
    losses: tuple[str, ...] = ()

    def __init__(self, file: Any) -> None:
        self._data, self._steps = file["data"], file.get("steps")
        self.n_frames = _n_stored(self._data["positions"])

    def _at(self, name: str, index: int) -> Array | None:
        if name not in self._data:
            return None
        data = self._data[name]
        return np.asarray(data[index if len(data) > 1 else 0]) if len(data) else None

    def frame(self, index: int) -> Part:
        positions = np.asarray(self._data["positions"][index], float)
        n = len(positions)
        numbers, cell, pbc = (self._at(name, index) for name in ("atomic_numbers", "cell", "pbc"))
        good = cell is not None and cell.shape == (3, 3) and np.linalg.matrix_rank(cell) == 3
        columns = {}
        for name in self._data:
            values = None if name in ("positions", "atomic_numbers") else self._at(name, index)
            if values is not None and values.shape[:1] == (n,) and values.dtype.kind in "iufb":
                columns[name] = values
        return Part(
            positions=positions,
            numbers=np.zeros(n, np.int32) if numbers is None else known_numbers(numbers),
            # TorchSim keeps lattice vectors as columns
            cell=np.asarray(cell, float).T.copy() if good and cell is not None else None,
            pbc=np.broadcast_to(np.asarray(False if pbc is None else pbc, bool), 3).tolist(),
            columns=columns,
            info=self._info(index),
        )

    def _info(self, index: int) -> dict[str, Any]:
        info: dict[str, Any] = {}
        if self._steps is not None and "positions" in self._steps:
            info["Timestep"] = int(self._steps["positions"][index])
        for name in ("potential_energy", "kinetic_energy", "temperature"):
            value = self._at(name, index)
            if value is not None and value.size == 1:
                info[name] = float(value.reshape(-1)[0])
        return info
