"""A calculator in another process whose answer is broken off: the next is of its own question."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT

from mlipviewer.campaign import environment_calculator
from mlipviewer.campaign.environment_calculator import EnvironmentCalculator


def energy(atoms: Atoms) -> float:
    return float(atoms.get_potential_energy())


def test_that_an_answer_broken_off_is_not_that_to_the_next_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = Path(sys.executable)
    monkeypatch.setattr(environment_calculator, "program_of", lambda _name, _program: here)
    one, other = (bulk("Cu", "fcc", a=a, cubic=True) for a in (3.6, 3.8))
    calculator = EnvironmentCalculator("made", "ase.calculators.emt:EMT", {})
    one.calc = other.calc = calculator
    first = energy(one)
    inner = environment_calculator.receive

    def interrupted(_stream: object) -> None:
        raise KeyboardInterrupt

    one.rattle(0.1)
    monkeypatch.setattr(environment_calculator, "receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        energy(one)
    monkeypatch.setattr(environment_calculator, "receive", inner)
    found = energy(other)
    other.calc = EMT()
    assert found == pytest.approx(energy(other))
    assert first != pytest.approx(found)
    calculator.close()
