"""Structures as pymatgen writes them to JSON: alone, in a list, or within records that carry
energies and forces beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore, decoded, read_whole
from mlipviewer.io.trajectories.chemiscope import looks_like_chemiscope
from mlipviewer.io.trajectories.compressed import open_bytes
from mlipviewer.io.trajectories.force_sets import looks_like_force_set
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.species import numbers_and_labels

Array = NDArray[Any]

LARGEST = 256 << 20
_STRUCTURE = re.compile(rb'"@class": ?"Structure"')
_UNITS = {"energy": "eV", "forces": "eV/Å"}


def looks_like_structures(head: bytes) -> bool:
    """Whether JSON begins with a structure, or with a record that holds one."""
    begins = head.lstrip()[:1] in (b"{", b"[")
    return begins and _STRUCTURE.search(head[:8192]) is not None and b'"sites"' in head


def holds_structures(path: Path) -> bool:
    """Whether a file, which may be compressed, holds structures or forces of them, not a table;
    False where it cannot be opened."""
    try:
        head = open_bytes(path).read(0, 1 << 16)
        looks = (looks_like_structures, looks_like_force_set, looks_like_chemiscope)
        return any(like(head) for like in looks)
    except ReadProblem:
        return False


def open_structures(store: ByteStore) -> MemorySource:
    """The structures of a file as frames. Raises ReadProblem."""
    try:
        found = json.loads(decoded(read_whole(store, LARGEST)))
    except (ValueError, RecursionError) as error:
        raise ReadProblem(f"is no JSON: {error}", store.path) from None
    records = found if isinstance(found, list) else [found]
    frames: list[Frame] = []
    notes = [*store.notes]
    for number, record in enumerate(records, 1):
        try:
            frames.append(_frame(len(frames), record))
        except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
            text = f"is no structure ({type(error).__name__}: {error}); left out"[:200]
            notes.append(Note(text, Place(store.path, number), loss=True))
    if not frames:
        raise ReadProblem("no usable structure", store.path)
    return MemorySource(store.path, "pymatgen-json", frames, notes)


def _frame(index: int, record: Mapping[str, Any]) -> Frame:
    """Raises KeyError, TypeError, ValueError where the record holds no structure."""
    if not isinstance(record, Mapping):
        raise TypeError("not a mapping")
    inside = record.get("structure", record)
    structure = json.loads(inside) if isinstance(inside, str) else inside
    sites = structure["sites"]
    cell = np.array(structure["lattice"]["matrix"], float)
    positions = np.array([site["xyz"] for site in sites], float).reshape(-1, 3)
    if cell.shape != (3, 3) or not (np.isfinite(cell).all() and np.isfinite(positions).all()):
        raise ValueError("the cell or a position is not finite")
    pbc = structure["lattice"].get("pbc", (True, True, True))
    labels = [_element(site) for site in sites]
    kinds = sorted(set(labels))
    numbers, species = numbers_and_labels(
        np.array([kinds.index(label) for label in labels], np.int64), kinds
    )
    columns, info = _values(record, structure, len(sites))
    partly = any(len(site["species"]) > 1 or site["species"][0]["occu"] < 1 for site in sites)
    if partly:
        columns["occupants"] = np.array([_occupants(site) for site in sites])
    notes = (Note("some sites are partly occupied: shown as one atom each"),) if partly else ()
    return Frame(
        index=index,
        positions=positions,
        numbers=numbers,
        cell=cell,
        pbc=(bool(pbc[0]), bool(pbc[1]), bool(pbc[2])),
        columns=MappingProxyType(columns),
        info=MappingProxyType(info),
        species=species,
        notes=notes,
        units=MappingProxyType({k: v for k, v in _UNITS.items() if k in columns or k in info}),
    )


def _occupants(site: Mapping[str, Any]) -> str:
    """All species of a site with their shares: `Na 0.5, La 0.5`."""
    return ", ".join(f"{one.get('element', '')} {one['occu']:g}" for one in site["species"])


def _element(site: Mapping[str, Any]) -> str:
    """The most frequent species of a site, without its charge."""
    most = max(site["species"], key=lambda one: float(one["occu"]))
    return str(most["element"])[:40]


def _values(
    record: Mapping[str, Any], structure: Mapping[str, Any], n: int
) -> tuple[dict[str, Array], dict[str, Any]]:
    """Columns of the sites and of the record, and the record's plain values."""
    columns: dict[str, Array] = {}
    info: dict[str, Any] = {}
    properties = [site.get("properties") or {} for site in structure["sites"]]
    for name in properties[0] if properties else ():
        _add(name, [part.get(name) for part in properties], n, columns, info)
    for part in (record, record.get("outputs") or record.get("output") or {}):
        for name, value in part.items() if part is not structure else ():
            _add(name, value, n, columns, info)
    return columns, info


def _add(name: str, value: Any, n: int, columns: dict[str, Array], info: dict[str, Any]) -> None:
    if isinstance(value, bool | int | float | str):
        info[name] = value[:200] if isinstance(value, str) else value
    elif isinstance(value, list) and value:
        try:
            values = np.array(value, float)
        except (TypeError, ValueError):
            return
        if values.shape[:1] == (n,) and values.ndim <= 2:
            columns[name] = values
        elif values.size <= 9:
            info[name] = values
