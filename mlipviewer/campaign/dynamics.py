"""Short molecular dynamics with gates: a run that leaves what is physical has no result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign.failure import Failed

STEP = 1.0  # fs
FRICTION = 0.02  # 1/fs
BURNING = 6.0
"""Times the asked temperature at which a run has exploded."""
LOOKED_AT = 25  # steps; often enough to see an explosion before its numbers are not finite


def langevin(
    start: Any, calculator: Any, temperature: float, n: int, steps: int, rng: Any
) -> Iterator[Any]:
    """`n` copies of the moving atoms, `steps` fs apart, at a temperature in K; their time in ps is
    `info["Time"]`. Raises Failed where the run explodes."""
    motion = Motion(start, calculator, temperature, FRICTION, rng)
    for k in range(n):
        motion.go_on(steps)
        yield _picture(motion, (k + 1) * steps)


def verlet(
    start: Any, calculator: Any, temperature: float, n: int, steps: int, rng: Any
) -> Iterator[Any]:
    """As `langevin`, at constant energy, from twice the temperature: half goes into the bonds.
    `info["total_energy"]` is that of the motion too."""
    motion = Motion(start, calculator, temperature, 0.0, rng)
    motion.atoms.set_momenta(motion.atoms.get_momenta() * np.sqrt(2.0))
    for k in range(n):
        motion.go_on(steps)
        picture = _picture(motion, (k + 1) * steps)
        picture.info["total_energy"] = float(motion.atoms.get_total_energy())
        yield picture


@dataclass
class Motion:
    """Atoms that move: velocity Verlet, with half of the friction and noise of a Langevin
    thermostat between two halves of a drift (Leimkuhler and Matthews' BAOAB)."""

    start: Any
    calculator: Any
    temperature: float
    friction: float
    rng: Any
    atoms: Any = field(init=False)

    def __post_init__(self) -> None:
        self.atoms = self.start.copy()
        self.atoms.calc = self.calculator
        momenta = self.rng.normal(size=(len(self.atoms), 3)) * self._spread()
        self.atoms.set_momenta(momenta - momenta.mean(axis=0))

    def _spread(self) -> NDArray[Any]:
        """(n, 1) of momenta at the temperature."""
        from ase import units

        squares = self.atoms.get_masses() * units.kB * self.temperature
        return np.asarray(np.sqrt(squares))[:, None]

    def go_on(self, steps: int) -> None:
        """Raises Failed."""
        from ase import units

        atoms, step = self.atoms, STEP * units.fs
        keep = np.exp(-self.friction * STEP)
        kick = np.sqrt(1 - keep**2) * self._spread()
        masses = atoms.get_masses()[:, None]
        forces, momenta = atoms.get_forces(), atoms.get_momenta()
        for number in range(steps):
            momenta = momenta + 0.5 * step * forces
            positions = atoms.positions + 0.5 * step * momenta / masses
            if self.friction:
                momenta = keep * momenta + kick * self.rng.normal(size=momenta.shape)
            atoms.positions = positions + 0.5 * step * momenta / masses
            forces = atoms.get_forces()
            momenta = momenta + 0.5 * step * forces
            if number % LOOKED_AT == LOOKED_AT - 1 or number == steps - 1:
                atoms.set_momenta(momenta)
                self._check()

    def _check(self) -> None:
        hot = self.atoms.get_temperature()
        if not np.isfinite(hot) or hot > BURNING * self.temperature + 300:
            asked = f"{self.temperature:g} K"
            raise Failed(f"the run exploded: {hot:.3g} K instead of {asked}")


def _picture(motion: Motion, time: float) -> Any:
    atoms = motion.atoms
    made = atoms.copy()
    made.wrap()
    made.info = {
        "energy": float(atoms.get_potential_energy()),
        "Time": time * STEP / 1000,
        "Time_unit": "ps",
        "Temperature": float(atoms.get_temperature()),
    }
    made.arrays.pop("forces", None)
    made.set_array("forces", np.array(atoms.get_forces()))
    return made
