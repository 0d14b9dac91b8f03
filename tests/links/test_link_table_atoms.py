"""Select atoms in 3D, see it there: the last row of the table of links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QToolButton

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Line, Space
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import colourings
from tests.links.cells import ERRORS, banded
from tests.main_window import (
    atom_pixel,
    atoms,
    plot,
    selected,
    settled,
    timeline,
)
from tests.windows import (
    click,
    n_like,
    picture,
    pixels,
    pixels_of,
    ringed,
)

pytestmark = pytest.mark.window


def test_atoms_to_table_models_by_error_on_these_atoms(linked: MainWindow, qtbot: Any) -> None:
    view = atoms(linked, qtbot)
    visible = nearest_atom(linked, qtbot)
    click(view.surface, atom_pixel(view, visible))
    assert selected(linked, Space.ATOM) == [visible]
    errors = plot(linked, "atom-errors")
    assert "4 of 4 linked models" in errors.status.text()
    points = pixels_of(errors.canvas)
    best_first = sorted(points, key=lambda row: points[row][0])
    assert best_first == sorted(ERRORS, key=lambda row: ERRORS[row])
    click(errors.canvas, points[2])
    assert selected(linked, Space.MODEL) == [2]
    assert ringed(picture(errors.canvas), points[2])
    assert banded(linked, 2)
    assert not banded(linked, 3)


def nearest_atom(window: MainWindow, qtbot: Any) -> int:
    """The atom nearest to the eye, hence hidden by no other."""
    view = atoms(window, qtbot)
    frame = view.canvas.panes[0].frame
    assert frame is not None
    _, _, width, height = view.canvas.rects()[0]
    camera = view.canvas.pane_camera(0)
    depths = [camera.project(place, (width, height))[2] for place in frame.positions]
    order = np.argsort(depths)
    from mlipviewer.gui.scene.picking import pick

    spheres = view.canvas.panes[0].spheres
    assert spheres is not None
    for row in order:
        x, y, _ = camera.project(frame.positions[row], (width, height))
        if pick(camera, spheres, (width, height), (x, y)) == row:
            return int(frame.atom_ids[row])
    raise AssertionError("no atom is seen")


def test_atoms_to_timeline_their_time_series(linked: MainWindow, qtbot: Any) -> None:
    linked.store.commit(lambda s: colourings.colour_by(s, "energies"), "Colour")
    view = atoms(linked, qtbot)
    atom = nearest_atom(linked, qtbot)
    click(view.surface, atom_pixel(view, atom))
    assert selected(linked, Space.ATOM) == [atom]
    series = plot(linked, "atom-series").canvas
    line = next(m for m in series.plot.marks if isinstance(m, Line) and m.rows is not None)
    assert line.y.tolist() == [atom + 100.0 * t for t in range(20)]
    x, _ = series.sheet.to_pixels(line.x[12:13], line.y[12:13])
    sheet = series.sheet
    click(series, (x[0], sheet.top + sheet.height / 2))
    assert settled(linked).document.frame == 12
    box = (x[0] - 1, sheet.top, x[0] + 1, sheet.top + sheet.height)
    dark = n_like(picture(series), current_theme().hovered, box, 110)
    assert dark > 0.9 * sheet.height
    assert timeline(linked).slider.value() == 12


def test_atoms_are_followed_by_their_ids_and_marked(linked: MainWindow, qtbot: Any) -> None:
    view = atoms(linked, qtbot)
    atom = nearest_atom(linked, qtbot)
    plain = pixels(view.canvas.grabFramebuffer())
    click(view.surface, atom_pixel(view, atom))
    settled(linked)
    view = atoms(linked, qtbot)
    at = atom_pixel(view, atom)
    seen = pixels(view.canvas.grabFramebuffer())
    box = (at[0] - 40, at[1] - 40, at[0] + 40, at[1] + 40)
    colour = current_theme().selected
    assert n_like(seen, colour, box, 70) > n_like(plain, colour, box, 70) + 20
    before = view._masks[0]
    for _ in range(3):  # through frames whose atoms are each in another order
        button = next(
            b
            for b in timeline(linked).findChildren(QToolButton)
            if b.accessibleName() == "Next frame"
        )
        click(button)
        settled(linked)
        frame = atoms(linked, qtbot).canvas.panes[0].frame
        assert frame is not None
        assert frame.atom_ids[view._masks[0]].tolist() == [atom]
    assert linked.store.state.document.frame == 3
    assert not np.array_equal(view._masks[0], before)
