"""Makes the pictures of the study page: `python docs/guide/make_study_pictures.py TABLE`.

TABLE is the one published with the paper (absolute_errors.csv); it is not part of this program.
Needs a screen with OpenGL (a virtual one will do).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from make_pictures import PICTURES, do, save, select_front
from PySide6.QtWidgets import QApplication

from mlipviewer.app.main import settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.session import changes
from mlipviewer.session.panels import new_panel

AUTHORS = {"transform": "authors"}
FORMATION = {"category": "E_f"}
LONGEST = 900.0  # seconds for one step


@dataclass(frozen=True)
class Step:
    """One step of the study: a plot of an analysis with the parameters that the page names."""

    picture: str
    analysis: str
    plot: str
    params: dict[str, Any] = field(default_factory=dict)


STEPS = (
    Step("passing", "passing", "Hardest errors"),
    Step("front-size", "front-size", "By category"),
    Step("tradeoff", "tradeoff", "Distributions"),
    Step("scores", "indicators", "Scores", {**FORMATION, **AUTHORS}),
    Step("wins", "indicators", "Share of subsets won", {**FORMATION, **AUTHORS}),
    Step("communities", "clusters", "Communities", {**FORMATION, **AUTHORS}),
    Step("graph", "correlation", "Graph", AUTHORS),
    Step("representatives", "representatives", "Graph", AUTHORS),
    Step("families", "family-graphs", "Families"),
    Step("relations", "prediction", "Relations", {**AUTHORS, "effort": "full"}),
)


def main(table: Path, folder: Path, only: list[str]) -> int:
    """Picture each step, in a window as a reader would have it."""
    application = QApplication(["pictures"])
    folder.mkdir(exist_ok=True)
    dress(application, "light")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    window.open([str(table)])
    settle(window)
    do(window, lambda s: changes.set_axes(s, ("vac_Ef", "hex_c11")))
    do(window, select_front)
    if not only or "window" in only:
        save(window, folder / "study-window.png")
        save(window.docks.by_panel["pareto"], folder / "study-front.png")
    for step in STEPS:
        if not only or step.picture in only:
            take(window, step, folder)
    window.close()
    return 0


def take(window: MainWindow, step: Step, folder: Path) -> None:
    """Open the step's panel by itself, wait for its answer, picture it and close it again."""
    do(window, changes.select_none)
    panel = new_panel(window.store.state, step.analysis, step.plot)
    do(window, lambda s: changes.open_panel(s, panel))
    do(window, lambda s: changes.set_params(s, panel.id, **step.params))
    dock = window.docks.by_panel[panel.id]
    dock.setFloating(True)
    dock.resize(760, 520)
    settle(window, LONGEST)
    save(dock.view, folder / f"study-{step.picture}.png")
    do(window, lambda s: changes.close_panel(s, panel.id))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--out", type=Path, default=PICTURES)
    parser.add_argument("--only", nargs="*", default=[], help="the pictures to make")
    given = parser.parse_args()
    sys.exit(main(given.table, given.out, given.only))
