"""Makes the pictures of this guide from the shipped example: `python docs/guide/make_pictures.py`.

Needs a screen with OpenGL (a virtual one will do). The window is driven as a user would leave it.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QWidget

from mlipviewer.analysis.methods.fronts import non_dominated
from mlipviewer.app.main import example_files, settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, colourings
from mlipviewer.session.look_changes import set_looks
from mlipviewer.session.looks import (
    Labels,
    Lighting,
    Looks,
    Slice,
    Style,
    Vectors,
    with_style,
)
from mlipviewer.session.state import State

PICTURES = Path(__file__).parent / "pictures"


def main(folder: Path, files: list[str]) -> int:
    """Picture the window in both themes, then each view by itself."""
    application = QApplication(["pictures"])
    folder.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        dress(application, theme)
        window = MainWindow()
        window.resize(1440, 900)
        window.show()
        window.open(files or example_files())
        settle(window)
        arrange(window)
        save(window, folder / f"window-{theme}.png")
        views(window, folder, theme)
        looks_of_atoms(window, folder, theme)
        views_of_one_run(window, folder / f"atoms-views-{theme}.png")
        arrange(window)
        side_by_side(window, folder / f"side-by-side-{theme}.png")
        window.resize(1280, 720)
        settle(window)
        save(window, folder / f"window-small-{theme}.png")
        window.close()
    return 0


def arrange(window: MainWindow) -> None:
    """The front is selected, a model of it in focus, some atoms picked, a late frame shown."""
    do(window, lambda s: changes.set_axes(s, s.table.metrics[:2] if s.table else ()))
    do(window, select_front)
    last = next(one.name for one in window.store.state.document.inputs if "cryst" in one.name)
    do(window, lambda s: changes.show_trajectory(s, last))
    do(window, lambda s: changes.show_frame(s, 30))
    do(window, lambda s: colourings.colour_by(s, "ptm"))
    do(window, pick_layer)


def select_front(state: State) -> State:
    """The models of the Pareto front of the shown axes, the first of them in focus."""
    table = state.table
    assert table is not None
    columns = [table.metric_index(name) for name in state.document.axes]
    values = table.values[np.ix_(table.models, columns)]
    front = table.models[non_dominated(values)]
    return changes.focus(changes.select(state, Space.MODEL, rows(front)), int(front[0]))


def pick_layer(state: State) -> State:
    """The atoms of one layer of the shown frame."""
    frame = state.moment.frames.get(state.document.trajectory or "")
    if frame is None:
        return state
    z = frame.positions[:, 2]
    layer = np.abs(z - np.median(z)) < 0.8
    return changes.select(state, Space.ATOM, rows(frame.atom_ids[layer]))


def views(window: MainWindow, folder: Path, theme: str) -> None:
    """Each panel by itself."""
    for name, dock in window.docks.by_panel.items():
        dock.raise_()
        settle(window)
        save(dock, folder / f"{name}-{theme}.png")


def side_by_side(window: MainWindow, path: Path) -> None:
    """The runs of several linked models beside each other."""
    runs = [row for row, _ in changes.linked_runs(window.store.state)][:4]
    if len(runs) >= 2:
        do(window, lambda s: changes.select_models(s, rows(runs)))
        save(window.docks.by_panel["atoms"], path)


def views_of_one_run(window: MainWindow, path: Path) -> None:
    """Lithium by its structure and by the energies of its atoms."""
    lithium = next(o.name for o in window.store.state.document.inputs if "cryst" in o.name)
    do(window, changes.select_none)
    do(window, lambda s: changes.show_trajectory(s, lithium))
    do(window, lambda s: colourings.colour_by(s, "ptm"))
    do(window, lambda s: colourings.set_n_colourings(s, 2))
    do(window, lambda s: colourings.colour_by(s, "energies"))
    dock = window.docks.by_panel["atoms"]
    dock.view.reset_view()
    settle(window)
    save(dock, path)
    do(window, lambda s: colourings.set_n_colourings(s, 1))


def looks_of_atoms(window: MainWindow, folder: Path, theme: str) -> None:
    """Styles, arrows, labels, slices and light, of the linked silicon run and of lithium."""
    inputs = [one.name for one in window.store.state.document.inputs]
    silicon = next(name for name in inputs if "mtp-" in name)
    lithium = next(name for name in inputs if "cryst" in name)
    balls = with_style(Looks(), Style.BALL_AND_STICK)
    sticks = with_style(Looks(), Style.STICKS)
    error = Vectors("forces", minus="ref_forces", scale=3.0)
    shown = {
        "arrows": (silicon, "forces", replace(balls, vectors=error)),
        "labels": (silicon, "forces", replace(balls, labels=Labels("forces", "%.1f"))),
        "slice": (
            silicon,
            "species",
            replace(
                sticks,
                images=(2, 2, 2),
                slice=Slice(True, (1, 1, 1), True, 0.55),
                lighting=Lighting.PUBLICATION,
            ),
        ),
        "depth": (
            lithium,
            "ptm",
            replace(with_style(Looks(), Style.SPACE_FILL), lighting=Lighting.EXPLORE, radius=0.8),
        ),
    }
    do(window, changes.select_none)
    dock = window.docks.by_panel["atoms"]
    for name, (run, column, looks) in shown.items():
        do(window, lambda s, run=run: changes.show_trajectory(s, run))
        do(window, lambda s, column=column: colourings.colour_by(s, column))
        do(window, lambda s, looks=looks: set_looks(s, looks))
        dock.view.reset_view()
        settle(window)
        save(dock, folder / f"atoms-{name}-{theme}.png")
    do(window, lambda s: set_looks(s, Looks()))


def do(window: MainWindow, change: object) -> None:
    window.store.commit(change, "picture")  # type: ignore[arg-type]
    settle(window)


def save(widget: QWidget, path: Path) -> None:
    widget.grab().save(str(path))
    print(path.name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PICTURES)
    parser.add_argument("files", nargs="*", help="other files than the example")
    given = parser.parse_args()
    sys.exit(main(given.out, given.files))
