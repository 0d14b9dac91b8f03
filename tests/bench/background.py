"""A trajectory of 1000 frames of 10 000 atoms is classified while the window is used."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from mlipviewer.analysis import ANALYSES
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.session import changes, time_changes
from mlipviewer.session.panels import plot_panel
from tests.bench.big import gaps, until
from tests.bench.made import write_dump
from tests.watchdog import watched

N_ATOMS, N_FRAMES, DISTINCT = 10_000, 1000, 20


def measure() -> dict[str, Any]:
    """Seconds until all frames are classified (ptm), and the longest gap of the event loop while
    the same trajectory plays."""
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    dress(application, "light")
    with tempfile.TemporaryDirectory(prefix="mlipviewer-background-") as folder:
        window = MainWindow()
        window.resize(1440, 900)
        window.show()
        window.open([str(repeated(Path(folder)))])
        until(lambda: not window.session.working, 60)
        until(lambda: False, 1.0)
        with watched() as beats:
            seconds = classified(window)
        window.close()
    return {"n_frames": N_FRAMES, "n_atoms": N_ATOMS, "seconds": round(seconds, 1), **gaps(beats)}


def repeated(folder: Path) -> Path:
    """A dump of few frames over and over, each with a step of its own."""
    few = write_dump(folder / "few.dump", N_ATOMS, DISTINCT).read_bytes()
    bodies = [part.partition(b"\n")[2] for part in few.split(b"ITEM: TIMESTEP\n") if part]
    path = folder / "run.dump"
    with path.open("wb") as file:
        for i in range(N_FRAMES):
            file.write(b"ITEM: TIMESTEP\n%d\n" % (100 * i))
            file.write(bodies[i % DISTINCT])
    return path


def classified(window: MainWindow) -> float:
    """Seconds from opening the panel of structure types to its answer, with the run playing."""
    store = window.store
    panel = plot_panel("structure", panel_id="structure")
    assert panel.params is not None
    panel = replace(panel, params=replace(panel.params, method="ptm"))  # type: ignore[call-arg]
    store.commit(lambda s: changes.open_panel(s, panel), "bench")
    store.commit(lambda s: time_changes.play(s, True), "bench")
    asked = ANALYSES["structure"].name

    def answered() -> bool:
        return any(request.analysis == asked for request in store.state.moment.results)

    seconds = until(answered, 600)
    store.commit(lambda s: time_changes.play(s, False), "bench")
    return seconds
