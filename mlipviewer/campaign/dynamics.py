"""Short molecular dynamics with gates: a run that leaves what is physical has no result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlipviewer.campaign.failure import Failed

STEP = 1.0  # fs
BURNING = 6.0
"""Times the asked temperature at which a run has exploded."""


def langevin(
    start: Any, calculator: Any, temperature: float, n: int, steps: int, rng: Any
) -> Iterator[Any]:
    """`n` copies of the moving atoms, `steps` fs apart, at a temperature in K; their time in ps is
    `info["Time"]`. Raises Failed where the run explodes."""
    from ase import units
    from ase.md.langevin import Langevin

    atoms = _moving(start, calculator, temperature, rng)
    run = Langevin(
        atoms, STEP * units.fs, temperature_K=temperature, friction=0.02 / units.fs, rng=rng
    )
    for k in range(n):
        _advance(run, atoms, steps, temperature)
        yield _picture(atoms, (k + 1) * steps * STEP / 1000)


def verlet(
    start: Any, calculator: Any, temperature: float, n: int, steps: int, rng: Any
) -> Iterator[Any]:
    """As `langevin`, at constant energy; `info["total_energy"]` is that of the motion too."""
    from ase import units
    from ase.md.verlet import VelocityVerlet

    atoms = _moving(start, calculator, 2 * temperature, rng)  # half of it goes into the bonds
    run = VelocityVerlet(atoms, STEP * units.fs)
    for k in range(n):
        _advance(run, atoms, steps, temperature)
        picture = _picture(atoms, (k + 1) * steps * STEP / 1000)
        picture.info["total_energy"] = float(atoms.get_total_energy())
        yield picture


def _moving(start: Any, calculator: Any, temperature: float, rng: Any) -> Any:
    from ase.md.velocitydistribution import MaxwellBoltzmannDistribution, Stationary

    atoms = start.copy()
    atoms.calc = calculator
    MaxwellBoltzmannDistribution(atoms, temperature_K=temperature, rng=rng)
    Stationary(atoms)
    return atoms


def _advance(run: Any, atoms: Any, steps: int, temperature: float) -> None:
    """In pieces short enough to see an explosion before its numbers are not finite any more."""
    done = 0
    while done < steps:
        part = min(25, steps - done)
        run.run(part)
        done += part
        hot = atoms.get_temperature()
        if not np.isfinite(hot) or hot > BURNING * temperature + 300:
            raise Failed(f"the run exploded: {hot:.3g} K instead of {temperature:g} K")


def _picture(atoms: Any, time: float) -> Any:
    made = atoms.copy()
    made.wrap()
    made.info = {
        "energy": float(atoms.get_potential_energy()),
        "Time": time,
        "Time_unit": "ps",
        "Temperature": float(atoms.get_temperature()),
    }
    made.arrays.pop("forces", None)
    made.set_array("forces", np.array(atoms.get_forces()))
    return made
