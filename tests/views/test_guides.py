"""Traces of atoms, sites and the ways between them are drawn in 3D, and sites are clicked there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.scene.guide_rods import joined, trace_rods
from mlipviewer.native.solids import NO_RODS
from mlipviewer.session import changes
from mlipviewer.session.events import shown_source
from mlipviewer.session.look_changes import look
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.traces import show_sites, sites_found, trace_none, trace_selected
from mlipviewer.views.atoms import AtomsView
from tests.analysis.atoms.hop_walks import EDGE, SIDE, run_of, walk
from tests.windows import Stage, click

pytestmark = pytest.mark.window


@pytest.fixture
def shown(stage: Callable[..., Stage]) -> Stage:
    made = stage(AtomsView, 640, 560, panels=[plot_panel("hops", "Site graph", "hops")])
    made.give(run_of(walk(n=10, m=60, rate=0.05), drift=0.02))
    made.commit(lambda s: look(s, radius=0.3))
    return made


def rods(shown: Stage) -> Any:
    assert isinstance(shown.view, AtomsView)
    return shown.view.canvas.panes[0].shown_rods


def found_sites(shown: Stage) -> Any:
    found = sites_found(shown.state, shown.state.document.trajectory or "")
    assert found is not None
    return found[0]


def test_that_sites_are_crosses_with_ways_that_go_with_the_drift(shown: Stage) -> None:
    assert rods(shown).n == 0
    shown.commit(lambda s: show_sites(s, True))
    result = found_sites(shown)
    n, links = len(result.arrays["sites"]), len(result.arrays["link_sites"])
    assert rods(shown).n == 3 * n + links
    for index in (0, 40):
        shown.commit(lambda s, k=index: changes.show_frame(s, k))
        pane = shown.view.canvas.panes[0]  # type: ignore[attr-defined]
        ends = rods(shown).ends[: 3 * n : 3].astype(float)
        middles = (ends[:, :3] + ends[:, 3:]) / 2 + pane.home
        lithium = pane.frame.positions[pane.frame.numbers == 3]
        apart = lithium[:, None] - middles
        apart -= np.round(apart / (EDGE * SIDE)) * EDGE * SIDE
        assert np.linalg.norm(apart, axis=2).min(axis=1).max() < 0.3
    shown.commit(lambda s: show_sites(s, False))
    assert rods(shown).n == 0


def test_that_a_click_on_a_site_selects_it_and_frames_it(shown: Stage) -> None:
    shown.commit(lambda s: show_sites(s, True))
    assert isinstance(shown.view, AtomsView)
    canvas, n = shown.view.canvas, len(found_sites(shown).arrays["sites"])
    ends = rods(shown).ends[: 3 * n : 3].astype(float)
    middles = (ends[:, :3] + ends[:, 3:]) / 2 + canvas.panes[0].home
    left, top, width, height = canvas.rects()[0]
    seen = canvas.pane_camera(0).project(middles, (width, height))[:, :2] + (left, top)
    atoms = canvas.panes[0].places
    of_atoms = canvas.pane_camera(0).project(atoms, (width, height))[:, :2] + (left, top)
    clear = np.linalg.norm(seen[:, None] - of_atoms, axis=2).min(axis=1)
    apart = np.linalg.norm(seen[:, None] - seen, axis=2) + 1e3 * np.eye(n)
    site = int(np.argmax(np.minimum(clear, apart.min(axis=1))))
    before = rods(shown).n
    click(shown.view.surface, (float(seen[site, 0]), float(seen[site, 1])))
    assert shown.settle().selected(Space.SITE).tolist() == [site]
    assert rods(shown).n == before + 12


def test_that_traces_go_through_their_atoms(shown: Stage) -> None:
    source = shown_source(shown.state)
    assert source is not None
    atoms = rows(source.events.atom[:4])
    shown.commit(lambda s: changes.select(s, Space.ATOM, atoms))
    shown.commit(trace_selected)
    assert rods(shown).n == 59 * len(atoms)
    for index in (0, 25, 59):
        shown.commit(lambda s, k=index: changes.show_frame(s, k))
        pane = shown.view.canvas.panes[0]  # type: ignore[attr-defined]
        ends = np.concatenate([rods(shown).ends[:, :3], rods(shown).ends[:, 3:]]) + pane.home
        for atom in atoms.tolist():
            assert np.linalg.norm(ends - pane.frame.positions[atom], axis=1).min() < 1e-3
    shown.commit(trace_none)
    assert rods(shown).n == 0


def test_that_traces_are_of_the_selected_frames_and_taken_back(shown: Stage) -> None:
    shown.commit(lambda s: changes.select(s, Space.ATOM, rows([1, 2])))
    shown.commit(lambda s: changes.select(s, Space.FRAME, rows(np.arange(10, 21))))
    shown.commit(trace_selected)
    assert rods(shown).n == 2 * 10
    shown.commit(trace_selected)
    assert shown.state.document.traces is None


def test_that_a_trace_has_gaps_where_its_atom_is_missing() -> None:
    places = np.zeros((4, 1, 3))
    places[1] = np.nan
    assert trace_rods(places, np.zeros(3)).n == 1
    assert trace_rods(places[:1], np.zeros(3)).n == 0
    assert joined([]) is NO_RODS
