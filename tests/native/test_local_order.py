"""Bond order, Voronoi cells, entropy and counts against known crystals and slow plain codes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import Voronoi
from scipy.special import sph_harm_y

from mlipviewer.native.local_order import (
    Bonds,
    angle_counts,
    bond_order,
    local_entropy,
    local_means,
    neighbour_counts,
    pair_counts,
    voronoi_cells,
)
from mlipviewer.native.nearest import Grid, nearest_atoms

FCC = bulk("Al", "fcc", a=4.05, cubic=True).repeat(3)
HCP = bulk("Mg", "hcp", a=3.2, c=3.2 * np.sqrt(8 / 3)).repeat(3)
BCC = bulk("Li", "bcc", a=3.44, cubic=True).repeat(3)
SC = bulk("Po", "sc", a=3.3).repeat(4)
DENSE = st.integers(0, 2**31 - 1)


def grid(atoms: Atoms, k: int = 16) -> Grid:
    return Grid(atoms.get_positions(), np.array(atoms.cell), tuple(atoms.pbc), k)


def liquid(n: int, seed: int, size: float = 9.0) -> Atoms:
    rng = np.random.default_rng(seed)
    cell = np.diag([size, size * 1.1, size * 1.3]) + np.tril(rng.uniform(-2, 2, (3, 3)), -1)
    return Atoms(f"Li{n}", scaled_positions=rng.random((n, 3)), cell=cell, pbc=True)


@pytest.mark.parametrize(
    ("atoms", "k", "q4", "q6", "w4", "w6"),
    [
        (FCC, 12, 0.190941, 0.574524, -0.159317, -0.013161),
        (HCP, 12, 0.097222, 0.484762, 0.134097, -0.012442),
        (BCC, 14, 0.036370, 0.510688, 0.159317, 0.013161),
        (BCC, 8, 0.509175, 0.628539, -0.159317, 0.013161),
        (SC, 6, 0.763763, 0.353553, 0.159317, 0.013161),
    ],
)
def test_that_crystals_have_their_known_bond_order(
    atoms: Atoms, k: int, q4: float, q6: float, w4: float, w6: float
) -> None:
    with grid(atoms) as made:
        found = bond_order(made, Bonds(k))
    for q, w in ((found.q, found.w), (found.averaged_q, found.averaged_w)):
        assert np.abs(q[:, :2] - (q4, q6)).max() < 1e-5
        assert np.abs(w[:, :2] - (w4, w6)).max() < 1e-5


def test_that_an_icosahedron_has_its_known_bond_order() -> None:
    golden = (1 + np.sqrt(5)) / 2
    corners = [(0, a, b * golden) for a in (-1, 1) for b in (-1, 1)]
    around = [np.roll(corner, turn) for corner in corners for turn in range(3)]
    with Grid(np.array([(0, 0, 0), *around], float)) as made:
        found = bond_order(made, Bonds(12))
    assert found.q[0, :2] == pytest.approx((0, 0.663325), abs=1e-5)
    assert found.w[0, 1] == pytest.approx(-0.169754, abs=1e-5)


@settings(max_examples=20)
@given(DENSE, st.integers(3, 20))
def test_that_bond_order_is_that_of_scipys_harmonics(seed: int, k: int) -> None:
    atoms = liquid(40, seed)
    with grid(atoms, k) as made:
        found = bond_order(made, Bonds(k))
        indices, vectors = nearest_atoms(made, k)
    x, y, z = np.moveaxis(vectors.astype(float), 2, 0)
    polar, turn = np.arccos(z / np.sqrt(x * x + y * y + z * z)), np.arctan2(y, x)
    for place, order in enumerate((4, 6, 8)):
        parts = [sph_harm_y(order, m, polar, turn).mean(axis=1) for m in range(-order, order + 1)]
        own = np.array(parts).T
        means = (own + own[indices].sum(axis=1)) / (k + 1)
        for q, table in ((own, found.q), (means, found.averaged_q)):
            expected = np.sqrt(4 * np.pi / (2 * order + 1) * (np.abs(q) ** 2).sum(axis=1))
            assert np.allclose(table[:, place], expected, atol=2e-5)


@settings(max_examples=20)
@given(DENSE)
def test_that_bond_order_does_not_see_how_a_frame_is_turned_or_numbered(seed: int) -> None:
    rng = np.random.default_rng(seed)
    atoms = liquid(60, seed)
    turned = atoms.copy()
    turned.rotate(rng.uniform(0, 180), rng.normal(size=3), rotate_cell=True)
    order = rng.permutation(60)
    for bonds in (Bonds(12), Bonds(cutoff=3.5), Bonds(by_faces=True)):
        with grid(atoms) as one, grid(turned[order]) as other:
            first, second = bond_order(one, bonds), bond_order(other, bonds)
        for name in ("q", "averaged_q"):
            a, b = getattr(first, name)[order], getattr(second, name)
            assert np.allclose(a, b, atol=2e-4, equal_nan=True)


@pytest.mark.parametrize(
    ("atoms", "index"),
    [(FCC, (0, 12, 0, 0)), (HCP, (0, 12, 0, 0)), (BCC, (0, 6, 0, 8)), (SC, (0, 6, 0, 0))],
)
def test_that_crystals_have_their_known_voronoi_cells(atoms: Atoms, index: tuple[int, ...]) -> None:
    with grid(atoms, 32) as made:
        found = voronoi_cells(made)
    assert np.allclose(found.volumes, atoms.get_volume() / len(atoms), rtol=1e-6)
    assert (found.edges == index).all()
    assert (found.faces == sum(index)).all()


@settings(max_examples=25)
@given(DENSE, st.integers(20, 120))
def test_that_voronoi_cells_are_those_of_qhull_and_fill_the_cell(seed: int, n: int) -> None:
    atoms = liquid(n, seed)
    with grid(atoms, 32) as made:
        found = voronoi_cells(made)
    assert found.volumes.sum(dtype=float) == pytest.approx(atoms.get_volume(), rel=1e-5)
    turns = np.array([(a, b, c) for a in (0, -1, 1, -2, 2) for b in (0, -1, 1, -2, 2)
                      for c in (0, -1, 1, -2, 2)])  # fmt: skip
    images = (atoms.get_scaled_positions()[None] + turns[:, None]).reshape(-1, 3) @ atoms.cell.array
    other = Voronoi(images)
    edges: list[Counter[int]] = [Counter() for _ in range(n)]
    for (i, j), corners in zip(other.ridge_points, other.ridge_vertices, strict=True):
        for end in (i, j):
            if end < n:
                edges[end][len(corners)] += 1
    expected = np.array([[one[k] for k in (3, 4, 5, 6)] for one in edges])
    # an edge short enough for the two to differ is rare among random places
    assert np.mean((found.edges == expected).all(axis=1)) > 0.97
    assert np.abs(found.faces - [sum(one.values()) for one in edges]).sum() <= 2


def test_that_atoms_of_a_surface_have_no_volume() -> None:
    atoms = BCC.copy()
    atoms.pbc = (True, True, False)
    with grid(atoms, 32) as made:
        volumes = voronoi_cells(made).volumes
    z = atoms.positions[:, 2]
    outer = (z < 1) | (z > z.max() - 1)
    assert np.isnan(volumes[outer]).all()
    inner = (z > 3) & (z < z.max() - 3)
    assert np.allclose(volumes[inner], 3.44**3 / 2, rtol=1e-5)


def test_that_entropy_is_the_integral_of_its_definition() -> None:
    atoms = liquid(60, 3)
    cutoff, sigma, density = 4.0, 0.3, 60 / atoms.get_volume()
    with grid(atoms) as made:
        found = local_entropy(made, cutoff, sigma, density)
        local = local_entropy(made, cutoff, sigma)
    turns = np.array([(a, b, c) for a in range(-2, 3) for b in range(-2, 3) for c in range(-2, 3)])
    images = (atoms.positions[:, None] + turns @ atoms.cell.array).reshape(-1, 3)
    r = np.linspace(0, cutoff, 4001)[1:]
    for row in range(5):
        d = np.linalg.norm(images - atoms.positions[row], axis=1)
        d = d[(d > 1e-6) & (d < cutoff + 5 * sigma)]
        smeared = np.exp(-((r[:, None] - d) ** 2) / (2 * sigma**2)).sum(axis=1)
        for rho, value in ((density, found), ((d <= cutoff).sum() / (4 / 3 * np.pi * 64), local)):
            g = smeared / (4 * np.pi * rho * np.sqrt(2 * np.pi) * sigma * r**2)
            inner = np.where(g > 1e-300, g * np.log(np.maximum(g, 1e-300)) - g + 1, 1) * r**2
            expected = -2 * np.pi * rho * np.trapezoid(inner, r)
            assert value[row] == pytest.approx(expected, rel=5e-3)  # in steps of sigma / 4


def test_that_order_lowers_the_entropy_and_means_keep_the_sum_of_equals() -> None:
    with grid(BCC) as crystal, grid(liquid(len(BCC), 1, 10.5)) as melt:
        ordered, free = local_entropy(crystal, 5.0, 0.2), local_entropy(melt, 5.0, 0.2)
        assert np.allclose(local_means(crystal, 4.0, ordered), ordered, rtol=1e-5)
    assert ordered.max() < free.min()


def test_that_shells_of_crystals_are_counted_by_kind() -> None:
    b2 = bulk("CsCl", "cesiumchloride", a=3.2).repeat(3)
    kinds = (b2.numbers == 17).astype(np.int32)
    with grid(b2) as made:
        counts = neighbour_counts(made, 3.0, kinds, 2)
        assert (counts[kinds == 0] == (0, 8)).all()
        wide = neighbour_counts(made, 3.3, np.where(kinds == 1, -1, 0), 1)
        assert (wide[kinds == 0] == 6).all()
    for atoms, shells in ((BCC, (8, 6, 12)), (FCC, (12, 6, 24, 12))):
        with grid(atoms) as made:
            counts = pair_counts(made, 6.0037, 600, np.zeros(len(atoms), int), 1)[0, 0]
        filled = counts[counts > 0] / len(atoms)
        assert tuple(filled[: len(shells)]) == shells


def test_that_a_small_cell_counts_images() -> None:
    one = bulk("Al", "fcc", a=4.05)
    with grid(one) as made:
        assert neighbour_counts(made, 3.0, np.zeros(1, int), 1)[0, 0] == 12
        angles = angle_counts(made, 3.0, 180, np.ones(1), np.ones(1))
    assert angles.sum() == 66
    near = {60: 24, 90: 12, 120: 24, 180: 6}
    for angle, count in near.items():
        assert angles[max(angle - 2, 0) : angle + 2].sum() == count


@settings(max_examples=15)
@given(DENSE, st.floats(1.0, 6.0))
def test_that_counts_within_a_distance_are_those_of_all_images(seed: int, cutoff: float) -> None:
    atoms = liquid(30, seed)
    with grid(atoms) as made:
        counts = neighbour_counts(made, cutoff, np.zeros(30, int), 1)[:, 0]
    reach = range(-2, 3)
    turns = np.array([(a, b, c) for a in reach for b in reach for c in reach]) @ atoms.cell.array
    apart = atoms.positions[:, None] - atoms.positions
    distances = np.linalg.norm(apart[:, :, None] + turns, axis=3)
    assert np.array_equal(counts, (distances <= cutoff).sum(axis=(0, 2)) - 1)
