"""From an event to its frames and atoms in all views of the window, by mouse and keys, and back."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from PySide6.QtTest import QTest

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.session import changes
from mlipviewer.session.events import shown_source
from mlipviewer.session.look_changes import look
from mlipviewer.session.panels import new_panel
from mlipviewer.session.state import State
from tests.analysis.atoms.hop_walks import run_of, walk
from tests.main_window import atom_pixel, atoms, plot, selected, settled, shown_view, timeline
from tests.windows import ALT, SHIFT, Key, click, give, picture, pixels_of, ringed

pytestmark = pytest.mark.window


@pytest.fixture
def hopping(window: MainWindow) -> MainWindow:
    give(window, run_of(walk(n=8, m=60, rate=0.02)))
    panel = new_panel(window.store.state, "hops", "Hops over time")
    window.store.commit(lambda s: changes.open_panel(s, panel), "Test")
    dwell = partial(changes.set_params, panel_id=panel.id, dwell=2)
    window.store.commit(dwell, "Test")
    window.store.commit(lambda s: look(s, radius=0.4), "Test")
    settled(window)
    return window


def event(window: MainWindow, name: str, number: int) -> Any:
    source = shown_source(window.store.state)
    assert source is not None
    return source.events.table[name][number]


def test_that_a_line_of_the_list_is_shown_in_3d_plot_and_timeline(
    hopping: MainWindow, qtbot: Any
) -> None:
    view = shown_view(hopping, "events")
    line = view.table.visualRect(view.model.index(1, 0)).center()
    click(view.table.viewport(), (line.x(), line.y()))
    state: State = settled(hopping)
    atom, begin, end = (event(hopping, name, 1) for name in ("atom", "begin_frame", "end_frame"))
    assert (state.frame, selected(hopping, Space.ATOM)) == ((begin + end) // 2, [atom])
    shown = atoms(hopping, qtbot)
    assert shown.canvas.panes[0].frame.index == state.frame
    assert f"Li {atom}" in shown.status.text()
    panel = next(one.id for one in state.document.panels if one.analysis == "hops")
    canvas = plot(hopping, panel).canvas
    mark: Any = canvas.plot.marks[0]
    x, y = canvas.sheet.to_pixels(mark.x, mark.y)
    own = [k for k in range(len(x)) if mark.rows[k] == atom]
    assert all(ringed(picture(canvas), (float(x[k]), float(y[k]))) for k in own)
    strip = timeline(hopping).events
    assert strip.marked is not None
    assert strip.marked.of_selected.sum() == len(own)
    assert strip.marked.shown == 1


def test_that_an_atom_clicked_in_3d_has_its_events_listed(hopping: MainWindow, qtbot: Any) -> None:
    view = shown_view(hopping, "events")
    shown, clear = atoms(hopping, qtbot), []
    for atom in sorted({event(hopping, "atom", k) for k in range(view.model.rowCount())}):
        click(shown.surface, atom_pixel(shown, atom))
        if selected(hopping, Space.ATOM) == [atom]:
            clear.append(atom)
    assert clear  # some may be hidden by others
    atom = clear[-1]
    click(shown.surface, atom_pixel(shown, atom))
    click(view.of_selected)
    settled(hopping)
    n = view.model.rowCount()
    assert n == sum(event(hopping, "atom", k) == atom for k in range(view.model.number(n - 1) + 1))


def test_that_keys_step_through_events(hopping: MainWindow) -> None:
    shown = timeline(hopping)
    shown.setFocus()
    for number in (0, 1):
        QTest.keyClick(shown, Key.Key_Right, ALT | SHIFT)
        state = settled(hopping)
        assert state.document.events.number == number
        assert state.selected(Space.ATOM).tolist() == [event(hopping, "atom", number)]
    QTest.keyClick(shown, Key.Key_Left, ALT | SHIFT)
    assert settled(hopping).document.events.number == 0
    hopping.store.undo()
    assert settled(hopping).document.events.number == 1


def test_that_the_graph_and_the_sites_in_3d_are_one(hopping: MainWindow, qtbot: Any) -> None:
    panel = new_panel(hopping.store.state, "hops", "Site graph")
    same = next(one.params for one in hopping.store.state.document.panels if one.analysis == "hops")
    hopping.store.commit(lambda s: changes.open_panel(s, panel), "Test")
    hopping.store.commit(partial(changes.set_params, panel_id=panel.id, dwell=2), "Test")
    settled(hopping)
    assert hopping.store.state.document.panel(panel.id).params == same
    view = shown_view(hopping, "events")
    click(view.sites)
    pane = atoms(hopping, qtbot).canvas.panes[0]
    settled(hopping)
    before = pane.shown_rods.n
    assert before > 0
    canvas = plot(hopping, panel.id).canvas
    places = pixels_of(canvas, Space.SITE)
    click(canvas, next(iter(places.values())))
    assert len(selected(hopping, Space.SITE)) == 1
    assert pane.shown_rods.n == before + 12
