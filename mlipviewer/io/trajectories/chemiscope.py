"""Inputs of chemiscope: structures with properties of structures and of atoms, as JSON.

https://chemiscope.org/docs: `structures` become frames, properties of structures values of the
frames, properties of atoms columns; those of some environments alone are missing elsewhere.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore, decoded, read_whole
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.species import SYMBOLS, numbers_and_labels

Array = NDArray[Any]

LARGEST = 256 << 20
MOST_ATOMS = 2_000_000  # of all frames, in a file to be looked at in a browser
CUTOFF = 3.5  # A: of the environments that are written; chemiscope asks for one
COMPONENT = "component"
WRONG = (
    ValueError,
    RecursionError,
    KeyError,
    TypeError,
    IndexError,
    OverflowError,
    AttributeError,
)
_STRUCTURE = re.compile(rb'"structures"\s*:\s*\[\s*\{')
_FIELD = re.compile(rb'"(size|names|elements)"\s*:')


def looks_like_chemiscope(head: bytes) -> bool:
    """Whether JSON begins as one of its inputs."""
    begins = head.lstrip()[:1] == b"{"
    return begins and _STRUCTURE.search(head) is not None and _FIELD.search(head) is not None


def open_chemiscope(store: ByteStore) -> MemorySource:
    """The structures of a file as frames. Raises ReadProblem."""
    try:
        found = json.loads(decoded(read_whole(store, LARGEST)))
        structures = [_structure(one) for one in found["structures"]]
        frames, notes = _frames(structures, found)
    except WRONG as error:
        reason = " ".join(str(error).split())[:200]
        raise ReadProblem(f"is no input of chemiscope: {reason}", store.path) from None
    if not frames:
        raise ReadProblem("holds no structure", store.path)
    return MemorySource(store.path, "chemiscope", frames, [*store.notes, *notes])


def _structure(one: Mapping[str, Any]) -> dict[str, Any]:
    """What a frame is made of. Raises ValueError, KeyError."""
    if "data" in one and "x" not in one:
        raise ValueError("its structures lie in files of their own; put them into one file")
    names = [str(name)[:40] for name in one.get("names", one.get("elements", ()))]
    positions = np.array([one["x"], one["y"], one["z"]], float).T.reshape(-1, 3)
    if not len(names) == len(positions) == int(one.get("size", len(names))):
        raise ValueError("the numbers of names and of positions differ")
    cell = np.array(one["cell"], float).reshape(3, 3) if one.get("cell") else None
    if not np.isfinite(positions).all() or (cell is not None and not np.isfinite(cell).all()):
        raise ValueError("a position or a cell is not finite")
    kinds = sorted(set(names))
    codes = np.array([kinds.index(name) for name in names], np.int64)
    numbers, species = numbers_and_labels(codes, kinds)
    given = one.get("pbc", (cell is not None,) * 3)
    pairs = [pair[:2] for pair in one.get("bonds") or ()]
    return {
        "positions": positions,
        "numbers": numbers,
        "species": species,
        "cell": cell,
        "pbc": (bool(given[0]), bool(given[1]), bool(given[2])),
        "bonds": np.array(pairs, np.int32).reshape(-1, 2) if pairs else None,
    }


def _frames(
    structures: Sequence[dict[str, Any]], found: Mapping[str, Any]
) -> tuple[list[Frame], list[Note]]:
    sizes = [len(one["positions"]) for one in structures]
    places = _places(found.get("environments"), sizes)
    infos: list[dict[str, Any]] = [{} for _ in sizes]
    columns: list[dict[str, Array]] = [{} for _ in sizes]
    units: dict[str, str] = {}
    notes: list[Note] = []
    for name, about in found.get("properties", {}).items():
        plain = about if isinstance(about, Mapping) else {"target": "structure", "values": about}
        reason = _add(str(name)[:200], plain, sizes, places, infos, columns)
        if reason:
            notes.append(Note(f"property {name!r} is left out: {reason}"[:300], loss=True))
        elif plain.get("units"):
            units[str(name)[:200]] = str(plain["units"])[:60]
    frames = [
        Frame(
            k,
            ids=_ids(columns[k]),
            columns=MappingProxyType(columns[k]),
            info=MappingProxyType(infos[k]),
            units=MappingProxyType(units),
            **structure,
        )
        for k, structure in enumerate(structures)
    ]
    return frames, notes


def _ids(columns: dict[str, Array]) -> Array | None:
    """The ids of the atoms where a property is called so and tells them apart."""
    given = columns.get("id")
    if given is None or given.ndim != 1 or given.dtype.kind != "f":
        return None
    whole = np.isfinite(given).all() and (given == np.round(given)).all()
    if not whole or len(np.unique(given)) != len(given) or (np.abs(given) > 2**31 - 1).any():
        return None
    return columns.pop("id").astype(np.int64)


def _places(environments: Any, sizes: Sequence[int]) -> tuple[Array, Array]:
    """(structure, atom) of each value of a property of atoms. Raises ValueError."""
    if not environments:
        which = np.repeat(np.arange(len(sizes)), sizes)
        return which, np.concatenate([np.arange(n) for n in sizes] or [np.zeros(0, int)])
    pairs = [(int(one["structure"]), int(one["center"])) for one in environments]
    which, atoms = np.array(pairs).T
    if which.min() < 0 or which.max() >= len(sizes):
        raise ValueError("an environment is of a structure that is not there")
    if (atoms < 0).any() or (atoms >= np.array(sizes)[which]).any():
        raise ValueError("an environment is of an atom that is not there")
    return which, atoms


def _add(
    name: str,
    about: Mapping[str, Any],
    sizes: Sequence[int],
    places: tuple[Array, Array],
    infos: list[dict[str, Any]],
    columns: list[dict[str, Array]],
) -> str:
    """Give a property to the frames; why not, '' where it was."""
    target, values = about.get("target"), about.get("values")
    wanted = {"structure": len(sizes), "atom": len(places[0])}.get(str(target))
    if wanted is None or not isinstance(values, list):
        return "it has no target or no values"
    if len(values) != wanted:
        return f"{len(values)} values for {wanted}"
    texts = all(isinstance(value, str) for value in values)
    try:
        numbers = np.array(values) if texts else np.array(values, float)
    except (ValueError, TypeError):
        return "its values are neither numbers nor texts"
    if numbers.ndim > 2:
        return "its values have too many dimensions"
    if target == "structure":
        for info, value in zip(infos, numbers, strict=True):
            info[name] = np.array(value) if numbers.ndim == 2 else value.item()
        return ""
    which, atoms = places
    for k, n in enumerate(sizes):
        mine = which == k
        whole = np.full((n, *numbers.shape[1:]), "" if texts else np.nan, numbers.dtype)
        whole[atoms[mine]] = numbers[mine]
        columns[k][name] = whole
    return ""


# -- writing ---------------------------------------------------------------------------------


def as_chemiscope(frames: Iterable[Frame], name: str, packed: bool = True) -> bytes:
    """Frames with their values and columns as an input of chemiscope, compressed where `packed`.

    Only what every frame has can be written, and numbers that are finite. Raises ValueError for
    more than MOST_ATOMS."""
    many = []
    n_atoms = 0
    for frame in frames:
        n_atoms += frame.n_atoms
        if n_atoms > MOST_ATOMS:
            raise ValueError(f"more than {MOST_ATOMS:,} atoms are too many for chemiscope")
        many.append(frame)
    properties, sizes = _properties(many)
    found: dict[str, Any] = {
        "meta": {"name": name},
        "structures": [_plain(frame) for frame in many],
        "properties": properties,
    }
    if any(one["target"] == "atom" for one in properties.values()):
        found["environments"] = [
            {"structure": k, "center": i, "cutoff": CUTOFF}
            for k, frame in enumerate(many)
            for i in range(frame.n_atoms)
        ]
    if sizes:
        found["parameters"] = {
            f"{COMPONENT}{n}": {"values": list(range(n)), "name": COMPONENT} for n in sorted(sizes)
        }
    text = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return gzip.compress(text, mtime=0) if packed else text


def _plain(frame: Frame) -> dict[str, Any]:
    x, y, z = frame.positions.astype(float).T.tolist()
    labels = np.array(SYMBOLS)[frame.numbers] if frame.species is None else frame.species
    found: dict[str, Any] = {"size": frame.n_atoms, "names": [str(one) for one in labels]}
    found |= {"x": x, "y": y, "z": z}
    if frame.cell is not None:
        found["cell"] = frame.cell.astype(float).ravel().tolist()
        found["pbc"] = [bool(one) for one in frame.pbc]
    if frame.bonds is not None:
        found["bonds"] = [[int(a), int(b), 1] for a, b in frame.bonds]
    return found


def _properties(frames: Sequence[Frame]) -> tuple[dict[str, Any], set[int]]:
    """The properties, and the widths of those with several components."""
    found: dict[str, Any] = {}
    sizes: set[int] = set()
    first = frames[0] if frames else None
    if first is None:
        return found, sizes
    for name in (key for key in first.info if all(key in frame.info for frame in frames)):
        _offer(found, sizes, name, "structure", [frame.info[name] for frame in frames], first)
    for name in (key for key in first.columns if all(key in f.columns for f in frames)):
        shapes = {frame.columns[name].shape[1:] for frame in frames}
        if len(shapes) == 1:
            whole = np.concatenate([frame.columns[name] for frame in frames])
            _offer(found, sizes, name, "atom", whole, first)
    if all(frame.ids is not None for frame in frames):
        ids = np.concatenate([frame.atom_ids for frame in frames])
        _offer(found, sizes, "id", "atom", ids, first)
    return found, sizes


def _offer(
    found: dict[str, Any], sizes: set[int], name: str, target: str, values: Any, first: Frame
) -> None:
    """Add a property, if its values are all texts or all finite numbers of one shape."""
    try:
        array = np.asarray(values)
    except ValueError:
        return
    number = array.dtype.kind in "iufb" and array.ndim <= 2 and bool(np.isfinite(array).all())
    if not number and not (array.dtype.kind == "U" and array.ndim == 1):
        return
    free = name if name not in found else f"{name} ({target})"
    about: dict[str, Any] = {"target": target}
    about["values"] = (array.astype(float) if array.dtype.kind == "b" else array).tolist()
    if name in first.units:
        about["units"] = first.units[name]
    if array.ndim == 2:
        sizes.add(array.shape[1])
        about["parameters"] = [f"{COMPONENT}{array.shape[1]}"]
    found[free] = about
