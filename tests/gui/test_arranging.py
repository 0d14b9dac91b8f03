"""Where atoms are drawn, and what is drawn with them: arrays with known answers."""

from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import arranged, images_of, places_of, slice_plane
from mlipviewer.gui.scene.arrows import arrow_rods, arrows, displacements, vectors_of
from mlipviewer.gui.scene.bonding import bond_lengths, find_bonds, half_bonds
from mlipviewer.gui.scene.dress import dressed, element_themes
from mlipviewer.gui.scene.polyhedra import hull, hulls
from mlipviewer.gui.scene.spheres import bounds, kinds_of
from mlipviewer.session.looks import (
    Bonds,
    Looks,
    Polyhedra,
    Slice,
    SpeciesLook,
    Style,
    Vectors,
    Wrapping,
    with_species,
    with_style,
)

HOME = np.zeros(3)
CELL = np.array([[4.0, 0, 0], [1.0, 5.0, 0], [0, 0, 6.0]])


def frame(positions: object, numbers: object = None, **more: object) -> Frame:
    places = np.array(positions, float).reshape(-1, 3)
    kinds = np.full(len(places), 3) if numbers is None else np.array(numbers)
    about = {"cell": CELL.copy(), "pbc": (True,) * 3, **more}
    return Frame(0, places, kinds, **about)  # type: ignore[arg-type]


@given(st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=1, max_size=20))
def test_that_wrapped_atoms_lie_in_the_cell_a_lattice_vector_away(places: list) -> None:
    one = frame(places)
    wrapped = places_of(one, Wrapping.WRAPPED)
    parts = wrapped @ np.linalg.inv(CELL)
    assert (parts > -1e-9).all()
    assert (parts < 1 + 1e-9).all()
    steps = (wrapped - one.positions) @ np.linalg.inv(CELL)
    assert np.allclose(steps, np.round(steps), atol=1e-9)


def test_that_unwrapped_atoms_follow_their_image_flags() -> None:
    flags = np.array([[0, 0, 0], [2, -1, 0]])
    one = frame([[1, 1, 1], [2, 2, 2]], columns=MappingProxyType({"image": flags}))
    assert places_of(one, Wrapping.UNWRAPPED)[1].tolist() == [2 + 8 - 1, 2 - 5, 2]
    apart = MappingProxyType({name: flags[:, i] for i, name in enumerate(("ix", "iy", "iz"))})
    again = places_of(frame([[1, 1, 1], [2, 2, 2]], columns=apart), Wrapping.UNWRAPPED)
    assert again[1].tolist() == [9, -3, 2]
    without = frame([[1, 1, 1]])
    assert places_of(without, Wrapping.UNWRAPPED) is without.positions


def test_that_images_are_whole_cells_away_and_stand_for_the_same_atoms() -> None:
    one = frame([[1, 1, 1], [2, 2, 2]])
    how = arranged(one, kinds_of(one), Looks(images=(2, 1, 3)), HOME)
    assert how.spheres.n == 12
    assert how.spheres.rows is not None
    assert how.spheres.rows.tolist() == [0, 1] * 6
    moved = how.spheres.positions - one.positions[how.spheres.rows]
    steps = moved @ np.linalg.inv(CELL)
    assert {tuple(s) for s in np.round(steps, 5).tolist()} == {
        (a, 0.0, c) for a in (0.0, 1.0) for c in (0.0, 1.0, 2.0)
    }
    chosen = how.spheres.atoms(how.spheres.positions[:, 2] > 12)
    assert chosen.tolist() == [True, True]
    low, high = bounds(one, None, (2, 1, 3))
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [9, 5, 18]
    open_frame = frame([[1, 1, 1]], pbc=(True, False, True))
    assert images_of(open_frame, Looks(images=(2, 2, 2))) == (2, 1, 2)


def test_that_a_slice_keeps_what_lies_behind_its_plane() -> None:
    one = frame([[0, 0, z] for z in np.linspace(0, 6, 7)])
    cut = Slice(on=True, normal=(0, 0, 1), position=0.5)
    how = arranged(one, kinds_of(one), Looks(slice=cut), HOME)
    assert how.spheres.positions[:, 2].tolist() == [0, 1, 2, 3]
    thin = Slice(on=True, normal=(0, 0, 1), position=0.5, thickness=1.5)
    how = arranged(one, kinds_of(one), Looks(slice=thin), HOME)
    assert how.spheres.positions[:, 2].tolist() == [2, 3]
    normal, _ = slice_plane(Slice(True, (0, 1, 0), miller=True), one, how.box)
    assert normal @ CELL[0] == pytest.approx(0)  # planes (010) hold the first and third vectors
    assert normal @ CELL[2] == pytest.approx(0)


def test_that_a_clip_box_counts_in_parts_of_the_cell() -> None:
    one = frame(np.array([[0.1, 0.5, 0.5], [0.4, 0.5, 0.5], [0.9, 0.5, 0.5]]) @ CELL)
    looks = Looks(clip=((0.2, 0.6), (0.0, 1.0), (0.0, 1.0)))
    how = arranged(one, kinds_of(one), looks, HOME)
    assert how.spheres.rows is not None
    assert how.spheres.rows.tolist() == [1]


