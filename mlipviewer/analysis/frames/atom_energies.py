"""Energies of atoms by an ASE calculator, of the frame as it is or minimised."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from mlipviewer.analysis.methods.calculators import (
    CALCULATOR,
    SETTINGS,
    calculator_of,
    fingerprint_of_params,
)
from mlipviewer.core.analysis import AnalysisProblem, Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame


class Descent(Protocol):
    """How far a minimisation goes: until no force is larger, or so many steps."""

    @property
    def fmax(self) -> float: ...
    @property
    def steps(self) -> int: ...


@dataclass(frozen=True)
class AtomEnergiesParams(Params):
    calculator: str = param("", CALCULATOR)
    settings: str = param("", SETTINGS)
    minimise: bool = param(False, "minimise each frame first, in its own cell (FIRE)")
    fmax: float = param(0.01, "minimise until no force is larger", unit="eV/Å", low=1e-9, high=10.0)
    steps: int = param(500, "steps of a minimisation at most", low=1, high=1_000_000)


def run(frame: Frame, params: AtomEnergiesParams) -> Computed:
    """Columns: `atom_energy` (n,) in eV, `minimised_positions` (n, 3) in A and `moved` (n,) in A
    where frames are minimised. Values: `energy_computed`, the total; `largest_force` after
    minimising, and the number of `minimising_steps`. Raises AnalysisProblem.
    """
    from ase import Atoms

    atoms = Atoms(numbers=frame.numbers, positions=frame.positions, cell=frame.cell, pbc=frame.pbc)
    atoms.calc = calculator_of(params.calculator, params.settings)
    try:
        columns, values = minimised(atoms, params) if params.minimise else ({}, {})
        energies = np.array(atoms.get_potential_energies(), float)
        values["energy_computed"] = float(atoms.get_potential_energy())
    except NotImplementedError:
        raise AnalysisProblem(f"{params.calculator} gives no energies of single atoms") from None
    except Exception as problem:  # calculators raise whatever they like
        raise AnalysisProblem(
            f"frame {frame.index + 1}: {params.calculator}: {problem or type(problem).__name__}"
        ) from problem
    if energies.shape != (frame.n_atoms,) or not np.isfinite(energies).all():
        raise AnalysisProblem(
            f"frame {frame.index + 1}: {params.calculator} gives no finite energies"
        )
    return Computed({"atom_energy": energies, **columns}, values)


def minimised(atoms: Any, params: Descent) -> tuple[dict[str, Any], dict[str, Any]]:
    """Move the atoms downhill; what is told of it."""
    from ase.optimize import FIRE

    before = atoms.get_positions()
    search = FIRE(atoms, logfile=None)
    search.run(fmax=params.fmax, steps=params.steps)
    after = atoms.get_positions()
    moved = np.linalg.norm(after - before, axis=1)
    force = float(np.linalg.norm(atoms.get_forces(), axis=1).max()) if len(atoms) else 0.0
    values = {"largest_force": force, "minimising_steps": int(search.nsteps)}
    return {"minimised_positions": after, "moved": moved}, values


COMPUTATION = Computation(
    name="atom-energies",
    title="Energies of atoms",
    about="The energy of each atom by an ASE calculator, of the frame as it is or minimised.",
    params=AtomEnergiesParams,
    run=run,
    columns=MappingProxyType(
        {
            "atom_energy": "energy of the atom",
            "minimised_positions": "where the atom lies after minimising",
            "moved": "how far minimising moved it",
        }
    ),
    values=MappingProxyType(
        {
            "energy_computed": "energy of the frame by the calculator",
            "largest_force": "largest force after minimising",
            "minimising_steps": "steps of the minimisation",
        }
    ),
    units=MappingProxyType(
        {"atom_energy": "eV", "minimised_positions": "Å", "moved": "Å", "energy_computed": "eV"}
    ),
    in_processes=True,
    depends_on=fingerprint_of_params,
)
