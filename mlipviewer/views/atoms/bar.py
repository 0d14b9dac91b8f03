"""The small bar below the atoms: what colours them, the tool, the mode, the projection."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mlipviewer.core.rows import Mode
from mlipviewer.gui.colours import colour_map_names
from mlipviewer.gui.flow import FlowLayout
from mlipviewer.gui.keys import KeysTold
from mlipviewer.gui.menus import menu_button
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.session.state import Colouring
from mlipviewer.views.atoms.mouse import Tool

_TOOLS = {
    Tool.ROTATE: ("Rotate", "Drag turns the view"),
    Tool.RECTANGLE: ("Rectangle", "Drag selects atoms in a rectangle"),
    Tool.LASSO: ("Lasso", "Drag selects atoms in a lasso"),
}
_MODES = {
    Mode.REPLACE: ("=", "Replace the selection"),
    Mode.ADD: ("+", "Add to the selection (Ctrl)"),
    Mode.REMOVE: ("\u2212", "Remove from the selection (Alt)"),
    Mode.TOGGLE: ("\u2295", "Toggle in the selection"),
    Mode.INTERSECT: ("\u2229", "Keep what is in both (Ctrl+Shift)"),
}


NARROW = 320  # pixels


class AtomsBar(QWidget):
    """Signals are sent only when the user acts."""

    column_chosen = Signal(str)
    map_chosen = Signal(str)
    range_fixed = Signal(bool)
    tool_chosen = Signal(object)
    reset_wanted = Signal()
    perspective_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._n_first = 1  # widgets before those of the tools
        self.columns = self._combo("Colour by", "What colours the atoms")
        self.columns.setMaximumWidth(150)  # a long name of a column costs the bar no row
        self.maps = self._combo("Colour map", "The map from values to colours")
        self.fix = _button("Fix range", "Keep the colours' range over all frames", checkable=True)
        self.tools = {tool: _button(*words, checkable=True) for tool, words in _TOOLS.items()}
        self.modes = {mode: _button(*words, checkable=True) for mode, words in _MODES.items()}
        self.visible = _button(
            "Visible only", "Rectangle and lasso take what is seen, not what is behind", True
        )
        self.reset = _button("Reset", "See everything")
        self.perspective = _button("Perspective", "Perspective or not", checkable=True)
        self.more = menu_button("More", "How one looks, and what selecting does", self._fill_more)
        self._tell_keys()
        self._fitted = QTimer(self, singleShot=True, interval=0)
        self._fitted.timeout.connect(self._fit)
        self._mode_group = QButtonGroup(self)
        self._tool_group = QButtonGroup(self)
        self._arrange()
        self._connect()

    def _tell_keys(self) -> None:
        for button, actions in (
            (self.tools[Tool.ROTATE], ("tool.pick",)),
            (self.tools[Tool.RECTANGLE], ("tool.select",)),
            (self.tools[Tool.LASSO], ("tool.select",)),
            (self.reset, ("look.all",)),
            (self.perspective, ("look.perspective", "look.flat")),
        ):
            KeysTold(button, button.toolTip(), *actions)

    def _combo(self, name: str, tip: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(plain_tip(tip))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.setMaximumWidth(190)
        return combo

    def _arrange(self) -> None:
        self._row = FlowLayout(self)
        self._row.setContentsMargins(4, 2, 4, 2)
        self._row.addWidget(self.columns)
        for tool, button in self.tools.items():
            self._tool_group.addButton(button)
            button.setChecked(tool is Tool.ROTATE)
        for mode, button in self.modes.items():
            self._mode_group.addButton(button)
            button.setChecked(mode is Mode.REPLACE)
        looking = (self.perspective, self.reset)
        for group in (looking, self.tools.values(), self.modes.values(), (self.visible,)):
            for place, one in enumerate(group):
                one.setProperty("begins", place == 0)
                self._row.addWidget(one)
        # a narrow panel breaks the bar into more rows rather than forcing the window to be wide
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._row.addWidget(self.more)
        self.more.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, what is used less goes into a menu: once the panel has its places,
        which it would find anew within finding them."""
        super().resizeEvent(event)
        self._fitted.start()

    def _fit(self) -> None:
        """Lest the atoms have no room."""
        narrow = self.width() < NARROW
        if self.more.isHidden() == narrow:
            self.more.setVisible(narrow)
            for button in self._less_used():
                button.setHidden(narrow)

    def _less_used(self) -> tuple[QToolButton, ...]:
        return (self.perspective, self.reset, *self.modes.values(), self.visible)

    def _fill_more(self, menu: QMenu) -> None:
        """The entries of the menu click the buttons that are hidden."""
        for button in self._less_used():
            action = menu.addAction(button.toolTip(), button.click)
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())

    def add_menu(self, button: QToolButton) -> None:
        """A button with a menu, behind those that open panels."""
        self._row.insert(self._n_first, button)

    def add_handle(self, handle: QToolButton) -> None:
        """What is dragged to other programs, at the end."""
        self._row.addWidget(handle)

    def add_popovers(self, buttons: Sequence[QToolButton]) -> None:
        """Buttons that open panels of settings."""
        for place, button in enumerate(buttons, 1):
            self._row.insert(place, button)
        self._n_first = len(buttons) + 1

    def _connect(self) -> None:
        self.columns.textActivated.connect(self._choose_column)
        self.maps.textActivated.connect(self.map_chosen)
        self.fix.clicked.connect(self.range_fixed)
        self.reset.clicked.connect(self._want_reset)
        self.perspective.clicked.connect(self.perspective_wanted)
        for tool, button in self.tools.items():
            button.clicked.connect(lambda _checked, tool=tool: self.tool_chosen.emit(tool))

    def _want_reset(self) -> None:
        self.reset_wanted.emit()

    def _choose_column(self) -> None:
        self.column_chosen.emit(self.columns.currentData())

    @property
    def mode(self) -> Mode:
        """The sticky mode."""
        return next(mode for mode, button in self.modes.items() if button.isChecked())

    @property
    def visible_only(self) -> bool:
        """Whether outlines leave out atoms that others hide."""
        return self.visible.isChecked()

    def show_columns(self, names: tuple[str, ...], colouring: Colouring, bar: bool) -> None:
        """Offer these columns; the map and the range matter where a colour bar is shown."""
        if tuple(self.columns.itemData(i) for i in range(self.columns.count())) != names:
            self.columns.clear()
            for name in names:
                self.columns.addItem(plain(name, 60), name)
            listed = self.columns.view()
            listed.setMinimumWidth(listed.sizeHintForColumn(0) + 24)
        # a column that these frames lack colours nothing: they show their species
        self.columns.setCurrentIndex(max(0, self.columns.findData(colouring.column)))
        if bar and not self.maps.count():  # those of plug-ins are looked for when they are needed
            self.maps.addItems(list(colour_map_names()))
        self.maps.setCurrentText(colouring.map)
        self.fix.setChecked(colouring.low is not None)
        self.maps.setVisible(bar)
        self.fix.setVisible(bar)

    def show_tool(self, tool: Tool) -> None:
        self.tools[tool].setChecked(True)


def _button(text: str, tip: str, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(tip)
    button.setCheckable(checkable)
    button.setAutoRaise(True)
    return button
