"""What the user says of links: a link in a dialog, all of them as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.file_dialogs import LINK, ask_file, ask_save
from mlipviewer.core.links import ROLES, Link
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.session import link_changes
from mlipviewer.session.session import Session
from mlipviewer.session.state import State, Weight
from mlipviewer.session.store import Store

ALL_MODELS = "(all models)"
NO_METRIC = "(no single metric)"


class LinkDialog(QDialog):
    """One link; `decided(link)` is called with what is shown when it is accepted."""

    def __init__(
        self,
        state: State,
        link: Link | None,
        decided: Callable[[Link], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._decided = decided
        self.setWindowTitle("Change a link" if link else "Link a file")
        self.resize(560, 0)
        now = link or Link(link_changes.key_of_focus(state), ROLES[0], "")
        table = state.table
        keys = () if table is None else tuple(table.keys[row] for row in table.models)
        metrics = table.metrics if table is not None else ()
        self.path = QLineEdit(now.path)
        self.path.setAccessibleName("file")
        self.model = _named(ALL_MODELS, keys, now.model, "model")
        self.role = QComboBox()
        self.role.addItems(list(ROLES))
        self.role.setCurrentText(now.role)
        self.role.setAccessibleName("role")
        self.evidence = _named(NO_METRIC, metrics, now.metric, "metric")
        self.problem = PlainLabel()
        self.problem.setWordWrap(True)
        self._arrange()

    def _arrange(self) -> None:
        self.browse = QPushButton("Browse ...")
        self.browse.clicked.connect(self._ask_path)
        file = QHBoxLayout()
        file.addWidget(self.path, 1)
        file.addWidget(self.browse)
        form = QFormLayout()
        form.addRow("File", file)
        form.addRow("Model", self.model)
        form.addRow("Role", self.role)
        form.addRow("Evidence for", self.evidence)
        standard = QDialogButtonBox.StandardButton
        buttons = DialogButtons(standard.Ok | standard.Cancel)
        self.ok = buttons.button(standard.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    def _ask_path(self) -> None:
        text = ask_file(self, "Link", LINK, at=self.path.text())
        if text:
            self.path.setText(str(Path(text).absolute()))

    def link(self) -> Link:
        """What is shown now. Raises ValueError with a sentence where that is no link."""
        path = self.path.text().strip()
        model, metric = _chosen(self.model), _chosen(self.evidence)
        if not path:
            raise ValueError("Which file?")
        if not model and not metric:
            raise ValueError("A file that belongs to all models is the evidence for one metric.")
        return Link(model, self.role.currentText(), str(Path(path).absolute()), metric)

    def accept(self) -> None:
        try:
            link = self.link()
        except ValueError as problem:
            self.problem.setText(str(problem))
            return
        self._decided(link)
        super().accept()


def _named(none: str, offered: tuple[str, ...], now: str, name: str) -> QComboBox:
    """One of many names, found by typing a part of it."""
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(30)
    combo.setEditable(True)
    combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    combo.addItem(none, "")
    for one in dict.fromkeys((*offered, now) if now else offered):
        combo.addItem(plain(one, 300), one)
    combo.setCurrentIndex(max(0, combo.findData(now)))
    completer = QCompleter(combo.model(), combo)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    combo.setCompleter(completer)
    return combo


def _chosen(combo: QComboBox) -> str:
    """The name that is written. Raises ValueError where there is none such."""
    at = combo.findText(combo.currentText())
    if at < 0:
        raise ValueError(f"There is no {combo.accessibleName()} {combo.currentText()}.")
    return str(combo.itemData(at))


class LinkDialogs:
    """Opens the dialogs on links; each decision is one change that can be undone."""

    def __init__(self, parent: QWidget, store: Store, session: Session) -> None:
        self._parent, self._store, self._session = parent, store, session

    def ask_link(self, old: Link | None) -> None:
        """A new link, or another in the place of `old`."""

        def decided(new: Link) -> None:
            label = f"{'Change' if old else 'Add'} a link of {new.model or new.metric}"
            self._store.commit(lambda s: link_changes.set_link(s, old, new), label)

        dialog = LinkDialog(self._store.state, old, decided, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save(self) -> None:
        """All links as a file."""
        from mlipviewer.io.links import write_links

        path = ask_save(self._parent, "Save links", LINK, "links.csv", "Links (*.csv)", must=True)
        if path is None:
            return
        try:
            write_links(path, self._store.state.document.links)
        except (OSError, ValueError) as problem:
            self._session.notify(f"{path.name} was not written: {problem}", Weight.ERROR)
        else:
            self._session.notify(f"Written: {path}")
