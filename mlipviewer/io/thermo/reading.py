"""Which thermo file a file is, and its table."""

from __future__ import annotations

from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.thermo.lammps_log import looks_like_log, read_log
from mlipviewer.io.thermo.model_devi import looks_like_model_devi, read_model_devi
from mlipviewer.io.thermo.oszicar import looks_like_oszicar, read_oszicar
from mlipviewer.io.thermo.table import ThermoTable
from mlipviewer.io.trajectories.bytestore import as_text, decoded, read_whole
from mlipviewer.io.trajectories.compressed import open_bytes

LARGEST = 256 << 20
_KINDS = (
    (looks_like_model_devi, read_model_devi),
    (looks_like_oszicar, read_oszicar),
    (looks_like_log, read_log),
)


def is_thermo(path: str | Path) -> bool:
    """Whether the content is that of a thermo file; False where it cannot be read."""
    try:
        head = decoded(open_bytes(path).read(0, 1 << 16))
    except ReadProblem:
        return False
    return any(looks(head) for looks, _ in _KINDS)


def read_thermo(path: str | Path) -> ThermoTable:
    """The table of a thermo file. Raises ReadProblem."""
    text = decoded(read_whole(as_text(open_bytes(path)), LARGEST))
    for looks, read in _KINDS:
        if looks(text[: 1 << 16]):
            return read(str(path), text)
    raise ReadProblem("is none of log.lammps, OSZICAR and model_devi.out", path)
