"""Events in a list and under the timeline: from an event to its frame and atoms, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import changes
from mlipviewer.session.events import shown_source
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.state import Panel
from mlipviewer.views.events import EventsView
from mlipviewer.views.plot import PlotView
from mlipviewer.views.timeline import TimelineView
from tests.analysis.atoms.hop_walks import run_of, walk
from tests.windows import Stage, choose_in_menu, click, n_like, picture, pixels_of

pytestmark = pytest.mark.window


def panel() -> Panel:
    params: Any = ANALYSES["hops"].params
    made = plot_panel("hops", "Hops over time", "hops")
    return Panel(**{**made.__dict__, "params": params(dwell=2)})


@pytest.fixture
def listed(stage: Callable[..., Stage]) -> Stage:
    shown = stage(EventsView, 700, 400, panels=[panel()])
    shown.give(run_of(walk(n=12, m=80, rate=0.02)))
    return shown


def view(shown: Stage) -> EventsView:
    assert isinstance(shown.view, EventsView)
    return shown.view


def click_line(shown: Stage, line: int) -> None:
    table = view(shown).table
    table.scrollTo(view(shown).model.index(line, 0))
    middle = table.visualRect(view(shown).model.index(line, 1)).center()
    click(table.viewport(), (middle.x(), middle.y()))
    shown.settle()


def event(shown: Stage, name: str, number: int) -> Any:
    source = shown_source(shown.state)
    assert source is not None
    return source.events.table[name][number]


def test_that_a_click_on_an_event_shows_its_frame_and_selects_its_atom(listed: Stage) -> None:
    click_line(listed, 2)
    begin, end = event(listed, "begin_frame", 2), event(listed, "end_frame", 2)
    assert listed.state.frame == (begin + end) // 2
    assert listed.state.selected(Space.ATOM).tolist() == [event(listed, "atom", 2)]
    assert listed.state.selected(Space.FRAME).tolist() == list(range(begin, end + 1))
    assert "event 3:" in view(listed).status.text()
    listed.store.undo()
    assert listed.settle().selected(Space.ATOM).tolist() == []


def test_that_the_buttons_step_through_the_events_and_around(listed: Stage) -> None:
    source = shown_source(listed.state)
    assert source is not None
    click(view(listed).next)
    assert listed.settle().document.events.number == 0
    click(view(listed).next)
    assert listed.settle().document.events.number == 1
    click(view(listed).previous)
    listed.settle()
    click(view(listed).previous)
    assert listed.settle().document.events.number == len(source.events) - 1


def test_that_a_selected_atom_finds_its_events(listed: Stage) -> None:
    atom = event(listed, "atom", 0)
    listed.commit(lambda s: changes.select(s, Space.ATOM, rows([atom])))
    model, table = view(listed).model, view(listed).table
    every = model.rowCount()
    other = next(k for k in range(every) if event(listed, "atom", k) != atom)
    tinted, plain = (
        picture(table.viewport())[table.visualRect(model.index(k, 0)).center().y()].mean(axis=0)
        for k in (0, other)
    )
    wanted = QColor(current_theme().selected)
    towards = np.array([wanted.red(), wanted.green(), wanted.blue()]) - plain
    assert (tinted - plain) @ towards > 0.2 * (towards @ towards)
    click(view(listed).of_selected)
    listed.settle()
    assert 0 < model.rowCount() < every
    assert {event(listed, "atom", model.number(k)) for k in range(model.rowCount())} == {atom}


def test_that_a_selected_site_finds_its_hops(listed: Stage) -> None:
    site = event(listed, "to", 0)
    listed.commit(lambda s: changes.select(s, Space.SITE, rows([site])))
    click(view(listed).of_selected)
    listed.settle()
    model = view(listed).model
    told = {model.number(k) for k in range(model.rowCount())}
    source = shown_source(listed.state)
    assert source is not None
    assert 0 in told
    assert told == {
        k for k in range(len(source.events))
        if site in (event(listed, "from", k), event(listed, "to", k))
    }  # fmt: skip


def test_that_neighbours_come_along_where_they_are_wanted(listed: Stage) -> None:
    click(view(listed).neighbours)
    click_line(listed, 0)
    chosen = listed.state.selected(Space.ATOM).tolist()
    assert event(listed, "atom", 0) in chosen
    assert len(chosen) > 1


def test_that_a_click_on_a_head_sorts_and_again_turns(listed: Stage) -> None:
    header = view(listed).table.horizontalHeader()
    names = view(listed).model.names
    at = header.sectionViewportPosition(names.index("atom")) + 10
    for falling in (False, True):
        click(header.viewport(), (at, header.height() / 2))
        listed.settle()
        model = view(listed).model
        atoms = [event(listed, "atom", model.number(k)) for k in range(model.rowCount())]
        assert atoms == sorted(atoms, reverse=falling)


def test_that_events_are_found_from_the_menu(stage: Callable[..., Stage]) -> None:
    shown = stage(EventsView, 700, 400, panels=[])
    shown.give(run_of(walk(n=12, m=80, rate=0.02)))
    assert view(shown).hint.isVisible()
    choose_in_menu(view(shown).source.menu(), "Events over time")
    state = shown.settle()
    assert [one.analysis for one in state.document.panels] == ["events"]
    assert view(shown).table.isVisible()


def test_that_marks_of_the_timeline_are_clicked(stage: Callable[..., Stage]) -> None:
    shown = stage(TimelineView, 900, 140, panels=[panel()])
    shown.give(run_of(walk(n=4, m=80, rate=0.02)))
    assert isinstance(shown.view, TimelineView)
    strip = shown.view.events
    assert strip.isVisible()
    begin, end = event(shown, "begin_frame", 1), event(shown, "end_frame", 1)
    x = strip.x_of((begin + end) / 2)
    seen = n_like(picture(strip), current_theme().faint_text, (x - 4, 3, x + 4, 9))
    assert seen >= 4
    click(strip, (x, 6))
    state = shown.settle()
    assert state.frame == (begin + end) // 2
    assert event(shown, "atom", 1) in state.selected(Space.ATOM)


def test_that_a_point_of_the_plot_shows_its_event(stage: Callable[..., Stage]) -> None:
    shown = stage(lambda store: PlotView(store, "hops"), panels=[panel()])
    shown.give(run_of(walk(n=12, m=80, rate=0.02)))
    assert isinstance(shown.view, PlotView)
    canvas = shown.view.canvas
    mark: Any = canvas.plot.marks[0]
    x, y = canvas.sheet.to_pixels(mark.x, mark.y)
    apart = np.abs(x[:, None] - x) + np.abs(y[:, None] - y) + 1e3 * np.eye(len(x))
    lone = int(apart.min(axis=1).argmax())
    click(canvas, (float(x[lone]), float(y[lone])))
    state = shown.settle()
    assert state.frame == event(shown, "begin_frame", lone)
    assert state.selected(Space.ATOM).tolist() == [event(shown, "atom", lone)]


def test_that_nodes_of_the_site_graph_are_selected_as_sites(stage: Callable[..., Stage]) -> None:
    graph = plot_panel("hops", "Site graph", "hops")
    shown = stage(lambda store: PlotView(store, "hops"), panels=[graph])
    shown.give(run_of(walk(n=12, m=80, rate=0.02)))
    assert isinstance(shown.view, PlotView)
    places = pixels_of(shown.view.canvas, Space.SITE)
    site, at = next(iter(places.items()))
    click(shown.view.canvas, at)
    assert site in shown.settle().selected(Space.SITE)
