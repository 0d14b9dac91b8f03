"""Pictures of 8192 pixels are made of tiles; none of their borders can be seen."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlipviewer.gui.scene import parts
from mlipviewer.gui.scene import scene as scene_module
from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.gui.scene.paints import species_paint
from mlipviewer.gui.scene.parts import tiles
from mlipviewer.gui.scene.veils import veils_of
from mlipviewer.session.looks import Lighting, Looks, SpeciesLook, Style, with_style
from tests.gui.test_styles import perovskite

pytestmark = pytest.mark.window
WIDTH, HEIGHT = 8192, 384
LOOKS = {
    "plain": Looks(cell=False),
    "shaded": Looks(cell=False, lighting=Lighting.EXPLORE),
    "outlined bonds": replace(
        with_style(Looks(cell=False), Style.BALL_AND_STICK), lighting=Lighting.PUBLICATION
    ),
    "transparent": Looks(cell=False, species=(SpeciesLook("Sr", opacity=0.4),)),
}


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[AtomsCanvas]:
    canvas = AtomsCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(WIDTH // 16, HEIGHT // 16)  # a strip through the middle of the atoms
    with qtbot.waitExposed(canvas):
        canvas.show()
    yield canvas
    canvas.release()


def drawn(canvas: AtomsCanvas, name: str) -> np.ndarray:
    pane, looks = canvas.panes[0], LOOKS[name]
    canvas.set_looks(looks)
    pane.set_frame(perovskite(), same_home=False)
    assert pane.kinds is not None
    pane.set_paint(species_paint(pane.kinds))
    veils = veils_of(perovskite(), pane.kinds, looks, None)
    if veils is not None:
        pane.set_marks(veils)
    canvas.camera = replace(canvas.camera.looking_from((1, 2, 3), (0, 0, 1)), height=1.0)
    canvas.camera = canvas.camera.centred(np.zeros(3))
    return canvas.render_image(WIDTH, HEIGHT, smooth=False)[..., :3].astype(int)


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("few", [0, 10**9], ids=["thread", "card"])
def test_that_tiles_of_8k_have_no_seams(
    canvas: AtomsCanvas, name: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_module, "FEW", few)
    tiled = drawn(canvas, name)
    monkeypatch.setattr(parts, "TILE", 2 * WIDTH)
    whole = drawn(canvas, name)
    assert (whole != 255).any(axis=2).mean() > 0.1
    borders = [left for left, _, _, _ in tiles(WIDTH, HEIGHT, 1)]
    assert borders == [0]
    for left in range(2048, WIDTH, 2048):
        near = slice(left - 2, left + 2)
        assert np.abs(tiled[:, near] - whole[:, near]).max() <= 8
    assert (np.abs(tiled - whole).max(axis=2) > 8).mean() < 1e-3


def test_that_tiles_overlap_as_far_as_cues_look() -> None:
    _, _, part, inner = list(tiles(8192, 64, 2, reach=500.0))[1]
    assert part.left <= 2048 - 500
    assert part.left % parts.PATTERN == 0
    assert inner[1].start * 2 == 2048 - part.left
