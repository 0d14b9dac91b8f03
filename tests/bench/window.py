"""The window under linked selection: a commit until the last view has painted."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from mlipviewer.app.main import settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session import atom_changes, changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.views.atoms import AtomsView
from tests.bench.made import MadeSource, error_table
from tests.bench.timing import timed


def measure(n_atoms: int = 1_000_000) -> dict[str, Any]:
    """Figures for 2300 models in all views, then for a million atoms."""
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    dress(application, "light")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    table = error_table()
    window.store.commit(
        lambda s: changes.add_loaded(s, Input("made", "made.csv", Kind.TABLE), table), "open"
    )
    settle(window)
    found: dict[str, Any] = {"models": _models(window, application)}
    source = MadeSource(n_atoms)
    trajectory = Trajectory.whole("li", source)
    window.store.commit(
        lambda s: changes.add_loaded(s, Input("li", "li.dump", Kind.TRAJECTORY), trajectory), "open"
    )
    settle(window)
    found["atoms"] = _atoms(window, application, n_atoms)
    window.close()
    return found


def _tell(window: MainWindow, application: QApplication, change: Any) -> None:
    """Commit, flush, and paint every view."""
    window.store.commit(change, "bench")
    window.store.flush()
    application.processEvents()


def _models(window: MainWindow, application: QApplication) -> dict[str, Any]:
    choices = {
        n: itertools.cycle([rows(np.arange(1, 2 * n + 1, 2)), rows(np.arange(2, 2 * n + 2, 2))])
        for n in (20, 1150)
    }
    hovers = itertools.count(1)

    def select(n: int) -> None:
        chosen = next(choices[n])
        _tell(window, application, lambda s: changes.select(s, Space.MODEL, chosen))

    def hover() -> None:
        row = next(hovers)
        _tell(window, application, lambda s: changes.hover(s, Space.MODEL, row))

    return {
        "select_20_of_2300": timed(lambda: select(20), 15),
        "select_1150_of_2300": timed(lambda: select(1150), 15),
        "hover": timed(hover, 15),
        "undo": timed(
            lambda: (window.store.undo(), window.store.flush(), QApplication.processEvents()), 9
        ),
        "goal_click_to_painted_ms": 33,
    }


def _atoms(window: MainWindow, application: QApplication, n_atoms: int) -> dict[str, Any]:
    halves = itertools.cycle([rows(np.arange(1, n_atoms, 2)), rows(np.arange(2, n_atoms + 1, 2))])
    frames = itertools.cycle(range(4))

    def mark() -> None:
        """Without drawing: the bytes are written and handed over."""
        chosen = next(halves)
        window.store.commit(lambda s: changes.select(s, Space.ATOM, chosen), "bench")
        window.store.flush()

    def select_all() -> None:
        """All of them, and none again."""
        for change in (atom_changes.select_all_atoms, atom_changes.invert_atoms):
            window.store.commit(change, "bench")
            window.store.flush()

    view = window.findChild(AtomsView)
    assert view is not None
    boxes = itertools.cycle([(40.0, 300.0), (60.0, 320.0)])

    def rectangle() -> None:
        low, high = next(boxes)
        outline = [(low, low), (high, low), (high, high), (low, high)]
        view.choosing.choose_inside(outline, Qt.KeyboardModifier.NoModifier)
        window.store.flush()

    def next_frame() -> None:
        index = next(frames)
        window.store.commit(lambda s: changes.show_frame(s, index), "bench")
        window.store.flush()

    def painted(call: Any) -> None:
        call()
        application.processEvents()

    return {
        "n_atoms": n_atoms,
        "mark_half": timed(mark, 7),
        "mark_half_and_draw": timed(lambda: painted(mark), 5),
        "select_all_and_none": timed(select_all, 5),
        "rectangle": timed(rectangle, 5),
        "next_frame_in_memory": timed(next_frame, 7),
        "next_frame_and_draw": timed(lambda: painted(next_frame), 5),
        "goal_without_drawing_ms": 50,
    }
