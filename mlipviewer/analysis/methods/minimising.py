"""Frames minimised by an ASE calculator, in processes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from mlipviewer.analysis.frames import atom_energies
from mlipviewer.analysis.methods.calculators import calculator_of, fingerprint_of_params
from mlipviewer.analysis.methods.neighbourhood import MINIMISED_COLUMN
from mlipviewer.core.analysis import AnalysisProblem, Params
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class MinimisedParams(Params):
    """See AtomEnergiesParams; here a calculator need not give energies of single atoms."""

    calculator: str
    settings: str = ""
    fmax: float = 0.01
    steps: int = 500


def run(frame: Frame, params: MinimisedParams) -> Computed:
    """Column `minimised_positions` (n, 3) in A. Raises AnalysisProblem."""
    from ase import Atoms

    atoms = Atoms(numbers=frame.numbers, positions=frame.positions, cell=frame.cell, pbc=frame.pbc)
    atoms.calc = calculator_of(params.calculator, params.settings)
    try:
        columns, values = atom_energies.minimised(atoms, params)
    except Exception as problem:  # calculators raise whatever they like
        reason = str(problem) or type(problem).__name__
        raise AnalysisProblem(
            f"frame {frame.index + 1}: {params.calculator}: {reason}"
        ) from problem
    return Computed({MINIMISED_COLUMN: columns[MINIMISED_COLUMN]}, values)


MINIMISE = Computation(
    name="minimised",
    title="Minimised positions",
    about="Where atoms stand after minimising, by an ASE calculator.",
    params=MinimisedParams,
    run=run,
    columns=MappingProxyType({}),
    in_processes=True,
    depends_on=fingerprint_of_params,
)
