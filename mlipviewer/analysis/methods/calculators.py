"""Calculators by name: an installed class of ASE, or a LAMMPS potential in a process of its own."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import import_module
from threading import get_ident
from typing import Any, Protocol

from mlipviewer.analysis.methods.potential_files import (
    fingerprint_of_calculator,
    is_potential,
    read_potential,
)
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.problem import ReadProblem

CALCULATOR = (
    "an installed ASE calculator, ase.calculators.lj:LennardJones; or a LAMMPS potential:"
    " lammps:Si-SNAP, or a .toml file that says pair_style, pair_coeff and elements"
)
SETTINGS = 'what the calculator is made with, as JSON: {"sigma": 2.0}'
HOW = (
    "name a calculator as ase.calculators.lj:LennardJones, mace.calculators:MACECalculator,"
    " lammps:Si-SNAP or potential.toml"
)


class Named(Protocol):
    """Parameters that name a calculator."""

    @property
    def calculator(self) -> str: ...


def fingerprint_of_params(params: Named) -> str:
    """What the numbers depend on beside the name of the calculator."""
    return fingerprint_of_calculator(params.calculator)


def calculator_of(name: str, settings: str) -> Any:
    """The calculator of that name, made once for each thread: they hold what they last computed.

    A file that says another potential than before gives another one. Raises AnalysisProblem.
    """
    return _made(name.strip(), settings, get_ident(), fingerprint_of_calculator(name))


@lru_cache(maxsize=16)
def _made(name: str, settings: str, _thread: int, _contents: str) -> Any:
    given = _settings(settings)
    if is_potential(name):
        return _potential(name, given)
    module, sign, kind = name.partition(":")
    if not sign:
        raise AnalysisProblem(f"calculator {name!r}: {HOW}" if name else HOW)
    try:
        found = getattr(import_module(module), kind, None)
    except (ImportError, ValueError) as problem:
        raise AnalysisProblem(f"calculator {name}: {problem}") from None
    from ase.calculators.calculator import BaseCalculator

    if not (isinstance(found, type) and issubclass(found, BaseCalculator)):
        raise AnalysisProblem(f"calculator {name}: that is no ASE calculator; {HOW}")
    try:
        return found(**given)
    except Exception as problem:  # calculators raise whatever they like
        raise AnalysisProblem(f"calculator {name} cannot be made: {problem}") from problem


def _settings(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text) if text.strip() else {}
        if not isinstance(given, dict):
            raise ValueError("it is no object")
    except ValueError as problem:
        raise AnalysisProblem(f"settings {text!r} are no JSON object: {problem}") from None
    return given


def _potential(name: str, given: dict[str, Any]) -> Any:
    from mlipviewer.analysis.methods.lammps_calculator import LammpsCalculator

    seconds = given.pop("seconds", None)
    if given or not (seconds is None or (isinstance(seconds, (int, float)) and seconds > 0)):
        raise AnalysisProblem(f"{name}: the only setting is seconds, the time for one structure")
    try:
        potential = read_potential(name)
    except ReadProblem as problem:
        raise AnalysisProblem(f"calculator {name}: {problem}") from None
    return LammpsCalculator(potential) if seconds is None else LammpsCalculator(potential, seconds)
