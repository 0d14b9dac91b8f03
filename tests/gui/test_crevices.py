"""Shade of crevices: smooth, without the edges of single shadows, and as deep as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene import scene as scene_module
from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.gui.scene.paints import species_paint
from mlipviewer.session.looks import Lighting, Looks, SpeciesLook, with_species

pytestmark = pytest.mark.window

SIZE = 240
LARGE = with_species(Looks(cell=False, axes=False), SpeciesLook("Xe", radius=4.0))
BARE = with_species(LARGE, SpeciesLook("He", radius=0.9))


@pytest.fixture
def canvas(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtomsCanvas]:
    monkeypatch.setattr(scene_module, "FEW", 0)
    canvas = AtomsCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIZE, SIZE)
    with qtbot.waitExposed(canvas):
        canvas.show()
    yield canvas
    canvas.release()


def shade(canvas: AtomsCanvas) -> np.ndarray:
    """(SIZE, SIZE) the part of the light, 0..1, that two small spheres take from the large one
    behind them."""
    pictures: list[np.ndarray] = []
    for lighting in (Lighting.PLAIN, Lighting.EXPLORE):
        canvas.set_looks(replace(BARE, lighting=lighting))
        pane = canvas.panes[0]
        places = np.array([[0.0, 0, 0], [-1.2, 1.2, 5.5], [0.8, 1.2, 5.5]])
        pane.set_frame(Frame(0, places, np.array([54, 2, 2])), same_home=False)
        assert pane.kinds is not None
        pane.set_paint(species_paint(pane.kinds))
        canvas.camera = replace(canvas.camera, centre=-pane.home, rotation=np.eye(3), height=12.0)
        pictures.append(canvas.render_image(SIZE, SIZE)[..., :3].astype(float))
    plain, shaded = pictures
    return 1 - shaded.sum(axis=2) / np.maximum(plain.sum(axis=2), 1)


def behind(rim: float) -> np.ndarray:
    """(SIZE, SIZE) the pixels of the large sphere, its own limb left out, that are `rim` A away
    from the small ones."""
    y, x = (np.indices((SIZE, SIZE)) + 0.5) / SIZE * 12.0 - 6.0
    away = [np.hypot(x - cx, -y - 1.2) > 0.9 + rim for cx in (-1.2, 0.8)]
    return away[0] & away[1] & (np.hypot(x, y) < 2.4)


def test_that_shade_has_no_edges_of_single_shadows(canvas: AtomsCanvas) -> None:
    dark, free = shade(canvas), behind(0.15)
    deepest = dark[free].max()
    assert 0.1 < deepest < 0.5
    steps = np.abs(np.diff(dark, axis=1))[free[:, 1:] & free[:, :-1]]
    assert np.percentile(steps, 99) < 0.11 * deepest
    bent = np.abs(np.diff(dark, n=2, axis=1))[free[:, 2:] & free[:, 1:-1] & free[:, :-2]]
    assert np.percentile(bent, 99) < 0.14 * deepest


def test_that_shade_ends_where_nothing_is_near(canvas: AtomsCanvas) -> None:
    assert np.abs(shade(canvas)[behind(1.75)]).max() < 0.02
    assert behind(1.75).sum() > 100
