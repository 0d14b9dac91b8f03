"""The campaign: its design as a form and as text, and its run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.plain import PlainLabel, ShortLabel, plain_button, plain_tip
from mlipviewer.gui.view import View
from mlipviewer.session.campaigns import changes
from mlipviewer.session.campaigns.attending import reading_of, standing_of
from mlipviewer.session.campaigns.environments import being_made
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.campaign.design_page import DesignPage
from mlipviewer.views.campaign.run_page import RunPage
from mlipviewer.views.campaign.text import TextPage

ABOUT = (
    "A campaign trains an ensemble of potentials, judges each of them by the same properties, and"
    " writes their table of errors, which opens here and grows while it runs."
)


class CampaignView(View, QWidget):
    """What the user wants of files and of the process is told by signals."""

    open_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.name: QLabel = ShortLabel()
        self.new = plain_button("New", "A new design, with words on what may be changed")
        self.open = plain_button("Open ...", "A design, or the folder of a campaign")
        self.save = plain_button("Save ...", "Save the design as a file")
        self.empty = QWidget()
        self.begin = QPushButton("New design")
        self.open_first = QPushButton("Open ...")
        self.design = DesignPage(store)
        self.text = TextPage(store)
        self.run = RunPage(store)
        self.pages = QTabWidget()
        for title, page in (("Design", self.design), ("Text", self.text), ("Run", self.run)):
            self.pages.addTab(page, title)
        self._lay_out()
        for button in (self.new, self.begin):
            button.clicked.connect(self._begin)
        for button in (self.open, self.open_first):
            button.clicked.connect(self.open_wanted)
        self.save.clicked.connect(self.save_wanted)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        for button in (self.new, self.open, self.save):
            top.addWidget(button)
        about = PlainLabel(ABOUT)
        about.setWordWrap(True)
        inside = QVBoxLayout(self.empty)
        inside.addWidget(about)
        row = QHBoxLayout()
        row.addWidget(self.begin)
        row.addWidget(self.open_first)
        row.addStretch(1)
        inside.addLayout(row)
        inside.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addLayout(top)
        layout.addWidget(self.empty)
        layout.addWidget(self.pages, 1)

    def _begin(self) -> None:
        self.store.commit(changes.begin_draft, "New design of a campaign")

    def show_state(self, old: State | None, new: State) -> None:
        if old is not None and _parts(old) == _parts(new):
            return
        draft = new.document.campaign
        there = bool(draft.text or draft.file)
        for widget, shown in (
            (self.empty, not there),
            (self.pages, there),
            (self.new, there),
            (self.open, there),
            (self.save, there),
        ):
            widget.setVisible(shown)
        self.name.setText(Path(draft.file).name if draft.file else "not saved yet" if there else "")
        if draft.file:
            self.name.setToolTip(plain_tip(draft.file))
        if not there:
            return
        reading, standing = reading_of(new), standing_of(new)
        self.text.show_text(draft.text, reading)
        seen = new.moment.campaign
        if seen is not None and seen.catalogue.families:
            design = reading.design if reading else None
            self.design.show_design(seen.catalogue, design, being_made(new))
        self.run.show_run(draft, reading, standing)


def _parts(state: State) -> tuple[object, ...]:
    """What of the state is shown here, the first two by identity."""
    return id(state.document.campaign), id(state.moment.campaign), being_made(state)
