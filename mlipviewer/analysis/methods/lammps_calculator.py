"""A LAMMPS potential as an ASE calculator, which a process of its own computes."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, ClassVar
from weakref import finalize

import numpy as np
from ase.calculators.calculator import (
    CalculationFailed,
    Calculator,
    CalculatorSetupError,
    all_changes,
)
from ase.data import atomic_masses

from mlipviewer.analysis.methods import lammps_worker
from mlipviewer.analysis.methods.lammps_worker import receive, send
from mlipviewer.analysis.methods.potential_files import Potential
from mlipviewer.core.children import start_child
from mlipviewer.core.own_program import is_frozen

PYTHON = "MLIPVIEWER_LAMMPS_PYTHON"
"""Another Python that has LAMMPS and numpy, where the program's own has none."""
ABSENT = f"pip install mlipviewer[lammps], or let {PYTHON} name a Python that has lammps and numpy"
SECONDS = 600.0
CLOSE = 1e-6  # eV per atom by which the energies of atoms may miss the whole


class LammpsCalculator(Calculator):  # type: ignore[misc]
    """Energies (eV), forces (eV/A) and stress (eV/A^3, ASE's sign) of a `Potential`.

    The process starts with the first structure. After an error it is ended and the next structure
    gets a new one: an instance of LAMMPS that met bad coordinates gives wrong numbers ever after.
    Raises CalculatorSetupError, CalculationFailed. `close` ends the process.
    """

    implemented_properties: ClassVar[list[str]] = [
        "energy",
        "free_energy",
        "energies",
        "forces",
        "stress",
    ]

    def __init__(self, potential: Potential, seconds: float = SECONDS) -> None:
        super().__init__()
        self.potential = potential
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._end: Callable[[], Any] = lambda: None
        self._late = False
        self._guard = threading.Lock()  # of the question that is being answered
        self._question = 0

    def calculate(
        self,
        atoms: Any = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """See ASE. Raises CalculationFailed, CalculatorSetupError."""
        super().calculate(atoms, properties, system_changes)
        types = self._types(self.atoms.numbers)
        positions, cell = self.atoms.get_positions(), self.atoms.cell.array
        pbc = [bool(one) for one in self.atoms.pbc]
        if not len(types):
            raise CalculationFailed("there are no atoms")
        if not (np.isfinite(positions).all() and np.isfinite(cell).all()):
            raise CalculationFailed("positions are not finite")
        if abs(self.atoms.cell.volume) < 1e-9 and all(pbc):
            raise CalculationFailed("the cell has no volume")
        said, arrays = self._asked({"pbc": pbc}, [types, positions, cell])
        energies, forces, stress = arrays
        energy = said["energy"]
        if not (np.isfinite(energy) and np.isfinite(forces).all()):
            self.close()
            raise CalculationFailed("energies or forces are not finite")
        self.results = {"energy": energy, "free_energy": energy, "forces": forces.copy()}
        if abs(energies.sum() - energy) <= CLOSE * len(types):
            self.results["energies"] = energies.copy()
        if all(pbc):
            self.results["stress"] = stress.ravel()[[0, 4, 8, 5, 2, 1]].copy()
        missing = [one for one in properties if one not in self.results]
        if missing:
            raise NotImplementedError(f"{self.potential.name} gives no {missing[0]}")

    def _types(self, numbers: Any) -> Any:
        known = np.array(self.potential.numbers)
        fits = np.asarray(numbers)[:, None] == known
        if not fits.any(axis=1).all():
            odd = int(np.asarray(numbers)[~fits.any(axis=1)][0])
            have = ", ".join(self.potential.elements)
            raise CalculationFailed(f"it is for {have}, not for the element of number {odd}")
        return (fits.argmax(axis=1) + 1).astype(np.int32)

    def _asked(self, said: dict[str, Any], arrays: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """The answer of the process. Raises CalculationFailed, CalculatorSetupError."""
        process = self._running()
        reply, found = self._exchange(process, said, arrays)
        if "error" in reply:
            self.close()
            raise CalculationFailed(f"LAMMPS says: {reply['error']}")
        return reply, found

    def _exchange(
        self, process: subprocess.Popen[bytes], said: dict[str, Any], arrays: Sequence[Any] = ()
    ) -> tuple[dict[str, Any], list[Any]]:
        assert process.stdin is not None
        assert process.stdout is not None
        question, self._late = self._next_question(), False
        timer = threading.Timer(self._seconds, self._give_up, [process, question])
        timer.start()
        try:
            send(process.stdin, said, arrays)
            return receive(process.stdout)
        except BaseException as problem:
            self.close()  # what it still has to say is no answer to the next question
            if not isinstance(problem, OSError | EOFError | struct.error):
                raise
            after = f"it took longer than {self._seconds:g} s" if self._late else "it crashed"
            raise CalculationFailed(
                f"the process of {self.potential.name} ended: {after}"
            ) from None
        finally:
            timer.cancel()
            self._next_question()

    def _next_question(self) -> int:
        with self._guard:
            self._question += 1
            return self._question

    def _give_up(self, process: subprocess.Popen[bytes], question: int) -> None:
        """That question takes too long; it may be answered by now, and another one asked."""
        with self._guard:
            if question == self._question:
                self._late = True
                process.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            process = self._process = started(self.potential.folder)
            self._end = finalize(self, _ended, process)
            masses = [float(atomic_masses[number]) for number in self.potential.numbers]
            whole = {**asdict(self.potential), "masses": masses}
            reply, _ = self._exchange(process, whole)
            if "error" in reply:
                self.close()
                more = f"; {ABSENT}" if reply.get("absent") else ""
                raise CalculatorSetupError(f"{reply['error']}{more}")
        return self._process

    def close(self) -> None:
        """End the process; the next structure starts another."""
        if self._process is not None:
            self._end()
        self._process = None

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy has a process of its own, whoever makes it."""
        return LammpsCalculator, (self.potential, self._seconds)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def lammps_python() -> str:
    """The Python that is to have LAMMPS; '' where there is none."""
    return os.environ.get(PYTHON) or ("" if is_frozen() else sys.executable)


def started(folder: str) -> subprocess.Popen[bytes]:
    """A process that waits for a potential, whose files are in `folder`. Nothing is imported from
    there (-P). Raises CalculatorSetupError."""
    python = lammps_python()
    if not python:
        raise CalculatorSetupError(ABSENT)
    few = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    try:
        return start_child(
            [python, "-P", str(lammps_worker.__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | few,
            cwd=folder,
        )
    except OSError as problem:
        raise CalculatorSetupError(f"{python} cannot be started: {problem}") from None
