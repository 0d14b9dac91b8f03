"""What OpenGL really draws: pixels are read back and looked at."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlipviewer.core.columns import finite_range
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.gui.scene.draw_spheres import HOVERED, SELECTED
from mlipviewer.gui.scene.paints import Scale, column_paint, species_paint
from mlipviewer.gui.scene.pane import grid
from mlipviewer.gui.theme import DARK, LIGHT, Theme

pytestmark = pytest.mark.window

SIZE = (300, 200)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[AtomsCanvas]:
    canvas = AtomsCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(*SIZE)
    with qtbot.waitExposed(canvas):
        canvas.show()
    yield canvas
    canvas.release()


def show(canvas: AtomsCanvas, *atoms: tuple[float, float, float, int]) -> Frame:
    """Atoms (x, y, z, atomic number), seen along z."""
    array = np.array(atoms, float)
    frame = Frame(0, array[:, :3].copy(), array[:, 3].astype(int))
    pane = canvas.panes[0]
    pane.set_frame(frame, same_home=False)
    assert pane.kinds is not None
    pane.set_paint(species_paint(pane.kinds))
    canvas.fit()
    return frame


def pixels(canvas: AtomsCanvas) -> np.ndarray:
    return canvas.render_image(*SIZE, smooth=False)[..., :3].astype(int)


def centre(canvas: AtomsCanvas, frame: Frame, row: int) -> tuple[int, int]:
    x, y, _ = canvas.pane_camera(0).project(frame.positions[row], SIZE)
    return int(y), int(x)


def rgb(name: str) -> list[int]:
    return list(bytes.fromhex(name[1:]))


def is_like(pixel: np.ndarray, colour: tuple[int, int, int]) -> bool:
    """Whether a lit pixel has this hue: channels in proportion, within a tolerance."""
    lit = pixel / max(pixel.max(), 1)
    wanted = np.array(colour) / max(colour)
    return bool(np.abs(lit - wanted).max() < 0.25)


def test_that_an_atom_has_its_colour_at_its_centre(canvas: AtomsCanvas) -> None:
    frame = show(canvas, (0, 0, 0, 8), (6, 0, 0, 7), (0, 4, 0, 17))
    picture = pixels(canvas)
    for row, colour in enumerate([(255, 13, 13), (48, 80, 248), (31, 240, 31)]):
        assert is_like(picture[centre(canvas, frame, row)], colour)
    assert picture[2, 2].tolist() == rgb(LIGHT.background)


@pytest.mark.parametrize("perspective", [False, True])
def test_that_the_nearer_atom_hides_the_farther(canvas: AtomsCanvas, perspective: bool) -> None:
    for order in ((8, 7), (7, 8)):
        frame = show(canvas, (0, 0, 0, order[0]), (0, 0, 5, order[1]))
        canvas.camera = replace(canvas.camera, perspective=perspective)
        canvas.fit()
        red = is_like(pixels(canvas)[centre(canvas, frame, 1)], (255, 13, 13))
        assert red == (order[1] == 8)


def test_that_overlapping_balls_meet_where_their_depths_do(canvas: AtomsCanvas) -> None:
    """A smaller ball whose centre lies behind, but whose front sticks out of a larger one."""
    frame = show(canvas, (0, 0, 0, 3), (0.7, 0, 0.1, 8), (6, 0, 0, 3))
    assert is_like(pixels(canvas)[centre(canvas, frame, 1)], (204, 128, 255))
    canvas.set_camera(canvas.camera.looking_from((1, 0, 0.05), up=(0, 1, 0)))
    canvas.panes[0].set_frame(
        Frame(0, np.array([[0, 0, 0], [1.2, 0, 0], [0, 0, 9.0]]), np.array([3, 8, 3])),
        same_home=True,
    )
    x, y, _ = canvas.pane_camera(0).project([1.2, 0, 0], SIZE)
    assert is_like(pixels(canvas)[int(y), int(x)], (255, 13, 13))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_marks_are_rings_in_the_theme_s_colours(canvas: AtomsCanvas, theme: Theme) -> None:
    canvas.set_theme(theme)
    show(canvas, (0, 0, 0, 8), (6, 0, 0, 8), (12, 0, 0, 8))
    counts = []
    for marks in ([0, 0, 0], [SELECTED, 0, 0], [SELECTED, HOVERED, 0]):
        canvas.panes[0].set_marks(np.array(marks, np.uint8))
        picture = pixels(canvas)
        counts.append(
            [int((picture == rgb(name)).all(axis=2).sum())
             for name in (theme.selected, theme.hovered)]
        )  # fmt: skip
    assert counts[0][0] == 0
    assert counts[1][0] > 20
    assert counts[2][0] == counts[1][0]
    assert counts[2][1] > counts[1][1] + 20


def test_that_a_hidden_marked_atom_shows_its_ring_through(canvas: AtomsCanvas) -> None:
    show(canvas, (0, 0, 0, 8), (0, 0, 6, 3))
    without = pixels(canvas)
    canvas.panes[0].set_marks(np.array([SELECTED, 0], np.uint8))
    assert (pixels(canvas) != without).any(axis=2).sum() > 20


def writes(canvas: AtomsCanvas) -> dict[str, int]:
    atoms = canvas.panes[0].atoms
    return {name: getattr(atoms, name).writes for name in ("positions", "kinds", "paint", "marks")}


def test_that_each_change_writes_only_its_own_buffer(canvas: AtomsCanvas) -> None:
    frame = show(canvas, (0, 0, 0, 8), (6, 0, 0, 7))
    pixels(canvas)
    before = writes(canvas)
    pane = canvas.panes[0]

    pane.set_marks(np.array([SELECTED, 0], np.uint8))
    pixels(canvas)
    assert writes(canvas) == {**before, "marks": before["marks"] + 1}

    before = writes(canvas)
    pane.set_frame(Frame(1, frame.positions + 0.1, frame.numbers), same_home=True)
    pixels(canvas)
    assert writes(canvas) == {**before, "positions": before["positions"] + 1}

    before = writes(canvas)
    pane.set_paint(column_paint("e", np.array([0.0, 1.0]), Scale((0, 1))))
    pixels(canvas)
    assert writes(canvas) == {**before, "paint": before["paint"] + 1}


def test_that_values_are_spread_over_the_colour_map(canvas: AtomsCanvas) -> None:
    frame = show(canvas, (0, 0, 0, 3), (6, 0, 0, 3), (12, 0, 0, 3), (18, 0, 0, 3))
    values = np.array([-1e5, -1e5 + 0.5, -1e5 + 1, np.nan])
    limits = finite_range(values)
    assert limits is not None
    assert limits == (-1e5, -1e5 + 1)
    paint = column_paint("e", values, Scale(limits))
    assert paint.n_missing == 1
    canvas.panes[0].set_paint(paint)
    picture = pixels(canvas)
    wanted = [(68, 1, 84), (33, 145, 140), (253, 231, 37), (150, 150, 150)]
    for row, colour in enumerate(wanted):
        assert is_like(picture[centre(canvas, frame, row)], colour), row


def test_that_the_widget_shows_the_finished_picture(canvas: AtomsCanvas, qtbot: QtBot) -> None:
    frame = show(canvas, (0, 0, 0, 8), (6, 0, 0, 8))
    qtbot.waitUntil(lambda: canvas.complete)
    shown = canvas.grabFramebuffer()
    y, x = centre(canvas, frame, 0)
    assert is_like(np.array(shown.pixelColor(x, y).getRgb()[:3]), (255, 13, 13))


@pytest.fixture
def without_card(monkeypatch: pytest.MonkeyPatch) -> Callable[[AtomsCanvas, bool], None]:
    """Draw by a thread of ours (True) or by OpenGL (False), whatever this machine has."""
    from mlipviewer.gui.scene import scene as module

    def choose(canvas: AtomsCanvas, splats: bool) -> None:
        monkeypatch.setattr(module, "FEW", 0 if splats else 10**9)
        canvas.software = True

    return choose


@pytest.mark.parametrize("perspective", [False, True])
@pytest.mark.parametrize("coloured", [False, True])
def test_that_both_ways_of_drawing_agree(
    canvas: AtomsCanvas,
    without_card: Callable[[AtomsCanvas, bool], None],
    perspective: bool,
    coloured: bool,
) -> None:
    n = 400
    rng = np.random.default_rng(1)
    frame = Frame(0, rng.uniform(0, 30, (n, 3)), rng.choice([3, 8, 57], n), np.eye(3) * 30)
    pane = canvas.panes[0]
    pane.set_frame(frame, same_home=False)
    assert pane.kinds is not None
    values = rng.normal(size=n)
    values[:5] = np.nan
    by_value = column_paint("e", values, Scale((-2, 2), "coolwarm"))
    pane.set_paint(by_value if coloured else species_paint(pane.kinds))
    marks = np.zeros(n, np.uint8)
    marks[:20], marks[30] = SELECTED, HOVERED
    pane.set_marks(marks)
    canvas.camera = replace(canvas.camera, perspective=perspective)
    canvas.face()
    pictures = []
    for splats in (False, True):
        without_card(canvas, splats)
        pictures.append(pixels(canvas))
    apart = np.abs(pictures[0] - pictures[1]).max(axis=2)
    assert (apart > 24).mean() < 0.02  # borders of balls and lines, at most
    assert np.median(apart[(pictures[0] != 255).any(axis=2)]) <= 3


def test_that_a_picture_drawn_in_a_thread_is_shown(
    canvas: AtomsCanvas, without_card: Callable[[AtomsCanvas, bool], None], qtbot: QtBot
) -> None:
    frame = show(canvas, (0, 0, 0, 8), (6, 0, 0, 7), (3, 4, 0, 17))
    without_card(canvas, True)
    canvas.redraw()
    qtbot.waitUntil(lambda: canvas.complete)
    shown = canvas.grabFramebuffer()
    for row, colour in enumerate([(255, 13, 13), (48, 80, 248), (31, 240, 31)]):
        y, x = centre(canvas, frame, row)
        assert is_like(np.array(shown.pixelColor(x, y).getRgb()[:3]), colour)


def test_that_one_can_look_as_closely_as_one_likes(canvas: AtomsCanvas) -> None:
    frame = show(canvas, (0, 0, 0, 8), (6, 0, 0, 7))
    canvas.software = True
    close = canvas.camera.centred(frame.positions[0] - canvas.panes[0].home)
    canvas.set_camera(replace(close, height=0.2))
    picture = pixels(canvas)
    assert all(is_like(picture[y, x], (255, 13, 13)) for y in (5, 195) for x in (5, 295))


def test_that_only_the_newest_wish_is_drawn(
    canvas: AtomsCanvas, without_card: Callable[[AtomsCanvas, bool], None], qtbot: QtBot
) -> None:
    show(canvas, (0, 0, 0, 8), (6, 0, 0, 7))
    without_card(canvas, True)
    qtbot.waitUntil(lambda: canvas.complete)
    before = canvas.n_complete
    for _ in range(20):
        canvas.set_camera(canvas.camera.turned(0.01, 0))
        canvas.repaint()
    qtbot.waitUntil(lambda: canvas.complete)
    assert 0 < canvas.n_complete - before <= 22
    last = canvas.grabFramebuffer()
    canvas.redraw()
    qtbot.waitUntil(lambda: canvas.complete)
    assert canvas.grabFramebuffer() == last


def test_that_panes_lie_side_by_side() -> None:
    assert grid(1, 300, 200) == [(0, 0, 300, 200)]
    assert grid(2, 302, 200) == [(0, 0, 150, 200), (152, 0, 150, 200)]
    assert len(grid(3, 302, 202)) == 3
    assert grid(4, 302, 202)[3] == (152, 102, 150, 100)


def test_that_a_released_canvas_draws_again(canvas: AtomsCanvas) -> None:
    show(canvas, (0, 0, 0, 8), (6, 0, 0, 7))
    before = pixels(canvas)
    canvas.release()
    canvas.makeCurrent()
    canvas.initializeGL()
    assert (pixels(canvas) == before).all()
