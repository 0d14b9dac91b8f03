"""The process in which libraries read files: `python -P -m mlipviewer.io.trajectories.ase_worker`.

Requests come as lines of JSON on stdin. Each answer on stdout is a length (8 bytes), that much
JSON, and the bytes of the arrays that the JSON describes. ASE is imported here and nowhere else,
always with an explicit format and an open handle: its recognition of formats runs programs, and
never ends on some files. The process limits its own memory before it reads anything.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import struct
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.children import end_with_parent
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.bytestore import decoded, read_whole
from mlipviewer.io.trajectories.compressed import open_bytes
from mlipviewer.io.trajectories.indexed import READERS, Reader
from mlipviewer.io.trajectories.indexed.part import Part

Array = NDArray[Any]

LARGEST = 512 << 20
KEPT_OPEN = 4
Stamp = tuple[int, ...]
"""A file: device, node, size and time."""
_open: dict[tuple[str, str, Stamp], Reader] = {}
_PER_ATOM = ("forces", "stresses", "charges", "magmoms", "energies")
_PER_FRAME = ("energy", "free_energy", "stress", "dipole", "magmom")


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the requests end."""
    for line in requests:
        request = json.loads(line)
        _limit_memory(request["memory"])
        arrays: list[Array] = []
        try:
            reply = _answered(request, arrays)
        except ReadProblem as problem:
            reply = {"error": problem.reason}
        except MemoryError:
            reply = {"error": f"stopped at {request['memory'] >> 20} MB of memory"}
        except Exception as error:  # noqa: BLE001 (ASE raises anything at all on damaged files)
            reply = {"error": _in_words(error)}
        _answer(answers, reply, arrays)


_SLIPS = (UnboundLocalError, AssertionError, AttributeError, KeyError, IndexError, TypeError)


def _in_words(error: Exception) -> str:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    slip = isinstance(error, _SLIPS)
    return (f"it is not as its reader expects ({said})" if slip else said)[:300]


def _answered(request: dict[str, Any], arrays: list[Array]) -> dict[str, Any]:
    if "frame" in request:
        return _indexed(request, arrays)
    return _read(request["path"], request["format"], arrays)


def _indexed(request: dict[str, Any], arrays: list[Array]) -> dict[str, Any]:
    """One frame of a file that stays open; frame -1 asks how many there are."""
    reader = _opened(request["path"], request["format"], tuple(request["file"]))
    if request["frame"] < 0:
        said = {"notes": list(reader.notes), "losses": list(reader.losses)}
        return {"n_frames": reader.n_frames, **said}
    part = reader.frame(request["frame"])
    if why := part.misfit():
        raise ReadProblem(why, request["path"], request["frame"] + 1)
    return {"frames": [_described(part, arrays)]}


def _opened(path: str, format: str, file: Stamp) -> Reader:
    """That of the very file that was opened: another one may have its name by now."""
    key = (path, format, file)
    if key not in _open:
        about = os.stat(path)  # noqa: PTH116 (a str, as opened)
        if (about.st_dev, about.st_ino) != file[:2] or about.st_size < file[2]:
            raise ReadProblem("the file was replaced while it was open; read it anew", path)
        for known in [k for k in _open if k[2][:2] == file[:2]]:
            del _open[known]  # as it was before: libraries share what they know of an open file
        while len(_open) >= KEPT_OPEN:
            _open.pop(next(iter(_open)))
        _open[key] = READERS[format](path)
    return _open[key]


def _described(part: Part, arrays: list[Array]) -> dict[str, Any]:
    def keep(values: Any, dtype: Any = None) -> int:
        arrays.append(np.asarray(values, dtype))
        return len(arrays) - 1

    return {
        "positions": keep(part.positions, float),
        "numbers": keep(part.numbers, np.int32),
        "cell": None if part.cell is None else keep(part.cell, float),
        "pbc": [bool(flag) for flag in part.pbc],
        "origin": [float(x) for x in part.origin],
        "columns": {name: keep(values) for name, values in part.columns.items()},
        "labels": None if part.labels is None else keep(part.labels),
        "info": dict(_plain_info(dict(part.info))),
        "units": dict(part.units),
    }


