"""ASE's .traj files, read frame by frame without ASE: the results of a calculator stay columns."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore, Change, FileBytes
from mlipviewer.io.trajectories.layout import Damaged, counted
from mlipviewer.io.trajectories.ulm import item_offsets, read_item, searched_offsets, value_of

Array = NDArray[Any]

CHECKED_AT_ONCE = 5000
"""So many frames are checked when a file is opened, those behind when they are read."""

_PER_ATOM = {"tags": "tags", "momenta": "momenta", "magmoms": "initial_magmoms"}
_PER_ATOM |= {"charges": "initial_charges", "masses": "masses"}


class AseTraj:
    """The frames of a .traj file. Numbers and pbc of the first hold where a frame has none."""

    format = "ase-traj"

    def __init__(self, store: ByteStore) -> None:
        if store.read(0, 16) == b"PickleTrajectory":
            raise ReadProblem(
                "refused: an old pickle trajectory could run programs; "
                "convert it with `python -m ase.io.trajectory FILE`",
                store.path,
            )
        self.path, self._store = store.path, store
        self._seen = store.identity  # of the file whose table of frames was read
        self._notes = list(store.notes)
        try:
            offsets, declared = item_offsets(store)
        except Damaged as damage:
            raise ReadProblem(damage.reason, store.path) from damage
        if not offsets or any(not 48 <= offset < store.size for offset in offsets):
            offsets = self._recovered(offsets, declared)
        self._first = self._item_or_none(offsets[0]) if offsets else None
        self._offsets = self._checked(offsets)
        if not self._offsets:
            first = self._notes[0] if self._notes else Note("it holds no frames")
            raise ReadProblem(f"no usable frame: {first.text}", store.path, first.place.frame)
        self.notes = counted(self._notes)

    def refresh(self, progress: Any = None, told: Any = None) -> Change:  # noqa: ARG002
        """What became of the file. ASE appends frames and writes its table of frames anew, so the
        first bytes change; the frames that were there must be where they were."""
        store = self._store
        change = store.refresh(16, tail=False) if isinstance(store, FileBytes) else Change.SAME
        if change is Change.REPLACED or store.identity == self._seen:
            return change
        try:
            seen, fresh = store.identity, AseTraj(store)
        except ReadProblem:
            return Change.SAME  # it is just being written: the table of frames comes last
        self._seen = seen
        if fresh._offsets[: len(self._offsets)] != self._offsets:
            return Change.SAME if len(fresh._offsets) < len(self._offsets) else Change.REPLACED
        grown = len(fresh._offsets) > len(self._offsets)
        self._offsets, self.notes = fresh._offsets, fresh.notes
        return Change.GROWN if grown else Change.SAME

    def is_there(self) -> bool:
        """Whether the file at its path is the one that is read."""
        known = self._store.identity
        return known is not None and known.is_at(self.path)

    @property
    def n_frames(self) -> int:
        return len(self._offsets)

    def _note(self, text: str, number: int | None) -> None:
        self._notes.append(Note(text, Place(self.path, number), loss=True))

    def _recovered(self, offsets: list[int], declared: int) -> list[int]:
        found = list(searched_offsets(self._store))
        if offsets:
            bad = next(k for k, at in enumerate(offsets) if not 48 <= at < self._store.size)
            self._note(f"the table of frames is damaged; {len(found)} frames were found", bad + 1)
        else:
            self._note(f"{declared} frames are declared, {len(found)} were found", len(found) + 1)
        return found

    def _item_or_none(self, offset: int) -> dict[str, Any] | None:
        try:
            return read_item(self._store, offset)
        except Damaged:
            return None

    def _checked(self, offsets: list[int]) -> list[int]:
        good = []
        for number, offset in enumerate(offsets, 1):
            try:
                if number <= CHECKED_AT_ONCE or number == len(offsets):
                    self._check(read_item(self._store, offset))
                good.append(offset)
            except Damaged as damage:
                self._note(f"{damage.reason}; this frame is left out", number)
        return good

    def _check(self, item: dict[str, Any]) -> None:
        for part in (item, item.get("calculator.") or {}):
            for key, value in part.items():
                if key.endswith(".") and isinstance(value, dict) and "ndarray" in value:
                    value_of(self._store, part, key[:-1], load=False)
        for key in item.get("info") or {}:
            value_of(self._store, item["info"], key)
        if "positions." not in item and "positions" not in item:
            raise Damaged("this frame has no positions")

    def info(self, index: int) -> Mapping[str, Any]:
        """The values of frame `index`, its arrays left alone. Raises IndexError, ReadProblem."""
        item = self._item(index)
        try:
            return MappingProxyType(self._info(item))
        except Damaged as damage:
            raise ReadProblem(damage.reason, self.path, index + 1) from damage

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem."""
        item = self._item(index)
        try:
            return self._frame(item, index)
        except (Damaged, ValueError, TypeError) as damage:
            raise ReadProblem(str(damage), self.path, index + 1) from damage

    def _item(self, index: int) -> dict[str, Any]:
        if not 0 <= index < len(self._offsets):
            raise IndexError(f"frame {index} of {len(self._offsets)}")
        try:
            return read_item(self._store, self._offsets[index])
        except Damaged as damage:
            raise ReadProblem(damage.reason, self.path, index + 1) from damage

    def _frame(self, item: dict[str, Any], index: int) -> Frame:
        positions = np.asarray(value_of(self._store, item, "positions"), float)
        numbers = np.asarray(self._shared(item, "numbers"), np.int32)
        if positions.shape != (len(numbers), 3):
            raise Damaged(f"{len(positions)} positions, but {len(numbers)} atomic numbers")
        cell = np.asarray(value_of(self._store, item, "cell"), float)
        cell = np.diag(cell) if cell.shape == (3,) else cell
        if cell.shape != (3, 3) or not np.isfinite(cell).all():
            raise Damaged("the cell is not nine finite numbers")
        pbc = np.broadcast_to(np.asarray(self._shared(item, "pbc"), bool), 3).tolist()
        finite = bool(np.isfinite(positions).all())
        bad = Note("a position is not a finite number", Place(self.path, index + 1), loss=True)
        return Frame(
            index=index,
            positions=positions,
            numbers=numbers,
            cell=cell.copy() if cell.any() else None,
            pbc=(pbc[0], pbc[1], pbc[2]),
            columns=MappingProxyType(self._columns(item, len(numbers))),
            info=MappingProxyType(self._info(item)),
            complete=finite,
            notes=() if finite else (bad,),
        )

    def _shared(self, item: dict[str, Any], name: str) -> Any:
        value = value_of(self._store, item, name)
        if value is None and self._first is not None:
            value = value_of(self._store, self._first, name)
        if value is None:
            raise Damaged(f"this frame has no {name}")
        return value

    def _columns(self, item: dict[str, Any], n_atoms: int) -> dict[str, Array]:
        columns = {}
        for name, shown in _PER_ATOM.items():
            value = value_of(self._store, item, name)
            if value is not None and np.shape(value)[:1] == (n_atoms,):
                columns[shown] = np.asarray(value)
        for name, value in self._results(item).items():
            if np.shape(value)[:1] == (n_atoms,) and name != "stress":
                columns[name] = np.array(value)
        return columns

    def _results(self, item: dict[str, Any]) -> dict[str, Any]:
        part = item.get("calculator.") or {}
        names = [key.removesuffix(".") for key in part]
        skipped = ("name", "parameters")
        return {n: value_of(self._store, part, n) for n in names if n not in skipped}

    def _info(self, item: dict[str, Any]) -> dict[str, Any]:
        """Energy, stress and the like of the calculator, then what the user wrote into `info`."""
        values: dict[str, Any] = {}
        part = item.get("calculator.") or {}
        for name in ("energy", "free_energy", "stress", "dipole", "magmom"):
            value = value_of(self._store, part, name)
            if value is not None:
                values[name] = np.array(value) if isinstance(value, list) else value
        for key in item.get("info") or {}:
            values[key] = value_of(self._store, item["info"], key)
        return values
