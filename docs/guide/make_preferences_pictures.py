"""Makes the pictures of the preferences: `python docs/guide/make_preferences_pictures.py`. With
`--panels FOLDER` every panel in every theme is pictured there, to be looked at.

Needs a screen (a virtual one will do), and a home without settings of one's own.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from make_pictures import PICTURES, save
from PySide6.QtWidgets import QApplication

from mlipviewer.app.main import example_files, settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.preferences.dialog import Preferences
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.theme import THEMES
from mlipviewer.session.settings.listing import PAGES

SHOWN = {"Colours": "", "Shortcuts": "-keys"}


def main(panels: Path | None) -> int:
    """The pages of the guide, in light; all of them and all panels where they are wanted."""
    application = QApplication(["pictures"])
    dress(application, "light")
    window = MainWindow()
    window.resize(1280, 720)
    window.show()
    window.open(example_files())
    settle(window)
    shown = Preferences(window)
    shown.show()
    for page, name in SHOWN.items():
        shown.show_page(page)
        settle(window)
        save(shown, PICTURES / f"preferences{name}-light.png")
    if panels is not None:
        for theme in THEMES:
            dress(application, theme)
            picture_all(window, shown, panels, theme.replace(" ", "-"))
    shown.close()
    window.close()
    return 0


def picture_all(window: MainWindow, shown: Preferences, folder: Path, theme: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        shown.show_page(page)
        settle(window)
        save(shown, folder / f"preferences-{page.lower()}-{theme}.png")
    for name, dock in window.docks.by_panel.items():
        dock.show()
        dock.raise_()
        settle(window)
        save(dock.view, folder / f"{name}-{theme}.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=Path, help="a folder for every panel in every theme")
    sys.exit(main(parser.parse_args().panels))
