"""Many atoms are prepared in a thread: the window never waits, and shows nothing that is stale."""

from collections.abc import Callable, Iterator
from types import MappingProxyType

import numpy as np
import pytest
from atoms_made import with_read, with_run
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, rows
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.paints import rgb_of
from mlipviewer.session import changes, colourings
from mlipviewer.session.look_changes import look, look_at, set_looks
from mlipviewer.session.looks import SpeciesLook, Wrapping, with_species
from mlipviewer.session.state import State
from mlipviewer.session.store import Change, Store
from mlipviewer.views.atoms import AtomsView, preparation
from tests.app.window_work import run_until
from tests.watchdog import watched

pytestmark = pytest.mark.window
MANY, FEW = 1_000_000, 300


def frame(n: int, index: int) -> Frame:
    rng = np.random.default_rng(index)
    side = (n / 0.06) ** (1 / 3)
    columns = {"c": rng.random(n), "class": rng.integers(0, 4, n), "forces": rng.random((n, 3))}
    return Frame(
        index,
        rng.random((n, 3)) * side * 1.2,
        rng.choice([11, 17], n),
        np.eye(3) * side,
        (True,) * 3,
        columns=MappingProxyType(columns),
    )


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[[int], tuple[AtomsView, list[Frame]]]]:
    views: list[AtomsView] = []

    def show(n: int) -> tuple[AtomsView, list[Frame]]:
        frames = [frame(n, 0), frame(n, 1)]
        view = AtomsView(Store(with_run(State(), frames=frames)))
        qtbot.addWidget(view)
        views.append(view)
        view.resize(700, 500)
        view.attach()
        with qtbot.waitExposed(view):
            view.show()
        qtbot.waitUntil(lambda: view.canvas.complete)
        return view, frames

    yield show
    for view in views:
        view.detach()


def gap(view: AtomsView, change: Change) -> float:
    """The longest gap in ms until what a change asks for is drawn."""
    with watched() as beats:
        view.store.commit(change, "Change")
        QTimer.singleShot(2, view.store.flush)
        run_until(lambda: False, 0.05)
        run_until(lambda: view.canvas.complete)
    assert view.canvas.complete
    assert beats.fine, beats.said()
    return beats.longest


def test_that_a_million_atoms_leave_no_gap(
    shown: Callable[[int], tuple[AtomsView, list[Frame]]],
) -> None:
    view, (first, second) = shown(MANY)
    gap(view, lambda s: with_read(s, first))
    pane = view.canvas.panes[0]
    assert pane.frame is first
    gap(view, lambda s: look(s, images=(2, 1, 1)))
    assert pane.spheres is not None
    assert pane.spheres.n == 2 * MANY
    gap(view, lambda s: with_read(s, second))
    gap(view, lambda s: look(s, images=(1, 1, 1), wrapping=Wrapping.WRAPPED))
    assert pane.frame is second
    assert pane.places.max() <= first.cell[0, 0] + 1e-6  # type: ignore[index]
    gap(view, lambda s: look_at(s, "slice", on=True))
    assert pane.spheres.n < MANY
    gap(view, lambda s: colourings.colour_by(s, "forces"))
    gap(view, lambda s: colourings.colour_by(s, "class"))
    gap(view, lambda s: set_looks(s, with_species(s.document.looks, SpeciesLook("Na", False))))
    half = rows(np.arange(0, MANY, 2))
    gap(view, lambda s: changes.select(s, Space.ATOM, half, Mode.REPLACE, "run.dump"))
    gap(view, lambda s: with_read(s, first))
    assert np.count_nonzero(pane.marks) == MANY // 2


def test_that_colours_and_marks_come_with_their_frame(
    shown: Callable[[int], tuple[AtomsView, list[Frame]]],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    """The thread and the window's thread make the same; never colours of one frame on another."""
    monkeypatch.setattr(preparation, "AT_ONCE", 0)
    view, frames = shown(FEW)
    pane, seen = view.canvas.panes[0], []
    view.preparation.arrived.connect(lambda _made: seen.append((pane.frame, rgb_of(pane.paint))))  # type: ignore[arg-type]
    view.store.commit(lambda s: colourings.colour_by(s, "class"), "Colour")
    for one in [*frames, *frames]:
        view.store.commit(lambda s, one=one: with_read(s, one), "Frame")
        view.store.flush()
        qtbot.waitUntil(lambda one=one: pane.frame is one)  # type: ignore[misc]
    assert len(seen) >= 4
    for one, colours in seen:
        assert one is not None
        codes = one.columns["class"]
        each = [np.unique(colours[codes == code], axis=0) for code in range(4)]
        assert all(len(hues) == 1 for hues in each)
        assert len({tuple(hues[0]) for hues in each}) == 4
    with_thread = view.picture(1.0)
    monkeypatch.setattr(preparation, "AT_ONCE", 10**9)
    for one in (frames[0], frames[1]):
        view.store.commit(lambda s, one=one: with_read(s, one), "Frame")
        view.store.flush()
        assert pane.frame is one
    assert view.picture(1.0) == with_thread


def test_that_the_newest_of_several_wishes_is_shown(
    shown: Callable[[int], tuple[AtomsView, list[Frame]]],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(preparation, "AT_ONCE", 0)
    view, frames = shown(FEW)
    view.store.commit(lambda s: with_read(s, frames[0]), "Frame")
    for n in (2, 3, 1, 2):
        view.store.commit(lambda s, n=n: look(s, images=(n, 1, 1)), "Images")
        view.store.flush()
    assert not view.canvas.complete
    qtbot.waitUntil(lambda: view.canvas.complete)
    assert view.canvas.panes[0].spheres.n == 2 * FEW  # type: ignore[union-attr]
    view.store.commit(lambda s: look(s, images=(3, 1, 1)), "Images")
    view.store.flush()
    view.picture(1.0)  # a picture for a file waits for no thread
    assert view.canvas.panes[0].spheres.n == 3 * FEW  # type: ignore[union-attr]


def test_that_bonds_of_another_frame_are_never_shown(
    shown: Callable[[int], tuple[AtomsView, list[Frame]]], qtbot: QtBot
) -> None:
    view, frames = shown(FEW)
    pane = view.canvas.panes[0]
    view.store.commit(lambda s: with_read(s, frames[0]), "Frame")
    view.store.commit(lambda s: look_at(s, "bonds", shown=True), "Bonds")
    view.store.flush()
    qtbot.waitUntil(lambda: view.canvas.complete)
    for one in (frames[1], frames[0], frames[1]):
        view.store.commit(lambda s, one=one: with_read(s, one), "Frame")
        view.store.flush()
        assert pane.frame is one
        assert pane.solids is not None  # together with the frame, so nothing blinks
        assert pane.solids.wish.frame is one
        assert pane.shown_rods.n == len(pane.solids.bond_ends) > 0