def _answer(answers: IO[bytes], reply: dict[str, Any], arrays: list[Array]) -> None:
    if "error" in reply:
        arrays = []
    reply["arrays"] = [[array.dtype.str, array.shape] for array in arrays]
    text = json.dumps(reply).encode()
    answers.write(struct.pack("<q", len(text)) + text)
    for array in arrays:
        answers.write(np.ascontiguousarray(array).tobytes())
    answers.flush()


def _read(path: str, format: str, arrays: list[Array]) -> dict[str, Any]:
    from ase.io.formats import ioformats

    content = read_whole(open_bytes(path), LARGEST)
    binary = ioformats[format].isbinary
    handle: Any = io.BytesIO(content) if binary else _Text(decoded(content))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        plain = _plain_cif(handle) if format == "cif" else None
        handle.seek(0)
        found = plain or _read_all(handle, format)
    found = found if isinstance(found, list) else [found]
    found = [atoms for atoms in found if len(atoms)] or found  # ASE makes one of the END of a PDB
    notes = sorted({str(warning.message)[:200] for warning in said})[:5]
    frames = [_plain(atoms, format, arrays) for atoms in found]
    lost = "" if binary else _unfinished(handle.getvalue(), format, len(found))
    return {"frames": frames, "notes": notes, "losses": [lost] if lost else []}


_STEPS = {"vasp-out": "TOTAL-FORCE (eV", "vasp-xml": "<calculation"}
"""What stands once in each step, before its numbers: ASE passes over a step that is cut."""


def _unfinished(text: str, format: str, n_found: int) -> str:
    n_begun = text.count(_STEPS[format]) if format in _STEPS else 0
    if n_begun <= n_found:
        return ""
    return f"of {n_begun} steps {n_found} are whole: the others are left out"


def _read_all(handle: IO[Any], format: str) -> Any:
    if format == "aims-output":  # ase.io.read takes no handle for it, its reader does
        from ase.io.aims import read_aims_output

        return read_aims_output(handle, index=slice(None))
    from ase.io import read

    return read(handle, index=":", format=format)


def _plain_cif(handle: IO[Any]) -> list[Any] | None:
    """CIF without symmetry or shared sites, straight from its coordinates: ASE compares each atom
    with all others to find sites that coincide, which takes seconds for a thousand atoms."""
    from ase.io.cif import parse_cif

    blocks = [block for block in parse_cif(handle) if block.has_structure()]
    if not all(_without_symmetry(block) for block in blocks):
        return None
    found = [block.get_unsymmetrized_structure() for block in blocks]
    for atoms in found:
        atoms.pbc = atoms.cell.rank == 3
    return found


_OPERATIONS = (
    "_space_group_symop_operation_xyz",
    "_space_group_symop.operation_xyz",
    "_symmetry_equiv_pos_as_xyz",
)
_NUMBERS = (
    "_space_group.it_number",
    "_space_group_it_number",
    "_symmetry_int_tables_number",
)


def _without_symmetry(block: Any) -> bool:
    """Whether the group is P 1 and every site is taken by one whole atom."""
    taken = block.get("_atom_site_occupancy", [1.0])
    if any(value != 1 for value in taken):
        return False
    operations = next((block[key] for key in _OPERATIONS if key in block), None)
    if operations is None:
        return any(str(block.get(key)) == "1" for key in _NUMBERS)
    operations = [operations] if isinstance(operations, str) else operations
    return [op.replace(" ", "").lower() for op in operations] == ["x,y,z"]


class _Text(io.StringIO):
    """Text with a name, which some readers ask for in order to look for files beside it: there are
    none in the folder of this process."""

    name = "structure"


