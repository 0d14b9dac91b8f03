"""Inputs made here: an error table, a trajectory in memory, and files of both."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.table import Column, ErrorTable, Role, RowRole
from mlipviewer.core.trajectory import Frame, Trajectory

FAMILIES = ("GAP", "SNAP", "MTP")
SPACING = 3.0  # A between the atoms of a made trajectory


def error_table(
    n_models: int = 24, n_metrics: int = 6, missing: int = 2, seed: int = 1, name: str = "made.csv"
) -> ErrorTable:
    """A threshold row, then models m1, m2 ... of three families; metrics e0, e1 ... in two
    categories. Even metrics follow one hidden quality and odd ones another, so that the graph of
    correlations has two groups. `missing` cells of the last metric are NaN."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n_models + 1, 2))
    own = hidden[:, np.arange(n_metrics) % 2] + 0.3 * rng.normal(size=(n_models + 1, n_metrics))
    values = 10 ** (0.4 * own - 1)
    values[1 : 1 + missing, -1] = np.nan
    families = ("Threshold", *(FAMILIES[i % len(FAMILIES)] for i in range(n_models)))
    metrics = [
        Column(
            f"e{i}",
            Role.ERROR,
            "eV",
            ("even", "odd")[i % 2],
        )
        for i in range(n_metrics)
    ]
    return ErrorTable(
        name=name,
        columns=(Column("model", Role.KEY), Column("family", Role.METADATA), *metrics),
        keys=("Threshold", *(f"m{i + 1}" for i in range(n_models))),
        row_roles=(RowRole.THRESHOLD, *(RowRole.MODEL,) * n_models),
        values=values,
        text=MappingProxyType(
            {"model": ("Threshold", *(f"m{i + 1}" for i in range(n_models))), "family": families}
        ),
        family="family",
    )


def table_csv(table: ErrorTable) -> str:
    """The table as CSV; missing cells are empty."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["model", "family", *table.metrics])
    for row, key in enumerate(table.keys):
        cells = ["" if np.isnan(v) else f"{v:.8g}" for v in table.values[row]]
        writer.writerow([key, table.families[row], *cells])
    return out.getvalue()


def write_table(path: Path, table: ErrorTable | None = None) -> Path:
    path.write_text(table_csv(error_table() if table is None else table), "utf-8")
    return path


@dataclass(frozen=True)
class FramesInMemory:
    """A source over frames that are there; those of `damaged` cannot be read."""

    frames: tuple[Frame, ...]
    path: str = "memory"
    format: str = "memory"
    notes: tuple[Note, ...] = ()
    damaged: frozenset[int] = frozenset()

    @property
    def n_frames(self) -> int:
        return len(self.frames)

    def frame(self, index: int) -> Frame:
        if index in self.damaged:
            raise ReadProblem("the atoms are cut", "memory.xyz", frame=index + 1)
        return self.frames[index]

    def info(self, index: int) -> Mapping[str, Any]:
        return self.frames[index].info


def made_frames(
    n_atoms: int = 27, n_frames: int = 8, error: float = 0.1, seed: int = 5
) -> tuple[Frame, ...]:
    """Atoms 1..n on a cubic lattice, in an order of its own in each frame.

    Each fifth atom is sodium, the others lithium. `energies` of atom i in frame t is i + 100 t;
    `forces` differ from `ref_forces` by `error` along x.
    """
    side = int(np.ceil(n_atoms ** (1 / 3) - 1e-9))
    sites = np.stack(np.meshgrid(*(np.arange(side),) * 3, indexing="ij"), -1).reshape(-1, 3)
    sites = sites[:n_atoms] * SPACING
    cell = np.eye(3) * side * SPACING
    return tuple(
        _frame(index, sites, cell, error, np.random.default_rng((seed, index)))
        for index in range(n_frames)
    )


def _frame(index: int, sites: Any, cell: Any, error: float, rng: np.random.Generator) -> Frame:
    n = len(sites)
    order = rng.permutation(n)
    ids = np.arange(1, n + 1)[order]
    reference = rng.normal(size=(n, 3))
    return Frame(
        index=index,
        positions=(sites + 0.05 * index)[order],
        numbers=np.where(ids % 5 == 0, 11, 3).astype(np.uint8),
        cell=cell.copy(),
        pbc=(True, True, True),
        ids=ids,
        columns=MappingProxyType(
            {
                "energies": ids + 100.0 * index,
                "forces": reference + np.array([error, 0.0, 0.0]),
                "ref_forces": reference,
            }
        ),
        info=MappingProxyType({"energy": -2.0 * n + np.cos(index), "Time": 0.5 * index}),
    )


def trajectory(name: str = "made.xyz", part: slice = slice(None), **about: Any) -> Trajectory:
    """The frames of `made_frames(**about)` in memory."""
    damaged = frozenset(about.pop("damaged", ()))
    source = FramesInMemory(made_frames(**about), name, damaged=damaged)
    return Trajectory.whole(name, source, part)


def write_extxyz(path: Path, **about: Any) -> Path:
    """`made_frames` as extended XYZ; the ids are a column."""
    names = {3: "Li", 11: "Na"}
    columns = "species:S:1:pos:R:3:id:I:1:energies:R:1:forces:R:3:ref_forces:R:3"
    lines: list[str] = []
    for frame in made_frames(**about):
        cell = " ".join(f"{x:g}" for x in frame.cell.ravel())
        lines += [
            str(frame.n_atoms),
            f'Lattice="{cell}" Properties={columns} energy={frame.info["energy"]:.10g} '
            f'Time={frame.info["Time"]:g} pbc="T T T"',
        ]
        values = np.column_stack([frame.columns["forces"], frame.columns["ref_forces"]])
        for i in range(frame.n_atoms):
            place = " ".join(f"{x:.6f}" for x in frame.positions[i])
            forces = " ".join(f"{x:.8f}" for x in values[i])
            energy = frame.columns["energies"][i]
            name = names[int(frame.numbers[i])]
            lines.append(f"{name} {place} {frame.ids[i]} {energy:.6f} {forces}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_dump(path: Path, **about: Any) -> Path:
    """`made_frames` as a LAMMPS text dump in the order of each frame."""
    lines: list[str] = []
    for frame in made_frames(**about):
        side = frame.cell[0, 0]
        lines += [f"ITEM: TIMESTEP\n{frame.index * 100}"]
        lines += [f"ITEM: NUMBER OF ATOMS\n{frame.n_atoms}", "ITEM: BOX BOUNDS pp pp pp"]
        lines += [f"0.0 {side:g}"] * 3 + ["ITEM: ATOMS id element x y z energies"]
        for i in range(frame.n_atoms):
            place = " ".join(f"{x:.6f}" for x in frame.positions[i])
            element = "Na" if frame.numbers[i] == 11 else "Li"
            lines.append(f"{frame.ids[i]} {element} {place} {frame.columns['energies'][i]:g}")
    path.write_text("\n".join(lines) + "\n", "ascii")
    return path


def write_links(path: Path, links: Iterable[Sequence[str]]) -> Path:
    """A file of links from rows of model, role, path and, where given, metric."""
    rows = [",".join((*link, "")[:4]) for link in links]
    path.write_text("\n".join(["model,role,path,metric", *rows]) + "\n", "utf-8")
    return path
