"""What a campaign asks of files and of its process: dialogs, and who starts and stops it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from mlipviewer.app.campaigns.models import ask_model
from mlipviewer.app.campaigns.sets import ask_generated, ask_set
from mlipviewer.app.file_dialogs import DESIGN, OPEN, ask_file, ask_save
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.files import MEGABYTE, decode, read_bytes, write_text
from mlipviewer.session.atom_changes import ask
from mlipviewer.session.campaigns import changes, frames
from mlipviewer.session.campaigns.attending import standing_of
from mlipviewer.session.campaigns.seen import Draft
from mlipviewer.session.session import Session
from mlipviewer.session.state import State, Weight
from mlipviewer.session.store import Store
from mlipviewer.views.campaign import CampaignView

DESIGNS = "Designs of campaigns (*.toml)"


class CampaignDialogs:
    """Joins the panel of a campaign to files and to the process that runs it."""

    def __init__(self, parent: QWidget, store: Store, session: Session) -> None:
        self._parent, self._store, self._session = parent, store, session

    def join(self, view: CampaignView) -> None:
        """Do what the panel wants."""
        for signal, act in (
            (view.open_wanted, self.ask_open),
            (view.save_wanted, self.ask_save),
            (view.run.start_wanted, self.start),
            (view.run.stop_wanted, self.stop),
            (view.run.again_wanted, self.try_again),
            (view.run.result_wanted, self.open_result),
            (view.run.evaluate_wanted, self.ask_evaluate),
            (view.design.file_wanted, self.ask_file_set),
            (view.design.frames_wanted, self.ask_frames_set),
            (view.design.generated_wanted, self.ask_generated_set),
        ):
            signal.connect(lambda act=act: act())  # it keeps this object

    @property
    def _draft(self) -> Draft:
        return self._store.state.document.campaign

    def _warn(self, text: str) -> None:
        self._session.notify(text, Weight.WARNING)

    # -- files -----------------------------------------------------------------------------

    def ask_open(self) -> None:
        """A design of a file, or that of a campaign's folder."""
        path = ask_file(self._parent, "Open a design", DESIGN, DESIGNS)
        if path:
            self.open(path)

    def open(self, path: str) -> None:
        """The design of a file becomes the draft."""
        try:
            text, _ = decode(read_bytes(path, MEGABYTE), path)
        except ReadProblem as problem:
            self._warn(str(problem))
            return
        file = str(Path(path).absolute())
        change = partial(changes.set_draft, text=text, file=file)
        self._store.commit(change, f"Open {Path(path).name}")

    def ask_save(self) -> bool:
        """Keep the design as a file; whether it is kept now."""
        usual = self._draft.file or "silicon.toml"
        path = ask_save(self._parent, "Save the design", DESIGN, usual, DESIGNS, must=True)
        return path is not None and self.save(str(path))

    def save(self, path: str) -> bool:
        """Write the design there. Whether it could be written."""
        file = str(Path(path if path.endswith(".toml") else f"{path}.toml").absolute())
        try:
            write_text(file, self._draft.text)
        except OSError as problem:
            self._warn(f"{file}: {problem.strerror or problem}")
            return False
        self._store.commit(partial(changes.set_draft, file=file), f"Save {Path(file).name}")
        return True

    # -- the process -----------------------------------------------------------------------

    def start(self) -> None:
        """Run the design; it is saved first where it is not."""
        self._begin()

    def try_again(self) -> None:
        """Run it, and once more what has failed."""
        self._begin("resume", self._draft.file, "--retry-failed")

    def _begin(self, *words: str) -> None:
        if not self._draft.file and not self.ask_save():
            return
        try:
            self._session.campaigns.start(self._draft, words)
        except DesignProblem as problem:
            self._warn(str(problem))
        except OSError as problem:
            self._warn(f"The campaign cannot be started: {problem.strerror or problem}")

    def stop(self) -> None:
        """End it soon; it can be resumed."""
        try:
            self._session.campaigns.stop(self._draft)
        except OSError as problem:
            self._warn(f"The campaign cannot be stopped: {problem.strerror or problem}")

    def open_result(self) -> None:
        """The table that there is so far, with its links."""
        standing = standing_of(self._store.state)
        if standing is not None and standing.table:
            table = Path(standing.table)
            links = table.with_name("links.csv")
            self._session.open([str(path) for path in (table, links) if path.is_file()])

    def ask_evaluate(self) -> None:
        """One existing model, which joins the table."""

        def decided(name: str, spec: str, settings: str) -> None:
            more = ("--settings", settings) if settings.strip() else ()
            self._begin("evaluate", self._draft.file, name, spec, *more)

        ask_model(decided, self._parent)

    # -- sets ------------------------------------------------------------------------------

    def ask_file_set(self) -> None:
        """A set of a file."""
        path = ask_file(self._parent, "Frames with energies and forces", OPEN)
        if path:
            ask_set(self._add_set, Path(path).stem.partition(".")[0], path, self._parent)

    def ask_generated_set(self) -> None:
        """A set that the reference makes."""
        ask_generated(self._add_set, self._parent)

    def ask_frames_set(self) -> None:
        """A set of the selected frames of the shown run, else of all of them."""
        state = self._store.state
        if state.trajectory is None:
            self._warn("No run is open: its frames can be a set once it is")
            return
        if not self._draft.file and not self.ask_save():
            return
        name = Path(state.trajectory.name).stem.partition(".")[0]
        folder = Path(self._draft.file).absolute().parent
        path = frames.file_for(folder, name)
        ask_set(self._write_set, name, str(path), self._parent, frames.about(state))

    def _write_set(self, said: dict[str, object]) -> None:
        errand = frames.errand(self._store.state, said)
        self._store.commit(lambda s: ask(s, errand), errand.title)

    def _add_set(self, said: dict[str, object]) -> None:
        def added(state: State) -> State:
            return changes.add_part(state, "set", said)

        self._store.commit(added, f"Add the set {said['name']}")
