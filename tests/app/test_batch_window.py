"""A folder of structures becomes a table in the window, by the menu and by dropping it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase.io import write
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from mlipviewer.app.tables.batches import BatchDialog
from mlipviewer.app.trajectories.together import FolderDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from tests.analysis.crystals import atoms_of
from tests.main_window import settled
from tests.windows import choose_in_menu, click, dialog_of, drop, press, type_text

pytestmark = pytest.mark.window


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "crystals"
    made.mkdir()
    for name in ("NaCl", "LaCl3", "P2-NaCoO2", "rutile"):
        write(made / f"{name}.cif", atoms_of(name))
    return made


def make_it(dialog: BatchDialog) -> None:
    click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))


def test_that_the_menu_makes_a_table_of_a_typed_folder(
    window: MainWindow, folder: Path, qtbot: Any
) -> None:
    choose_in_menu(window._menus["Table"], "Table of a folder of structures ...")
    dialog = dialog_of(BatchDialog, qtbot)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    click(dialog.folder)
    type_text(dialog.folder, str(folder / "nowhere"))
    assert dialog.said.text() == "There is no such folder."
    press(dialog.folder, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_text(dialog.folder, str(folder))
    assert dialog.file.text() == str(folder.parent / "crystals-sites.csv")
    make_it(dialog)
    state = settled(window)
    table = state.table
    assert table is not None
    assert table.keys == ("LaCl3.cif", "NaCl.cif", "P2-NaCoO2.cif", "rutile.cif")
    assert {link.model for link in state.document.links} == set(table.keys)
    assert np.isnan(table.metric("percolation_radius")[table.row("rutile.cif")])
    # a row shows its structure
    row = table.row("NaCl.cif")
    window.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([row])), "Select 1 model")
    shown = settled(window).trajectory
    assert shown is not None
    assert shown.frame(0).n_atoms == 8


def test_that_a_dropped_folder_offers_it(window: MainWindow, folder: Path, qtbot: Any) -> None:
    drop(window, [folder])
    offered = dialog_of(FolderDialog, qtbot)
    click(offered.table)
    dialog = dialog_of(BatchDialog, qtbot)
    assert dialog.folder.text() == str(folder)
    make_it(dialog)
    table = settled(window).table
    assert table is not None
    assert table.n_rows == 4
    assert (folder.parent / "crystals-sites.csv").exists()
