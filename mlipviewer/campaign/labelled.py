"""Labelled frames: ase.Atoms with an energy and forces, from files and to files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.core.aliases import guessed_roles
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.files import write_bytes
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.writing import as_extxyz


def read_labelled(path: Path) -> list[Any]:
    """ase.Atoms with `info["energy"]` in eV (the whole frame's) and `arrays["forces"]` in eV/A:
    those of the reference where a file holds several. Other columns and values are kept.
    Raises ReadProblem."""
    source = open_trajectory(path)
    return [_atoms(source.frame(k), path) for k in range(source.n_frames)]


def _atoms(frame: Frame, path: Path) -> Any:
    from ase import Atoms

    roles = guessed_roles(frame.columns, frame.info)
    energy = roles.get("reference energy", roles.get("energy"))
    forces = roles.get("reference forces", roles.get("forces"))
    if energy is None or forces is None:
        missing = "energy" if energy is None else "forces"
        raise ReadProblem(f"has no {missing} to train on or to test with", path, frame.index + 1)
    atoms = Atoms(numbers=frame.numbers, positions=frame.positions, cell=frame.cell, pbc=frame.pbc)
    atoms.info = {**frame.info, "energy": float(frame.info[energy])}
    for name, values in frame.columns.items():
        if name not in ("numbers", "positions"):
            atoms.set_array(name, np.array(values))
    found = np.array(frame.columns[forces], float)
    if not (np.isfinite(found).all() and np.isfinite(atoms.info["energy"])):
        raise ReadProblem("has an energy or forces that are not finite", path, frame.index + 1)
    atoms.set_array("forces", found)
    return atoms


def label(atoms: Any, calculator: Any) -> Any:
    """A copy with the energy and forces of a calculator."""
    made = atoms.copy()
    made.calc = calculator
    energy, forces = float(made.get_potential_energy()), np.array(made.get_forces())
    made.calc = None
    made.info["energy"] = energy
    made.arrays.pop("forces", None)
    made.set_array("forces", forces)
    return made


def frame_of(atoms: Any, index: int) -> Frame:
    """What is written of an ase.Atoms; velocities and the like of ASE are left out."""
    own = {
        "numbers",
        "positions",
        "momenta",
        "tags",
        "masses",
        "initial_magmoms",
        "initial_charges",
    }
    columns = {name: np.array(v) for name, v in atoms.arrays.items() if name not in own}
    return Frame(
        index=index,
        positions=np.array(atoms.positions),
        numbers=np.array(atoms.numbers),
        cell=np.array(atoms.cell) if atoms.cell.rank == 3 else None,
        pbc=(bool(atoms.pbc[0]), bool(atoms.pbc[1]), bool(atoms.pbc[2])),
        columns=MappingProxyType(columns),
        info=MappingProxyType(dict(atoms.info)),
    )


def write_frames(path: Path, frames: Iterable[Any]) -> None:
    """Extended XYZ of ase.Atoms, packed where the name ends in .gz. Raises OSError."""
    text = b"".join(as_extxyz(frame_of(atoms, k)) for k, atoms in enumerate(frames))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)


def weighted(frames: Sequence[Any], weights: Mapping[str, int]) -> list[Any]:
    """The frames, those of a kind with a weight so many times: exact for sums over frames, whatever
    the family."""
    if not weights:
        return list(frames)
    return [one for one in frames for _ in range(weights.get(_kind(one), 1))]


def _kind(atoms: Any) -> str:
    return str(atoms.info.get("kind", atoms.info.get("config_type", "")))


def split(frames: Sequence[Any], validation: float, seed: int) -> tuple[list[Any], list[Any]]:
    """Frames to train on and to validate with, drawn at random but always the same."""
    n = max(1, round(validation * len(frames))) if len(frames) > 1 else 0
    order = np.random.default_rng(seed).permutation(len(frames))
    held = set(order[:n].tolist())
    return (
        [one for k, one in enumerate(frames) if k not in held],
        [one for k, one in enumerate(frames) if k in held],
    )
