"""Structure analyses of a million atoms, beside OVITO and freud where they are installed.

Single bcc lithium crystal, half of it shaken by 0.25 A; CPU and wall time in ms, best of one.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from mlipviewer.native import local_order, structure
from mlipviewer.native.nearest import Grid, nearest_atoms
from tests.bench.timing import timed

SIDE, A = 80, 3.44  # 1 024 000 atoms
CUTOFF = 6.0
BINS = 200


def measure() -> dict[str, Any]:
    """Each analysis by this program, and by its peers on the same atoms in the same run."""
    positions = crystal()
    cell = np.eye(3) * SIDE * A
    return {
        "n_atoms": len(positions),
        "own": _own(positions, cell),
        "ovito": _peer("ovito", _ovito, positions, cell),
        "freud": _peer("freud", _freud, positions, cell),
    }


def crystal() -> np.ndarray:
    """(n, 3) bcc, cold below and warm above the middle."""
    rng = np.random.default_rng(1)
    corners = np.stack(np.meshgrid(*[np.arange(SIDE)] * 3, indexing="ij"), -1).reshape(-1, 3)
    places = np.concatenate([corners, corners + 0.5]) * A
    noise = np.where(places[:, 2] > SIDE * A / 2, 0.25, 0.05)[:, None]
    found: np.ndarray = places + noise * rng.standard_normal(places.shape)
    return found


def _own(positions: np.ndarray, cell: np.ndarray) -> dict[str, Any]:
    pbc, kinds = (True, True, True), np.zeros(len(positions), np.int32)

    def on(work: Callable[[Grid], object], k: int) -> Callable[[], object]:
        def run() -> object:
            with Grid(positions, cell, pbc, k) as grid:
                return work(grid)

        return run

    works: dict[str, tuple[Callable[[Grid], object], int]] = {
        "neighbours_14": (lambda g: nearest_atoms(g, 14), 14),
        "cna": (structure.cna_types, 14),
        "ptm": (structure.match_templates, 18),
        "steinhardt": (lambda g: local_order.bond_order(g, local_order.Bonds(12)), 12),
        "voronoi": (local_order.voronoi_cells, 32),
        "rdf": (lambda g: local_order.pair_counts(g, CUTOFF, BINS, kinds, 1), 16),
    }
    return {name: timed(on(work, k), 1, 0) for name, (work, k) in works.items()}


Peer = Callable[[np.ndarray, np.ndarray], dict[str, Callable[[], object]]]


def _peer(name: str, peer: Peer, positions: np.ndarray, cell: np.ndarray) -> dict[str, Any]:
    try:
        import_module(name)
        works = peer(positions, cell)
    except Exception as error:  # noqa: BLE001 (a peer that cannot be loaded is skipped)
        return {"skipped": f"{type(error).__name__}: {str(error)[:100]}"}
    return {what: timed(work, 1, 0) for what, work in works.items()}


def _ovito(positions: np.ndarray, cell: np.ndarray) -> dict[str, Callable[[], object]]:
    data, modifiers, pipeline = (
        import_module(f"ovito.{one}") for one in ("data", "modifiers", "pipeline")
    )
    atoms = data.DataCollection()
    particles = data.Particles(count=len(positions))
    particles.create_property("Position", data=positions)
    atoms.objects.append(particles)
    atoms.create_cell(np.hstack([cell.T, np.zeros((3, 1))]), pbc=(True, True, True))

    def computed(modifier: object) -> Callable[[], object]:
        def run() -> object:
            line = pipeline.Pipeline(source=pipeline.StaticSource(data=atoms))
            line.modifiers.append(modifier)
            return line.compute()

        return run

    return {
        "cna": computed(modifiers.CommonNeighborAnalysisModifier()),
        "ptm": computed(modifiers.PolyhedralTemplateMatchingModifier()),
        "voronoi": computed(modifiers.VoronoiAnalysisModifier(compute_indices=True)),
        "rdf": computed(modifiers.CoordinationAnalysisModifier(cutoff=CUTOFF, number_of_bins=BINS)),
    }


def _freud(positions: np.ndarray, cell: np.ndarray) -> dict[str, Callable[[], object]]:
    freud = import_module("freud")
    side = float(cell[0, 0])
    system = (freud.box.Box.cube(side), np.mod(positions, side) - side / 2)
    near = {"num_neighbors": 12}
    return {
        "steinhardt": lambda: freud.order.Steinhardt([4, 6, 8], average=True).compute(
            system, neighbors=near
        ),
        "rdf": lambda: freud.density.RDF(BINS, CUTOFF).compute(system),
    }
