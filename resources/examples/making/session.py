"""One structure under one potential: energies, forces, relaxation and dynamics."""

from __future__ import annotations

import ctypes
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from making.lammps_library import open_lammps, potential_folder
from making.models import Model
from making.structures import Structure

MASS = 28.0855  # amu
FORCE_LIMIT = 0.02  # eV/A: a relaxation that ends above this has failed


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
