"""Help beside the work: pages about panels and analyses, and the guide, offline and searchable."""

from __future__ import annotations

import html
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPdfWriter, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.file_dialogs import REPORT, ask_save
from mlipviewer.core.resources import guide_folder
from mlipviewer.gui.dock import InkedDock
from mlipviewer.gui.plain import plain
from mlipviewer.session.help_pages import Page, found_pages, pages

KEY = Qt.ItemDataRole.UserRole
GUIDE = "guide:"


class Reader(QTextBrowser):
    """Shows pages and files of the guide, with pictures no wider than itself."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        found = super().loadResource(kind, name)
        if kind != int(QTextDocument.ResourceType.ImageResource):
            return found
        folder = guide_folder()
        path = None if folder is None else folder / "pictures" / Path(QUrl(name).path()).name
        image = QImage(str(path)) if path is not None else QImage()
        room = max(self.viewport().width() - 24, 200)
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaledToWidth(room, smooth) if image.width() > room else image


class HelpWindow(InkedDock):
    """A dock that may float; it belongs to no document."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Help", parent)
        self._window = parent
        self.setObjectName("help")
        self.search = QLineEdit(placeholderText="Search the help", clearButtonEnabled=True)
        self.search.setAccessibleName("search the help")
        self.search.textEdited.connect(self._fill)
        self.list = QListWidget()
        self.list.setAccessibleName("pages of the help")
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        self.text = Reader(openLinks=False)
        self.text.setAccessibleName("help")
        self.text.anchorClicked.connect(self._follow)
        self._past: list[str] = []
        self._first = True
        self._lay_out()

    def _lay_out(self) -> None:
        back = QToolButton(autoRaise=True)
        back.setText("Back")
        back.setAccessibleName("page before")
        back.clicked.connect(self.back)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.search, 1)
        pdf = QToolButton(autoRaise=True)
        pdf.setText("PDF ...")
        pdf.setAccessibleName("save what is shown as PDF")
        pdf.clicked.connect(self.save_pdf)
        row.addWidget(pdf)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.list)
        both.addWidget(self.text)
        both.setSizes([120, 500])
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addLayout(row)
        layout.addWidget(both, 1)
        self.setWidget(inside)

    def _come_up(self) -> None:
        """In a window of its own the first time: no panel is squeezed; later where it was put."""
        if self._first:
            self._first = False
            self.setFloating(True)
            self.resize(640, 760)
            corner = self._window.geometry().topRight()
            self.move(max(corner.x() - 700, 0), corner.y() + 40)
        self.show()
        self.raise_()

    def open_page(self, key: str) -> None:
        """Show a page: of `session/help_pages.py`, or `guide:NAME.md`."""
        self._list_once()
        self._come_up()
        self._show(key)
        self._past.append(key)
        self.text.setFocus()

    def _list_once(self) -> None:
        """The pages, when the help is opened first."""
        if not self.list.count():
            self._fill(self.search.text())

    def open_html(self, text: str, title: str) -> None:
        """Show a sheet that can be written as PDF."""
        self._list_once()
        self._come_up()
        self.text.setHtml(text)
        self.text.setDocumentTitle(title)
        self.text.setFocus()

    def save_pdf(self) -> None:
        """Write what is shown as PDF, to be printed."""
        name = f"{self.text.documentTitle() or 'help'}.pdf"
        path = ask_save(self, "Save as PDF", REPORT, name, "PDF (*.pdf)", must=True)
        if path is not None:
            self.write_pdf(path)

    def write_pdf(self, path: Path) -> None:
        """What is shown, on A4."""
        writer = QPdfWriter(str(path))
        writer.setTitle(self.text.documentTitle())
        sheet = self.text.document().clone()
        sheet.setDefaultStyleSheet("")
        sheet.print_(writer)

    def back(self) -> None:
        """The page that was shown before."""
        if len(self._past) > 1:
            self._past.pop()
            self._show(self._past[-1])

    def _show(self, key: str) -> None:
        if key.startswith(GUIDE):
            self._show_guide(key.removeprefix(GUIDE))
        elif key in pages():
            self.text.setHtml(as_html(pages()[key]))
        else:
            self.text.setPlainText("There is no page about this.")

    def _show_guide(self, name: str) -> None:
        file, _, anchor = name.partition("#")
        folder = guide_folder()
        try:
            text = (folder / Path(file).name).read_text("utf-8") if folder is not None else ""
        except OSError:
            text = ""
        self.text.setMarkdown(text or "This page of the guide did not come with the program.")
        if anchor:
            self.text.scrollToAnchor(anchor)

    def _fill(self, words: str) -> None:
        self.list.clear()
        for name, title in guide_titles().items():
            if all(word in title.casefold() for word in words.casefold().split()):
                self._add(f"Guide: {title}", GUIDE + name)
        for key in found_pages(words):
            self._add(pages()[key].title, key)

    def _add(self, title: str, key: str) -> None:
        item = QListWidgetItem(plain(title))
        item.setData(KEY, key)
        self.list.addItem(item)

    def _take(self, item: QListWidgetItem) -> None:
        self.open_page(str(item.data(KEY)))

    def _follow(self, url: QUrl) -> None:
        """Links lead within the guide; what lies outside opens in the browser."""
        if url.scheme() == "https":
            QDesktopServices.openUrl(url)
        elif Path(url.path()).suffix == ".md":
            mark = f"#{url.fragment()}" if url.hasFragment() else ""
            self.open_page(f"{GUIDE}{Path(url.path()).name}{mark}")
        elif url.hasFragment():
            self.text.scrollToAnchor(url.fragment())


def guide_titles() -> dict[str, str]:
    """File -> its first heading; README first."""
    folder = guide_folder()
    files = (
        sorted(folder.glob("*.md"), key=lambda path: (path.name != "README.md", path.name))
        if (folder is not None)
        else []
    )
    found = {}
    for path in files:
        with path.open(encoding="utf-8") as lines:
            first = next((line for line in lines if line.startswith("#")), path.stem)
        found[path.name] = first.lstrip("# ").strip()
    return found


def as_html(page: Page) -> str:
    """A page with everything in it escaped."""
    parts = [f"<h2>{_safe(page.title)}</h2><p>{_safe(page.about)}</p>"]
    for title, lines in page.sections:
        kind = (
            "<p style='font-size: large; margin-left: 12px'>{}</p>"
            if title == "Formula"
            else ("<p>{}</p>")
        )
        parts.append(f"<h3>{_safe(title)}</h3>")
        parts.extend(kind.format(_safe(line)) for line in lines)
    return "\n".join(parts)


def _safe(text: str) -> str:
    return html.escape(plain(text))
