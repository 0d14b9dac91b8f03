"""Transparent atoms: which bits they get, and what both ways of drawing make of them."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene import parts
from mlipviewer.gui.scene import scene as scene_module
from mlipviewer.gui.scene.arranging import arranged
from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.gui.scene.paints import species_paint
from mlipviewer.gui.scene.spheres import kinds_of
from mlipviewer.gui.scene.veils import class_mask, veils_of
from mlipviewer.session.looks import ClassLook, Looks, SpeciesLook, with_class, with_species

SIZE = (256, 256)
PURPLE, RED = 0, 1


def two() -> Frame:
    """A sodium before an oxygen, seen along z."""
    return Frame(0, np.array([[0.0, 0, 4], [0.0, 0, 0]]), np.array([11, 8]))


def coded() -> Frame:
    rows = MappingProxyType({"phase": np.array([0, 1, 1, 2])})
    names = MappingProxyType({"phase": ("other", "bcc", "fcc")})
    return Frame(0, np.arange(12.0).reshape(4, 3), np.full(4, 3), columns=rows, classes=names)


def levels(marks: np.ndarray | None) -> list[int]:
    assert marks is not None
    return (marks >> 3 & 7).tolist()


def test_that_the_most_transparent_of_species_class_and_selection_counts() -> None:
    frame, looks = coded(), Looks()
    kinds = kinds_of(frame)
    assert veils_of(frame, kinds, looks, None) is None
    looks = with_class(looks, ClassLook("phase", "bcc", opacity=0.5))
    assert levels(veils_of(frame, kinds, looks, None)) == [0, 4, 4, 0]
    looks = with_species(looks, SpeciesLook("Li", opacity=0.75))
    assert levels(veils_of(frame, kinds, looks, None)) == [2, 4, 4, 2]
    looks = replace(looks, selected_opacity=0.0)
    chosen = np.array([True, False, False, False])
    assert levels(veils_of(frame, kinds, looks, chosen)) == [7, 4, 4, 2]
    marks = veils_of(frame, kinds, looks, chosen)
    assert marks is not None
    assert not (marks & 7).any()  # neither hovered, selected nor dimmed by it
    assert with_class(looks, ClassLook("phase", "bcc")).classes == ()


def test_that_classes_are_found_by_their_names() -> None:
    frame = coded()
    found = class_mask(frame, "phase", "bcc")
    assert found is not None
    assert found.tolist() == [False, True, True, False]
    assert class_mask(frame, "nothing", "bcc") is None
    numbers = replace(frame, classes=MappingProxyType({}))
    whole = class_mask(numbers, "phase", "2")
    assert whole is not None
    assert whole.tolist() == [False, False, False, True]
    words = replace(numbers, columns=MappingProxyType({"phase": np.array(["a", "b", "a", "a"])}))
    named = class_mask(words, "phase", "a")
    assert named is not None
    assert named.tolist() == [True, False, True, True]


def test_that_a_hidden_class_is_not_drawn() -> None:
    frame = coded()
    looks = with_class(Looks(), ClassLook("phase", "bcc", visible=False))
    how = arranged(frame, kinds_of(frame), looks, np.zeros(3))
    assert how.spheres.rows is not None
    assert how.spheres.rows.tolist() == [0, 3]


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[AtomsCanvas]:
    canvas = AtomsCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(*SIZE)
    with qtbot.waitExposed(canvas):
        canvas.show()
    yield canvas
    canvas.release()


def drawn(canvas: AtomsCanvas, looks: Looks, smooth: bool = False) -> np.ndarray:
    pane = canvas.panes[0]
    canvas.set_looks(looks)
    pane.set_frame(two(), same_home=False)
    assert pane.kinds is not None
    pane.set_paint(species_paint(pane.kinds))
    veils = veils_of(two(), pane.kinds, looks, None)
    pane.set_marks(np.zeros(2, np.uint8) if veils is None else veils)
    canvas.camera = canvas.camera.looking_from((0, 0, 1), (0, 1, 0))
    canvas.fit()
    return canvas.render_image(*SIZE, smooth=smooth)[..., :3].astype(int)


def red(picture: np.ndarray) -> float:
    """The share of the middle in which the oxygen behind is seen."""
    middle = picture[118:138, 118:138]
    return float(((middle[..., 0] > 120) & (middle[..., 2] < 90)).mean())


@pytest.mark.window
@pytest.mark.parametrize("few", [0, 10**9], ids=["thread", "card"])
@pytest.mark.parametrize("opacity", [1.0, 0.75, 0.5, 0.25])
def test_that_what_lies_behind_shows_through(
    canvas: AtomsCanvas, opacity: float, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_module, "FEW", few)
    looks = Looks(species=(SpeciesLook("Na", opacity=opacity),))
    assert red(drawn(canvas, looks)) == pytest.approx(1 - opacity, abs=0.02)


@pytest.mark.window
@pytest.mark.parametrize("opacity", [0.6, 0.3])
def test_that_two_transparent_atoms_do_not_leave_out_the_same(
    canvas: AtomsCanvas, opacity: float
) -> None:
    both = (SpeciesLook("Na", opacity=opacity), SpeciesLook("O", opacity=opacity))
    assert red(drawn(canvas, Looks(species=both))) > 0.1


@pytest.mark.window
def test_that_both_ways_leave_out_the_same_pixels(
    canvas: AtomsCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not canvas.software:
        pytest.skip("a graphics card draws")
    both = (SpeciesLook("Na", opacity=0.5), SpeciesLook("O", opacity=0.25))
    pictures = []
    for few, tile in ((0, 4096), (10**9, 4096), (0, 96), (10**9, 96)):  # also in tiles: no seams
        monkeypatch.setattr(scene_module, "FEW", few)
        monkeypatch.setattr(parts, "TILE", tile)
        pictures.append(drawn(canvas, Looks(species=both)))
    for one in pictures[1:]:
        differs = np.abs(one - pictures[0]).max(axis=2) > 40
        assert differs.mean() < 0.006
