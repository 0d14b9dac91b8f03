"""Draws the program's icon for desktops: `python packaging/icons.py FOLDER`.

PNG files of all sizes as `hicolor` wants them, `mlipviewer.ico` for Windows and `mlipviewer.icns`
for macOS; all from resources/icon.svg.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SVG = Path(__file__).resolve().parent.parent / "resources" / "icon.svg"
NAME = "org.mlipviewer.MLIPViewer"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def draw(size: int, path: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        raise SystemExit(f"{path} could not be written")


def main(words: list[str]) -> None:
    from PIL import Image
    from PySide6.QtGui import QGuiApplication

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(["icons"])
    target = Path(words[0])
    for size in SIZES:
        draw(size, target / "hicolor" / f"{size}x{size}" / "apps" / f"{NAME}.png")
    scalable = target / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    scalable.write_bytes(SVG.read_bytes())
    largest = Image.open(target / "hicolor" / "512x512" / "apps" / f"{NAME}.png")
    largest.save(target / "mlipviewer.ico", sizes=[(one, one) for one in SIZES if one <= 256])
    largest.save(target / "mlipviewer.icns")
    del application


if __name__ == "__main__":
    main(sys.argv[1:])
