"""Fits that LAMMPS helps with, in a process of the Python that has it."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlipviewer
from mlipviewer.analysis.methods.lammps_calculator import ABSENT, lammps_python
from mlipviewer.analysis.methods.lammps_worker import receive, send
from mlipviewer.campaign import lammps_fit_worker
from mlipviewer.campaign.failure import Failed
from mlipviewer.core.children import start_child

FILE = "potential.toml"


class Fitting:
    """A process that is asked."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, said: Mapping[str, Any], arrays: Sequence[Any] = ()) -> list[Any]:
        """The arrays of the answer. Raises Failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            send(self._process.stdin, said, arrays)
            reply, found = receive(self._process.stdout)
        except (OSError, EOFError, struct.error):
            raise Failed("the process of LAMMPS ended") from None
        if "error" in reply:
            more = f"; {ABSENT}" if "cannot be loaded" in reply["error"] else ""
            raise Failed(f"LAMMPS says: {reply['error']}{more}")
        return found


@contextmanager
def fitting(folder: Path) -> Iterator[Fitting]:
    """A process that works in a folder, for as long as it is needed. Raises Failed."""
    python = lammps_python()
    if not python:
        raise Failed(ABSENT)
    package = str(Path(mlipviewer.__file__).resolve().parents[1])
    try:
        process = start_child(
            [python, "-P", str(lammps_fit_worker.__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": package, "OMP_NUM_THREADS": "1"},
            cwd=folder,
        )
    except OSError as problem:
        raise Failed(f"{python} cannot be started: {problem}") from None
    try:
        yield Fitting(process)
    finally:
        process.kill()
        process.communicate()


def write_potential(folder: Path, element: str, style: str, coefficients: str) -> None:
    """The file by which the trained potential is a calculator of this program."""
    text = f'elements = ["{element}"]\npair_style = "{style}"\npair_coeff = "{coefficients}"\n'
    (folder / FILE).write_text(text, encoding="utf-8")


def load_potential(folder: Path) -> Any:
    """The calculator of a trained potential. Raises Failed."""
    from mlipviewer.campaign.calculators import named_calculator

    return named_calculator(str(folder), {})
