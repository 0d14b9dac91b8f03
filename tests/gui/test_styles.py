"""Styles, bonds, arrows, polyhedra and depth cues: both ways of drawing give the same picture."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene import scene as scene_module
from mlipviewer.gui.scene.appearance import Appearance
from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.gui.scene.paints import species_paint
from mlipviewer.gui.scene.parts import shrunk, tiles
from mlipviewer.gui.theme import LIGHT
from mlipviewer.native.solids import NO_CUES
from mlipviewer.session.looks import (
    Lighting,
    Looks,
    Polyhedra,
    Slice,
    SpeciesLook,
    Style,
    Vectors,
    with_species,
    with_style,
)

pytestmark = pytest.mark.window

SIZE = (360, 300)
BARE = Looks(cell=False)
BALLS = with_style(BARE, Style.BALL_AND_STICK)
BALLS = replace(BALLS, bonds=replace(BALLS.bonds, lengths=(("Sr", "O", 0.0), ("Sr", "Sr", 0.0))))
LOOKS = {
    "spheres": BARE,
    "balls": BALLS,
    "sticks": with_style(BARE, Style.STICKS),
    "points": with_style(BARE, Style.POINTS),
    "images": replace(BALLS, images=(2, 1, 1)),
    "slice": replace(BARE, slice=Slice(True, (1, 1, 0), True, 0.4)),
    "arrows": replace(BALLS, vectors=Vectors("forces", scale=1.2)),
    "clear polyhedra": replace(BALLS, polyhedra=Polyhedra("Ti", "O", 2.5, 0.5)),
    "polyhedra": replace(BALLS, polyhedra=Polyhedra("Ti", "O", 2.5, 1.0)),
    "explore": replace(BARE, lighting=Lighting.EXPLORE),
    "publication": replace(BALLS, lighting=Lighting.PUBLICATION),
}


def perovskite() -> Frame:
    base = np.array([[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    cells = np.array(list(np.ndindex(2, 2, 2)))
    positions = np.concatenate([(cells + one) for one in base]) * 3.905
    forces = np.random.default_rng(1).normal(0, 1, positions.shape)
    columns = MappingProxyType({"forces": forces})
    numbers = np.repeat([38, 22, 8, 8, 8], 8)
    return Frame(0, positions, numbers, np.eye(3) * 7.81, (True,) * 3, columns=columns)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[AtomsCanvas]:
    canvas = AtomsCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(*SIZE)
    with qtbot.waitExposed(canvas):
        canvas.show()
    yield canvas
    canvas.release()


def show(canvas: AtomsCanvas, looks: Looks, perspective: bool = False) -> None:
    canvas.set_looks(looks)
    pane = canvas.panes[0]
    pane.set_frame(perovskite(), same_home=False)
    assert pane.kinds is not None
    pane.set_paint(species_paint(pane.kinds))
    canvas.camera = replace(canvas.camera, perspective=perspective)
    canvas.face()


def drawn(canvas: AtomsCanvas, few: int, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    monkeypatch.setattr(scene_module, "FEW", few)
    return canvas.render_image(*SIZE, smooth=False)[..., :3].astype(int)


@pytest.mark.parametrize("perspective", [False, True], ids=["parallel", "perspective"])
@pytest.mark.parametrize("name", LOOKS)
def test_that_both_ways_draw_the_same(
    canvas: AtomsCanvas, name: str, perspective: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(canvas, LOOKS[name], perspective)
    if not canvas.software:
        pytest.skip("a graphics card draws")
    by_card = drawn(canvas, 10**9, monkeypatch)
    by_thread = drawn(canvas, 0, monkeypatch)
    assert (by_card != 255).any(axis=2).mean() > 0.005
    differs = np.abs(by_card - by_thread).max(axis=2) > 40
    assert differs.mean() < 0.006


def test_that_outlines_leave_small_atoms_alone() -> None:
    look = Appearance(LIGHT, LOOKS["publication"], ratio=2.0)
    assert look.cues(60.0, (10.0, -10.0)).outline > 0.5
    assert look.cues(4.0, (10.0, -10.0)).outline == 0
    assert replace(look, quick=True).cues(60.0, (10.0, -10.0)) == NO_CUES


def test_that_looks_make_a_difference(canvas: AtomsCanvas, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = []
    for looks in LOOKS.values():
        show(canvas, looks)
        pictures.append(drawn(canvas, 0, monkeypatch))
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            assert (one != other).any(axis=2).mean() > 0.005


def test_that_hidden_species_are_neither_drawn_nor_hit(
    canvas: AtomsCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(canvas, with_species(BARE, SpeciesLook("Sr", visible=False)))
    picture = drawn(canvas, 0, monkeypatch)
    green = (picture[..., 1] > 120) & (picture[..., 0] < 60)
    assert not green.any()
    spheres = canvas.panes[0].spheres
    assert spheres is not None
    assert spheres.n == 32


def test_that_bonds_come_by_themselves_and_go(canvas: AtomsCanvas, qtbot: QtBot) -> None:
    show(canvas, BALLS)
    qtbot.waitUntil(lambda: canvas.complete)
    assert canvas.panes[0].shown_rods.n > 0
    canvas.set_looks(BARE)
    qtbot.waitUntil(lambda: canvas.complete)
    assert canvas.panes[0].shown_rods.n == 0


@pytest.mark.parametrize("few", [0, 10**9], ids=["thread", "card"])
def test_that_tiles_make_the_whole_picture(
    canvas: AtomsCanvas, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlipviewer.gui.scene import parts

    show(canvas, replace(BALLS, lighting=Lighting.PUBLICATION), perspective=True)
    whole = drawn(canvas, few, monkeypatch)
    monkeypatch.setattr(parts, "TILE", 128)
    tiled = drawn(canvas, few, monkeypatch)
    assert (np.abs(whole - tiled).max(axis=2) > 8).mean() < 0.002


def test_that_tiles_cover_each_pixel_once() -> None:
    seen = np.zeros((2500, 4100), int)
    for left, top, part, (rows, columns) in tiles(4100, 2500, 1):
        height, width = rows.stop - rows.start, columns.stop - columns.start
        seen[top : top + height, left : left + width] += 1
        assert part.left + columns.start == left
        assert part.top + rows.start == top
    assert (seen == 1).all()
    assert shrunk(np.full((4, 6, 4), 7, np.uint8), 2).shape == (2, 3, 4)
