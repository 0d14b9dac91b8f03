"""What opens over the main window, each thing opened by its action, button or drop: for pictures of
all of it, and for what all of it must have."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QToolButton, QWidget

from mlipviewer.app.campaigns.dialogs import CampaignDialogs
from mlipviewer.app.campaigns.sets import ask_set
from mlipviewer.app.trajectories.open_as import ask_format
from mlipviewer.app.trajectories.together import ask_about
from mlipviewer.app.window import MainWindow
from mlipviewer.core.file_names import Siblings
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.editors import Popover
from mlipviewer.session import changes
from mlipviewer.session.campaigns import frames
from mlipviewer.views.plot import PlotView
from tests import made, windows

Act = Callable[[], object]
Look = Callable[[QWidget], object]

NO_DIALOG = {"table.filter", "atoms.find"}
"""Their titles end in dots because they ask for text, within the window."""

CORNER = QPoint(60, 90)
QUIET = 6


def over(window: MainWindow) -> QWidget | None:
    """The popup, modal dialog or dialog beside the window that is open."""
    for one in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if one is not None and one is not window:
            return one
    return next((d for d in window.findChildren(QDialog) if d.isVisible()), None)


def look_at(window: MainWindow, act: Act, look: Look, seconds: float = 20.0) -> bool:
    """Do something, have what opens looked at once it is filled, and close it; whether something
    opened. What runs an event loop of its own is closed from within."""
    seen: list[QWidget] = []

    def watch() -> None:
        one = over(window)
        if one is None or seen:
            return
        seen.append(one)
        fill(window, one)
        look(one)
        one.reject() if isinstance(one, QDialog) else one.close()

    watching = QTimer(interval=50)
    watching.timeout.connect(watch)
    watching.start()
    act()
    end = time.monotonic() + seconds
    while not seen and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
    watching.stop()
    windows.settle(window.store, window.session)
    return bool(seen)


def fill(window: MainWindow, shown: QWidget) -> None:
    """Wait for what a dialog finds out in threads."""
    end, quiet = time.monotonic() + 20, 0
    while quiet < QUIET and time.monotonic() < end:
        QApplication.processEvents()
        window.session.drain(0.005)
        window.store.flush()
        later = getattr(shown, "_later", None)
        busy = window.session.working or (later is not None and later.busy)
        quiet = 0 if busy else quiet + 1
        time.sleep(0.02)


def own_file_dialogs() -> None:
    """Those of the toolkit, which can be seen and closed by a program."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)


def dialogs(window: MainWindow, folder: Path) -> Iterator[tuple[str, Act]]:
    """Each dialog by a name; `folder` is for files that some of them are about."""
    own_file_dialogs()
    for name, action in window.registry.actions.items():
        asks = action.title.endswith("...") and name not in NO_DIALOG and action.change is None
        if asks and not window.registry.reason(action, window.store.state):
            yield name, partial(window.registry.do, name)
    yield "help.about", partial(window.registry.do, "help.about")
    yield "palette", window.open_palette
    yield from _of_links(window)
    yield "open-as", partial(ask_format, window, window.store, str(folder / "strange.dat"))
    yield "folder", partial(windows.drop, window, [_mixed(folder)])
    yield "sequence", partial(ask_about, _numbered(folder), window.session.open, window)
    yield from _scores(window)
    yield from _of_campaigns(window, folder)
    yield "join", partial(_join, window, folder)
    yield "locate", partial(_locate, window, folder)


def _of_links(window: MainWindow) -> Iterator[tuple[str, Act]]:
    for link in window.store.state.document.links[:1]:
        yield "link", partial(window.link_dialogs.ask_link, link)


def _scores(window: MainWindow) -> Iterator[tuple[str, Act]]:
    """Weights and levels of the plots that judge by both."""
    found = _plots(window)
    for name in ("score", "passing"):
        if name in found:
            yield f"{name}-weights", found[name].menus._open_score_form


