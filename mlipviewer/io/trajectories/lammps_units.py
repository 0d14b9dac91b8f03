"""LAMMPS units styles in A, fs and eV (LAMMPS manual, `units` command; CODATA 2018)."""

from __future__ import annotations

from collections.abc import Iterable
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

_KINDS = ("length", "time", "energy", "pressure", "temperature", "force", "velocity", "volume")
_NAMES = {
    "metal": "Å ps eV bar K eV/Å Å/ps Å³",
    "real": "Å fs kcal/mol atm K kcal/mol/Å Å/fs Å³",
    "electron": "bohr fs Ha Pa K Ha/bohr bohr/atu bohr³",
    "si": "m s J Pa K N m/s m³",
    "cgs": "cm s erg dyn/cm² K dyn cm/s cm³",
    "micro": "μm μs pg·μm²/μs² pg/(μm·μs²) K pg·μm/μs² μm/μs μm³",
    "nano": "nm ns ag·nm²/ns² ag/(nm·ns²) K ag·nm/ns² nm/ns nm³",
}


def unit_names(style: str) -> dict[str, str]:
    """The units of a style by kind: length, time, energy, pressure ...; none for lj."""
    words = _NAMES.get(style, "").split()
    return dict(zip(_KINDS, words, strict=False))


_ATOM_ENERGIES = frozenset({"c_pe", "c_peatom", "v_pe", "c_pe_atom", "c_ke", "c_keatom"})


def column_units(style: str, columns: Iterable[str]) -> dict[str, str]:
    """Units of the columns of a dump as they are shown: forces and velocities are converted to
    eV/Å and Å/fs, energies stay in those of the style."""
    names = unit_names(style)
    if not names:
        return {}
    known = {"forces": "eV/Å", "velocities": "Å/fs", "q": "e", "mass": "g/mol"}
    known |= dict.fromkeys(_ATOM_ENERGIES, names["energy"])
    return {name: known[name] for name in columns if name in known}
