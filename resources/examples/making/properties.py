"""The properties of one silicon potential (eV, A; moduli GPa, surfaces J/m^2, THz)."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from making.models import RANDOM_SEED, Model
from making.session import MASS, Session, finite
from making.structures import Configuration, Structure, phase, slab

EV_PER_A2 = 16.021766  # J/m^2
THZ = 15.633302  # sqrt(eV/amu)/angstrom as a frequency
A_GUESS = 5.43  # angstrom


class Properties:
    """The properties of one model, each computed when first asked for."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def energy_of(self, structure: Structure, relax: bool = False) -> float:
        """Energy, eV."""
        with Session(self.model, structure) as session:
            return session.relax() if relax else session.compute()

    def equilibrium(self, name: str, low: float, high: float) -> tuple[float, float]:
        """Volume and energy per atom (A^3, eV) of the deepest inner minimum of E(V)."""
        from scipy.optimize import minimize_scalar

        def energy(volume: float) -> float:
            structure = phase(name, volume)
            return self.energy_of(structure) / len(structure.positions)

        volumes = np.linspace(low, high, 19)
        energies = np.array([energy(v) for v in volumes])
        inner = (
            np.flatnonzero((energies[1:-1] < energies[:-2]) & (energies[1:-1] < energies[2:])) + 1
        )
        if not len(inner):
            raise RuntimeError(
                f"{name}: no minimum of E(V) between {low:.1f} and {high:.1f} A^3/atom"
            )
        best = inner[np.argmin(energies[inner])]
        found = minimize_scalar(
            energy,
            bounds=(volumes[best - 1], volumes[best + 1]),
            method="bounded",
            options={"xatol": 1e-5},
        )
        return float(found.x), finite(found.fun)

    @cached_property
    def crystal(self) -> tuple[float, float]:
        """Lattice constant (A) and energy per atom (eV) of diamond."""
        guess = A_GUESS**3 / 8
        volume, energy = self.equilibrium("diamond", 0.7 * guess, 1.4 * guess)
        return (8 * volume) ** (1 / 3), energy

    def diamond(self) -> Structure:
        """The relaxed cubic cell of 8 atoms."""
        return phase("diamond", self.crystal[0] ** 3 / 8)

    def stress_of(self, structure: Structure) -> np.ndarray:
        """Stress with relaxed positions, GPa."""
        with Session(self.model, structure) as session:
            session.relax()
            return session.stress

    @cached_property
    def elastic(self) -> tuple[float, float, float]:
        """C11, C12, C44 (GPa) from central differences of the stress, positions relaxed."""
        step = 0.004
        stretch, shear = np.zeros((3, 3)), np.zeros((3, 3))
        stretch[0, 0] = step
        shear[1, 0] = step
        cell = self.diamond()
        d1 = (self.stress_of(cell.deformed(stretch)) - self.stress_of(cell.deformed(-stretch))) / 2
        d4 = (self.stress_of(cell.deformed(shear)) - self.stress_of(cell.deformed(-shear))) / 2
        return d1[0] / step, d1[1] / step, d4[5] / step

    def phase_energy(self, name: str) -> float:
        """Energy of a phase above diamond at its own volume, eV/atom."""
        v = self.crystal[0] ** 3 / 8
        return self.equilibrium(name, 0.55 * v, 1.15 * v)[1] - self.crystal[1]

    def defect_energy(self, structure: Structure) -> float:
        """Formation energy of a defect in a supercell of fixed size, eV."""
        n = len(structure.positions)
        return self.energy_of(structure, relax=True) - n * self.crystal[1]

    def vacancy(self) -> float:
        """Vacancy formation energy, eV: the lower of two relaxations.

        The undistorted vacancy is a stationary point of many potentials (in Stillinger-Weber
        silicon 1.6 eV above the distorted one), so one start has the neighbours drawn in.
        """
        bulk = self.diamond().repeated(3)
        drawn_in = bulk.positions.copy()
        offsets = bulk.positions - bulk.positions[0]
        offsets -= np.round(offsets / bulk.cell[0, 0]) * bulk.cell[0, 0]
        nearest = np.argsort(np.linalg.norm(offsets, axis=1))[1:5]
        drawn_in[nearest] -= 0.25 * offsets[nearest]
        starts = [
            Structure(bulk.cell, positions[1:]).rattled(0.05, RANDOM_SEED)
            for positions in (bulk.positions, drawn_in)
        ]
        return min(self.defect_energy(start) for start in starts)

    def interstitial(self, kind: str) -> float:
        """Formation energy of the tetrahedral, hexagonal or <110> split interstitial, eV."""
        a, bulk = self.crystal[0], self.diamond().repeated(3)
        host = bulk.positions
        if kind == "split":
            site = int(np.argmin(np.linalg.norm(host - a, axis=1)))
            extra = host[site] + np.array([[0.8, 0.8, -0.5], [-0.8, -0.8, -0.5]])
            host = np.delete(host, site, axis=0)
        else:
            extra = np.full((1, 3), (1.5 if kind == "tet" else 1.625) * a)
        return self.defect_energy(Structure(bulk.cell, np.vstack([host, extra])))

    def surface(self, directions: list[list[int]], repeats: int) -> float:
        """Energy of the relaxed unreconstructed 1x1 surface, J/m^2."""
        structure, area = slab(directions, repeats, self.crystal[0])
        excess = self.energy_of(structure, relax=True) - len(structure.positions) * self.crystal[1]
        return excess / (2 * area) * EV_PER_A2

    @cached_property
    def phonons(self) -> dict[str, float]:
        """Frequencies (THz, imaginary ones negative): optical at Gamma; TA, LA/LO and TO at X.

        The cubic cell of 8 atoms folds the three X points onto Gamma. The six motions in which
        each sublattice moves rigidly are the Gamma modes; the other 18 belong to X.
        """
        cell, step = self.diamond(), 0.01
        columns = []
        with Session(self.model, cell) as session:
            for index in range(cell.positions.size):
                move = np.zeros(cell.positions.size)
                move[index] = step
                plus, minus = (
                    self.forces_at(session, cell.positions + sign * move.reshape(-1, 3))
                    for sign in (1, -1)
                )
                columns.append((minus - plus).ravel() / (2 * step * MASS))
        matrix = np.array(columns)
        matrix = (matrix + matrix.T) / 2
        moves = np.zeros((6, 8, 3))
        for axis in range(3):
            moves[axis, :4, axis] = moves[axis + 3, 4:, axis] = 0.5
        rigid = moves.reshape(6, -1)
        gamma = np.linalg.eigvalsh(rigid @ matrix @ rigid.T)
        others = np.linalg.svd(rigid)[2][6:]
        x = np.linalg.eigvalsh(others @ matrix @ others.T)
        parts = {"G_LTO": gamma[3:], "X_TA": x[:6], "X_LA": x[6:12], "X_TO": x[12:]}
        return {
            name: float(np.mean(np.sign(part) * np.sqrt(np.abs(part))) * THZ)
            for name, part in parts.items()
        }

    @staticmethod
    def forces_at(session: Session, positions: np.ndarray) -> np.ndarray:
        """Forces at given positions, eV/A."""
        session.compute(positions)
        return session.forces

    def differences(self, configurations: list[Configuration]) -> dict[str, float]:
        """Root mean squares of energy (meV/atom, above diamond) and force (eV/A) differences."""
        energy: list[float] = []
        force: dict[str, list[np.ndarray]] = {"": []}
        for item in configurations:
            with Session(self.model, item.structure) as session:
                e = session.compute() / len(item.forces) - self.crystal[1]
                energy.append(1000 * (e - item.energy_above_diamond))
                delta = (session.forces - item.forces).ravel()
            force[""].append(delta)
            force.setdefault("_" + item.group, []).append(delta)
        result = {"E_rmse": rms(np.array(energy))}
        for name, parts in force.items():
            result["F_rmse" + name] = rms(np.concatenate(parts))
        return result


def rms(values: np.ndarray) -> float:
    """Root mean square, or an error if it is no number."""
    return finite(math.sqrt(np.mean(values**2)))
