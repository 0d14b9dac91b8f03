"""Forces by a calculator."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

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

COLUMN = "calculated_forces"


@dataclass(frozen=True)
class CalculatedForcesParams(Params):
    calculator: str = param("", CALCULATOR)
    settings: str = param("", SETTINGS)


def run(frame: Frame, params: CalculatedForcesParams) -> Computed:
    """Column `calculated_forces` (n, 3) in eV/A; value `energy_computed` in eV.

    Raises AnalysisProblem.
    """
    from ase import Atoms

    atoms = Atoms(numbers=frame.numbers, positions=frame.positions, cell=frame.cell, pbc=frame.pbc)
    atoms.calc = calculator_of(params.calculator, params.settings)
    try:
        forces = np.array(atoms.get_forces(), float)
        energy = float(atoms.get_potential_energy())
    except Exception as problem:  # calculators raise whatever they like
        raise AnalysisProblem(
            f"frame {frame.index + 1}: {params.calculator}: {problem or type(problem).__name__}"
        ) from problem
    if forces.shape != (frame.n_atoms, 3) or not np.isfinite(forces).all():
        raise AnalysisProblem(f"frame {frame.index + 1}: {params.calculator} gives no forces")
    return Computed({COLUMN: forces}, {"energy_computed": energy})


COMPUTATION = Computation(
    name="calculated-forces",
    title="Forces by a calculator",
    about="The force on each atom by a calculator.",
    params=CalculatedForcesParams,
    run=run,
    columns=MappingProxyType({COLUMN: "force by the calculator"}),
    values=MappingProxyType({"energy_computed": "energy of the frame by the calculator"}),
    units=MappingProxyType({COLUMN: "eV/Å", "energy_computed": "eV"}),
    in_processes=True,
    depends_on=fingerprint_of_params,
)
