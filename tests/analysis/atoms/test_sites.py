"""The sharing of polyhedra that geometry gives, named after the structures; whether ions pass."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Frame
from tests.analysis.crystals import HCP, atoms_of, frame_of, inputs_of

SITES = ANALYSES["sites"]
ROOT2, ROOT3 = 2**0.5, 3**0.5


def run(inputs: Inputs, **params: Any) -> Result:
    return SITES.run(inputs, SITES.params(**params), Progress())


def given(name: str, mobile: str) -> Result:
    """The mobile ions of a crystal as its sites."""
    return run(inputs_of(atoms_of(name)), mobile=mobile, sites="given")


def shared(result: Result, ion: str = "") -> list[tuple[str, int, float, int]]:
    """(sharing, anions, distance, count) of all neighbours that a site of an ion has."""
    sites, links = result.tables["sites"], result.tables["links"]
    found: dict[int, Counter[tuple[str, int, float]]] = {
        site: Counter()
        for site, own in zip(sites["site"], sites["ion"], strict=True)
        if not ion or own == ion
    }
    names = ("first", "second", "sharing", "shared", "distance")
    for first, second, *what in zip(*(links[name] for name in names), strict=True):
        for site in (first, second):
            if site in found:
                found[site][tuple(what)] += 1  # type: ignore[index]
    every = {tuple(sorted((*key, n) for key, n in own.items())) for own in found.values()}
    assert len(every) == 1, "all sites have the same surroundings"
    return sorted(every.pop(), key=lambda one: (-one[1], one[2]))


def expect(found: list[tuple[str, int, float, int]], *wanted: tuple[str, int, float, int]) -> None:
    for sharing, anions, apart, count in wanted:
        near = [one for one in found if one[:2] == (sharing, anions) and one[3] == count]
        assert any(one[2] == pytest.approx(apart, abs=1e-3) for one in near), (wanted, found)
    for sharing in ("face", "edge"):
        n = sum(one[3] for one in wanted if one[0] == sharing)
        assert sum(one[3] for one in found if one[0] == sharing) == n


def test_that_sites_of_cscl_share_faces_of_four_anions_and_edges() -> None:
    found = given("CsCl", "Cs")
    assert found.tables["sites"]["coordination"] == [8]
    assert found.tables["sites"]["kind"] == ["cube"]
    expect(shared(found), ("face", 4, 4.12, 6), ("edge", 2, 4.12 * ROOT2, 12))


def test_that_sites_of_nacl_share_edges_and_corners_and_no_face() -> None:
    found = given("NaCl", "Na")
    assert set(found.tables["sites"]["coordination"]) == {6}
    assert shared(found) == [
        ("edge", 2, pytest.approx(5.64 / ROOT2, abs=1e-3), 12),
        ("corner", 1, 5.64, 6),
    ]
    assert not found.summary["passes"]
    assert "do not connect through shared faces" in str(found.summary["reason"])


def test_that_octahedra_of_nias_share_two_faces_at_half_of_c() -> None:
    found = given("NiAs", "Na")
    assert set(found.tables["sites"]["kind"]) == {"octahedron"}
    expect(shared(found), ("face", 3, 3.6 * HCP / 2, 2), ("edge", 2, 3.6, 6))
    assert found.summary["dimension"] == 1


def test_that_octahedra_of_perovskite_share_corners_alone() -> None:
    assert shared(given("perovskite", "Ti")) == [("corner", 1, 3.9, 6)]


def test_that_cubes_of_fluorite_share_twelve_edges() -> None:
    found = given("fluorite", "Ca")
    assert set(found.tables["sites"]["coordination"]) == {8}
    assert shared(found) == [("edge", 2, pytest.approx(5.46 / ROOT2, abs=1e-3), 12)]


def test_that_tetrahedra_of_antifluorite_share_edges_and_corners() -> None:
    found = given("antifluorite", "Li")
    assert set(found.tables["sites"]["kind"]) == {"tetrahedron"}
    assert shared(found) == [
        ("edge", 2, 2.31, 6),
        ("corner", 1, pytest.approx(4.62 / ROOT2, abs=1e-3), 12),
        ("corner", 1, pytest.approx(4.62 * ROOT3 / 2, abs=1e-3), 4),
    ]


def test_that_tetrahedra_among_fcc_anions_share_faces_with_four_octahedra() -> None:
    found = given("fcc anions", "Li,Na")
    sites = found.tables["sites"]
    kinds = dict(zip(sites["ion"], sites["coordination"], strict=True))
    assert kinds == {"Li": 4, "Na": 6}
    of_both = between(found, "Li", "Na")
    assert of_both["face"] == 4
    assert of_both["corner"] == 12
    assert of_both["edge"] == 0


def between(result: Result, ion: str, other: str) -> Counter[str]:
    """How many neighbours of another ion one ion has, by sharing; as many for all of them."""
    ions, links = result.tables["sites"]["ion"], result.tables["links"]
    counts: Counter[str] = Counter()
    for first, second, what in zip(links["first"], links["second"], links["sharing"], strict=True):
        if {ions[first - 1], ions[second - 1]} == {ion, other}:
            counts[what] += 1
    n = ions.count(ion)
    assert all(value % n == 0 for value in counts.values())
    return Counter({what: value // n for what, value in counts.items()})


def test_that_tetrahedra_among_bcc_anions_share_four_faces() -> None:
    found = given("bcc anions", "Li")
    assert found.summary["n_sites"] == 12
    faces = [one for one in shared(found) if one[0] == "face"]
    assert faces == [("face", 3, pytest.approx(4.1 / (2 * ROOT2), abs=1e-3), 4)]
    assert faces[0][2] == pytest.approx(1.450, abs=1e-3)
    assert found.summary["dimension"] == 3


def test_that_tetrahedra_among_hcp_anions_share_one_face() -> None:
    faces = [one for one in shared(given("hcp anions", "Li")) if one[0] == "face"]
    assert faces == [("face", 3, pytest.approx(1.470, abs=1e-3), 1)]


def test_that_channel_sites_of_lacl3_share_faces_at_half_of_c() -> None:
    found = given("LaCl3", "Na")
    sites = found.tables["sites"]
    assert sites["coordination"] == [6, 6]
    assert sites["distance"] == pytest.approx([2.853, 2.853], abs=1e-3)
    assert shared(found) == [("face", 3, pytest.approx(2.187, abs=1e-3), 2)]


def test_that_lanthanum_in_lacl3_has_six_and_three_chlorides() -> None:
    found = given("LaCl3", "La")
    assert found.tables["sites"]["coordination"] == [9, 9]
    apart = np.linalg.norm(found.arrays["corner"][:9], axis=1)
    assert np.sort(apart) == pytest.approx([2.950] * 6 + [2.953] * 3, abs=1e-3)


def test_that_the_channel_of_lacl3_is_as_wide_as_its_narrowest_triangle() -> None:
    found = run(inputs_of(atoms_of("LaCl3")))
    assert found.summary["percolation_radius"] == pytest.approx(2.635 - 1.67, abs=1e-3)
    along = found.tables["ways"]["radius"]
    assert max(along[:2]) < 0.3  # no way across
    assert found.summary["n_sites"] == 2
    assert found.summary["passes"]
    assert found.tables["sites"]["z"] == pytest.approx([0, 4.3745 / 2], abs=1e-3)


def test_that_known_conductors_have_the_known_sites() -> None:
    nasicon, layered = run(inputs_of(atoms_of("NASICON"))), run(inputs_of(atoms_of("P2-NaCoO2")))
    assert set(nasicon.tables["sites"]["coordination"]) == {5, 6, 8}
    assert set(layered.tables["sites"]["kind"]) == {"prism"}
    for one in (nasicon, layered):
        assert one.summary["passes"]
        assert 0.88 < one.summary["percolation_radius"] < 1.28  # type: ignore[operator]
    assert layered.summary["dimension"] == 2
    assert nasicon.summary["dimension"] == 3


def test_that_without_the_sodium_of_the_file_the_same_sites_are_found() -> None:
    atoms = atoms_of("NASICON")
    empty = atoms[[atom.symbol != "Na" for atom in atoms]]
    full, none = run(inputs_of(atoms)), run(inputs_of(empty), mobile="Na")
    assert none.summary["n_sites"] == full.summary["n_sites"]
    assert none.tables["sites"]["kind"] == full.tables["sites"]["kind"]


def test_that_rules_can_be_told_and_are_told() -> None:
    found = run(inputs_of(atoms_of("LaCl3")), least_radius=1.2)
    assert not found.summary["passes"]
    assert found.summary["reason"] == "the percolation radius 0.97 Å is not above 1.20 Å"
    rules = dict(zip(found.tables["rules"]["rule"], found.tables["rules"]["asked"], strict=True))
    assert rules["least_radius"] == 1.2
    assert rules["cation_distance"] == 2.8  # of chlorides
    assert run(inputs_of(atoms_of("LaCl3")), cation_distance=5.5).summary["n_sites"] == 0


def test_that_shared_sites_take_the_smallest_ion() -> None:
    atoms = atoms_of("LaCl3")
    wide = run(inputs_of(atoms))
    names = np.array(["La 0.5, Al 0.5" if s == "La" else f"{s} 1" for s in atoms.symbols])
    mixed = run(inputs_of(frame_of(atoms, occupants=names)))
    assert "2 shared sites have the radius of their smallest ion" in mixed.notes
    assert max(mixed.tables["ways"]["radius"][:2]) > max(wide.tables["ways"]["radius"][:2])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cell": None, "pbc": (False,) * 3}, "it has no cell that repeats in all three"),
        ({"numbers": np.array([29] * 8, np.int32)}, "it holds no Na or Li"),
        ({"numbers": np.array([11] * 4 + [26] * 4, np.int32)}, "it holds no anions such as O"),
        ({"numbers": np.array([11] * 4 + [0] * 4, np.int32)}, "no charge is known of X"),
    ],
)
def test_that_what_cannot_be_treated_says_why(change: dict[str, Any], sentence: str) -> None:
    from dataclasses import replace

    frame = replace(frame_of(atoms_of("NaCl")), **change)
    with pytest.raises(AnalysisProblem, match=sentence):
        run(inputs_of(frame))


def test_that_a_disordered_framework_is_refused() -> None:
    atoms = atoms_of("NaCl")
    atoms.append("Cl")
    atoms.positions[-1] = atoms.positions[atoms.symbols == "Cl"][0] + (0.4, 0, 0)
    with pytest.raises(AnalysisProblem, match="disordered: Cl and Cl are"):
        run(inputs_of(atoms))


def test_that_a_name_that_is_no_element_is_refused() -> None:
    with pytest.raises(AnalysisProblem, match="'Nb5' is no element"):
        run(inputs_of(atoms_of("NaCl")), mobile="Nb5")


def test_that_it_can_be_stopped() -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        SITES.run(inputs_of(atoms_of("NaCl")), SITES.params(), progress)


@pytest.mark.parametrize("seed", range(8))
def test_that_odd_cells_give_sites_or_one_sentence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cell = rng.normal(0, 1, (3, 3)) + np.diag(rng.uniform(2, 12, 3))
    n = int(rng.integers(2, 10))
    numbers = np.concatenate(([11], rng.choice([11, 17, 57, 8], n - 1))).astype(np.int32)
    frame = Frame(0, rng.random((n, 3)) @ cell, numbers, cell, (True, True, True))
    result, said = None, ""
    try:
        result = run(inputs_of(frame))
    except AnalysisProblem as problem:
        said = str(problem)
    if result is None:
        assert said
        assert "\n" not in said
        return
    assert len(result.tables["sites"]["site"]) == result.summary["n_sites"]
    assert np.isfinite(result.arrays["place"]).all()


def test_that_too_many_atoms_are_refused() -> None:
    places = np.zeros((20_001, 3))
    numbers = np.full(20_001, 11, np.int32)
    frame = Frame(0, places, numbers, np.eye(3) * 90, (True, True, True))
    with pytest.raises(AnalysisProblem, match="up to 20,000 atoms"):
        run(inputs_of(frame))
