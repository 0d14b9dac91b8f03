"""The process in which an ASE calculator of another environment computes:
`python -P environment_worker.py`. It is given the calculator, then structures."""

from __future__ import annotations

import os
import struct
import sys
from importlib import import_module, util
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np


def messages() -> Any:
    """How messages are read and written: a file that stands alone, whatever is installed here."""
    path = Path(__file__).resolve().parents[1] / "analysis" / "methods" / "lammps_worker.py"
    spec = util.spec_from_file_location("messages", path)
    assert spec is not None
    assert spec.loader is not None
    found = util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def made(said: dict[str, Any]) -> Any:
    """The calculator `module:Class`, or `module:Class.method` that makes one."""
    module, _, kind = said["calculator"].partition(":")
    return attrgetter(kind)(import_module(module))(**said["settings"])


def answer(calculator: Any, said: dict[str, Any], arrays: list[Any]) -> list[Any]:
    """Energy (eV), forces (eV/A) and, of periodic ones, stress (eV/A^3, ASE's sign)."""
    from ase import Atoms

    numbers, positions, cell = arrays
    atoms = Atoms(numbers=numbers, positions=positions, cell=cell, pbc=said["pbc"])
    atoms.calc = calculator
    found = [np.array([atoms.get_potential_energy()], float), np.array(atoms.get_forces(), float)]
    return [*found, np.array(atoms.get_stress(), float)] if all(said["pbc"]) else found


def main() -> None:
    """Keep stdout for the answers: whatever prints goes to stderr."""
    by = messages()
    by.end_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    calculator: Any = None
    while True:
        try:
            said, arrays = by.receive(sys.stdin.buffer)
        except (EOFError, struct.error):
            return
        try:
            if calculator is None:
                calculator = made(said)
                found: list[Any] = []
            else:
                found = answer(calculator, said, arrays)
        except Exception as error:  # noqa: BLE001 (calculators raise whatever they like)
            by.send(answers, {"error": f"{type(error).__name__}: {error}"[:500]})
            continue
        by.send(answers, {}, found)


if __name__ == "__main__":
    main()
