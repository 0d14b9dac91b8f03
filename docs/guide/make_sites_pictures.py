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

from mlipviewer.analysis import ANALYSES
from mlipviewer.app.main import settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.atom_changes import ask
from mlipviewer.session.batches import batch_errand
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


def others(folder: Path) -> None:
    """Halite, antifluorite, a layered and a channel structure beside it."""
    hexagonal = [7.478, 7.478, 4.3745, 90, 90, 120]
    made = {
        "NaCl": (225, [5.64] * 3 + [90] * 3, [("Na", (0, 0, 0)), ("Cl", (0.5, 0.5, 0.5))]),
        "Li2O": (225, [4.62] * 3 + [90] * 3, [("O", (0, 0, 0)), ("Li", (0.25, 0.25, 0.25))]),
        "NaLaCl": (
            176,
            hexagonal,
            [("La", (1 / 3, 2 / 3, 0.25)), ("Cl", (0.38741, 0.30156, 0.25)), ("Na", (0, 0, 0))],
        ),
        "NaCoO2": (
            194,
            [2.84, 2.84, 10.81, 90, 90, 120],
            [("Na", (0, 0, 0.25)), ("Co", (0, 0, 0)), ("O", (1 / 3, 2 / 3, 0.0913))],
        ),
        "TiO2": (
            136,
            [4.594, 4.594, 2.959, 90, 90, 90],
            [("Ti", (0, 0, 0)), ("O", (0.305, 0.305, 0))],
        ),
    }
    for name, (group, cell, sites) in made.items():
        symbols, basis = zip(*sites, strict=True)
        atoms = crystal(list(symbols), list(basis), spacegroup=group, cellpar=cell)
        write(folder / f"{name}.cif", atoms)


def table_picture(folder: Path) -> None:
    """The table of a folder with the Pareto front of two of its columns."""
    others(folder)
    made = folder.parent / "sites.csv"
    window = MainWindow()
    window.resize(1280, 720)
    window.show()
    errand = batch_errand("sites", ANALYSES["sites"].params(), [str(folder)], str(made))
    window.store.commit(lambda s: ask(s, errand), "Table")
    settle(window)
    axes = ("percolation_radius", "mean_volume")
    window.store.commit(lambda s: changes.set_axes(s, axes), "Axes")
    window.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([3])), "Choose")
    settle(window)
    window.grab().save(str(PICTURES / "sites-table.png"))
    window.close()


def main() -> int:
    """Graph and atoms of a conductor with chosen sites, and a table of structures."""
    application = QApplication(["pictures"])
    with tempfile.TemporaryDirectory() as folder:
        structures = Path(folder) / "structures"
        structures.mkdir()
        path = nasicon(structures)
        dress(application, "light")
        table_picture(structures)
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
            window.store.commit(
                lambda s: choose_things(s, Space.POLYHEDRON, rows([4, 9, 20])), "Choose sites"
            )
            settle(window)
            window.grab().save(str(PICTURES / f"sites-chosen-{theme}.png"))
            window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
