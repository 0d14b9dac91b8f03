"""Panels of settings: a row shows one field of the looks and commits what the user makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QFrame, QHBoxLayout, QLineEdit, QWidget

from mlipviewer.gui.editors import Choice, Number, Slide
from mlipviewer.gui.plain import PlainLabel, plain_tip
from mlipviewer.session.look_changes import set_looks
from mlipviewer.session.looks import Looks
from mlipviewer.session.store import Store

Change = Callable[[Looks, Any], Looks]
Parse = Callable[[str], Any]


def field_of(looks: Looks, path: str) -> Any:
    """`bonds.factor` of the looks."""
    found: Any = looks
    for name in path.split("."):
        found = getattr(found, name)
    return found


def with_field(path: str) -> Change:
    """What puts another value at a path."""
    first, _, rest = path.partition(".")

    def change(looks: Looks, value: Any) -> Looks:
        if not rest:
            return replace(looks, **{first: value})
        return replace(looks, **{first: replace(getattr(looks, first), **{rest: value})})

    return change


class Settings(QWidget):
    """A form of rows. `show_looks` fills it; nothing is committed by that."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._shows: list[Callable[[Looks], None]] = []
        self.form = QFormLayout(self)
        self.form.setContentsMargins(4, 4, 4, 4)
        self.form.setVerticalSpacing(4)
        self.editors: dict[str, QWidget] = {}

    def show_looks(self, looks: Looks) -> None:
        for show in self._shows:
            show(looks)

    def commit(self, change: Callable[[Looks], Looks], label: str, merge: str = "") -> None:
        """Change the looks of the document."""
        self._store.commit(lambda s: set_looks(s, change(s.document.looks)), label, merge)

    def _add(self, path: str, label: str, tip: str, editor: QWidget) -> None:
        self.editors[path] = editor
        editor.setToolTip(plain_tip(tip))
        editor.setAccessibleName(label or tip)
        if label:
            words = PlainLabel(label)
            words.setToolTip(plain_tip(tip))
            self.form.addRow(words, editor)
        else:
            self.form.addRow(editor)

    def show_by(self, show: Callable[[Looks], None]) -> None:
        """Call this whenever looks are shown."""
        self._shows.append(show)

    def check(self, path: str, text: str, tip: str, change: Change | None = None) -> QCheckBox:
        """A box to tick, with its text beside it."""
        box, change = QCheckBox(text), change or with_field(path)
        box.clicked.connect(lambda on: self.commit(lambda looks: change(looks, on), text))
        self.show_by(lambda looks: box.setChecked(bool(field_of(looks, path))))
        self._add(path, "", tip, box)
        return box

    def choice(
        self,
        path: str,
        label: str,
        tip: str,
        offered: Sequence[tuple[str, Any]] = (),
        change: Change | None = None,
    ) -> Choice:
        box, change = Choice(offered), change or with_field(path)
        box.chosen.connect(
            lambda value: self.commit(
                lambda looks: change(looks, value), f"{label}: {box.currentText()}"
            )
        )
        self.show_by(lambda looks: box.show_value(field_of(looks, path)))
        self._add(path, label, tip, box)
        return box

    def slide(
        self, path: str, label: str, tip: str, low: float, high: float, decimals: int = 2
    ) -> Slide:
        """A slider; a drag is one step of history."""
        editor, change = Slide(low, high, decimals), with_field(path)

        def edited(value: float, dragging: bool) -> None:
            self.commit(lambda looks: change(looks, value), label, merge=f"look {path}")
            if not dragging:
                self._store.end_merge()

        editor.edited.connect(edited)
        self.show_by(lambda looks: editor.show_value(field_of(looks, path)))
        self._add(path, label, tip, editor)
        return editor

    def number(
        self, path: str, label: str, tip: str, low: float, high: float, step: float
    ) -> Number:
        editor, change = Number(low, high, step), with_field(path)
        editor.edited.connect(lambda value: self.commit(lambda looks: change(looks, value), label))
        self.show_by(lambda looks: editor.show_value(field_of(looks, path)))
        self._add(path, label, tip, editor)
        return editor

    def numbers(self, path: str, label: str, tip: str, low: float, high: float) -> None:
        """Whole numbers of a tuple, beside each other."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        count = len(field_of(Looks(), path))
        boxes = [Number(low, high, 1, 0) for _ in range(count)]
        holder.setProperty("boxes", boxes)

        def edited(_value: float) -> None:
            now = tuple(type(old)(box.value()) for old, box in zip(
                field_of(Looks(), path), boxes, strict=True))  # fmt: skip
            self.commit(lambda looks: with_field(path)(looks, now), label)

        def show(looks: Looks) -> None:
            for box, value in zip(boxes, field_of(looks, path), strict=True):
                box.show_value(value)

        for i, box in enumerate(boxes):
            box.setAccessibleName(f"{label} {i + 1}")
            box.edited.connect(edited)
            row.addWidget(box)
        row.addStretch(1)
        self.show_by(show)
        self._add(path, label, tip, holder)
        self.boxes = boxes

    def line(
        self, path: str, label: str, tip: str, write: Callable[[Any], str], read: Parse
    ) -> QLineEdit:
        """A line of text; what cannot be read is told in red and left to be mended."""
        editor, why = QLineEdit(), PlainLabel()
        why.setObjectName("why")
        why.setWordWrap(True)
        why.hide()

        def typed() -> None:
            try:
                value = read(editor.text())
            except ValueError as problem:
                why.setText(str(problem))
                why.show()
                return
            why.hide()
            self.commit(lambda looks: with_field(path)(looks, value), label)

        def show(looks: Looks) -> None:
            text = write(field_of(looks, path))
            if not editor.isModified() or not editor.hasFocus():
                editor.setText(text)

        editor.editingFinished.connect(typed)
        self.show_by(show)
        self._add(path, label, tip, editor)
        self.form.addRow(why)
        return editor

    def rule(self, title: str) -> None:
        """A line under which another subject begins."""
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        self.form.addRow(line)
        words = PlainLabel(title)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        font = words.font()
        font.setBold(True)
        words.setFont(font)
        self.form.addRow(words)
