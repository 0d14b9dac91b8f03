"""An ASE calculator that a process of another environment computes."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from ase.calculators.calculator import CalculationFailed, Calculator, all_changes

from mlipviewer.analysis.methods.lammps_worker import receive, send
from mlipviewer.campaign.environments import ALONE, program_of
from mlipviewer.core.children import start_child
from mlipviewer.core.own_program import NO_CONSOLE

WORKER = Path(__file__).with_name("environment_worker.py")


class EnvironmentCalculator(Calculator):  # type: ignore[misc]
    """`calculator` (module:Class) of the environment `name`, made with `settings`. The process
    starts with the first structure and ends with `close`. Raises Failed, CalculationFailed."""

    implemented_properties: ClassVar[list[str]] = ["energy", "free_energy", "forces", "stress"]

    def __init__(self, name: str, calculator: str, settings: Mapping[str, Any]) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__()
        self._python = program_of(name, "python")
        self._said = {"calculator": calculator, "settings": dict(settings)}

    def calculate(
        self, atoms: Any = None, properties: Any = None, system_changes: Any = all_changes
    ) -> None:
        """Energy in eV, forces in eV/A, stress in eV/A^3."""
        super().calculate(atoms, properties, system_changes)
        if self._process is None:
            self._process = self._started()
            self._ask(self._said, [])
        arrays = [
            np.asarray(self.atoms.numbers),
            np.asarray(self.atoms.positions, float),
            np.asarray(self.atoms.cell, float),
        ]
        energy, forces, *stress = self._ask({"pbc": [bool(p) for p in self.atoms.pbc]}, arrays)
        self.results = {"energy": float(energy[0]), "free_energy": float(energy[0])}
        self.results["forces"] = forces
        if stress:
            self.results["stress"] = stress[0]

    def _started(self) -> subprocess.Popen[bytes]:
        return start_child(
            [str(self._python), "-P", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | ALONE,
            creationflags=NO_CONSOLE,
        )

    def _ask(self, said: Mapping[str, Any], arrays: list[Any]) -> list[Any]:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            send(process.stdin, said, arrays)
            reply, found = receive(process.stdout)
        except BaseException as problem:
            self.close()  # what it still has to say is no answer to the next question
            if not isinstance(problem, OSError | EOFError | struct.error):
                raise
            raise CalculationFailed("the process of its environment ended") from None
        if "error" in reply:
            self.close()
            raise CalculationFailed(reply["error"])
        return list(found)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def __del__(self) -> None:
        self.close()
