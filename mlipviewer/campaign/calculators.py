"""Calculators by name: our own, those of a module, LAMMPS potentials."""

from __future__ import annotations

import json
from typing import Any

from mlipviewer.analysis.methods.calculators import calculator_of
from mlipviewer.campaign.design import Settings
from mlipviewer.campaign.failure import Failed
from mlipviewer.core.analysis import AnalysisProblem

ELSEWHERE = "environment:"
SHORT = {
    "stillinger-weber": "mlipviewer.campaign.potentials.stillinger_weber:StillingerWeber",
    "emt": "ase.calculators.emt:EMT",
    "lennard-jones": "ase.calculators.lj:LennardJones",
    "morse": "ase.calculators.morse:MorsePotential",
}
"""Names of calculators that are always there."""


def named_calculator(name: str, settings: Settings) -> Any:
    """The calculator of a name of SHORT, a `module:Class`, a LAMMPS potential, or one of an
    environment, `environment:NAME/module:Class`. Raises Failed."""
    if name.startswith(ELSEWHERE):
        from mlipviewer.campaign.environment_calculator import EnvironmentCalculator

        where, _, kind = name.removeprefix(ELSEWHERE).partition("/")
        return EnvironmentCalculator(where, kind, settings)
    try:
        return calculator_of(SHORT.get(name, name), json.dumps(dict(settings)))
    except AnalysisProblem as problem:
        raise Failed(str(problem)) from None
