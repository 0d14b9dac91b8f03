"""Activity: what is running with its progress and a stop, and the last notices."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.motion import is_reduced
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.gui.view import View
from mlipviewer.session.state import Job, JobState, Notice, State
from mlipviewer.session.store import Store

SHOWN = 30


class JobsView(View, QWidget):
    """The newest jobs and notices, newest first."""

    stop_wanted = Signal(int)

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._bars: dict[int, QProgressBar] = {}
        self.list = QTreeWidget()
        self.list.setHeaderLabels(["What", "State", ""])
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName("activity")
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.list)

    def show_state(self, old: State | None, new: State) -> None:
        """Anew where rows come, go or end; progress moves the bars alone: a press on Stop lasts."""
        if old is not None and _rows(old) == _rows(new):
            for job in new.moment.jobs:
                self._show_progress(job)
            return
        self.list.clear()
        self._bars.clear()
        for notice in reversed(new.moment.notices[-SHOWN:]):
            self.list.addTopLevelItem(_notice_item(notice))
        for job in reversed(new.moment.jobs[-SHOWN:]):
            self._add(job)

    def _add(self, job: Job) -> None:
        item = QTreeWidgetItem([plain(job.title), plain(job.message or job.state), ""])
        item.setToolTip(0, plain_tip(job.message))
        self.list.addTopLevelItem(item)
        if job.state is not JobState.RUNNING:
            return
        self._bars[job.number] = bar = QProgressBar()
        self._show_progress(job)
        self.list.setItemWidget(item, 1, bar)
        stop = QPushButton("Stop")
        stop.clicked.connect(lambda: self.stop_wanted.emit(job.number))
        self.list.setItemWidget(item, 2, stop)

    def _show_progress(self, job: Job) -> None:
        bar = self._bars.get(job.number)
        if bar is None:
            return
        still = not job.total and is_reduced()  # else it sweeps while nobody knows how far it is
        bar.setMaximum(1 if still else job.total)
        bar.setValue(0 if still else job.done)
        bar.setFormat("running" if still else "%p%")


def _rows(state: State) -> tuple[object, ...]:
    """What the rows say, apart from progress."""
    jobs = tuple((job.number, job.state, job.message) for job in state.moment.jobs)
    return (state.moment.notices, jobs)


def _notice_item(notice: Notice) -> QTreeWidgetItem:
    item = QTreeWidgetItem([plain(notice.said), notice.weight, ""])
    item.setToolTip(0, plain_tip(notice.details or notice.text))
    return item
