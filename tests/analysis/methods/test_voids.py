"""Ways between spheres against closed forms and a grid; winding; what another code counts."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis.methods.framework import framework_of
from mlipviewer.analysis.methods.ions import bond_length, charges_of
from mlipviewer.analysis.methods.possible_sites import given_sites
from mlipviewer.analysis.methods.voids import Spheres, voids_of
from mlipviewer.analysis.methods.windings import Windings, widest_ways
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.progress import Progress
from tests.analysis.crystals import atoms_of, frame_of

ROOT2, ROOT3 = 2**0.5, 3**0.5


def spheres(a: float, basis: list[tuple[float, float, float]], radius: float) -> Spheres:
    return Spheres(np.eye(3) * a, np.array(basis) * a, np.full(len(basis), radius))


@pytest.mark.parametrize(("a", "radius"), [(4.0, 1.0), (3.2, 0.2), (6.0, 2.4)])
def test_that_the_free_sphere_of_a_simple_cubic_lattice_is_known(a: float, radius: float) -> None:
    found = voids_of(spheres(a, [(0, 0, 0)], radius))
    assert found.free_spheres() == pytest.approx([a / ROOT2 - radius] * 3, abs=1e-9)
    assert found.places == pytest.approx(np.full((1, 3), a / 2))
    assert found.room == pytest.approx([a * ROOT3 / 2 - radius])


def test_that_holes_of_fcc_and_bcc_are_where_they_are() -> None:
    fcc = [(0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
    found = voids_of(spheres(4.0, fcc, 1.0))
    rooms = np.sort(found.room)
    assert rooms == pytest.approx([ROOT3 - 1] * 8 + [1.0] * 4)  # tetrahedra, octahedra
    triangle = 4 / ROOT2 / ROOT3
    assert found.free_spheres() == pytest.approx([triangle - 1] * 3)
    bcc = voids_of(spheres(4.0, [(0, 0, 0), (0.5, 0.5, 0.5)], 1.0))
    assert bcc.room == pytest.approx([5**0.5 - 1] * 12)


def test_that_no_way_is_wider_than_a_grid_finds_and_few_are_narrower() -> None:
    rng = np.random.default_rng(1)
    for _ in range(3):
        places, radii = rng.random((8, 3)) * 6, rng.uniform(0.8, 1.2, 8)
        found = voids_of(Spheres(np.eye(3) * 6, places, radii)).free_spheres()
        wanted = _ways_of_grid(places, radii, 6.0, 48)
        assert (found < wanted + 0.12).all()  # 0.108 A is half a diagonal of the grid
        assert (found > wanted - 0.05).all()


def _ways_of_grid(places: np.ndarray, radii: np.ndarray, a: float, n: int) -> np.ndarray:
    axis = np.arange(n) * a / n
    points = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1)
    room = np.full((n, n, n), np.inf)
    for place, radius in zip(places, radii, strict=True):
        apart = points - place
        apart -= np.round(apart / a) * a
        room = np.minimum(room, np.linalg.norm(apart, axis=-1) - radius)
    number = np.arange(n**3).reshape(n, n, n)
    ends, images, widths = [], [], []
    for k in range(3):
        shift = np.zeros((n, n, n, 3), int)
        np.moveaxis(shift, k, 0)[-1, ..., k] = 1
        wide = np.minimum(room, np.roll(room, -1, k))
        kept = wide > 0.2
        ends.append(np.stack((number[kept], np.roll(number, -1, k)[kept]), 1))
        images.append(shift[kept])
        widths.append(wide[kept])
    return widest_ways(n**3, np.concatenate(ends), np.concatenate(images), np.concatenate(widths))


def test_that_a_part_that_returns_to_itself_tells_in_how_many_directions() -> None:
    network = Windings(4)
    assert network.join(0, 1, (0, 0, 0)) is None
    assert network.dimension(0) == 0
    assert network.join(1, 0, (1, 0, 0)) == (1, 0, 0)
    assert network.dimension(1) == 1
    assert network.along(0) == (True, False, False)
    assert network.join(2, 3, (0, 0, 0)) is None
    assert network.join(3, 2, (0, 0, 2)) == (0, 0, 2)
    network.join(0, 3, (5, 0, 0))
    assert network.dimension(2) == 2
    assert network.join(0, 1, (0, 0, 0)) is None


# coordination of the ion by anions, and its bond-valence sum over anions within 5 A, by pymatgen
# 2026.10.16 (CrystalNN, calculate_bv_sum) for the same crystals
BY_PYMATGEN = {
    ("CsCl", "Cs"): (8, 0.6710),
    ("NaCl", "Na"): (6, 0.8418),
    ("antifluorite", "Li"): (4, 0.7945),
    ("fluorite", "Ca"): (8, 1.6086),
    ("LaCl3", "La"): (9, 2.5434),
    ("perovskite", "Ti"): (6, 3.8804),
    ("perovskite", "Sr"): (12, 1.5123),
    ("wurtzite", "Zn"): (4, 1.4426),
    ("rutile", "Ti"): (6, 3.8070),
    ("corundum", "Al"): (6, 3.0998),
}


@pytest.mark.parametrize(("name", "ion"), BY_PYMATGEN)
def test_that_coordination_and_bond_valence_are_those_of_pymatgen(name: str, ion: str) -> None:
    frame = frame_of(atoms_of(name))
    sites = given_sites(framework_of(frame, ion), frame, Progress())
    number, valence = BY_PYMATGEN[name, ion]
    assert {site.shell.n for site in sites} == {number}
    assert [site.valence for site in sites] == pytest.approx([valence] * len(sites), abs=1e-4)


def test_that_charges_make_a_compound_neutral() -> None:
    assert charges_of({"Li": 1, "Fe": 1, "P": 1, "O": 4}).of == {"Li": 1, "Fe": 2, "P": 5, "O": -2}
    assert charges_of({"Na": 3, "P": 1, "S": 4}).of == {"Na": 1, "P": 5, "S": -2}
    assert charges_of({"Na": 2, "S": 1, "O": 4}).of == {"Na": 1, "S": 6, "O": -2}
    assert charges_of({"Li": 6, "P": 1, "S": 5, "Cl": 1}).of["Cl"] == -1
    assert not charges_of({"Na": 1, "Cl": 3}).balanced
    assert charges_of({"Na": 1, "Cl": 3}).of == {"Na": 1, "Cl": -1}


def test_that_bond_lengths_are_the_tabulated_ones() -> None:
    # sizes 1.36 and 0.63 A, strengths 1.01 and 3.15 (O'Keeffe and Brese 1991)
    assert bond_length("Na", "O") == pytest.approx(1.8387, abs=1e-4)
    assert bond_length("Na", "Xe") is None


def test_that_images_in_a_plane_are_not_the_end() -> None:
    cell = np.array([[16.57, 0.04, 0.41], [-0.39, 1.39, 17.14], [-3.10, -5.65, -1.00]])
    found = voids_of(Spheres(cell, np.array([[0.75, 0.5, 0.25]]) @ cell, np.array([1.67])))
    assert len(found.places) >= 1
    assert (found.free_spheres() > 0).all()


def test_that_too_wide_a_space_is_refused() -> None:
    with pytest.raises(AnalysisProblem, match="wider than 120"):
        voids_of(Spheres(np.eye(3) * 150.0, np.zeros((1, 3)), np.ones(1)))
