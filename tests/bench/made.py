"""Inputs of the benchmarks, made here: a table of 2300 models x 60 metrics, lithium of any size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.core.problem import Note
from mlipviewer.core.table import Column, ErrorTable, Role, RowRole
from mlipviewer.core.trajectory import Frame

FAMILIES = ("GAP", "NNP", "SNAP", "MTP", "DPMD", "DPPT")


def error_table(n_models: int = 2300, n_metrics: int = 60, seed: int = 7) -> ErrorTable:
    """Correlated lognormal errors in six families and a threshold row."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n_models + 1, 8)) @ rng.normal(size=(8, n_metrics))
    values = 10 ** (0.4 * hidden + 0.5 * rng.normal(size=hidden.shape) - 1)
    families = ("threshold", *(FAMILIES[i % len(FAMILIES)] for i in range(n_models)))
    keys = tuple(f"{family}|{i}" for i, family in enumerate(families))
    metrics = tuple(
        Column(f"m{i:02d}", Role.ERROR, "eV", f"category {i // 10}") for i in range(n_metrics)
    )
    return ErrorTable(
        name="made",
        columns=(Column("Models", Role.KEY), *metrics),
        keys=keys,
        row_roles=(RowRole.THRESHOLD, *(RowRole.MODEL for _ in range(n_models))),
        values=values,
        text=MappingProxyType({"Models": families}),
        family="Models",
    )


class MadeSource:
    """A trajectory in memory: atoms of a bcc lattice that shake. It implements FrameSource."""

    def __init__(self, n_atoms: int, n_frames: int = 4, seed: int = 3) -> None:
        rng = np.random.default_rng(seed)
        side = int(np.ceil((n_atoms / 2) ** (1 / 3)))
        corners = np.stack(np.meshgrid(*(np.arange(side),) * 3, indexing="ij"), -1).reshape(-1, 3)
        sites = np.concatenate([corners, corners + 0.5])[:n_atoms] * 3.5
        self._cell = np.diag([side * 3.5] * 3)
        self._frames = [
            self._frame(i, sites + rng.normal(scale=0.2, size=sites.shape), rng)
            for i in range(n_frames)
        ]

    def _frame(self, index: int, positions: Any, rng: np.random.Generator) -> Frame:
        n = len(positions)
        return Frame(
            index=index,
            positions=positions,
            numbers=np.full(n, 3, np.uint8),
            cell=self._cell.copy(),
            pbc=(True, True, True),
            ids=np.arange(1, n + 1),
            columns=MappingProxyType({"energies": rng.normal(-1.9, 0.05, n)}),
            info=MappingProxyType({"energy": -1.9 * n + index, "Time": 0.1 * index}),
        )

    path, format = "memory", "memory"

    @property
    def n_frames(self) -> int:
        return len(self._frames)

    @property
    def notes(self) -> tuple[Note, ...]:
        return ()

    def frame(self, index: int) -> Frame:
        return self._frames[index]

    def info(self, index: int) -> Mapping[str, Any]:
        return self._frames[index].info


def write_dump(path: Path, n_atoms: int, n_frames: int, seed: int = 5) -> Path:
    """A LAMMPS text dump as MD writes it: id type xu yu zu c_pe, %g with six digits."""
    rng = np.random.default_rng(seed)
    side = 3.5 * (n_atoms / 2) ** (1 / 3)
    with path.open("w", encoding="ascii") as file:
        for step in range(n_frames):
            file.write(f"ITEM: TIMESTEP\n{step * 100}\nITEM: NUMBER OF ATOMS\n{n_atoms}\n")
            file.write("ITEM: BOX BOUNDS pp pp pp\n" + f"0.0 {side:.6f}\n" * 3)
            file.write("ITEM: ATOMS id type x y z c_pe\n")
            values = np.column_stack(
                [
                    np.arange(1, n_atoms + 1),
                    np.ones(n_atoms),
                    rng.uniform(0, side, (n_atoms, 3)),
                    rng.normal(-1.9, 0.05, n_atoms),
                ]
            )
            np.savetxt(file, values, fmt="%d %d %.6g %.6g %.6g %.6g")
    return path


def write_xdatcar(path: Path, n_atoms: int, n_frames: int, seed: int = 5) -> Path:
    """XDATCAR of one header, eight decimals."""
    rng = np.random.default_rng(seed)
    with path.open("w", encoding="ascii") as file:
        file.write(f"made\n1.0\n20 0 0\n0 20 0\n0 0 20\nLi\n{n_atoms}\n")
        for step in range(n_frames):
            file.write(f"Direct configuration={step + 1:6d}\n")
            np.savetxt(file, rng.uniform(0, 1, (n_atoms, 3)), fmt="  %.8f  %.8f  %.8f")
    return path


def write_extxyz(path: Path, n_atoms: int, n_frames: int, seed: int = 5) -> Path:
    """Extended XYZ with positions and forces, eight decimals."""
    rng = np.random.default_rng(seed)
    side = 3.5 * (n_atoms / 2) ** (1 / 3)
    lattice = f'Lattice="{side} 0 0 0 {side} 0 0 0 {side}"'
    with path.open("w", encoding="ascii") as file:
        for step in range(n_frames):
            names = "Properties=species:S:1:pos:R:3:forces:R:3"
            file.write(f"{n_atoms}\n{lattice} {names} energy=-1.5 Time={step * 0.1}\n")
            values = np.column_stack(
                [rng.uniform(0, side, (n_atoms, 3)), rng.normal(0, 0.3, (n_atoms, 3))]
            )
            np.savetxt(file, values, fmt="Li %.8f %.8f %.8f %.8f %.8f %.8f")
    return path
