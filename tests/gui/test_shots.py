"""Figures of atoms: tiles without seams, as the screen shows them, with or without a ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.gui.scene import parts
from mlipviewer.gui.scene.paints import species_paint
from mlipviewer.gui.scene.plain_canvas import PlainCanvas
from mlipviewer.gui.scene.shot import Shot, shot_of
from mlipviewer.gui.theme import LIGHT
from mlipviewer.session.looks import Lighting, Looks, Style, with_style
from tests.gui.test_styles import perovskite

LOOKS = {
    "plain": Looks(cell=False),
    "outlined bonds": replace(
        with_style(Looks(cell=False), Style.BALL_AND_STICK), lighting=Lighting.PUBLICATION
    ),
}


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[PlainCanvas]:
    canvas = PlainCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    yield canvas
    canvas.release()


def shot(canvas: PlainCanvas, looks: Looks, size: tuple[int, int] = (300, 200)) -> Shot:
    pane = canvas.panes[0]
    canvas.set_looks(looks)
    pane.set_frame(perovskite(), same_home=False)
    assert pane.kinds is not None
    pane.set_paint(species_paint(pane.kinds))
    canvas.camera = replace(canvas.camera.looking_from((1, 2, 3), (0, 0, 1)), height=5.0)
    return shot_of(canvas, size, LIGHT, looks)


def other(one: np.ndarray, two: np.ndarray) -> float:
    """The share of pixels that differ so that it could be seen."""
    return float((np.abs(one.astype(int) - two).max(axis=2) > 8).mean())


@pytest.mark.parametrize("name", LOOKS)
def test_that_a_tiled_picture_equals_the_whole_one(
    canvas: PlainCanvas, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, dots = shot(canvas, LOOKS[name]), (1500, 1000)
    whole = one.render(dots, False, Progress())
    monkeypatch.setattr(parts, "TILE", 512)
    tiled = one.render(dots, False, Progress())
    assert (whole[..., :3] != 255).any(axis=2).mean() > 0.2
    assert other(tiled, whole) < 1e-3
    for left in range(256, 1500, 256):
        assert other(tiled[:, left - 2 : left + 2], whole[:, left - 2 : left + 2]) < 2e-3


def test_that_a_figure_shows_what_the_screen_shows(canvas: PlainCanvas) -> None:
    one = shot(canvas, Looks())
    assert np.array_equal(one.render((600, 400), False, Progress()), canvas.render_image(600, 400))


def test_that_a_wider_figure_shows_more_beside(canvas: PlainCanvas) -> None:
    narrow = shot(canvas, Looks(cell=False)).render((600, 400), False, Progress())
    wide = shot(canvas, Looks(cell=False), (600, 200)).render((1200, 400), False, Progress())
    assert other(wide[:, 300:900], narrow) < 1e-3


def test_that_a_figure_without_ground_is_the_same_over_white(canvas: PlainCanvas) -> None:
    one = shot(canvas, Looks())
    clear = one.render((300, 200), True, Progress()).astype(float)
    white = one.render((300, 200), False, Progress())[..., :3].astype(float)
    alpha = clear[..., 3:] / 255
    assert {0.0, 255.0} <= set(np.unique(clear[..., 3]))
    over = clear[..., :3] * alpha + 255 * (1 - alpha)
    assert np.abs(over - white).max() <= 3


def test_that_the_mouse_leaves_no_trace(canvas: PlainCanvas) -> None:
    shot(canvas, Looks())
    pane = canvas.panes[0]
    bare = shot_of(canvas, (300, 200), LIGHT, Looks()).render((300, 200), False, Progress())
    pane.set_marks(np.full(pane.n_atoms, 1, np.uint8))
    hovered = shot_of(canvas, (300, 200), LIGHT, Looks()).render((300, 200), False, Progress())
    assert np.array_equal(hovered, bare)
    pane.set_marks(np.full(pane.n_atoms, 2, np.uint8))
    marked = shot_of(canvas, (300, 200), LIGHT, Looks())
    assert not np.array_equal(marked.render((300, 200), False, Progress()), bare)
    without = shot_of(canvas, (300, 200), LIGHT, Looks(), selection=False)
    assert np.array_equal(without.render((300, 200), False, Progress()), bare)


def test_that_a_large_picture_can_be_stopped(canvas: PlainCanvas) -> None:
    one, progress = shot(canvas, Looks()), Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        one.render((300, 200), False, progress)
