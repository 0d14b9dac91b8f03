"""LAMMPS units styles in A, fs and eV (LAMMPS manual, `units` command; CODATA 2018)."""

from __future__ import annotations

from dataclasses import dataclass

_KCAL_MOL = 0.0433641042  # eV: 4184 J / (N_A e)
_BOHR = 0.529177210903  # A
_HARTREE = 27.211386245988  # eV
_ATOMIC_TIME = 1.03275  # fs: the `electron` style has its own time unit in velocities
_JOULE = 1 / 1.602176634e-19  # eV


@dataclass(frozen=True)
class Units:
    """How much of A, fs and eV is one unit of the style."""

    length: float
    time: float
    energy: float

    @property
    def force(self) -> float:
        return self.energy / self.length

    @property
    def velocity(self) -> float:
        return self.length / self.time


STYLES = {
    "metal": Units(1.0, 1000.0, 1.0),
    "real": Units(1.0, 1.0, _KCAL_MOL),
    "electron": Units(_BOHR, _ATOMIC_TIME, _HARTREE),
    "si": Units(1e10, 1e15, _JOULE),
    "cgs": Units(1e8, 1e15, 1e-7 * _JOULE),
    "micro": Units(1e4, 1e9, 1e-15 * _JOULE),
    "nano": Units(10.0, 1e6, 1e-21 * _JOULE),
}
"""`micro` measures energy in pg um^2/us^2, `nano` in ag nm^2/ns^2. `lj` has no units to convert."""
