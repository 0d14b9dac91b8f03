"""Sets of structures with forces of several calculations: `DATA.json` with the POSCARs beside it.

The JSON holds `Forces` (and `Energies`) by the name of the calculation, in lists over structures;
positions lie in a zip archive or a folder of numbered POSCARs. Structure k of the lists is the
POSCAR of the k-th *number*: `10` does not follow `1`.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.files import ARCHIVE_DAMAGES
from mlipviewer.io.trajectories.bytestore import ByteStore, MemoryBytes, decoded, read_whole
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.poscar import open_poscar

Array = NDArray[Any]

LARGEST = 256 << 20
LARGEST_POSCAR = 16 << 20
MOST = 100_000
MOST_EV = 1e300
NO_RARE_EVENT = 5.5
"""What the sets write for the distance of an atom that has no migrating atom within 5.0 A."""
_HEAD = re.compile(rb'"(Forces|Energies)"\s*:\s*\{')
_NUMBERED = re.compile(r"(?i)(?:^|.*/)[^/\d]*(\d{1,9})[^/\d]*$")


def looks_like_force_set(head: bytes) -> bool:
    """Whether JSON begins as one object with forces or energies by the name of a calculation."""
    return head.lstrip()[:1] == b"{" and _HEAD.search(head[:4096]) is not None


def open_force_set(store: ByteStore) -> MemorySource:
    """The structures as frames, with columns `NAME_forces` and values `NAME_energy`.

    Further lists of numbers per atom (`r`, `r_v`) are columns under their names; `r` is NaN where
    there is no migrating atom near. Raises ReadProblem.
    """
    data = _data(store)
    forces = _lists(data, "Forces", store.path)
    energies = _lists(data, "Energies", store.path)
    more = {name: value for name, value in data.items() if isinstance(value, list)}
    if not forces:
        raise ReadProblem("holds no forces", store.path)
    n = len(next(iter(forces.values())))
    if n == 0:
        raise ReadProblem("holds no structures", store.path)
    for name, values in (*forces.items(), *energies.items(), *more.items()):
        if len(values) != n:
            raise ReadProblem(f"{name} has {len(values)} structures, others {n}", store.path)
    places, beside = _structures(store.path, _sizes(forces))
    frames = [
        _frame(k, place, (forces, energies, more), store.path) for k, place in enumerate(places)
    ]
    notes = [*store.notes, Note(f"positions are those of {beside}", Place(store.path))]
    if missing := [name for name in forces if name not in energies]:
        notes.append(Note(f"{', '.join(missing)}: forces without energies", Place(store.path)))
    return MemorySource(store.path, "force-set", frames, notes)


def _data(store: ByteStore) -> dict[str, Any]:
    try:
        found = json.loads(decoded(read_whole(store, LARGEST)))
    except (ValueError, RecursionError) as error:
        raise ReadProblem(f"is no JSON: {error}", store.path) from None
    if not isinstance(found, dict):
        raise ReadProblem("is no object of forces by calculation", store.path)
    return found


def _lists(data: Mapping[str, Any], key: str, path: str) -> dict[str, list[Any]]:
    found = data.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(one, list) for one in found.values()):
        raise ReadProblem(f"{key} are no lists by the name of a calculation", path)
    return {str(name)[:100]: values for name, values in found.items()}


def _sizes(forces: Mapping[str, list[Any]]) -> list[int]:
    first = next(iter(forces.values()))
    return [len(one) if isinstance(one, list) else 0 for one in first]


def _structures(path: str, sizes: list[int]) -> tuple[list[Frame], str]:
    """(frames in the order of their numbers, where they lie): the one archive or folder beside the
    file whose POSCARs have as many atoms as there are forces. Raises ReadProblem."""
    wanted = f"{len(sizes)} numbered POSCARs"
    reasons = [f"no zip archive or folder with {wanted} lies beside it"]
    for place in _candidates(Path(path)):
        try:
            frames = [_poscar(name, text) for name, text in _numbered(place, len(sizes))]
        except ReadProblem as problem:
            reasons.append(f"{place.name}: {problem.reason}")
            continue
        own = [frame.n_atoms for frame in frames]
        if own == sizes:
            return frames, place.name
        k = next(i for i in range(len(sizes)) if own[i] != sizes[i])
        reasons.append(f"{place.name}: structure {k} has {own[k]} atoms, {sizes[k]} forces")
    raise ReadProblem("; ".join(reasons[:4]), path)


def _candidates(path: Path) -> list[Path]:
    """Archives and folders beside the file, those called after structures first."""
    try:
        near = [p for p in path.absolute().parent.iterdir() if not p.name.startswith(".")]
    except OSError as error:
        raise ReadProblem(f"its folder cannot be read: {error.strerror}", path) from None
    found = [p for p in near if p.is_dir() or p.suffix.lower() == ".zip"]
    return sorted(found, key=lambda p: ("structure" not in p.name.lower(), p.name))[:100]


def _numbered(place: Path, n: int) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the n numbered files, by number. Raises ReadProblem."""
    try:
        if place.is_dir():
            files = _in_order([one.name for one in place.iterdir() if one.is_file()], n)
            yield from ((name, _limited(place / name)) for name in files)
            return
        with zipfile.ZipFile(place) as archive:
            infos = {one.filename: one for one in archive.infolist()}
            for name in _in_order(list(infos), n):
                yield name, _member(archive, infos[name])
    except (*ARCHIVE_DAMAGES, OSError) as error:
        raise ReadProblem(f"cannot be unpacked: {error}", place) from None


