"""Makes the pictures of workspaces: `python docs/guide/make_crystallization_pictures.py`.

Needs a screen with OpenGL (a virtual one will do).
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from mlipviewer.app.main import example_files, settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.session import changes

PICTURES = Path(__file__).parent / "pictures"


def main() -> int:
    """The workspace Crystallization on the shipped run, on a small screen, in both themes."""
    application = QApplication(["pictures"])
    for theme in ("light", "dark"):
        dress(application, theme)
        window = MainWindow()
        window.resize(1280, 720)
        window.show()
        window.open([path for path in example_files() if "crystallization" in path])
        settle(window)
        window.panel_menus.open_workspace("Crystallization")
        window.store.commit(lambda s: changes.show_frame(s, 40), "Show a frame")
        settle(window)
        window.grab().save(str(PICTURES / f"crystallization-{theme}.png"))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
