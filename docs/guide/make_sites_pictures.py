"""Makes the pictures of sites: `python docs/guide/make_sites_pictures.py`.

Needs a screen with OpenGL (a virtual one will do).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from ase.io import write
from ase.spacegroup import crystal
from PySide6.QtWidgets import QApplication

from mlipviewer.app.appearance import dress
from mlipviewer.app.main import settle
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.sceneries import choose_things

PICTURES = Path(__file__).parent / "pictures"


def nasicon(folder: Path) -> Path:
    """NaZr2(PO4)3, from its space group."""
    sites = [
        ("Na", (0, 0, 0)),
        ("Zr", (0, 0, 0.1456)),
        ("P", (0.2916, 0, 0.25)),
        ("O", (0.1860, -0.0146, 0.1947)),
        ("O", (0.1913, 0.1684, 0.0863)),
    ]
    symbols, basis = zip(*sites, strict=True)
    cell = [8.8043, 8.8043, 22.7585, 90, 90, 120]
    path = folder / "NaZr2P3O12.cif"
    write(path, crystal(list(symbols), list(basis), spacegroup=167, cellpar=cell))
    return path


def main() -> int:
    """Graph and atoms of a conductor with a chosen site, in both themes."""
    application = QApplication(["pictures"])
    with tempfile.TemporaryDirectory() as folder:
        path = nasicon(Path(folder))
        for theme in ("light", "dark"):
            dress(application, theme)
            window = MainWindow()
            window.resize(1280, 720)
            window.show()
            window.open([str(path)])
            settle(window)
            panel = plot_panel("sites", "Site network", follows=(("frame", "shown"),))
            window.store.commit(lambda s, p=panel: changes.open_panel(s, p), "Sites")
            settle(window)
            window.grab().save(str(PICTURES / f"sites-{theme}.png"))
            window.store.commit(
                lambda s: choose_things(s, Space.POLYHEDRON, rows([4, 9, 20])), "Choose sites"
            )
            settle(window)
            window.grab().save(str(PICTURES / f"sites-chosen-{theme}.png"))
            window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
