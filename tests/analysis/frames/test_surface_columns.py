"""Surfaces: magic numbers of particles, slabs, holes, images of the cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.core.atoms import matching_atoms
from mlipviewer.core.computation import Computed, with_computed
from mlipviewer.core.trajectory import Frame
from tests import alloys

# shells of concentric truncated octahedra, cuboctahedra and icosahedra (10 n^2 + 2)
MAGIC = {
    (7, 3): ([92, 42, 12, 1], [8 * 1, 6 * 4, 60]),
    (7, 2): ([122, 60, 18, 1], [8 * 7, 6 * 1, 60]),
    (7, 0): ([146, 66, 18, 1], [8 * 10, 0, 66]),
}


def found(frame: Frame, **params: object) -> Computed:
    computation = COMPUTATIONS["surface"]
    return computation.run(frame, computation.params(**params))


@pytest.mark.parametrize("by", ["ball", "neighbours"])
@pytest.mark.parametrize("shape", MAGIC)
def test_that_shells_and_facets_of_octahedra_are_counted(shape: tuple[int, int], by: str) -> None:
    frame = alloys.turned(alloys.octahedron(*shape), 3)
    result = found(frame, by=by)
    shells, (f111, f100, edges) = MAGIC[shape]
    assert np.bincount(result.columns["shell"]).tolist() == [0, *shells]
    facets = np.bincount(result.columns["facet"], minlength=4)[1:].tolist()
    assert facets == [f111, f100, edges]
    assert result.values["n_surface"] == shells[0]
    assert result.values["dispersion"] == pytest.approx(shells[0] / sum(shells))


def test_that_an_icosahedron_has_no_square_facets() -> None:
    from ase.cluster import Icosahedron

    atoms = Icosahedron("Au", 5)
    result = found(Frame(0, np.array(atoms.positions), np.array(atoms.numbers)))
    assert np.bincount(result.columns["shell"]).tolist() == [0, 162, 92, 42, 12, 1]
    assert np.bincount(result.columns["facet"])[1:].tolist() == [20 * 3, 0, 30 * 3 + 12]


def test_that_a_hole_inside_is_no_surface_for_a_ball() -> None:
    frame = alloys.octahedron(13, 4)
    inner = int(np.linalg.norm(frame.positions, axis=1).argmin())
    kept = np.arange(frame.n_atoms) != inner
    holed = replace(frame, positions=frame.positions[kept], numbers=frame.numbers[kept])
    whole = found(frame).values["n_surface"]
    assert found(holed).values["n_surface"] == whole
    assert found(holed, by="neighbours").values["n_surface"] == whole + 12


def test_that_heat_does_little() -> None:
    frame = alloys.octahedron(13, 4)
    warm = found(alloys.shaken(frame, 0.1))
    assert warm.values["n_surface"] == found(frame).values["n_surface"]
    same = warm.columns["facet"] == found(frame).columns["facet"]
    assert same.mean() > 0.98


def test_that_a_slab_has_two_surfaces_and_a_crystal_none() -> None:
    crystal = alloys.ordered("L1_0", 4)
    assert crystal.cell is not None
    assert found(crystal).values["n_surface"] == 0
    assert not found(crystal).columns["shell"].any()
    assert np.isnan(found(crystal).columns["depth"]).all()
    room = np.array([1.0, 1.0, 3.0])
    slab = replace(crystal, cell=crystal.cell * room[:, None])
    result = found(slab)
    assert np.bincount(result.columns["shell"])[1:].tolist() == [64, 64, 64, 64]
    assert np.bincount(result.columns["facet"]).tolist() == [192, 0, 64]
    depth = result.columns["depth"]
    heights = np.minimum(slab.positions[:, 2], slab.positions[:, 2].max() - slab.positions[:, 2])
    assert depth[heights == 0].max() == 0.0
    # an odd layer stands over the hollows of the surface, the next right below its atoms
    assert np.unique(depth.round(3)) == pytest.approx(
        [0, alloys.A / np.sqrt(2), alloys.A, np.sqrt(1.5**2 + 0.5**2) * alloys.A], abs=1e-3
    )


def test_that_columns_are_asked_by_name() -> None:
    frame = alloys.octahedron(7, 2)
    computation = COMPUTATIONS["surface"]
    frame = with_computed(frame, computation, found(frame))
    assert len(matching_atoms("facet == '{111}'", frame)) == 56
    assert len(matching_atoms("shell >= 2 and depth < 2.7", frame)) == 60
    left = found(frame, among="depth < 0.1").columns
    assert (left["facet"] == 4).sum() == frame.n_atoms - 122