def _of_campaigns(window: MainWindow, folder: Path) -> Iterator[tuple[str, Act]]:
    """Models and sets, with the files they are about."""
    own = CampaignDialogs(window, window.store, window.session)
    yield "campaign-model", own.ask_evaluate
    yield "campaign-set-generated", own.ask_generated_set
    file, about = str(folder / "liquid.xyz"), frames.about(window.store.state)
    yield "campaign-set-frames", partial(ask_set, print, "liquid", file, window, about)


def _numbered(folder: Path) -> Siblings:
    names = tuple(f"run_{k:03}.xyz" for k in range(1, 41))
    return Siblings(str(folder), "run_*.xyz", names)


def _second_table(window: MainWindow, folder: Path) -> Path:
    file = folder / "second.csv"
    if not file.exists():
        file.write_text("Models,ModelName,C11,C44\nGAP,a,1.5,2\nMTP,b,2.5,3\n")
        window.open([str(file)])
        windows.settle(window.store, window.session)
    return file


def _join(window: MainWindow, folder: Path) -> None:
    """Two tables are open: the dialog is filled at once."""
    _second_table(window, folder)
    window.registry.do("table.join")


def _locate(window: MainWindow, folder: Path) -> None:
    """A file of the session that was moved is asked for."""
    _second_table(window, folder).rename(folder / "moved.csv")
    window.sessions.locate()


def _plots(window: MainWindow) -> dict[str, PlotView]:
    views = ((name, dock.view) for name, dock in window.docks.by_panel.items())
    return {name: view for name, view in views if isinstance(view, PlotView)}


def _mixed(folder: Path) -> Path:
    """A folder with a table and two runs."""
    inside = folder / "mixed"
    inside.mkdir(exist_ok=True)
    (inside / "models.csv").write_text("Models,ModelName,C11\nGAP,a,1.5\nMTP,b,2.5\n")
    for name in ("one.xyz", "other.xyz"):
        made.write_extxyz(inside / name)
    return inside


def popups(window: MainWindow) -> Iterator[tuple[str, Act]]:
    """The panels and menus that buttons open, of the panels that are in front."""
    for button in window.findChildren(Popover):
        if button.isVisible():
            yield f"popover-{button.accessibleName()}", button.open
    view = window.docks.by_panel["table"].view
    for column in window.store.state.table.metrics[:1] if window.store.state.table else ():
        yield "column-filter", partial(view.popups.open_filter, column, CORNER)
    yield "column-filter-words", partial(view.popups.open_filter, "Models", CORNER)
    yield "column-chooser", partial(view.popups.open_chooser, CORNER)
    for name, dock in window.docks.by_panel.items():
        for button in dock.findChildren(QToolButton):
            if button.menu() is not None and button.isVisible():
                yield f"menu-{name}-{button.accessibleName() or button.text()}", button.showMenu


def menus(window: MainWindow) -> Iterator[tuple[str, Act]]:
    """Those of the bar, and those within them."""
    for name, menu in window.registry.menus.items():
        yield f"menu-{name.replace('/', '-')}", partial(_pop_up, menu)


def _pop_up(menu: QMenu) -> None:
    menu.popup(CORNER)


def is_ours(shown: QWidget) -> bool:
    """Whether it is made here, not by the toolkit."""
    return not isinstance(shown, QFileDialog)


def arrange(window: MainWindow) -> None:
    """Some models and atoms are selected, one is in focus: what depends on that can be opened."""
    table = window.store.state.table
    if table is not None:
        some = rows(table.models[:3])
        window.store.commit(lambda s: changes.select(s, Space.MODEL, some), "Select")
        window.store.commit(lambda s: changes.focus(s, int(some[0])), "Focus")
    windows.settle(window.store, window.session)
    frame = window.store.state.moment.frames.get(window.store.state.document.trajectory or "")
    if frame is not None:
        ids = rows(frame.atom_ids[:4])
        window.store.commit(lambda s: changes.select(s, Space.ATOM, ids), "Pick")
    windows.settle(window.store, window.session)
