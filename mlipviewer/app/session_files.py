"""Session files in the window: open, save, what a crash left, files that were moved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QMessageBox

from mlipviewer.app.file_dialogs import FIGURE, OPEN, SESSION, ask_file, ask_save
from mlipviewer.app.session_writing import Order, SessionWriter, tolerated
from mlipviewer.core.file_names import Remains
from mlipviewer.core.progress import Progress
from mlipviewer.gui.plain import MAX_TEXT, plain_tip
from mlipviewer.io.room import sweep
from mlipviewer.session.landing import add_notice
from mlipviewer.session.saving import locks, recovery
from mlipviewer.session.saving.history import Past
from mlipviewer.session.saving.locating import first_lost, relocated
from mlipviewer.session.saving.receipts import is_figure, read_figure
from mlipviewer.session.saving.recents import add_recent
from mlipviewer.session.saving.restoring import questions_of, saved_of, state_of, undo_of
from mlipviewer.session.saving.session_file import (
    SUFFIX,
    Saved,
    read_session,
)
from mlipviewer.session.saving.trust import is_trusted, trust
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document, Errand, Notice, State, Weight
from mlipviewer.session.store import Store

KINDS = f"Session (*{SUFFIX})"
FIGURES = "Figures (*.svg *.pdf *.png *.tiff *.tif)"
SOON_MS, LATE_MS = 1000, 5000
SHOWN = 12  # questions that are shown


class Layout(Protocol):
    """What only the window knows of itself."""

    def told(self) -> dict[str, Any]: ...

    def take(self, window: Mapping[str, Any]) -> None: ...


class SessionFiles(QObject):
    """The session file of a window, and what is kept of it in case of a crash."""

    changed = Signal()  # another file, or saved

    def __init__(self, window: QMainWindow, store: Store, session: Session, layout: Layout) -> None:
        super().__init__(window)
        self._window, self._store, self._session, self._layout = window, store, session, layout
        self.path: Path | None = None
        self._opened: Saved | None = None
        self._clean = store.mark  # of what was saved, or begun
        self._kept: Document | None = store.state.document
        self._ended = False
        self._left = store.mark  # what the user agreed to leave
        self._n_asked = self._n_opened = 0
        self._may_write = True
        self._writing = threading.Lock()
        self.writer = SessionWriter(self, store, session)
        self.writer.written.connect(self._was_written)
        self._number = _free_number()
        self._recovery = recovery.own_path(self._number)
        self._restored: Path | None = None  # what a crash left, until it is kept anew
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._keep)
        self._late = QTimer(self, singleShot=True, interval=LATE_MS)
        self._late.timeout.connect(self._keep)

    # -- what is shown ---------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether a saved session has changed since."""
        return self.path is not None and self._store.mark is not self._clean

    @property
    def title(self) -> str:
        """For the title of the window; '' without a file."""
        return "" if self.path is None else f"{self.path.name}{'*' if self.dirty else ''}"

    def show_state(self, old: State | None, new: State) -> None:
        if new.document is not self._kept and not self._ended:
            self._soon.start()
            if not self._late.isActive():
                self._late.start()
        arrived = new.moment.arrived
        if isinstance(arrived, tuple) and (old is None or old.moment.arrived is not arrived):
            QTimer.singleShot(0, self, partial(self._open_now, *arrived))

    # -- opening ---------------------------------------------------------------------------

    def ask_open(self) -> None:
        path = ask_file(self._window, "Open session", SESSION, KINDS)
        if path:
            self.open(Path(path))

    def ask_figure(self) -> None:
        """Open what a figure of this program shows, from its receipt."""
        path = ask_file(self._window, "Open from figure", FIGURE, FIGURES)
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> None:
        """Read a session file; it replaces what is open, once what was changed is dealt with."""
        if self.may_leave():
            self._left = self._store.mark
            self._n_asked += 1
            land = partial(self._arrive, number=self._n_asked)
            self._do(f"Open {path.name}", partial(_read, path.absolute()), land)

    @property
    def opening(self) -> bool:
        """Whether a session that was asked for is not there yet."""
        moment = self._store.state.moment
        arrived = isinstance(moment.arrived, tuple) and moment.arrived[0] > self._n_opened
        comes = bool(moment.errands) or self._session.working
        return not self._ended and (arrived or (comes and self._n_opened < self._n_asked))

    def _arrive(self, state: State, saved: Saved, number: int) -> State:
        """The session that was asked for last is opened, whichever is read first."""
        return state.with_moment(arrived=(number, saved)) if number == self._n_asked else state

    def _do(self, title: str, work: Callable[[Progress], Any], land: Callable[..., State]) -> None:
        def asked(state: State) -> State:
            errands = (*state.moment.errands, Errand(title, work, land))
            return state.with_moment(errands=errands)

        self._store.commit(asked, title)

    def _open_now(self, number: int, saved: Saved) -> None:
        try:
            self._begin(saved)
        finally:
            self._n_opened = max(self._n_opened, number)

    def _begin(self, saved: Saved) -> None:
        """What was read becomes the session, if the user agrees to what it does."""
        if self._ended:
            return
        self.writer.wait()
        if self._store.mark is not self._left and not self.may_leave():
            return  # it was changed while the other one was read
        listed = is_trusted(saved.digest)
        known = listed or recovery.is_own(saved.path, saved.digest)
        asked = () if known else questions_of(saved, saved.path.parent)
        agreed = not asked or self._agrees(saved.path, asked)
        if listed or (agreed and asked):
            tolerated(lambda: trust(saved.digest))
        remains = recovery.is_remains(saved.path)
        of = recovery.session_of(saved.path) if remains else ""
        own = not remains and not is_figure(saved.path)
        state = state_of(saved, saved.path, agreed)
        self._release()
        self._session.begin(state, undo_of(saved, agreed))
        self._opened = saved
        self.path = saved.path if own else Path(of) if of else None
        self._may_write = self.path is not None and not saved.newer and self._take_lock(self.path)
        self._clean = object() if remains else self._store.mark  # the file is older
        self._store.flush()
        self._layout.take(saved.window)
        if remains:
            self._restored = saved.path
        elif own:
            tolerated(lambda: add_recent(str(saved.path)))
        self.changed.emit()

    def _agrees(self, path: Path, asked: tuple[str, ...]) -> bool:
        """Whether the user lets a session do what it asks for."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Open session")
        box.setText(plain_tip(f"{path.name} was not saved on this computer by you. It"))
        more = [f"... and {len(asked) - SHOWN} more"] if len(asked) > SHOWN else []
        box.setInformativeText(plain_tip("\n".join([*asked[:SHOWN], *more]), MAX_TEXT))
        yes = box.addButton("Let it", QMessageBox.ButtonRole.AcceptRole)
        no = box.addButton("Open without these", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        box.exec()
        return box.clickedButton() is yes

    def _take_lock(self, path: Path) -> bool:
        try:
            ours = locks.take(path, self._number)
        except OSError:
            return True
        if not ours:
            said = f"{path.name} is open in another window: it can be saved under another name"
            self._session.notify(said, Weight.WARNING)
        return ours

    def _release(self) -> None:
        if self.path is not None and self._may_write:
            tolerated(lambda: locks.release(self.path or Path(), self._number))

    # -- saving ----------------------------------------------------------------------------

    def save(self) -> bool:
        """Save where it was opened or saved before, else ask; whether it was begun."""
        if self.path is None or not self._may_write:
            return self.ask_save()
        self.save_as(self.path)
        return True

    def ask_save(self) -> bool:
        at = str(self.path) if self.path is not None else f"session{SUFFIX}"
        path = ask_save(self._window, "Save session", SESSION, at, KINDS, must=True)
        if path is not None:
            self.save_as(path)
        return path is not None

    def save_as(self, path: Path) -> None:
        """Have all of the window as it is now written by a job."""
        path = path.absolute()
        ours = path == self.path and self._may_write
        self.writer.write(Order(path, self.saved(), self._store.mark, ours, self._number))

    @property
    def writing(self) -> bool:
        return self.writer.writing

    def _was_written(self, order: Order) -> None:
        if order.path != self.path:
            self._release()
        self.path, self._may_write, self._clean = order.path, True, order.mark
        self.changed.emit()

    def saved(self) -> Saved:
        """All of the window now."""
        past = [Past(step.document, step.label) for step in self._store.past]
        told = self._layout.told()
        return saved_of(self._store.state, past, told, {}, self._opened)

    def ask_pack(self) -> None:
        """Write the session with all its data into one file."""
        name = f"{self.path.stem if self.path is not None else 'session'} with data{SUFFIX}"
        path = ask_save(self._window, "Save with data", SESSION, name, KINDS, must=True)
        if path is not None:
            self.pack(path)

    def pack(self, path: Path) -> None:
        from mlipviewer.session.saving.packing import pack

        saved = self.saved()

        def land(state: State, _nothing: Any) -> State:
            return add_notice(state, Notice(f"Saved with data: {path}"))

        self._do(f"Save {path.name}", lambda progress: pack(path, saved, progress), land)

    def may_leave(self) -> bool:
        """Whether the session may be closed: asks where a saved one has changed since."""
        self.writer.wait()
        if not self.dirty or self.path is None:
            return True
        kinds = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Save session",
            plain_tip(f"{self.path.name} has changed since it was saved."),
            kinds.Save | kinds.Discard | kinds.Cancel,
            kinds.Save,
        )
        if answer != kinds.Save:
            return answer == kinds.Discard
        begun = self.save()
        self.writer.wait()
        return begun and not self.dirty

    # -- files that were moved -------------------------------------------------------------

    def locate(self) -> None:
        """Ask where the first file is that is not there; its neighbours are found with it."""
        old = first_lost(self._store.state)
        if not old:
            self._session.notify("All files of the session are where they were.")
            return
        title = f"Where is {Path(old).name}?"
        new = ask_file(self._window, title, OPEN, at=Path(old).name)
        if new:
            self.relocate(old, new)

    def relocate(self, old: str, new: str) -> None:
        self._store.commit(lambda s: relocated(s, old, new), f"Locate {Path(old).name}")
        left = first_lost(self._store.state)
        if left:
            self._session.notify(f"{left} is still not there", Weight.WARNING)

    # -- after a crash ---------------------------------------------------------------------

    def offer_remains(self) -> None:
        """If a window ended by a crash, offer what it had open."""
        recovery.sweep()
        left = recovery.left_behind()
        if left:
            one = left[0]
            of = f" of {Path(one.of).name}" if one.of else ""
            files = "1 file" if one.n_inputs == 1 else f"{one.n_inputs} files"
            more = f". {len(left) - 1} more will be offered at the next start" * (len(left) > 1)
            said = f"A window{of} with {files} was not closed as usual; nothing of it is lost{more}"
            notice = Notice(said, Weight.WARNING, offer=Remains(str(one.path)))
            self._store.commit(lambda s: add_notice(s, notice), "Offer")

    def _keep(self) -> None:
        """Keep what is open, in a thread: the document is frozen."""
        self._soon.stop()
        self._late.stop()
        document = self._store.state.document
        if self._ended or document is self._kept or not document.inputs:
            return
        self._kept = document
        saved, of, restored = self.saved(), str(self.path or ""), self._restored

        def write() -> None:
            with self._writing:
                if self._kept is document:  # else a newer one is written, or nothing any more
                    tolerated(lambda: recovery.keep(saved, self._recovery, of, restored))

        threading.Thread(target=write, name="keep session", daemon=True).start()

    def close(self) -> None:
        """The window closes as usual: nothing is to be recovered."""
        self._ended = True
        self._soon.stop()
        self._late.stop()
        self._release()
        with self._writing:
            self._kept = None
            for one in (self._recovery, *filter(None, [self._restored])):
                tolerated(partial(recovery.forget, one))
        if self.path is not None:
            tolerated(lambda: add_recent(str(self.path)))
        _numbers.discard(self._number)


_numbers: set[int] = set()
"""Those of the windows of this process, by which what is kept of them is told apart."""


def _free_number() -> int:
    number = next(n for n in count() if n not in _numbers)
    _numbers.add(number)
    return number


def _read(path: Path, progress: Progress) -> Saved:
    """A session file, or that in a figure; one with data is unpacked beside it first."""
    from mlipviewer.session.saving.packing import is_packed, unpacked

    if is_figure(path):
        return read_figure(path)
    sweep(path.parent)
    if not is_packed(path):
        return read_session(path)
    session, before = unpacked(path, progress)
    said = f"{path.name} was unpacked before: opened as it was left in {session.parent.name}"
    return replace(read_session(session), told=said if before else "")