def test_that_species_can_be_hidden_coloured_and_sized() -> None:
    one = frame([[0, 0, 0], [1, 1, 1]], [3, 8])
    looks = with_species(Looks(), SpeciesLook("O", visible=False))
    looks = with_species(looks, SpeciesLook("Li", colour=(1, 2, 3), radius=0.5))
    kinds = dressed(kinds_of(one), looks)
    assert kinds.colours[3].tolist() == [1, 2, 3]
    assert kinds.radii[3] == 0.5
    how = arranged(one, kinds, looks, HOME)
    assert how.spheres.atom(0) == 0
    assert how.spheres.n == 1
    assert with_species(looks, SpeciesLook("O")).of_species("O").visible


def test_that_styles_and_themes_have_their_radii_and_colours() -> None:
    one = frame([[0, 0, 0]], [14])
    radii = {
        style: float(dressed(kinds_of(one), with_style(Looks(), style)).radii[14])
        for style in Style
    }
    assert radii[Style.SPACE_FILL] == pytest.approx(2.19)  # Alvarez 2013
    assert radii[Style.SPHERES] == pytest.approx(1.11 * 0.72)
    assert radii[Style.STICKS] == pytest.approx(Bonds().radius)
    assert radii[Style.POINTS] < radii[Style.BALL_AND_STICK] < radii[Style.SPHERES]
    assert set(element_themes()) == {"Jmol", "VESTA"}
    vesta = dressed(kinds_of(one), Looks(theme="VESTA")).colours[14]
    assert vesta.tolist() == [27, 59, 250]


def test_that_bonds_through_a_wall_are_two_halves_that_end_at_its_middle() -> None:
    one = frame([[0.4, 2, 3], [3.8, 2, 3]], [6, 8])  # 0.6 A apart through the wall
    kinds = kinds_of(one)
    bonds = Bonds(shown=True, lengths=(("C", "O", 1.0), ("C", "C", 0.0), ("O", "O", 0.0)))
    assert bond_lengths(kinds, bonds)[8, 6] == 1.0
    found = find_bonds(one, kinds, bonds)
    ends, whose = half_bonds(found, arranged(one, kinds, Looks(), HOME), HOME)
    halves = {int(w): e.tolist() for w, e in zip(whose, ends, strict=True)}
    assert halves[0] == pytest.approx([0.4, 2, 3, 0.1, 2, 3], abs=1e-5)
    assert halves[1] == pytest.approx([3.8, 2, 3, 4.1, 2, 3], abs=1e-5)
    hidden = dressed(kinds, with_species(Looks(), SpeciesLook("O", visible=False)))
    assert len(half_bonds(found, arranged(one, hidden, Looks(), HOME), HOME)[0]) == 0


def test_that_arrows_reach_as_far_as_their_vectors() -> None:
    forces = np.array([[0, 0, 2.0], [0.1, 0, 0], [np.nan, 0, 0]])
    other = np.array([[0, 0, 0.5], [0.1, 0, 0], [0, 0, 0]])
    columns = MappingProxyType({"forces": forces, "mace": other})
    one = frame([[0, 0, 0], [1, 1, 1], [2, 2, 2]], columns=columns)
    how = arranged(one, kinds_of(one), Looks(), HOME)
    wish = Vectors("forces", scale=1.5, threshold=0.5)
    rods = arrows(vectors_of(one, wish, None), wish, how, HOME, None)  # type: ignore[arg-type]
    assert rods.ends.tolist()[1][3:] == [0, 0, 3]  # the head's tip; the shaft ends before it
    assert rods.n == 2
    assert rods.radii[1, 1] == 0
    error = vectors_of(one, Vectors("forces", minus="mace"), None)
    assert error is not None
    assert error[0].tolist() == [0, 0, 1.5]
    chosen = np.array([False, True, False])
    few = Vectors("forces", selected_only=True)
    assert arrows(forces, few, how, HOME, chosen).n == 2
    assert arrow_rods(np.zeros((0, 3)), np.zeros((0, 3)), (1, 2, 3)).n == 0


def test_that_displacements_follow_ids_through_walls() -> None:
    before = frame([[0.1, 2, 3], [2, 2, 3]], ids=np.array([7, 9]))
    after = frame([[2, 2.5, 3], [3.9, 2, 3], [1, 1, 1]], ids=np.array([9, 7, 11]))
    moved = displacements(before, after)
    assert moved[0] == pytest.approx([0, 0.5, 0])
    assert moved[1] == pytest.approx([-0.2, 0, 0])
    assert np.isnan(moved[2]).all()


def test_that_an_octahedron_has_eight_faces_and_twelve_edges() -> None:
    corners = np.concatenate([np.eye(3), -np.eye(3)]) * 2.0
    one = frame(np.concatenate([[[0, 0, 0]], corners]), [22] + [8] * 6, cell=None)
    made = hulls(one, kinds_of(one), Polyhedra("Ti", "O", 2.1))
    assert len(made) == 1
    assert made[0][0] == 0
    assert made[0][1].shape == (8, 3, 3)
    assert made[0][2].shape == (12, 2, 3)
    cube = np.array(list(np.ndindex(2, 2, 2)), float)
    solid = hull(cube)
    assert solid is not None
    assert len(solid[0]) == 12
    assert len(solid[1]) == 12  # without the diagonals of its faces
    assert hull(cube[:4] * [0, 1, 1]) is None
