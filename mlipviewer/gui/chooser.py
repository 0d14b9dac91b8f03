"""Lists to choose names from: to tick several, or to pick one, with a line to search in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.plain import PlainLabel, plain, plain_tip

FEW = 8  # names that need no search
MOST_SHOWN = 5  # lines of a list
NAME = Qt.ItemDataRole.UserRole


class _Searchable(QWidget):
    """A list of names, and above it, where they are many, a line that hides those without it."""

    def __init__(self, offered: Sequence[str], empty: str) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText(f"Search {len(offered)} names")
        self.search.setAccessibleName("search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.search.setVisible(len(offered) > FEW)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("names")
        for name in offered:
            item = QListWidgetItem(plain(name) or empty, self.list)
            item.setData(NAME, name)
        line = self.list.sizeHintForRow(0) if offered else 18
        self.list.setFixedHeight(min(max(len(offered), 2), MOST_SHOWN) * line + 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.setFocusProxy(self.search if len(offered) > FEW else self.list)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.list.setAccessibleName(name)

    def items(self) -> list[QListWidgetItem]:
        return [self.list.item(i) for i in range(self.list.count())]

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        for item in self.items():
            item.setHidden(not all(word in item.text().casefold() for word in words))


class TickList(_Searchable):
    """Names to tick; `changed(names)` in the order in which they stood, new ones last."""

    def __init__(
        self,
        value: tuple[str, ...],
        offered: Sequence[str],
        changed: Callable[[tuple[str, ...]], None],
        nothing: str = "nothing ticked: the default",
    ) -> None:
        super().__init__(offered, "(none)")
        self._value, self._changed, self._nothing = value, changed, nothing
        for item in self.items():
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = item.data(NAME) in value
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.count = PlainLabel()
        self._tell()
        self._add_buttons()
        self.list.itemChanged.connect(lambda _item: self._ticked())

    def _add_buttons(self) -> None:
        row = QHBoxLayout()
        for title, tip, on in (
            ("All", "Tick all that are listed", True),
            ("None", "Untick all that are listed", False),
        ):
            button = QToolButton()
            button.setText(title)
            button.setToolTip(plain_tip(tip))
            button.clicked.connect(lambda _checked, on=on: self._set_listed(on))
            row.addWidget(button)
        row.addWidget(self.count, 1)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(row)

    def _set_listed(self, on: bool) -> None:
        """Tick or untick what the search shows, in one change."""
        self.list.itemChanged.disconnect()
        for item in self.items():
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.list.itemChanged.connect(lambda _item: self._ticked())
        self._ticked()

    def _ticked(self) -> None:
        on = [i.data(NAME) for i in self.items() if i.checkState() == Qt.CheckState.Checked]
        kept = tuple(name for name in self._value if name in on)
        self._value = (*kept, *(name for name in on if name not in kept))
        self._tell()
        self._changed(self._value)

    def _tell(self) -> None:
        n, every = len(self._value), self.list.count()
        self.count.setText(f"{n} of {every}" if n else self._nothing)


class PickList(_Searchable):
    """Names of which one is picked."""

    def __init__(self, value: str, offered: Sequence[str], changed: Callable[[str], None]) -> None:
        super().__init__(offered, "(default)")
        for item in self.items():
            if item.data(NAME) == value:
                self.list.setCurrentItem(item)
        self.list.itemClicked.connect(lambda item: changed(item.data(NAME)))
        self.list.itemActivated.connect(lambda item: changed(item.data(NAME)))