def _plain(atoms: Any, format: str, arrays: list[Array]) -> dict[str, Any]:
    """An Atoms object as numbers of arrays and plain values."""

    def keep(values: Any, dtype: Any = None) -> int:
        arrays.append(np.asarray(values, dtype))
        return len(arrays) - 1

    columns, info = _results(atoms)
    for name, values in atoms.arrays.items():
        if name not in ("positions", "numbers") and values.dtype.kind in "iufbU":
            columns[name] = values
    columns |= _occupants(atoms)
    info |= {str(key): value for key, value in atoms.info.items() if str(key) not in info}
    unknown = format == "lammps-data" and "masses" not in columns
    return {
        "positions": keep(atoms.positions, float),
        "numbers": keep(np.zeros(len(atoms)) if unknown else atoms.numbers, np.int32),
        "cell": keep(atoms.cell.array, float) if atoms.cell.rank == 3 else None,
        "pbc": [bool(flag) for flag in atoms.pbc],
        "origin": [float(x) for x in getattr(atoms, "_celldisp", np.zeros(3)).ravel()],
        "columns": {name: keep(values) for name, values in columns.items()},
        "info": dict(_plain_info(info)),
        "torn": _torn(atoms),
    }


def _torn(atoms: Any) -> str:
    """What a calculator has left of some of the atoms alone, as of an output that was cut."""
    results = getattr(atoms.calc, "results", {}) if atoms.calc is not None else {}
    for name in _PER_ATOM:
        values = results.get(name)
        n = len(atoms) if values is None or not np.shape(values) else len(values)
        if n != len(atoms):
            return f"{name} of {n} of {len(atoms)} atoms"
    return ""


def _results(atoms: Any) -> tuple[dict[str, Array], dict[str, Any]]:
    """What a calculator has left: per atom and per frame."""
    results = getattr(atoms.calc, "results", {}) if atoms.calc is not None else {}
    columns = {
        name: np.asarray(results[name], float)
        for name in _PER_ATOM
        if results.get(name) is not None and np.shape(results[name])[:1] == (len(atoms),)
    }
    return columns, {n: results[n] for n in _PER_FRAME if results.get(n) is not None}


def _plain_info(info: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What JSON can carry; a space group as its symbol; large things are left behind."""
    for key, value in info.items():
        if isinstance(value, (bool, int, str)) or value is None:
            yield key, value
        elif isinstance(value, (float, np.floating)):
            yield key, float(value) if math.isfinite(value) else str(value)
        elif isinstance(value, (np.ndarray, list, tuple)) and np.size(value) <= 100:
            array = np.asarray(value, dtype=object if isinstance(value, list) else None)
            if array.dtype.kind in "iufb":
                yield key, array.tolist()
        elif hasattr(value, "symbol") and hasattr(value, "no"):
            yield key, f"{value.no} {value.symbol}"
        elif key == "occupancy" and _partial(value):
            yield key, "partial"


def _occupants(atoms: Any) -> dict[str, Array]:
    """Of structures with shared or partly occupied sites, what each atom stands for, as
    `Na 0.5, La 0.5`."""
    told, kinds = atoms.info.get("occupancy"), atoms.arrays.get("spacegroup_kinds")
    if kinds is None or not _partial(told):
        return {}
    texts = {}
    for kind, site in told.items():
        shares = (f"{symbol} {share:g}" for symbol, share in site.items() if share > 0)
        texts[str(kind)] = ", ".join(shares)
    return {"occupants": np.array([texts.get(str(kind), "") for kind in kinds.tolist()])}


def _partial(occupancy: Any) -> bool:
    """Whether a site is shared, or not always taken."""
    sites = occupancy.values() if isinstance(occupancy, dict) else ()
    return any(len(site) != 1 or min(site.values()) < 1 for site in sites)


def _limit_memory(most: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _look_for_parent() -> None:
    """An orphan that still reads a hopeless file shall not go on."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """Keep stdout for the answers: whatever prints goes to stderr, which nobody reads."""
    end_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    threading.Thread(target=_look_for_parent, daemon=True).start()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
