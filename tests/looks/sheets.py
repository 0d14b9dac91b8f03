"""Sheets of many pictures with their names, so that all of a kind is seen at one glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter

WIDTH, HEIGHT, GAP = 1800, 1500, 12
LINE = 18


def make_sheets(folder: Path, out: Path) -> list[Path]:
    """A sheet or several of each kind of picture: its name up to the first `-`."""
    application = QGuiApplication.instance() or QGuiApplication(["sheets"])
    out.mkdir(parents=True, exist_ok=True)
    kinds: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.png")):
        kinds.setdefault(path.stem.partition("-")[0], []).append(path)
    made = []
    for kind, paths in kinds.items():
        for number, sheet in enumerate(_sheets(paths), 1):
            path = out / f"{folder.name}-{kind}-{number}.png"
            sheet.save(str(path))
            made.append(path)
    del application
    return made


def _sheets(paths: Iterable[Path]) -> Iterator[QImage]:
    """Rows from left to right while there is room; a picture wider than a sheet is made smaller."""
    sheet, painter, at, row = None, None, QPoint(), 0
    for path in paths:
        image = QImage(str(path))
        image = image if image.width() <= WIDTH else image.scaledToWidth(
            WIDTH, Qt.TransformationMode.SmoothTransformation)  # fmt: skip
        if at.x() + image.width() > WIDTH:
            at, row = QPoint(0, at.y() + row + GAP), 0
        if sheet is None or at.y() + image.height() + LINE > HEIGHT:
            if sheet is not None and painter is not None and not at.isNull():
                painter.end()
                yield sheet
            height = max(HEIGHT, image.height() + LINE)
            sheet = QImage(WIDTH, height, QImage.Format.Format_RGB32)
            sheet.fill(Qt.GlobalColor.gray)
            painter, at, row = QPainter(sheet), QPoint(), 0
        assert painter is not None
        painter.drawText(at + QPoint(2, LINE - 5), path.stem.partition("-")[2])
        painter.drawImage(at + QPoint(0, LINE), image)
        at += QPoint(image.width() + GAP, 0)
        row = max(row, image.height() + LINE)
    if sheet is not None and painter is not None:
        painter.end()
        yield sheet
