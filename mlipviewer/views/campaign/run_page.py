"""What a campaign costs, how far it is, and why some of it failed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.campaign.estimate import PROPERTY, SET, TRAIN, Cost, duration, seconds_left
from mlipviewer.gui.editors import Number
from mlipviewer.gui.plain import PlainLabel, plain, plain_tip
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.session.campaigns import changes
from mlipviewer.session.campaigns.seen import Draft, Reading, Standing
from mlipviewer.session.store import Store

WORK = ("Work", "Pieces", "Done", "Failed", "Each", "Left")
FAILURES = ("Failed", "What", "Model", "Reason")
KINDS = {SET: "structures of the sets", TRAIN: "train", PROPERTY: "compute"}
MOST_WORKERS = 256


class RunPage(QWidget):
    """Start and stop; costs before, progress meanwhile; what failed, the result."""

    start_wanted = Signal()
    stop_wanted = Signal()
    again_wanted = Signal()
    result_wanted = Signal()
    evaluate_wanted = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.start = _button("Start", "Run the campaign in a process of its own")
        self.stop = _button("Stop", "End it now; it can be resumed, and nothing is lost")
        self.again = _button("Try failed again", "Forget what failed, and do it once more")
        self.result = _button("Open the table", "The table of errors; it grows while it runs")
        self.evaluate = _button(
            "Evaluate a model ...", "Judge one existing model, which joins the table"
        )
        self.workers = Number(1, MOST_WORKERS, 1, 0)
        self.workers.setAccessibleName("processes at once")
        self.workers.setToolTip("Processes of this computer that work at once")
        self.scheduler = QLineEdit()
        self.scheduler.setPlaceholderText("tcp://host:8786")
        self.scheduler.setAccessibleName("scheduler")
        self.scheduler.setToolTip("The address of a Dask scheduler whose workers do the work")
        self.goes_on = QCheckBox("Goes on when the window is closed")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.said = PlainLabel()
        self.said.setWordWrap(True)
        self.work = _tree(WORK, "work", 0)
        self.failures = _tree(FAILURES, "failures", 3)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (self.start, self.stop, self.result):
            first.addWidget(button)
        first.addStretch(1)
        for widget in (
            PlainLabel("Processes"),
            self.workers,
            PlainLabel("or scheduler"),
            self.scheduler,
        ):
            second.addWidget(widget)
        third = QHBoxLayout()
        third.addWidget(self.evaluate)
        third.addWidget(self.again)
        third.addStretch(1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.work)
        parts.addWidget(self.failures)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.goes_on)
        layout.addWidget(self.bar)
        layout.addWidget(self.said)
        layout.addWidget(parts, 1)
        layout.addLayout(third)

    def _connect(self) -> None:
        for button, signal in (
            (self.start, self.start_wanted),
            (self.stop, self.stop_wanted),
            (self.again, self.again_wanted),
            (self.result, self.result_wanted),
            (self.evaluate, self.evaluate_wanted),
        ):
            button.clicked.connect(signal)
        self.workers.edited.connect(lambda n: self._set(workers=int(n)))
        self.scheduler.editingFinished.connect(self._set_scheduler)
        self.goes_on.clicked.connect(lambda on: self._set(goes_on=on))

    def _set(self, **values: object) -> None:
        self._store.commit(lambda s: changes.set_draft(s, **values), "How the campaign is run")

    def _set_scheduler(self) -> None:
        text = self.scheduler.text().strip()
        if text != self._store.state.document.campaign.scheduler:
            self._set(scheduler=text)

    # -- showing ---------------------------------------------------------------------------

    def show_run(self, draft: Draft, reading: Reading | None, standing: Standing | None) -> None:
        """All that is known of the run."""
        begun = standing is not None and bool(standing.costs)
        runs = standing is not None and (standing.running is not None or standing.starting)
        design = reading.design if reading is not None else None
        self.start.setText("Resume" if begun and standing and not standing.ended else "Start")
        self.start.setEnabled(not runs and design is not None)
        why_not = _why_not(design is not None, runs)
        self.start.setToolTip(plain_tip(why_not or "Run it in its own process"))
        self.stop.setEnabled(runs)
        self.result.setEnabled(standing is not None and bool(standing.table))
        self.evaluate.setEnabled(not runs and standing is not None and bool(standing.table))
        self.again.setEnabled(not runs and standing is not None and standing.n_failed > 0)
        self.workers.show_value(draft.workers)
        self.goes_on.setChecked(draft.goes_on)
        if not self.scheduler.hasFocus():
            self.scheduler.setText(draft.scheduler)
        costs = standing.costs if begun and standing else reading.costs if reading else ()
        self._show_costs(costs)
        self.said.setText(said_of(draft, reading, standing))
        self._show_failures(standing)

    def _show_costs(self, costs: Sequence[Cost]) -> None:
        done, whole = (
            sum(c.done * c.seconds for c in costs),
            sum(c.count * c.seconds for c in costs),
        )
        self.bar.setValue(round(1000 * done / whole) if whole else 0)
        _fill(self.work, [_cost_line(cost) for cost in costs if cost.count])
        for i, cost in enumerate(cost for cost in costs if cost.count):
            item = self.work.topLevelItem(i)
            if item is not None and cost.failed:
                item.setForeground(3, colour(current_theme().warning))

    def _show_failures(self, standing: Standing | None) -> None:
        reasons = standing.reasons if standing is not None else ()
        self.failures.setVisible(bool(reasons))
        _fill(
            self.failures,
            [
                (str(one.count), one.name, one.model, " ".join(one.reason.split()))
                for one in reasons
            ],
        )


def _why_not(fits: bool, runs: bool) -> str:
    if runs:
        return "It runs already"
    return "" if fits else "The design cannot be run: see its text"


def _cost_line(cost: Cost) -> tuple[str, ...]:
    each = duration(cost.seconds) if cost.seconds >= 1 else f"{cost.seconds:.1f} s"
    return (
        f"{KINDS[cost.kind]} {cost.name}".strip(),
        str(cost.count),
        str(cost.done) if cost.done else "",
        str(cost.failed) if cost.failed else "",
        each if cost.measured else f"about {each}",
        duration(cost.left) if cost.left else "",
    )


def said_of(draft: Draft, reading: Reading | None, standing: Standing | None) -> str:
    """One sentence on how the campaign stands."""
    if standing is not None and standing.message:
        return f"It ended: {standing.message}"
    if standing is None or not standing.costs:
        if standing is not None and standing.starting:
            return "It is being started ..."
        return _estimate(draft, reading)
    done = f"{standing.n_done} of {standing.n_total} pieces are done"
    failed = f", {standing.n_failed} of them failed" if standing.n_failed else ""
    if standing.ended:
        return f"All is done: {standing.n_total} pieces{failed}."
    room = standing.running.room if standing.running is not None else draft.workers
    left = duration(seconds_left(standing.costs, room))
    if standing.running is None:
        now = "It is being started" if standing.starting else "It does not run now"
        return f"{done}{failed}. {now}; about {left} are left on {_processes(draft.workers)}."
    return f"{done}{failed}; about {left} left. Run by {standing.running}, {room} at once."


def _estimate(draft: Draft, reading: Reading | None) -> str:
    if reading is None or reading.design is None:
        return "The design cannot be run yet." if reading is not None else ""
    trained = sum(cost.count for cost in reading.costs if cost.kind == TRAIN)
    judged = max((cost.count for cost in reading.costs if cost.kind == PROPERTY), default=1) - 1
    time = duration(seconds_left(reading.costs, draft.workers))
    return (
        f"{trained} trainings, {judged} models judged by {len(reading.design.properties)}"
        f" properties: about {time} on {_processes(draft.workers)}."
    )


def _processes(count: int) -> str:
    return "one process" if count == 1 else f"{count} processes"


def _tree(heads: Sequence[str], name: str, wide: int) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(heads))
    tree.setAccessibleName(name)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
    tree.header().setStretchLastSection(False)
    tree.header().setMinimumSectionSize(36)
    for column in range(len(heads)):
        mode = QHeaderView.ResizeMode.Stretch if column == wide else None
        tree.header().setSectionResizeMode(column, mode or QHeaderView.ResizeMode.ResizeToContents)
    return tree


def _fill(tree: QTreeWidget, lines: Sequence[Sequence[str]]) -> None:
    """Lines in the place of those before; what is there stays where it is scrolled to."""
    while tree.topLevelItemCount() > len(lines):
        tree.takeTopLevelItem(tree.topLevelItemCount() - 1)
    for i, texts in enumerate(lines):
        item = tree.topLevelItem(i)
        if item is None:
            item = QTreeWidgetItem()
            tree.addTopLevelItem(item)
        for column, text in enumerate(texts):
            shown = plain(text, 400)
            if item.text(column) != shown:
                item.setText(column, shown)
                item.setToolTip(column, plain_tip(shown) if len(shown) > 20 else "")


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(plain_tip(tip))
    return button
