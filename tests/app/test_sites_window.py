"""Sites in the window: the graph, the 3D view and the atoms share one selection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase.io import write
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.session import changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.state import State
from mlipviewer.views.atoms import AtomsView
from tests.analysis.crystals import atoms_of
from tests.main_window import plot, settled, shown_view
from tests.windows import click, hover, pixels_of

pytestmark = pytest.mark.window
PANEL = "sites.Site network"


def opened(window: MainWindow, path: Path, **params: Any) -> State:
    """The file with the graph of its sites."""
    window.open([str(path)])
    settled(window)
    panel = plot_panel("sites", "Site network", follows=(("frame", "shown"),))
    assert panel.params is not None
    panel = replace(panel, params=replace(panel.params, **params))
    window.store.commit(lambda s: changes.open_panel(s, panel), "Sites")
    return settled(window)


@pytest.fixture
def channel(window: MainWindow, tmp_path: Path) -> MainWindow:
    """LaCl3 without the sodium in its channels: two sites."""
    atoms = atoms_of("LaCl3")
    path = tmp_path / "LaCl3.cif"
    write(path, atoms[[atom.symbol != "Na" for atom in atoms]])
    opened(window, path, mobile="Na")
    return window


def atoms_view(window: MainWindow) -> AtomsView:
    found = shown_view(window, "atoms")
    assert isinstance(found, AtomsView)
    return found


def chosen(window: MainWindow) -> tuple[list[int], list[int]]:
    state = settled(window)
    return (
        state.selected(Space.POLYHEDRON).tolist(),
        state.selected(Space.ATOM).tolist(),
    )


def drawn(window: MainWindow, qtbot: Any) -> tuple[int, int]:
    """How many triangles and rods the first pane shows."""
    view = atoms_view(window)
    qtbot.waitUntil(lambda: not view.drawing, timeout=20_000)
    pane = view.canvas.panes[0]
    return pane.shown_faces.n, pane.shown_rods.n


def site_pixel(view: AtomsView, row: int) -> QPoint:
    staged = view.canvas.panes[0].staged_now
    assert staged is not None
    left, top, width, height = view.canvas.rects()[0]
    x, y, _ = view.canvas.pane_camera(0).project(staged.scenery.places[row], (width, height))
    return QPoint(round(left + x), round(top + y))


def test_that_a_node_of_the_graph_chooses_its_polyhedron_and_anions(
    channel: MainWindow, qtbot: Any
) -> None:
    faces, rods = drawn(channel, qtbot)
    assert faces > 0
    assert rods > 0
    canvas = plot(channel, PANEL).canvas
    places = pixels_of(canvas, Space.POLYHEDRON)
    assert set(places) == {0, 1}
    click(canvas, places[1])
    sites, atoms = chosen(channel)
    assert sites == [1]
    frame = atoms_view(channel).canvas.panes[0].frame
    assert frame is not None
    assert len(atoms) == 6
    assert set(frame.numbers[atoms].tolist()) == {17}
    assert drawn(channel, qtbot)[0] == faces // 2  # the other octahedron goes


def test_that_a_site_in_3d_is_a_node_of_the_graph(channel: MainWindow, qtbot: Any) -> None:
    view = atoms_view(channel)
    drawn(channel, qtbot)
    QTest.mouseClick(view.surface, Qt.MouseButton.LeftButton, pos=site_pixel(view, 0))
    sites, atoms = chosen(channel)
    assert sites == [0]
    assert len(atoms) == 6
    lit = plot(channel, PANEL).canvas.highlights[Space.POLYHEDRON]
    assert lit.selected.tolist() == [0]
    QTest.mouseClick(view.surface, Qt.MouseButton.LeftButton, pos=QPoint(6, 40))
    assert chosen(channel) == ([], [])
    channel.store.undo()
    assert chosen(channel)[0] == [0]


def test_that_the_mouse_over_a_site_shows_it_in_the_other_view(
    channel: MainWindow, qtbot: Any
) -> None:
    view, canvas = atoms_view(channel), plot(channel, PANEL).canvas
    drawn(channel, qtbot)
    hover(canvas, (12.0, 12.0))  # it enters
    hover(canvas, pixels_of(canvas, Space.POLYHEDRON)[1])
    qtbot.waitUntil(lambda: settled(channel).hovered(Space.POLYHEDRON) == 1)
    staged = view.canvas.panes[0].staged_now
    assert staged is not None
    assert staged.hovered == 1
    at = site_pixel(view, 0)
    hover(view.surface, (at.x(), at.y()))
    qtbot.waitUntil(lambda: settled(channel).hovered(Space.POLYHEDRON) == 0)
    assert canvas.highlights[Space.POLYHEDRON].hovered == 0
    hover(view.surface, (6, 40))
    qtbot.waitUntil(lambda: settled(channel).hovered(Space.POLYHEDRON) is None)


def test_that_control_takes_a_second_site(channel: MainWindow, qtbot: Any) -> None:
    view = atoms_view(channel)
    drawn(channel, qtbot)
    for row in (0, 1):
        QTest.mouseClick(
            view.surface,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ControlModifier,
            site_pixel(view, row),
        )
    sites, atoms = chosen(channel)
    assert sites == [0, 1]
    assert len(atoms) == 6  # both octahedra have them, as images of each other


def test_that_results_can_be_left_out(channel: MainWindow, qtbot: Any) -> None:
    assert drawn(channel, qtbot)[1] > 0
    view = atoms_view(channel)
    popover = next(one for one in view.dressing.popovers if one.text().startswith("Show"))
    click(popover)
    check = view.dressing.show.cell.editors["scenery"]
    click(check, (8.0, check.height() / 2))
    assert not settled(channel).document.looks.scenery
    assert drawn(channel, qtbot) == (0, 0)


def test_that_the_status_says_whether_ions_pass_and_why(channel: MainWindow) -> None:
    said = plot(channel, PANEL).status.toolTip() or plot(channel, PANEL).status.text()
    assert said.startswith("2 sites / percolation radius 0.97 Å / passes")


def test_that_what_holds_no_ion_says_so(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "rutile.cif"
    write(path, atoms_of("rutile"))
    opened(window, path)
    said = plot(window, PANEL).canvas.plot.empty
    assert said == "it holds no Na or Li: name the mobile ion"
    assert atoms_view(window).canvas.panes[0].staged is None


def test_that_images_of_the_cell_have_sites_too(channel: MainWindow, qtbot: Any) -> None:
    faces, rods = drawn(channel, qtbot)
    looks = channel.store.state.document.looks
    more = replace(looks, images=(1, 1, 3))
    channel.store.commit(lambda s: s.with_document(looks=more), "Repeat")
    settled(channel)
    assert drawn(channel, qtbot) == (3 * faces, 3 * rods)
    assert np.isfinite(atoms_view(channel).canvas.panes[0].shown_faces.corners).all()