def _limited(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_POSCAR:
        raise ReadProblem("is too large for a POSCAR", path)
    return path.read_bytes()


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Its content; what it says of its size is not believed."""
    with archive.open(info) as file:
        content = file.read(LARGEST_POSCAR + 1)
    if len(content) > LARGEST_POSCAR:
        raise ReadProblem(f"{info.filename} is too large for a POSCAR")
    return content


def _in_order(names: Sequence[str], n: int) -> list[str]:
    """Names sorted by the one number in each: 0 .. n-1 or 1 .. n. Raises ReadProblem."""
    found: dict[int, str] = {}
    for name in names[: 2 * MOST]:
        match = _NUMBERED.match(name)
        if match is None or name.startswith("__MACOSX"):
            continue
        if int(match[1]) in found:
            raise ReadProblem(f"two files have the number {int(match[1])}")
        found[int(match[1])] = name
    numbers = sorted(found)
    if len(numbers) != n or numbers not in (list(range(n)), list(range(1, n + 1))):
        raise ReadProblem(f"its files are not numbered 0 to {n - 1}")
    return [found[number] for number in numbers]


def _poscar(name: str, content: bytes) -> Frame:
    return open_poscar(MemoryBytes(name, content)).frame(0)


def _frame(k: int, place: Frame, lists: tuple[Mapping[str, list[Any]], ...], path: str) -> Frame:
    """Structure k with what the lists say of it. Raises ReadProblem."""
    forces, energies, more = lists
    columns = {**place.columns}
    for name, values in forces.items():
        columns[f"{name}_forces"] = _numbers(values[k], (place.n_atoms, 3), name, k, path)
    for name, values in more.items():
        if isinstance(values[k], list):
            columns[name] = _numbers(values[k], (place.n_atoms,), name, k, path)
        elif any(isinstance(one, list) for one in values):  # nothing is said of this structure
            columns[name] = np.full(place.n_atoms, np.nan)
    if "r" in columns:
        columns["r"] = np.where(columns["r"] == NO_RARE_EVENT, np.nan, columns["r"])
    info = {f"{name}_energy": _energy(values[k]) for name, values in energies.items()}
    units = {name: "eV/Å" for name in columns if name.endswith("_forces")}
    units |= dict.fromkeys(info, "eV") | {name: "Å" for name in ("r", "r_v") if name in columns}
    return replace(
        place,
        index=k,
        columns=MappingProxyType(columns),
        info=MappingProxyType({**place.info, **info}),
        units=MappingProxyType({**place.units, **units}),
    )


def _numbers(values: Any, shape: tuple[int, ...], name: str, k: int, path: str) -> Array:
    try:
        found = np.array(values, float)
    except (TypeError, ValueError, OverflowError):
        found = np.empty(0)
    if found.shape != shape:
        said = " x ".join(map(str, shape))
        raise ReadProblem(f"{name} of structure {k} are not {said} numbers", path, k + 1)
    return found


def _energy(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and abs(value) < MOST_EV else float("nan")
