"""One sentence at the top of the window: the newest notice, with its details and a way to copy;
those before it that were not closed are a step away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from mlipviewer.core.file_names import Astray, Contents, Offer, Remains, Unread
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.view import View
from mlipviewer.session.state import Notice, State, Weight
from mlipviewer.session.store import Store

SIGNS = {
    Weight.INFO: ("#2f6fa7", "i"),
    Weight.WARNING: ("#a35f00", "!"),
    Weight.ERROR: ("#b3261e", "✕"),
}

KEPT = 20  # notices that were not closed


def _offered(offer: Offer) -> str:
    if isinstance(offer, Contents):
        return "Choose ..."
    if isinstance(offer, Remains):
        return "Restore"
    if isinstance(offer, Astray):
        return "Locate ..."
    if isinstance(offer, Unread):
        return "Open as ..."
    return f"Open all {len(offer.fitting())} as one ..."


class NoticeBar(View, QWidget):
    """Never modal: it shows the newest notice, and by *Next* those before it, until the user closes
    it."""

    reload_wanted = Signal(tuple)  # the names of inputs
    log_wanted = Signal()
    offer_taken = Signal(object)  # what could be opened besides (core.file_names.Offer)

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.body = QWidget()
        self.sign = PlainLabel()
        self.text = PlainLabel()
        self.text.setWordWrap(True)
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setMaximumHeight(120)
        self.details.setAccessibleName("details of the notice")
        self._unread: tuple[Notice, ...] = ()  # the newest first
        self._closed: tuple[Notice, ...] = ()  # those of the moment when it was closed
        self._place = 0
        self._row = row = QHBoxLayout(self.body)
        row.setContentsMargins(8, 3, 4, 3)
        row.addWidget(self.sign)
        row.addWidget(self.text, 1)
        self.reload = QToolButton()
        self.reload.setText("Read anew")
        self.reload.clicked.connect(self._reload)
        row.addWidget(self.reload)
        self.next = QToolButton(autoRaise=True)
        self.next.setAccessibleName("next notice")
        self.next.setToolTip("Show the notice that was told before")
        self.next.clicked.connect(self._show_next)
        row.addWidget(self.next)
        self.offer = QToolButton()
        self.offer.setAccessibleName("what is offered")
        self.offer.clicked.connect(self._take_offer)
        row.addWidget(self.offer)
        for title, act in (
            ("Details", self._toggle_details),
            ("Copy", self._copy),
            ("Log", self.log_wanted.emit),
            ("Close", self._close),
        ):
            button = QToolButton(autoRaise=True)
            button.setText(title)
            button.clicked.connect(act)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.body)
        layout.addWidget(self.details)
        self.body.hide()
        self.details.hide()

    def line_size(self) -> QSize:
        """The room for the sentence, with its buttons, in one line."""
        margins = self._row.contentsMargins()
        shown = [w for w in self._pieces() if not w.isHidden()]
        gaps = self._row.spacing() * len(shown)
        width = self.text.fontMetrics().horizontalAdvance(self.text.text()) + gaps
        width += margins.left() + margins.right() + sum(w.sizeHint().width() for w in shown)
        tallest = max(w.sizeHint().height() for w in self._pieces())
        return QSize(width, tallest + margins.top() + margins.bottom())

    @property
    def is_tall(self) -> bool:
        """Whether a line is not enough for what it shows."""
        return not self.details.isHidden() or "\n" in self.text.text()

    def _pieces(self) -> list[QWidget]:
        """What stands beside the sentence."""
        return [self.sign, *self.body.findChildren(QToolButton)]

    def _toggle_details(self) -> None:
        self.details.setVisible(not self.details.isVisible())

    def _copy(self) -> None:
        if (notice := self._told) is not None:
            QGuiApplication.clipboard().setText(f"{notice.text}\n{notice.details}")

    def _reload(self) -> None:
        if (notice := self._told) is not None:
            self.reload_wanted.emit(notice.reload)
        self._close()

    def _take_offer(self) -> None:
        if (notice := self._told) is not None:
            self.offer_taken.emit(notice.offer)

    @property
    def _told(self) -> Notice | None:
        return self._unread[self._place] if self._place < len(self._unread) else None

    def _show_next(self) -> None:
        self._place = (self._place + 1) % max(1, len(self._unread))
        self._show_notice()

    def _close(self) -> None:
        self._closed = self.store.state.moment.notices
        self._unread = ()
        self.body.hide()
        self.details.hide()

    def show_state(self, old: State | None, new: State) -> None:
        notices = new.moment.notices
        if not notices:
            self._close()  # of a session that was left
        if not notices or (old is not None and old.moment.notices is notices):
            return
        read = set(map(id, self._closed))
        self._unread = tuple(one for one in reversed(notices) if id(one) not in read)[:KEPT]
        self._place = 0
        self._show_notice()

    def _show_notice(self) -> None:
        notice = self._told
        if notice is None:
            return
        several = len(self._unread) > 1
        self.next.setVisible(several)
        self.next.setText(f"Next ({self._place + 1} of {len(self._unread)})" if several else "")
        self.text.setText(notice.said)
        self.reload.setVisible(bool(notice.reload))
        self.offer.setVisible(notice.offer is not None)
        self.offer.setText(_offered(notice.offer) if notice.offer is not None else "")
        self.details.setPlainText(notice.details)
        colour, sign = SIGNS[notice.weight]
        self.sign.setText(sign)
        self.sign.setAccessibleName(notice.weight)
        self.sign.setStyleSheet(
            f"background: {colour}; color: white; border-radius: 8px; padding: 1px 6px;"
            " font-weight: bold;"
        )
        self.body.show()
