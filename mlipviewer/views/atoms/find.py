"""The line that finds atoms by a condition: live count, then select, or keep as a live set."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QWidget

from mlipviewer.core.rows import Mode
from mlipviewer.gui.gestures import mode_of
from mlipviewer.gui.plain import PlainLabel, plain_tip
from mlipviewer.gui.theme import current_theme
from mlipviewer.session.seeking import sought_words
from mlipviewer.session.state import State

WAIT_MS = 150
EXAMPLE = 'element == "Li" and z > 5,  forces[3] < 0,  set("name"),  spread(forces) > 0.1'
_MODES = {
    Mode.REPLACE: ("=", "Select what is found (Enter)"),
    Mode.ADD: ("+", "Add what is found to the selection (Ctrl+Enter)"),
    Mode.REMOVE: ("\u2212", "Remove what is found from the selection (Alt+Enter)"),
    Mode.INTERSECT: ("\u2229", "Keep selected what is found (Ctrl+Shift+Enter)"),
}


class FindLine(QWidget):
    """Signals are sent only when the user acts."""

    typed = Signal(str)
    chosen = Signal(object)  # Mode
    kept = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = _Line()
        self.text.setPlaceholderText(EXAMPLE)
        self.text.setAccessibleName("find atoms")
        self.count = PlainLabel()
        self.modes = {mode: _button(*words) for mode, words in _MODES.items()}
        self.keep = _button("Keep", "Keep the condition as a live set")
        self.end = _button("\u00d7", "Close (Esc)")
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 2, 4, 2)
        layout.setSpacing(2)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.count)
        for button in (*self.modes.values(), self.keep, self.end):
            layout.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self.text.textEdited.connect(lambda _text: self._wait.start())
        self._wait.timeout.connect(self._tell)
        self.text.entered.connect(self._enter)
        self.text.left.connect(self.closed)
        for mode, button in self.modes.items():
            button.clicked.connect(lambda _checked, mode=mode: self._choose(mode))
        self.keep.clicked.connect(self._keep)
        self.end.clicked.connect(self._close)

    def _tell(self) -> None:
        self._wait.stop()
        self.typed.emit(self.text.text())

    def _keep(self) -> None:
        self._tell()
        self.kept.emit()

    def _close(self) -> None:
        self.closed.emit()

    def _enter(self, modifiers: Qt.KeyboardModifier) -> None:
        self._choose(mode_of(modifiers, Mode.REPLACE))

    def _choose(self, mode: Mode) -> None:
        self._tell()
        self.chosen.emit(mode)

    def show_state(self, old: State | None, new: State) -> None:
        """Open while something is sought; what is being typed stays as it is."""
        sought = new.moment.sought
        opened = sought is not None and self.isHidden()
        self.setVisible(sought is not None)
        if sought is None:
            return
        before = old.moment.sought if old is not None else None
        if opened or (
            sought != before and sought != self.text.text() and not self._wait.isActive()
        ):
            self.text.setText(sought)
        if opened:
            self.text.setFocus()
        words, wrong = sought_words(new)
        self.count.setText(words)
        self.count.setStyleSheet(f"color: {current_theme().warning}" if wrong else "")
        for button in (*self.modes.values(), self.keep):
            button.setEnabled(bool(words) and not wrong)


class _Line(QLineEdit):
    entered = Signal(object)  # modifiers
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Esc closes the line before it lets go of the selection."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(event.modifiers())
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
