"""The preferences: pages made from the list of settings, searched, and heeded as they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.file_dialogs import SETTINGS, ask_file, ask_save
from mlipviewer.app.preferences.plugin_page import PluginPage
from mlipviewer.app.preferences.shortcut_editor import ShortcutEditor
from mlipviewer.gui.colour_strips import ColourStrips
from mlipviewer.gui.editors import Choice, Number
from mlipviewer.gui.plain import PlainLabel, plain_tip
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.settings.listing import PAGES, Setting, Value, matching, of_page
from mlipviewer.session.settings.settings_file import read_tables, settings_path, write_changes
from mlipviewer.session.settings.values import Settings, changes_between, settings_of

KINDS = "Settings (*.toml)"
FOUND = "Found"
SIZE = (820, 560)
LINE = 340  # dots of a line of text


class SettingRow(QWidget):
    """One setting: its editor, and what it means below."""

    def __init__(self, one: Setting) -> None:
        super().__init__()
        self.setting = one
        self.editor, self._show = _editor(one)
        self.editor.setAccessibleName(one.title)
        self.editor.setToolTip(plain_tip(one.name))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(1)
        row = QHBoxLayout()
        row.addWidget(self.editor)
        row.addStretch(1)
        layout.addLayout(row)
        told = " ".join(
            part for part in (one.about, f"Holds {one.when}." if one.when else "") if part
        )
        if told:
            words = PlainLabel(told)
            words.setWordWrap(True)
            words.setForegroundRole(words.palette().ColorRole.PlaceholderText)
            layout.addWidget(words)
            self.editor.setAccessibleDescription(told)
        self.show_value()

    def show_value(self) -> None:
        self._show(settings_in_use.now.get(self.setting.name))


def _editor(one: Setting) -> tuple[QWidget, Callable[[Value], object]]:
    """A widget that sets the setting when the user acts, and how it shows a value."""

    def take(value: object) -> None:
        settings_in_use.change(lambda s: s.with_value(one.name, value), one.name)

    if isinstance(one.default, bool):
        tick = QCheckBox("on")
        tick.clicked.connect(take)
        return tick, lambda value: tick.setChecked(bool(value))
    if one.choices:
        choice = Choice([(name, name) for name in one.choices])
        choice.chosen.connect(take)
        return choice, choice.show_value
    if isinstance(one.default, str):
        return _line(take)
    whole = isinstance(one.default, int)
    number = Number(one.low, one.high, _step(one), 0 if whole else 2)
    if one.unit:
        number.setSuffix(f" {one.unit}")
    number.edited.connect(lambda value: take(int(value) if whole else value))
    return number, lambda value: number.show_value(float(value))


def _line(take: Callable[[object], None]) -> tuple[QWidget, Callable[[Value], object]]:
    line = QLineEdit()
    line.setMinimumWidth(LINE)
    line.textEdited.connect(take)

    def show(value: Value) -> None:
        if line.text() != value:  # the cursor stays where it is in what is being typed
            line.setText(str(value))

    return line, show


def _step(one: Setting) -> float:
    return 10 if one.high <= 2000 and isinstance(one.default, int) else max(one.high / 50, 1)


class Page(QScrollArea):
    """Settings below each other, and what belongs beside them."""

    def __init__(self, settings: Sequence[Setting], extra: QWidget | None, headed: bool) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.rows = {one.name: SettingRow(one) for one in settings}
        for row in self.rows.values():
            title = row.setting.title
            label = PlainLabel(f"{row.setting.page}: {title}" if headed else title)
            label.setContentsMargins(0, 3, 0, 0)
            form.addRow(label, row)
        layout.addLayout(form)
        if extra is not None:
            layout.addWidget(extra, int(isinstance(extra, ShortcutEditor | PluginPage)))
        if not settings and extra is None:
            layout.addWidget(PlainLabel("No setting is called so."))
        layout.addStretch(0)
        self.setWidget(inside)

    def show_values(self) -> None:
        for row in self.rows.values():
            row.show_value()


class Preferences(QDialog):
    """Everything holds as it is changed; there is nothing to confirm."""

    def __init__(self, parent: QWidget, page: str = PAGES[0], search: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit(search)
        self.search.setPlaceholderText("Search settings and keys")
        self.search.setAccessibleName("Search settings")
        self.search.setClearButtonEnabled(True)
        self.names = QListWidget()
        self.names.setAccessibleName("Pages")
        self.names.addItems(PAGES)
        self.stack = QStackedWidget()
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.pages = {name: self._page(name) for name in PAGES}
        self._found: Page | None = None
        self._lay_out()
        self._connect()
        self.show_page(page)
        if search:
            self._search(search)
        self.resize(*SIZE)

    def _page(self, name: str) -> Page:
        extra: QWidget | None = None
        if name == "Shortcuts":
            self.shortcuts = ShortcutEditor()
            extra = self.shortcuts
        elif name == "Colours":
            self.strips = ColourStrips(settings_in_use.now.text("colours.map"))
            extra = self.strips
        elif name == "Plug-ins":
            extra = PluginPage()
        elif name == "Advanced":
            extra = PlainLabel(f"All of this is kept in {settings_path()}, to be edited or copied.")
            extra.setWordWrap(True)
            extra.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        page = Page(of_page(name), extra, headed=False)
        self.stack.addWidget(page)
        return page

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.names, 1)
        width = self.names.fontMetrics().horizontalAdvance("Search settings and keys  ") + 40
        self.search.setFixedWidth(width)
        self.names.setFixedWidth(width)
        below = QHBoxLayout()
        self.reset = self._button("Reset page", self._reset_page, below)
        self.save = self._button("Export ...", self._export, below)
        self.load = self._button("Import ...", self._import, below)
        below.addStretch(1)
        self.leave = self._button("Close", self.close, below)
        both = QHBoxLayout()
        both.addLayout(left)
        both.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(both, 1)
        layout.addWidget(self.told)
        layout.addLayout(below)
        self.told.hide()

    def _button(self, title: str, act: Callable[[], object], row: QHBoxLayout) -> QPushButton:
        button = QPushButton(title)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: act())
        row.addWidget(button)
        return button

    def _connect(self) -> None:
        self.search.textEdited.connect(self._search)
        self.names.currentRowChanged.connect(self._turn_to)
        settings_in_use.changed.connect(self._show_values)
        self.finished.connect(lambda: settings_in_use.changed.disconnect(self._show_values))

    # -- pages -----------------------------------------------------------------------------

    @property
    def shown(self) -> Page:
        page = self.stack.currentWidget()
        assert isinstance(page, Page)
        return page

    def show_page(self, name: str) -> None:
        self.names.setCurrentRow(PAGES.index(name))

    def _turn_to(self, row: int) -> None:
        if row >= 0:
            self.stack.setCurrentWidget(self.pages[PAGES[row]])
            self.reset.setEnabled(True)

    def _search(self, text: str) -> None:
        """The settings of all pages in which the words occur; keys that bear such a name."""
        if self._found is not None:
            self.stack.removeWidget(self._found)
            self._found.deleteLater()
            self._found = None
        if not text.strip():
            self._turn_to(max(self.names.currentRow(), 0))
            return
        found = matching(text)
        if not found and self.shortcuts.n_matching(text):
            self.shortcuts.look_for(text)
            self.show_page("Shortcuts")
            return
        self.names.setCurrentRow(-1)
        self._found = Page(found, None, headed=True)
        self.stack.addWidget(self._found)
        self.stack.setCurrentWidget(self._found)
        self.reset.setEnabled(bool(found))

    def _show_values(self, _name: str) -> None:
        for page in (*self.pages.values(), *([self._found] if self._found else ())):
            page.show_values()
        self.strips.show_map(settings_in_use.now.text("colours.map"))

    # -- all of them -----------------------------------------------------------------------

    def _reset_page(self) -> None:
        """The settings that are seen, as they usually are."""
        names = self.shown.rows

        def usual(settings: Settings) -> Settings:
            for name, row in names.items():
                settings = settings.with_value(name, row.setting.default)
            return settings

        if self.shown is self.pages["Shortcuts"]:
            self.shortcuts.reset_all()
        settings_in_use.change(usual)

    def _export(self) -> None:
        path = ask_save(self, "Export settings", SETTINGS, "mlipviewer.toml", KINDS, must=True)
        if path is not None:
            self._try(lambda: self._write(path), f"Written: {path}")

    def _write(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        write_changes(path, changes_between(Settings(), settings_in_use.now))

    def _import(self) -> None:
        path = ask_file(self, "Import settings", SETTINGS, KINDS)
        if path:
            self._try(lambda: self._read(Path(path)), f"Read: {path}")

    def _read(self, path: Path) -> None:
        tables, problem = read_tables(path)
        found, problem = settings_of(tables, problem)
        if problem:
            raise ValueError(problem)
        settings_in_use.use(found)

    def _try(self, act: Callable[[], object], said: str) -> None:
        try:
            act()
        except (OSError, ValueError) as problem:
            said = str(problem)
        self.told.setText(said)
        self.told.show()
